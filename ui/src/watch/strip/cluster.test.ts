import { describe, expect, it } from 'vitest';
import { ALONE, bundled, clustered, roomOf, type Spot } from './cluster';
import type { CheckMark, IncidentMark } from './marks';
import { LEAST_MS } from './zoom';

const h = 3_600_000;
const check = (at: number, i = 0) => ({ kind: 'check', id: `check ${i} ${at}`, at }) as CheckMark;
const evenly = (n: number, length: number) => Array.from({ length: n }, (_, i) => (i / (n - 1)) * length);
/** `3@500`: three marks at 500 pixels. */
const told = (spots: Spot[]) => spots.map(({ group, x }) => `${group.members.length}@${Math.round(x)}`);
/** A watch of a thousand pixels, a second each. */
const of = (...xs: number[]) =>
  clustered(
    xs.map((x, i) => check(x * 1000, i)),
    1000,
    1_000_000,
  );

describe('marks on the line', () => {
  it.each([
    ['far apart: as they are', [100, 200, 300], ['1@100', '1@200', '1@300']],
    ['at the ends: within', [0, 1000], ['1@10', '1@991']],
    ['two at one instant: side by side', [500, 500], ['1@491', '1@510']],
    ['two at the end: side by side', [1000, 1000], ['1@972', '1@991']],
    ['three at one instant: side by side', [500, 500, 500], ['1@481', '1@500', '1@519']],
    ['four at one instant: one', [500, 500, 500, 500], ['4@500']],
    ['a little too near: moved aside', [0, 0, 31, 62], ['1@10', '1@29', '1@48', '1@67']],
    ['a crowd', [100, 103, 106, 109, 200], ['4@105', '1@200']],
    ['crowds apart', [100, 102, 104, 106, 300, 301, 302, 303], ['4@103', '4@302']],
    ['what is even stays even', evenly(101, 1000).slice(0, 16), ['4@17', '4@55', '4@95', '4@135']],
  ])('%s', (_, xs, spots) => expect(told(of(...xs))).toEqual(spots));

  it('keeps the name of the first and the order of time', () => {
    const [spot] = of(503, 500, 502, 501);
    expect(spot?.group.id).toBe('check 1 500000');
    expect(spot?.group.members.map((m) => m.at / 1000)).toEqual([500, 501, 502, 503]);
    expect([spot?.group.at, spot?.group.to]).toEqual([500_000, 503_000]);
  });
});

describe.each([
  ['4 h', 4],
  ['24 h', 24],
  ['7 days', 168],
])('a plan of %s', (_, hours) => {
  const length = hours * h;
  // Evenly, in bursts, and with extra checks beside the planned ones.
  const plans = [9, 40, 200].flatMap((n) => [
    evenly(n, length),
    evenly(n, length).map((at) => (at * at) / length),
    evenly(n, length).map((at, i) => (i % 3 === 0 ? at : Math.min(at + 60_000, length))),
  ]);

  it.each(plans.map((plan) => [plan.length, plan] as const))('with %d checks: none overlap', (n, plan) => {
    const marks = plan.map((at, i) => check(at, i));
    const half = (spot: Spot) => roomOf(spot.group.members.length) / 2;
    const wrong: string[] = [];
    for (let width = 700; width <= 3800; width += 310) {
      for (let shown = length; shown >= LEAST_MS; shown /= 2) {
        const spots = clustered(marks, shown / width, length);
        const note = (what: string) => wrong.push(`${what} at ${width} px for ${shown} ms: ${told(spots)}`);
        if (spots.flatMap((s) => s.group.members).length !== n) note('lost');
        if (spots[0]!.x - half(spots[0]!) < -0.01) note('before the start');
        if (spots.at(-1)!.x + half(spots.at(-1)!) > (length / shown) * width + 0.01) note('after the end');
        for (let i = 1; i < spots.length; i++) {
          const [one, next] = [spots[i - 1]!, spots[i]!];
          if (next.x - half(next) < one.x + half(one) - 0.01) note('overlap');
          if (next.group.at < one.group.at) note('out of order');
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([40, 200])('with %d checks: each comes to stand alone, near enough', (n) => {
    const marks = evenly(n, length).map((at, i) => check(at, i));
    const spots = clustered(marks, LEAST_MS / 700, length);
    expect(spots.every(({ group }) => group.members.length === 1)).toBe(true);
  });
});

it('does not depend on where the strip begins', () => {
  // By a hair less or more than exactly so many ms to a pixel, as moving the stretch leaves it.
  const marks = evenly(200, 24 * h).map((at, i) => check(at, i));
  const per = (24 * h) / 1180;
  const ids = (perPixel: number) => clustered(marks, perPixel, 24 * h).map((s) => s.group.id);
  expect(ids(per * (1 + 1e-12))).toEqual(ids(per));
  expect(ids(per * (1 - 1e-12))).toEqual(ids(per));
});

it('stands alone only where there is room for it', () => expect(roomOf(1)).toBe(ALONE));

describe('bars', () => {
  const bar = (at: number, to: number | null, severity = 'minor') =>
    ({ kind: 'incident', id: `${at}`, at, to, severity }) as IncidentMark;
  const bundle = (...bars: IncidentMark[]) =>
    bundled(bars, 1, 1000, (b) => b.severity).map((g) => g.members.map((m) => m.id).join('+'));

  it.each([
    ['apart', [bar(0, 5), bar(20, 25)], ['0', '20']],
    ['as good as one', [bar(0, 5), bar(3, 8), bar(6, 9)], ['0+3+6']],
    ['in a row: never wider than they seem', [0, 4, 8, 12].map((at) => bar(at, at + 2)), ['0+4', '8+12']],
    ['a short one in a long one', [bar(0, 500), bar(2, 9)], ['0', '2']],
    ['of two lanes', [bar(0, 5), bar(1, 5, 'critical')], ['0', '1']],
    ['that last and begin together', [bar(900, null), bar(903, null)], ['900+903']],
    ['one that lasts, and one that ended just now', [bar(900, null), bar(903, 998)], ['900+903']],
    ['one behind another that ends later', [bar(0, 500), bar(2, 9), bar(4, 502)], ['0+4', '2']],
  ])('%s', (_, bars, bundles) => expect(bundle(...bars)).toEqual(bundles));

  it('last as long as one of them does', () => {
    const [group] = bundled([bar(900, 998), bar(903, null)], 1, 1000, () => 0);
    expect([group?.at, group?.to]).toEqual([900, null]);
  });
});
