// A step of the escalation as the page words and marks it.
import { t } from '../i18n';
import type { Mark } from '../parts/tone';
import { ticks } from '../lib/clock';
import { isOpen } from '../lib/countdown';
import type { Stage, Step, StepState, StepView, View } from '../types';

/** Rolling back names the version that it goes back to, where one is configured. */
export function titleOf(step: Step, view: View): string {
  const previous = view.opening.release.previous;
  if (step === 'roll_back' && previous !== null) return t('alarm.to_version', { version: previous });
  return t(`step.${step}`);
}

/** How a step stands that has no running clock. Where nobody watches nothing is late any more: it is to be done. */
export const standing = (step: StepView, stage: Stage): StepState =>
  isOpen(step) && !ticks(stage) ? 'owed' : step.state;

export const MARK_OF_STEP: Record<StepState, Mark> = {
  done: { tone: 'ok', shape: 'disc' },
  due: { tone: 'warning', shape: 'diamond' },
  overdue: { tone: 'critical', shape: 'triangle' },
  owed: { tone: 'warning', shape: 'diamond' },
  missed: { tone: 'critical', shape: 'cross' },
  not_needed: { tone: 'idle', shape: 'ring' },
  not_applicable: { tone: 'idle', shape: 'ring' },
};
