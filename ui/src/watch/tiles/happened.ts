// Where on the line of time something of a metric happened that has no series.
import type { Metric, Tone, View } from '../../types';

export interface Happened {
  from: number;
  to: number;
  tone: Tone;
}

export function happened(metric: Metric, view: View): Happened[] {
  const now = view.now.watch;
  const own = view.incidents.filter((i) => i.explained_by === null);
  const spans = (incidents: typeof own): Happened[] =>
    incidents.map((i) => ({
      from: Math.min(i.since, i.opened.watch),
      to: i.state === 'open' ? now : (i.recovered?.watch ?? now),
      tone: 'critical',
    }));
  switch (metric) {
    case 'uptime':
      return spans(own.filter((i) => i.problem.issue === 'container_crash'));
    case 'critical_errors':
      return spans(own.filter((i) => i.severity === 'critical'));
    case 'log_errors':
      return view.patterns
        .filter((p) => p.level === 'error' || p.level === 'critical')
        .map((p) => ({ from: p.first, to: p.last, tone: 'warning' }));
    default:
      return [];
  }
}
