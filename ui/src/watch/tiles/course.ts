// A series as the chart wants it.
import type { Series } from '../../types';
import type { Stretch } from '../strip/zoom';

/** x, lowest, highest and last of each bucket; a column of nulls interrupts the lines. */
export type Columns = [number[], (number | null)[], (number | null)[], (number | null)[]];

export function columns(series: Series | undefined): Columns {
  const all: Columns = [[], [], [], []];
  if (!series) return all;
  const breaks = new Set(series.breaks);
  series.points.forEach((point, i) => {
    const before = series.points[i - 1];
    // A gap is a break and never a line across it.
    if (before && breaks.has(i)) push(all, (before.at + point.at) / 2, null, null, null);
    push(all, point.at, point.min, point.max, point.last);
  });
  return all;
}

function push(all: Columns, at: number, min: number | null, max: number | null, last: number | null): void {
  all[0].push(at);
  all[1].push(min);
  all[2].push(max);
  all[3].push(last);
}

/** From nothing to a little above everything that is drawn: a flat line must look flat. */
export function heights(series: Series | undefined): [number, number] {
  if (!series) return [0, 1];
  const highest = Math.max(0, ...series.points.map((p) => p.max));
  const lines = Math.max(series.target ?? 0, series.limit ?? 0);
  const most = Math.max(highest * 1.08, lines * 1.12);
  return [0, most > 0 ? most : 1];
}

export interface Extent {
  min: number;
  max: number;
  last: number;
}

/** What a chart says, for those who do not see it. */
export function extent(series: Series | undefined, { from, to }: Stretch): Extent | null {
  const seen = series?.points.filter((p) => p.at <= to && p.at >= from) ?? [];
  const last = seen.at(-1);
  if (!last) return null;
  return {
    min: Math.min(...seen.map((p) => p.min)),
    max: Math.max(...seen.map((p) => p.max)),
    last: last.last,
  };
}
