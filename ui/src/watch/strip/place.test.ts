import { describe, expect, it } from 'vitest';
import { atX, place, ticks, tickStep, xOf } from './place';

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

  it('keep clear of what is there already, and are there from then on', () => {
    const taken = [{ from: 460, to: 500 }];
    expect(place([label(480, 60, 1), label(400, 30, 9)], 1000, 8, taken)).toEqual([null, 385]);
    expect(taken).toEqual([
      { from: 460, to: 500 },
      { from: 385, to: 415 },
    ]);
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
  const days = (n: number) => ({ from: 0, to: n * 24 * h });
  it.each([
    [day, 1000, 4 * h],
    [day, 300, 8 * h],
    [{ from: 0, to: h }, 1000, 5 * 60_000],
    [{ from: 0, to: 5 * 60_000 }, 1000, 60_000],
    [{ from: 0, to: 4 * h }, 740, 30 * 60_000],
    [days(7), 1180, 12 * h],
    [days(7), 740, 24 * h],
    [days(30), 740, 96 * h],
    [days(365), 740, 40 * 24 * h],
  ])('%o on %d pixels: every %d ms', (s, width, step) => expect(tickStep(s, width, 80)).toBe(step));

  it.each([4, 24, 72, 168, 720])(
    'of a plan of %d h are round, apart, and not too few, at every width',
    (hours) => {
      for (let width = 700; width <= 3800; width += 50) {
        for (let part = 1; (hours * h) / part >= 5 * 60_000; part *= 2) {
          const s = { from: 0, to: (hours * h) / part };
          const step = tickStep(s, width, 74);
          const apart = (step / (s.to - s.from)) * width;
          expect(apart).toBeGreaterThanOrEqual(74);
          expect(step % 60_000).toBe(0);
          expect(ticks(s, step, (at) => at).length).toBeGreaterThanOrEqual(3);
        }
      }
    },
  );

  const start = Date.UTC(2026, 0, 10, 16, 33);
  const utc = (at: number) => start + at;
  const times = (all: number[], of = utc) => all.map((at) => new Date(of(at)).toISOString().slice(11, 16));

  it('count hours from the start of the watch', () =>
    expect(ticks(day, 6 * h, utc)).toEqual([0, 6 * h, 12 * h, 18 * h, 24 * h]));

  it('fall on round times of day when nearer', () =>
    expect(times(ticks({ from: 0, to: h }, 15 * 60_000, utc))).toEqual(['16:45', '17:00', '17:15', '17:30']));

  it('fall on round times of day also after the clock was stepped', () => {
    const stepped = (at: number) => start + at + (at >= 20 * 60_000 ? 50 * 60_000 + 7_000 : 0);
    expect(times(ticks({ from: 0, to: h }, 15 * 60_000, stepped), stepped)).toEqual([
      ...['16:45', '17:45', '18:00', '18:15'],
    ]);
  });
});
