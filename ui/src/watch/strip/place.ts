// Where things go on the strip, so that nothing lies on anything else.
import type { Stretch } from './zoom';

/** The x of an instant on a strip of `width` pixels. */
export const xOf = (at: number, s: Stretch, width: number): number =>
  ((at - s.from) / (s.to - s.from)) * width;

/** The instant at an x. */
export const atX = (x: number, s: Stretch, width: number): number =>
  s.from + (x / Math.max(width, 1)) * (s.to - s.from);

export interface Label {
  /** Where it wants to be: its middle, or its start when it is pinned. */
  x: number;
  width: number;
  /** The greatest is placed first. */
  weight: number;
}

/**
 * The left edge of each label, or null where it finds no room. None overlap, neither each other nor what is `taken`, and
 * all lie within 0 to `width`. What is placed is taken from then on.
 */
export function place(
  labels: Label[],
  width: number,
  apart = 8,
  taken: { from: number; to: number }[] = [],
): (number | null)[] {
  const left: (number | null)[] = labels.map(() => null);
  const order = labels.map((_, i) => i).sort((a, b) => labels[b]!.weight - labels[a]!.weight || a - b);
  for (const i of order) {
    const label = labels[i]!;
    if (label.width > width) continue;
    const ideal = Math.min(Math.max(label.x - label.width / 2, 0), width - label.width);
    // In its middle, or pushed to either side as far as it still touches what it names.
    for (const from of [ideal, label.x + 4, label.x - 4 - label.width]) {
      const to = from + label.width;
      const free =
        from >= 0 && to <= width && taken.every((t) => to + apart <= t.from || from >= t.to + apart);
      if (free) {
        taken.push({ from, to });
        left[i] = from;
        break;
      }
    }
  }
  return left;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** A clock that is slewed comes to its round times by so little too late. */
const ROUND_MS = 500;
// From four hours on in multiples of these: there the later checkpoints are.
const STEPS = [1, 2, 5, 10, 15, 30, 60, 240, 480, 720].map((m) => m * MINUTE);

/** The distance of the ticks: round, and at least `least` pixels apart. */
export function tickStep(s: Stretch, width: number, least: number): number {
  const wanted = (least * (s.to - s.from)) / Math.max(width, 1);
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}

/**
 * The instants of the ticks. Steps of an hour and more count from the watch's start, where the checkpoints are; smaller
 * ones fall on round times of day, also after the clock was stepped. `utcOf` turns watch time into ms since 1970.
 */
export function ticks(s: Stretch, step: number, utcOf: (at: number) => number): number[] {
  const all: number[] = [];
  if (step >= 60 * MINUTE) {
    for (let at = Math.ceil(s.from / step) * step; at <= s.to; at += step) all.push(at);
    return all;
  }
  const over = (at: number) => ((utcOf(at) % step) + step) % step;
  for (let at = Math.ceil(s.from); at <= s.to; at += step - over(at)) {
    // From one round time to the next. Where the clock was stepped in between it is not round, but one before it is.
    const round = over(at) < ROUND_MS ? at : at - over(at);
    const clear = all.length === 0 || round - all.at(-1)! >= step / 2;
    if (round >= s.from && clear && over(round) < ROUND_MS) all.push(round);
  }
  return all;
}
