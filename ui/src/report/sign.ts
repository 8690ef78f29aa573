// What a sign-off needs, as the core will ask for it; so that it is said before and not after.
import type { Decision, Finding, Stage } from '../types';

export const MOST_NAME = 100;
export const MOST_REMARK = 4000;

export interface Form {
  name: string;
  decision: Decision | null;
  remark: string;
}

export interface Needs {
  name: 'name' | 'long' | null;
  decision: 'decision' | null;
  remark: 'reason' | 'long' | null;
}

/** Approving what did not pass, or rejecting what did. */
export function against(decision: Decision | null, finding: Finding): boolean {
  if (decision === null) return false;
  return decision === 'approved' ? finding !== 'pass' : finding === 'pass';
}

/** Until the plan has run to its end, in a session that was watched until then. */
export const early = (stage: Stage): boolean => stage === 'in_progress' || stage === 'interrupted';

export const needsReason = (decision: Decision | null, finding: Finding, stage: Stage): boolean =>
  early(stage) || against(decision, finding);

/** What is missing; characters are counted as the core counts them. */
export function needs(form: Form, finding: Finding, stage: Stage): Needs {
  const length = (text: string) => [...text.trim()].length;
  const reason = needsReason(form.decision, finding, stage) && length(form.remark) === 0;
  return {
    name: length(form.name) === 0 ? 'name' : length(form.name) > MOST_NAME ? 'long' : null,
    decision: form.decision === null ? 'decision' : null,
    remark: reason ? 'reason' : length(form.remark) > MOST_REMARK ? 'long' : null,
  };
}

export const isComplete = (missing: Needs): boolean => Object.values(missing).every((need) => need === null);
