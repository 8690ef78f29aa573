import { describe, expect, it } from 'vitest';
import { clock, countdown, day } from './time';

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

describe('days', () => {
  it.each([
    ['2026-01-10T23:59:59.999999999Z', '2026-01-10'],
    ['2026-01-11T01:30:00+02:00', '2026-01-10'],
    [Date.UTC(2026, 0, 10, 4, 30), '2026-01-10'],
  ])('%s is on %s', (utc, text) => expect(day(utc)).toBe(text));
});
