// In which order incidents stand, and how the rows of the matrix are gathered.
import type { IncidentState, IncidentView, MatrixRow, Severity } from '../types';

const WEIGHT: Record<Severity, number> = { critical: 0, major: 1, minor: 2 };
const STANDING: Record<IncidentState, number> = { open: 0, recovered: 1, closed: 2 };

/** What lasts before what is over, the grave before the light, the newest first; symptoms follow their cause. */
export function inOrder(all: IncidentView[]): IncidentView[] {
  const sorted = [...all].sort(
    (a, b) =>
      STANDING[a.state] - STANDING[b.state] ||
      WEIGHT[a.severity] - WEIGHT[b.severity] ||
      b.opened.watch - a.opened.watch,
  );
  const known = new Set(all.map((i) => i.id));
  const placed = new Set<number>();
  const ordered: IncidentView[] = [];
  const place = (incident: IncidentView) => {
    // A circle of causes would be a mistake; it must not keep the page from being drawn.
    if (placed.has(incident.id)) return;
    placed.add(incident.id);
    ordered.push(incident);
    for (const other of sorted) if (other.explained_by === incident.id) place(other);
  };
  for (const i of sorted) if (i.explained_by === null || !known.has(i.explained_by)) place(i);
  for (const i of sorted) place(i);
  return ordered;
}

/** Those that `cause` explains. */
export const symptomsOf = (cause: number, all: IncidentView[]): IncidentView[] =>
  all.filter((i) => i.explained_by === cause);

export interface SeverityGroup {
  severity: Severity;
  rows: MatrixRow[];
  /** How many incidents last. */
  open: number;
  /** How many there were. */
  all: number;
}

export const SEVERITIES: Severity[] = ['critical', 'major', 'minor'];

export function bySeverity(matrix: MatrixRow[]): SeverityGroup[] {
  return SEVERITIES.map((severity) => {
    const rows = matrix.filter((row) => row.severity === severity);
    return {
      severity,
      rows,
      open: rows.reduce((sum, row) => sum + row.open, 0),
      all: rows.reduce((sum, row) => sum + row.incidents.length, 0),
    };
  });
}

export type RowState = 'none' | 'open' | 'recovered' | 'over';

/** How a row of the matrix stands: by the gravest of its incidents. */
export function rowState(row: MatrixRow, incidents: IncidentView[]): RowState {
  if (row.incidents.length === 0) return 'none';
  if (row.open > 0) return 'open';
  const its = incidents.filter((i) => row.incidents.includes(i.id));
  return its.some((i) => i.state === 'recovered') ? 'recovered' : 'over';
}
