// Watch time between two pulses: counted on, so that the clock ticks while nothing is recorded.
import type { Moment, Pace, Stage } from '../types';

/** The newest instant that the program told, and when it arrived here, in ms of `performance.now()`. */
export interface Told {
  moment: Moment;
  arrived: number;
}

/** A watch that nobody stands does not go on. */
export const ticks = (stage: Stage): boolean => stage === 'in_progress';

/** For how long a watch may tell nothing before that is odd, in ms: `every` is how often it looks, in watch time. */
export const patience = (every: number, pace: Pace): number =>
  Math.max(10_000, (4 * every) / Math.max(pace.speed, 1));

/** Watch time at `at`, in ms. */
export function watchAt(told: Told, pace: Pace, stage: Stage, at: number): number {
  if (!ticks(stage)) return told.moment.watch;
  const speed = Number.isFinite(pace.speed) ? Math.min(Math.max(pace.speed, 1), 100_000) : 1;
  return told.moment.watch + Math.max(0, at - told.arrived) * speed;
}

/** UTC in ms since 1970 of the instant `watch`, reckoned from one instant that has both times. */
export function utcOf(watch: number, moment: Moment, pace: Pace): number {
  const speed = pace.utc_follows ? 1 : Math.max(pace.speed, 1);
  return Date.parse(moment.utc) + (watch - moment.watch) / speed;
}
