// What a person may do about an incident. The program refuses everything else; the page does not offer it.
import { isOpen } from '../lib/countdown';
import type { IncidentView, Stage, StepView } from '../types';

export const canAcknowledge = (incident: IncidentView, stage: Stage): boolean =>
  stage !== 'signed_off' && incident.acknowledged === null && incident.state !== 'closed';

export type Closing = 'can' | 'closed' | 'still_lasts' | 'undecided' | 'signed_off';

type Judged = Pick<IncidentView, 'problem' | 'state' | 'explained_by' | 'judged'>;

/** No reading tells a break-in from an administrator's work, or damaged data from a correction: a person does. */
const isSuspicion = ({ problem }: Judged): boolean =>
  problem.issue === 'data_corruption' || problem.issue === 'security_breach';

/** Only people find out that these are over; refused logins end by themselves. */
const forAPerson = (incident: Judged): boolean =>
  isSuspicion(incident) &&
  !(incident.problem.issue === 'security_breach' && incident.problem.subject === 'logins');

/** Whether it looks like a breach and nobody has said yet whether it is one. */
export const isUndecided = (incident: Judged): boolean =>
  incident.problem.issue === 'security_breach' &&
  incident.state !== 'closed' &&
  incident.explained_by === null &&
  !incident.judged;

export const canConfirm = (incident: IncidentView, stage: Stage): boolean =>
  canDismiss(incident, stage) && !incident.judged;

export const canDismiss = (incident: IncidentView, stage: Stage): boolean =>
  stage !== 'signed_off' && isSuspicion(incident) && incident.state !== 'closed';

export function closing(incident: IncidentView, stage: Stage): Closing {
  if (incident.state === 'closed') return 'closed';
  if (stage === 'signed_off') return 'signed_off';
  if (isUndecided(incident)) return 'undecided';
  const lasts = incident.state === 'open' && incident.explained_by === null && !forAPerson(incident);
  return lasts ? 'still_lasts' : 'can';
}

/** A step may be recorded even after its time: what was done late was done. */
export const canRecord = (step: StepView, stage: Stage): boolean =>
  stage !== 'signed_off' && (isOpen(step) || step.state === 'missed');

/** Announcements excuse restarts while somebody watches for them. */
export const canAnnounce = (stage: Stage): boolean => stage === 'in_progress' || stage === 'interrupted';

/** Lengths of a planned restart that are offered, in minutes. */
export const LENGTHS = [5, 10, 15, 30, 60, 120, 240, 480, 1440] as const;
