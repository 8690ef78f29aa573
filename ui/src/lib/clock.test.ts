import { describe, expect, it } from 'vitest';
import { patience, utcOf, watchAt } from './clock';

const moment = { utc: '2026-01-10T16:30:00Z', watch: 1000 };
const told = { moment, arrived: 50 };

describe('watch time between two pulses', () => {
  it.each([
    ['goes on', 1, 'in_progress', 550, 1500],
    ['faster in a rehearsal', 1440, 'in_progress', 60, 15_400],
    ['stands when nobody watches', 1, 'interrupted', 550, 1000],
    ['stands once it is signed off', 1, 'signed_off', 550, 1000],
    ['never goes back', 1, 'in_progress', 10, 1000],
    ['in spite of nonsense', Number.NaN, 'in_progress', 550, 1500],
  ] as const)('%s', (_, speed, stage, at, watch) =>
    expect(watchAt(told, { speed, utc_follows: true }, stage, at)).toBe(watch),
  );
});

describe('UTC of watch time', () => {
  it.each([
    [{ speed: 1, utc_follows: false }, 61_000, '16:31:00'],
    [{ speed: 60, utc_follows: true }, 61_000, '16:31:00'],
    [{ speed: 60, utc_follows: false }, 61_000, '16:30:01'],
  ])('%o', (pace, watch, time) =>
    expect(new Date(utcOf(watch, moment, pace)).toISOString().slice(11, 19)).toBe(time),
  );
});

describe('how long a watch may be silent', () => {
  it.each([
    ['four readings', 30_000, 1, 120_000],
    ['never less than ten seconds', 1000, 1, 10_000],
    ['in a rehearsal', 30_000, 1440, 10_000],
  ])('%s', (_, every, speed, ms) => expect(patience(every, { speed, utc_follows: true })).toBe(ms));
});
