import { describe, expect, it } from 'vitest';
import { clock, countdown, day, span, timesOf } from './time';

describe('clocks', () => {
  it.each([
    [0, '00:00:00'],
    [999, '00:00:00'],
    [25_953_000, '07:12:33'],
    [86_400_000, '24:00:00'],
  ])('%d counts up to %s', (ms, text) => expect(clock(ms)).toBe(text));

  it.each([
    [0, '0:00'],
    [1, '0:01'],
    [247_000, '4:07'],
    [-61_000, '1:01'],
    [3_847_000, '1:04:07'],
  ])('%d counts down to %s', (ms, text) => expect(countdown(ms)).toBe(text));
});

describe('spans', () => {
  const h = 3_600_000;
  it.each([
    [400, '400 ms'],
    [59_999, '59 s'],
    [192_000, '3 min 12 s'],
    [1_800_000, '30 min'],
    [24 * h, '24 h'],
    [47.5 * h, '47 h 30 min'],
    [51 * h, '2 d 3 h'],
    [168 * h, '7 d'],
  ])('%d take %s', (ms, text) => expect(span(ms)).toBe(text));
});

describe('days', () => {
  it.each([
    ['2026-01-10T23:59:59.999999999Z', '2026-01-10'],
    ['2026-01-11T01:30:00+02:00', '2026-01-10'],
    [Date.UTC(2026, 0, 10, 4, 30), '2026-01-10'],
  ])('%s is on %s', (utc, text) => expect(day(utc)).toBe(text));
});

describe('times of a watch', () => {
  const utc = '2026-01-10T04:30:07Z';
  it.each([
    [24, '04:30', '04:30:07'],
    [24.5, '2026-01-10 04:30', '2026-01-10 04:30:07'],
    [168, '2026-01-10 04:30', '2026-01-10 04:30:07'],
  ])('of %d hours are told as %s', (hours, minute, second) => {
    const times = timesOf(hours * 3_600_000);
    expect([times.hm(utc), times.hms(utc)]).toEqual([minute, second]);
  });
});
