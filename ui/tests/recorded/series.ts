// Courses for the charts. Made up, with the shape that real ones have: the recordings hold views, and no readings.
import type { Series, SeriesName, SeriesRequest, View } from '../../src/types';

interface Shape {
  target: number | null;
  limit: number | null;
  level: number;
  noise: number;
  /** By how much a bucket rises while an incident lasts. */
  trouble: number;
}

const SHAPES: Record<SeriesName, Shape> = {
  api_ms: { target: 500, limit: null, level: 70, noise: 60, trouble: 180 },
  database_ms: { target: 100, limit: null, level: 15, noise: 12, trouble: 160 },
  health_ms: { target: null, limit: null, level: 12, noise: 8, trouble: 0 },
  memory_mib: { target: 819.2, limit: 1024, level: 412, noise: 8, trouble: -60 },
  cpu_percent: { target: 60, limit: null, level: 7, noise: 2, trouble: 20 },
  error_percent: { target: 0.1, limit: null, level: 0, noise: 0, trouble: 0.5 },
};

/** The same number for the same instant, each time. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

export function seriesOf(view: View, request: SeriesRequest): Series[] {
  const step = Math.max((request.to - request.from) / request.buckets, 1);
  const end = Math.min(request.to, view.last_reading ?? 0);
  const troubles = view.incidents
    .filter((i) => i.severity !== 'minor')
    .map((i) => [i.since, i.recovered?.watch ?? view.now.watch] as const);
  return request.names.map((name) => {
    const { target, limit, level, noise: wide, trouble } = SHAPES[name];
    const points: Series['points'] = [];
    const breaks: number[] = [];
    let unseen = false;
    for (let at = Math.max(request.from, 0); at < end; at += step) {
      const to = at + step;
      if (view.gaps.some((g) => g.from <= at && (g.to ?? Infinity) >= to)) {
        unseen = true;
        continue;
      }
      if (unseen) breaks.push(points.length);
      unseen = false;
      const risen = troubles.some(([from, till]) => from < to && till > at) ? trouble : 0;
      const last = level + wide * noise(at / 1000 + name.length) + risen * 0.6;
      const spread = wide * (0.4 + noise(at / 777)) + Math.max(risen, 0);
      points.push({ at: Math.round(at), min: Math.max(0, last - wide * 0.5), max: last + spread, last });
    }
    return { name, target, limit, n: points.length * 12, points, breaks };
  });
}
