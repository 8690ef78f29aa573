// Where things go on the strip, so that nothing lies on anything else.
import type { Stretch } from './zoom';

/** The x of an instant on a strip of `width` pixels. */
export const xOf = (at: number, s: Stretch, width: number): number =>
  ((at - s.from) / (s.to - s.from)) * width;

/** The instant at an x. */
export const atX = (x: number, s: Stretch, width: number): number =>
  s.from + (x / Math.max(width, 1)) * (s.to - s.from);

/** Marks pushed apart to `gap` pixels, in their order, from `least` to `most`; what lies further outside stays there. */
export function spread(xs: number[], gap: number, least: number, most: number): number[] {
  const order = xs.map((_, i) => i).sort((a, b) => xs[a]! - xs[b]! || a - b);
  const placed = [...xs];
  const inside = (x: number) => x > least - gap && x < most + gap;
  let from = least;
  for (const i of order) {
    if (!inside(xs[i]!)) continue;
    placed[i] = Math.max(xs[i]!, from);
    from = placed[i]! + gap;
  }
  // Those that were pushed over the end come back, and push the ones before them.
  let to = most;
  for (const i of order.reverse()) {
    if (!inside(xs[i]!)) continue;
    placed[i] = Math.min(placed[i]!, to);
    to = placed[i]! - gap;
  }
  return placed;
}

export interface Label {
  /** Where it wants to be: its middle, or its start when it is pinned. */
  x: number;
  width: number;
  /** The greatest is placed first. */
  weight: number;
}

/** The left edge of each label, or null where it finds no room. None overlap, and all lie within 0 to `width`. */
export function place(labels: Label[], width: number, apart = 8): (number | null)[] {
  const taken: { from: number; to: number }[] = [];
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
// From four hours on in multiples of these: there the later checkpoints are.
const STEPS = [1, 2, 5, 10, 15, 30, 60, 240, 480, 720].map((m) => m * MINUTE);

/** The distance of the ticks: round, and at least `least` pixels apart. */
export function tickStep(s: Stretch, width: number, least: number): number {
  const perPixel = (s.to - s.from) / Math.max(width, 1);
  return STEPS.find((step) => step / perPixel >= least) ?? STEPS.at(-1)!;
}

/**
 * The instants of the ticks. Steps of an hour and more count from the watch's start, where the checkpoints are; smaller
 * ones fall on round times of day. `startUtc` is the start in ms since 1970.
 */
export function ticks(s: Stretch, step: number, startUtc: number): number[] {
  const offset = step >= 60 * MINUTE ? 0 : (step - (startUtc % step)) % step;
  const first = Math.ceil((s.from - offset) / step) * step + offset;
  const all: number[] = [];
  for (let at = first; at <= s.to; at += step) all.push(at);
  return all;
}
