// How a step with a clock stands at an instant, from green to red and in a word.
import type { StepState, StepView, Tone } from '../types';

export interface Countdown {
  /** What is left, in ms; below zero it is over. */
  left: number;
  tone: Tone;
  state: 'running' | 'soon' | 'over';
}

/** `soon` is the last of this share of its time, and never less than `warnBefore`. */
const SOON = 0.4;

/**
 * Reckoned here and not from the step's own state, which is as old as the last view: the clock must turn red in the
 * second in which it is over.
 */
export function countdownOf(due: number, began: number, now: number, warnBefore: number): Countdown {
  const left = due - now;
  if (left <= 0) return { left, tone: 'critical', state: 'over' };
  const soon = Math.max((due - began) * SOON, warnBefore);
  return left <= soon ? { left, tone: 'warning', state: 'soon' } : { left, tone: 'ok', state: 'running' };
}

const OPEN: StepState[] = ['due', 'overdue', 'owed'];

/** Whether somebody has yet to do it. */
export const isOpen = (step: StepView): boolean => OPEN.includes(step.state);

/**
 * The step that is to be done now: the open one that is due first. Where several are over their time, the last of them:
 * after a quarter of an hour it is the roll-back that is called for, whether or not somebody restarted.
 */
export function nextStep(steps: StepView[], now: number): StepView | undefined {
  const open = steps.filter((s) => isOpen(s) && s.due !== null).sort((a, b) => a.due! - b.due!);
  return open.findLast((s) => s.due! <= now) ?? open[0];
}
