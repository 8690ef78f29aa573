import { describe, expect, it } from 'vitest';
import { incident } from './fixture';
import { shortened } from './timeline';

const it2 = incident({
  id: 2,
  title: 'Slow database queries',
  problem: { issue: 'slow_queries', subject: 'db' },
});

describe('a line of the timeline', () => {
  it.each([
    ['#2 Slow database queries (db), at the database: 2 of 10', 'At the database: 2 of 10'],
    ['#2 Slow database queries (db) recovered: none', 'Recovered: none'],
    ['#2 Slow database queries (db): evidence stored: logs', 'Evidence stored: logs'],
    ['#2 Slow database queries (db)', '#2 Slow database queries (db)'],
    ['#21 Slow database queries (db) recovered', '#21 Slow database queries (db) recovered'],
    ['A notification could not be shown', 'A notification could not be shown'],
  ])('%s', (text, short) => expect(shortened(text, it2)).toBe(short));
});
