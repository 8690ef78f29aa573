// Which incidents matter now, and in which order.
import type { IncidentView, Severity } from '../types';

const WEIGHT: Record<Severity, number> = { critical: 0, major: 1, minor: 2 };

/** Those that last and are nobody's symptom: the gravest first, of these the oldest first. */
export function openIncidents(all: IncidentView[]): IncidentView[] {
  return all
    .filter((i) => i.state === 'open' && i.explained_by === null)
    .sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.opened.watch - b.opened.watch);
}
