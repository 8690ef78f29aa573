// The stretch of the watch that the strip and the charts show.

/** From and to in watch ms. */
export interface Stretch {
  from: number;
  to: number;
}

export const LEAST_MS = 5 * 60_000;
/** How much of the stretch lies after "now" while it is followed. */
const AHEAD = 0.08;

export const length = (s: Stretch): number => s.to - s.from;

/** `s` moved and, if it must be, shortened so that it lies within `whole`. */
export function within(s: Stretch, whole: Stretch): Stretch {
  const long = Math.min(Math.max(length(s), LEAST_MS), length(whole));
  const from = Math.min(Math.max(s.from, whole.from), whole.to - long);
  return { from, to: from + long };
}

/** Zoomed by `factor` (below 1 is nearer) around the instant `at`, which keeps its place. */
export function zoom(s: Stretch, factor: number, at: number, whole: Stretch): Stretch {
  const long = Math.min(Math.max(length(s) * factor, LEAST_MS), length(whole));
  const share = (Math.min(Math.max(at, s.from), s.to) - s.from) / length(s);
  const from = at - share * long;
  return within({ from, to: from + long }, whole);
}

/** `s` with a little on either side, and not nearer than it can be. */
export function around(s: Stretch, whole: Stretch): Stretch {
  const beside = Math.max(length(s) * 0.15, (LEAST_MS - length(s)) / 2);
  return within({ from: s.from - beside, to: s.to + beside }, whole);
}

/** Moved by a share of its own length. */
export function pan(s: Stretch, share: number, whole: Stretch): Stretch {
  const by = length(s) * share;
  return within({ from: s.from + by, to: s.to + by }, whole);
}

/** Moved so that `now` is near its end. */
export function follow(s: Stretch, now: number, whole: Stretch): Stretch {
  const to = now + length(s) * AHEAD;
  return within({ from: to - length(s), to }, whole);
}

export const isWhole = (s: Stretch, whole: Stretch): boolean => length(s) >= length(whole);
