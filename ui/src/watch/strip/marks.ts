// What stands on the strip: checkpoints, incidents and gaps, from the view.
import { OF_CHECK, OF_OUTCOME, type Mark } from '../../parts/tone';
import type { CheckView, Gap, IncidentView, Severity } from '../../types';
import { xOf } from './place';
import type { Stretch } from './zoom';

export interface CheckMark {
  kind: 'check';
  id: string;
  at: number;
  mark: Mark;
  check: CheckView;
}

export interface IncidentMark {
  kind: 'incident';
  id: string;
  at: number;
  /** Null while it lasts. */
  to: number | null;
  severity: Severity;
  /** Another one explains it: drawn more quietly. */
  symptom: boolean;
  incident: IncidentView;
}

export interface GapMark {
  kind: 'gap';
  id: string;
  at: number;
  to: number | null;
  gap: Gap;
}

export type StripMark = CheckMark | IncidentMark | GapMark;

/** A check's shape: a line that failed outweighs one that a person owes, and that the rest. */
export function markOfCheck(check: CheckView): Mark {
  if (check.status === 'missed') return OF_CHECK.missed;
  if (check.status !== 'done') return OF_CHECK[check.status];
  for (const outcome of ['failed', 'owed', 'unknown'] as const) {
    if (check.lines.some((line) => line.outcome === outcome)) return OF_OUTCOME[outcome];
  }
  return OF_CHECK.done;
}

export function checkMarks(checks: CheckView[]): CheckMark[] {
  return checks.map((check) => ({
    kind: 'check',
    id: `check ${check.id}`,
    at: check.due,
    mark: markOfCheck(check),
    check,
  }));
}

const ORDER: Record<Severity, number> = { minor: 0, major: 1, critical: 2 };

/** The gravest last: it is drawn over the others. */
export function incidentMarks(incidents: IncidentView[]): IncidentMark[] {
  return incidents
    .map((incident): IncidentMark => ({
      kind: 'incident',
      id: `incident ${incident.id}`,
      at: Math.min(incident.since, incident.opened.watch),
      to: endOf(incident),
      severity: incident.severity,
      symptom: incident.explained_by !== null,
      incident,
    }))
    .sort((a, b) => Number(b.symptom) - Number(a.symptom) || ORDER[a.severity] - ORDER[b.severity]);
}

/** When the trouble ended; one that came back and lasts has no end. */
function endOf({ state, recovered, closed }: IncidentView): number | null {
  if (state === 'open') return null;
  return (recovered ?? closed?.[0])?.watch ?? null;
}

export function gapMarks(gaps: Gap[]): GapMark[] {
  // Two may begin at the same instant.
  return gaps.map((gap, i) => ({ kind: 'gap', id: `gap ${i}`, at: gap.from, to: gap.to, gap }));
}

/** So wide is also what lasted for no time, in pixels. */
export const LEAST = 4;

/** Whether anything of it lies on the stretch that is shown. */
export function isDrawn(mark: StripMark, stretch: Stretch, width: number, now: number): boolean {
  const from = xOf(mark.at, stretch, width);
  if (mark.kind === 'check') return from >= -1 && from <= width + 1;
  return Math.max(xOf(mark.to ?? now, stretch, width), from + LEAST) >= 0 && from <= width;
}

/** In the order of time, as the arrow keys go through them. */
export const inTime = (marks: StripMark[]): StripMark[] => [...marks].sort((a, b) => a.at - b.at);
