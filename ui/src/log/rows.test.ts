import { describe, expect, it } from 'vitest';
import type { LogLine } from '../types';
import { keyOf, rowsOf, type Order, type Row } from './rows';

const line = (seq: number, utc: string): LogLine => ({
  moment: { utc, watch: seq },
  seq,
  severity: null,
  incident: null,
  text: '',
});
const first = line(1, '2026-01-10T16:30:00Z');
const late = line(2, '2026-01-10T23:59:59.9Z');
const next = line(3, '2026-01-11T00:00:00Z');
const told = (row: Row) => (row.kind === 'day' ? row.day : row.line.seq);

describe('the rows of the log', () => {
  it.each<[string, LogLine[], Order, (string | number)[]]>([
    ['of nothing', [], 'newest', []],
    ['the oldest first', [first, late, next], 'oldest', ['2026-01-10', 1, 2, '2026-01-11', 3]],
    ['the newest first', [first, late, next], 'newest', ['2026-01-11', 3, '2026-01-10', 2, 1]],
    [
      'when the clock was set back over midnight',
      [next, line(4, '2026-01-10T23:59:59Z'), line(5, '2026-01-11T00:00:01Z')],
      'oldest',
      ['2026-01-11', 3, '2026-01-10', 4, '2026-01-11', 5],
    ],
  ])('%s', (_, lines, order, expected) => {
    const rows = rowsOf(lines, order);
    expect(rows.map(told)).toEqual(expected);
    expect(new Set(rows.map(keyOf)).size).toBe(rows.length);
  });
});
