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

/** An instant of which both times are known; `utc` in ms since 1970. */
export interface Known {
  utc: number;
  watch: number;
}

/** What the journal knows of both clocks, in the order of watch time: the start, and the moment of each line of the log. */
export function knownOf(started: string, log: { moment: Moment }[]): Known[] {
  const all = [{ utc: Date.parse(started), watch: 0 }];
  for (const { moment } of log) all.push({ utc: Date.parse(moment.utc), watch: moment.watch });
  // At one instant the later one holds: a step of the clock is told at the instant at which it was noticed.
  return all.sort((a, b) => a.watch - b.watch).filter((it, i) => it.watch !== all[i + 1]?.watch);
}

/** How many ms of the watch pass in one of UTC. */
const rateOf = (pace: Pace): number => (pace.utc_follows ? 1 : Math.max(pace.speed, 1));

/** By how much UTC went ahead of watch time from one instant to another, in ms. */
export const ahead = (from: Known, to: Known, pace: Pace): number =>
  to.utc - from.utc - (to.watch - from.watch) / rateOf(pace);

/** More than this is a step of the clock, in ms; less, or as little as a clock is slewed by, is spread over the time. */
const STEP_MS = 2000;
const SLEW = 0.0005;

/**
 * UTC in ms since 1970 of the instant `watch`: between what is known before and after it. A step of the clock holds from
 * where it was noticed, as in the report. `late` is by how much UTC has gone ahead since the last that is known.
 */
export function utcOf(watch: number, known: Known[], late: number, pace: Pace): number {
  let low = 0;
  let high = known.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (known[middle]!.watch <= watch) low = middle;
    else high = middle - 1;
  }
  const [before, after] = [known[low], known[low + 1]];
  if (!before) return 0;
  const reckoned = before.utc + (watch - before.watch) / rateOf(pace);
  if (!after) return reckoned + late;
  const drift = ahead(before, after, pace);
  const long = after.watch - before.watch;
  if (Math.abs(drift) > Math.max(STEP_MS, (long / rateOf(pace)) * SLEW)) return reckoned;
  return reckoned + (drift * (watch - before.watch)) / long;
}
