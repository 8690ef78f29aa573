import { describe, expect, it } from 'vitest';
import type { Moment, Pace } from '../types';
import { ahead, knownOf, patience, utcOf, watchAt } from './clock';

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
  const REAL: Pace = { speed: 1, utc_follows: true };
  const minutes = (n: number) => n * 60_000;
  const at = (time: string, minute: number) => ({
    moment: { utc: `2026-01-10T${time}Z`, watch: minutes(minute) },
  });
  const of = (log: { moment: Moment }[], minute: number, pace = REAL, late = 0) => {
    const utc = utcOf(minutes(minute), knownOf('2026-01-10T16:30:00Z', log), late, pace);
    return new Date(utc).toISOString().slice(11, 19);
  };
  const steady = [at('16:40:00', 10), at('17:00:00', 30)];
  // The clock is put on by an hour after minute 20, which is noticed in minute 25; later it is put back.
  const stepped = [at('16:40:00', 10), at('17:55:00', 25), at('18:00:00', 30), at('17:10:05', 40)];
  const slewed = [at('16:40:01', 10), at('17:00:02', 30)];
  const slow = [at('20:30:07', 240)];
  const fast: Pace = { speed: 60, utc_follows: false };

  it.each([
    ['before all lines', steady, 5, '16:35:00'],
    ['at a line', steady, 10, '16:40:00'],
    ['between two', steady, 20, '16:50:00'],
    ['after the last', steady, 45, '17:15:00'],
    ['without any', [], 45, '17:15:00'],
    ['before a step: as the clock was then', stepped, 5, '16:35:00'],
    ['until a step is noticed', stepped, 24, '16:54:00'],
    ['from where it was noticed', stepped, 25, '17:55:00'],
    ['between two steps', stepped, 28, '17:58:00'],
    ['before a step back', stepped, 39, '18:09:00'],
    ['after a step back', stepped, 50, '17:20:05'],
    ['with a clock that gains a second', slewed, 20, '16:50:01'],
    ['with a clock that is slewed for hours', slow, 120, '18:30:03'],
  ])('%s', (_, log, minute, time) => expect(of(log, minute)).toBe(time));

  it.each([
    ['a step that no line tells of yet', 45, REAL, minutes(60), '18:15:00'],
    ['and what was before it', 29, REAL, minutes(60), '16:59:00'],
    ['in a simulated day', 45, { speed: 60, utc_follows: true }, 0, '17:15:00'],
  ])('%s', (_, minute, pace, late, time) => expect(of(steady, minute, pace, late)).toBe(time));

  it.each([
    ['between', 60, '16:31:00'],
    ['after', 180, '16:33:00'],
    ['after a step', 300, '17:05:00'],
  ])('on the clock of the wall while the watch is faster: %s', (_, minute, time) =>
    expect(of([at('16:32:00', 120), at('17:04:00', 240)], minute, fast)).toBe(time),
  );

  it('holds the later of two lines of one instant', () =>
    expect(of([at('16:40:00', 10), at('17:40:00', 10)], 10)).toBe('17:40:00'));

  it('tells by how much UTC has gone ahead', () =>
    expect(ahead({ utc: 0, watch: 0 }, { utc: 61_000, watch: 60_000 }, REAL)).toBe(1000));
});

describe('how long a watch may be silent', () => {
  it.each([
    ['four readings', 30_000, 1, 120_000],
    ['never less than ten seconds', 1000, 1, 10_000],
    ['in a rehearsal', 30_000, 1440, 10_000],
  ])('%s', (_, every, speed, ms) => expect(patience(every, { speed, utc_follows: true })).toBe(ms));
});
