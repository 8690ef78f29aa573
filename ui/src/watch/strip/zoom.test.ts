import { describe, expect, it } from 'vitest';
import { around, follow, isWhole, LEAST_MS, length, pan, within, zoom, type Stretch } from './zoom';

const h = 3_600_000;
const whole: Stretch = { from: 0, to: 24 * h };
const s = (from: number, to: number): Stretch => ({ from: from * h, to: to * h });

describe('the stretch that is shown', () => {
  it.each([
    ['what lies inside stays', s(2, 4), s(2, 4)],
    ['before the start', s(-2, 2), s(0, 4)],
    ['after the end', s(22, 26), s(20, 24)],
    ['longer than the whole', s(-5, 30), s(0, 24)],
  ])('%s', (_, from, to) => expect(within(from, whole)).toEqual(to));

  it('keeps the instant under the pointer in its place', () => {
    const at = 6 * h;
    const near = zoom(whole, 0.5, at, whole);
    expect(length(near)).toBe(12 * h);
    expect((at - near.from) / length(near)).toBeCloseTo(at / (24 * h));
  });

  it.each([
    [0.5, 12 * h],
    [0.000001, LEAST_MS],
    [8, 24 * h],
  ])('zoomed by %d is %d ms long', (factor, ms) =>
    expect(length(zoom(whole, factor, 12 * h, whole))).toBe(ms),
  );

  it('goes back to the whole', () => {
    const near = zoom(whole, 0.25, 23 * h, whole);
    expect(isWhole(near, whole)).toBe(false);
    expect(zoom(near, 4, 20 * h, whole)).toEqual(whole);
  });

  it.each([
    ['a little on either side', s(8, 10), { from: 7.7 * h, to: 10.3 * h }],
    ['an instant as near as can be', s(8, 8), { from: 8 * h - LEAST_MS / 2, to: 8 * h + LEAST_MS / 2 }],
    ['not beyond the end', s(23, 24), { from: 22.7 * h, to: 24 * h }],
  ])('goes around %s', (_, what, to) => {
    const near = around(what, whole);
    expect(near.to).toBeCloseTo(to.to);
    if (to.to < whole.to) expect(near.from).toBeCloseTo(to.from);
  });

  it('pans by a share of itself and stops at the ends', () => {
    expect(pan(s(4, 8), 0.5, whole)).toEqual(s(6, 10));
    expect(pan(s(4, 8), -2, whole)).toEqual(s(0, 4));
    expect(pan(s(20, 24), 1, whole)).toEqual(s(20, 24));
  });

  it('follows now near its end', () => {
    const seen = follow(s(0, 2), 10 * h, whole);
    expect(length(seen)).toBe(2 * h);
    expect(seen.to).toBeGreaterThan(10 * h);
    expect(seen.from).toBeLessThan(10 * h);
    expect(follow(s(0, 2), 0, whole)).toEqual(s(0, 2));
  });
});
