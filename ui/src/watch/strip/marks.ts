// What stands on the strip: checkpoints, incidents and gaps, from the view.
import { OF_CHECK, OF_OUTCOME, type Mark } from '../../parts/tone';
import type { CheckView, Gap, IncidentView, Severity, Tone } from '../../types';

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

export function incidentMarks(incidents: IncidentView[]): IncidentMark[] {
  return incidents.map((incident) => ({
    kind: 'incident',
    id: `incident ${incident.id}`,
    at: Math.min(incident.since, incident.opened.watch),
    to: endOf(incident),
    severity: incident.severity,
    symptom: incident.explained_by !== null,
    incident,
  }));
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

const TONES: Tone[] = ['critical', 'warning', 'gap', 'idle', 'ok'];
const ORDER: Record<Severity, number> = { minor: 0, major: 1, critical: 2 };

/** The least for what is to be told first. */
export function gravity(mark: StripMark): number {
  if (mark.kind === 'check') return TONES.indexOf(mark.mark.tone);
  // One that lasts comes before one that is over.
  const over = mark.to === null ? 0 : 10;
  return mark.kind === 'gap' ? over : over + ORDER.critical - ORDER[mark.severity];
}

const foremostOf = <M extends StripMark>(marks: M[]): M =>
  marks.reduce((first, mark) => (gravity(mark) < gravity(first) ? mark : first));

/** The shape of several checks: that of the gravest. All is well only where all are. */
export const gravest = (checks: CheckMark[]): Mark => foremostOf(checks).mark;

/** The one of several incidents that names them. */
export const foremost = (incidents: IncidentMark[]): IncidentMark => foremostOf(incidents);

export type Lane = Severity | 'symptom';

/** Incidents of one lane are drawn alike, and become one where they cannot be told apart. */
export const laneOf = ({ symptom, severity }: IncidentMark): Lane => (symptom ? 'symptom' : severity);

/** In the order of time, as the arrow keys go through them. */
export const inTime = <M extends { at: number }>(marks: M[]): M[] => [...marks].sort((a, b) => a.at - b.at);
