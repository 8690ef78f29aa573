// A baseline's value, cut into what is large and what is small on its tile.
import type { Metric, SeriesName } from '../../types';

export const SERIES_OF: Partial<Record<Metric, SeriesName>> = {
  api_p95: 'api_ms',
  database_p95: 'database_ms',
  memory: 'memory_mib',
  cpu: 'cpu_percent',
  error_rate: 'error_percent',
};

export const UNIT_OF: Record<SeriesName, string> = {
  api_ms: 'ms',
  database_ms: 'ms',
  health_ms: 'ms',
  memory_mib: 'MiB',
  cpu_percent: '%',
  error_percent: '%',
};

/** To three digits: more of them say nothing about one reading. */
export const brief = (n: number): number => Number(n.toPrecision(3));

export interface Current {
  value: string;
  unit: string;
  /** What follows it. */
  rest: string;
}

/** `411 MiB, 40 % of limit`, `25 min 41 s without interruption`, `0.067 %`, `not running`, `—`. */
export function cut(current: string): Current {
  const [head = '', rest = ''] = current.split(/, | (?=without |\()/, 2);
  const simple = /^([\d.,]+) (ms|%|MiB)$/.exec(head);
  return simple ? { value: simple[1]!, unit: simple[2]!, rest } : { value: head, unit: '', rest };
}
