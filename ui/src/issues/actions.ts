// What a person may do about an incident. The program refuses everything else; the page does not offer it.
import { isOpen } from '../lib/countdown';
import type { IncidentView, Stage, StepView } from '../types';

export const canAcknowledge = (incident: IncidentView, stage: Stage): boolean =>
  stage !== 'signed_off' && incident.acknowledged === null && incident.state !== 'closed';

export type Closing = 'can' | 'closed' | 'still_lasts' | 'signed_off';

/** Only people find out that these are over: no reading tells that data is right again, or an image trusted. */
const forAPerson = ({ problem }: IncidentView): boolean =>
  problem.issue === 'data_corruption' || (problem.issue === 'security_breach' && problem.subject === 'image');

export function closing(incident: IncidentView, stage: Stage): Closing {
  if (incident.state === 'closed') return 'closed';
  if (stage === 'signed_off') return 'signed_off';
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
