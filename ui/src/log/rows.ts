// The rows of the list: the lines of the log, and between them the days.
import { day } from '../lib/time';
import type { LogLine } from '../types';

export type Row = { kind: 'day'; day: string; before: number } | { kind: 'line'; line: LogLine };
export type Order = 'newest' | 'oldest';

/** The lines come in the order in which they were written. */
export function rowsOf(lines: LogLine[], order: Order): Row[] {
  const rows: Row[] = [];
  let before: string | null = null;
  const step = order === 'newest' ? -1 : 1;
  for (let i = order === 'newest' ? lines.length - 1 : 0; i >= 0 && i < lines.length; i += step) {
    const line = lines[i]!;
    const today = day(line.moment.utc);
    if (today !== before) rows.push({ kind: 'day', day: today, before: line.seq });
    before = today;
    rows.push({ kind: 'line', line });
  }
  return rows;
}

/** A clock that was set back may bring a day a second time: days are told apart by the line that they stand before. */
export const keyOf = (row: Row): string | number =>
  row.kind === 'day' ? `before ${row.before}` : row.line.seq;
