import { describe, expect, it } from 'vitest';
import type { LogLine } from '../types';
import { newsSince } from './since';

const line = (seq: number, severity: LogLine['severity'] = null): LogLine => ({
  seq,
  severity,
  incident: null,
  text: `${seq}`,
  moment: { utc: '2026-01-10T16:30:00Z', watch: seq },
});

describe('since somebody last looked', () => {
  it.each([
    ['nothing', [line(1), line(2)], 2, 0, []],
    ['what is newest first', [line(1), line(2), line(3)], 1, 2, [3, 2]],
    ['the grave alone', [line(1), line(2, 'critical'), line(3), line(4, 'major')], 0, 4, [4, 2]],
    ['a few at most', [1, 2, 3, 4, 5].map((n) => line(n)), 0, 5, [5, 4, 3]],
  ])('%s', (_, log, seq, all, shown) => {
    const news = newsSince(log, seq, 3);
    expect(news.all).toBe(all);
    expect(news.lines.map((l) => l.seq)).toEqual(shown);
  });
});
