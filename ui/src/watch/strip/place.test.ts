import { describe, expect, it } from 'vitest';
import { atX, place, spread, ticks, tickStep, xOf } from './place';

const h = 3_600_000;
const day = { from: 0, to: 24 * h };

describe('x and time', () => {
  it.each([
    [0, 0],
    [12 * h, 500],
    [24 * h, 1000],
  ])('%d is at %d', (at, x) => {
    expect(xOf(at, day, 1000)).toBe(x);
    expect(atX(x, day, 1000)).toBe(at);
  });
});

describe('marks pushed apart', () => {
  it.each([
    ['far apart: as they are', [0, 100, 200], [0, 100, 200]],
    ['two at one instant', [0, 0, 100], [0, 18, 100]],
    ['a cluster', [50, 52, 54], [50, 68, 86]],
    ['at the end', [995, 1000], [982, 1000]],
    ['over the end', [1000, 1000], [982, 1000]],
    ['outside stays outside', [500, 1200], [500, 1200]],
  ])('%s', (_, xs, placed) => expect(spread(xs, 18, 0, 1000)).toEqual(placed));
});

describe('labels', () => {
  const label = (x: number, width: number, weight = 1) => ({ x, width, weight });

  it('stand in the middle of what they name, and within the strip', () => {
    expect(place([label(500, 100)], 1000)).toEqual([450]);
    expect(place([label(0, 100), label(1000, 100)], 1000)).toEqual([0, 900]);
  });

  it('move aside for a weightier one, or go', () => {
    expect(place([label(500, 100, 1), label(500, 100, 9)], 1000)).toEqual([null, 450]);
    expect(place([label(552, 40, 1), label(500, 100, 9)], 1000)).toEqual([null, 450]);
    expect(place([label(560, 40, 1), label(500, 100, 9)], 1000)).toEqual([564, 450]);
  });

  it('never overlap', () => {
    const many = Array.from({ length: 60 }, (_, i) => label((i * 137) % 1000, 30 + (i % 7) * 20, i % 3));
    const left = place(many, 1000);
    const spans = left
      .flatMap((from, i) => (from === null ? [] : [[from, from + many[i]!.width] as const]))
      .sort((a, b) => a[0] - b[0]);
    expect(spans.length).toBeGreaterThan(3);
    for (let i = 1; i < spans.length; i++) expect(spans[i]![0]).toBeGreaterThanOrEqual(spans[i - 1]![1]);
    expect(spans.at(0)![0]).toBeGreaterThanOrEqual(0);
    expect(spans.at(-1)![1]).toBeLessThanOrEqual(1000);
  });
});

describe('ticks', () => {
  it.each([
    [day, 1000, 4 * h],
    [day, 300, 8 * h],
    [{ from: 0, to: h }, 1000, 5 * 60_000],
    [{ from: 0, to: 5 * 60_000 }, 1000, 60_000],
  ])('%o on %d pixels: every %d ms', (s, width, step) => expect(tickStep(s, width, 80)).toBe(step));

  it('count hours from the start of the watch', () =>
    expect(ticks(day, 6 * h, Date.UTC(2026, 0, 10, 16, 30))).toEqual([0, 6 * h, 12 * h, 18 * h, 24 * h]));

  it('fall on round times of day when nearer', () => {
    const start = Date.UTC(2026, 0, 10, 16, 33);
    const at = ticks({ from: 0, to: h }, 15 * 60_000, start);
    expect(at.map((ms) => new Date(start + ms).toISOString().slice(11, 16))).toEqual([
      '16:45',
      '17:00',
      '17:15',
      '17:30',
    ]);
  });
});
