import { describe, expect, it } from 'vitest';
import day from '../../tests/recorded/day.json';
import type { View } from '../types';
import { keep, still } from './merge';

describe('what stays the same object', () => {
  const old = { a: { n: 1 }, list: [{ id: 1 }, { id: 2 }], word: 'x' };

  it('everything, when nothing changed', () => expect(keep(old, structuredClone(old))).toBe(old));

  it('what lies beside a change', () => {
    const fresh = structuredClone(old);
    fresh.list[1]!.id = 3;
    const kept = keep(old, fresh);
    expect(kept).not.toBe(old);
    expect(kept).toEqual(fresh);
    expect(kept.a).toBe(old.a);
    expect(kept.list[0]).toBe(old.list[0]);
    expect(Array.isArray(kept.list)).toBe(true);
  });

  it.each([
    ['a shorter list', { list: [1, 2] }, { list: [1] }],
    ['a longer list', { list: [1] }, { list: [1, 2] }],
    ['a key that is gone', { a: 1, b: 2 }, { a: 1 }],
    ['a key that is new', { a: 1 }, { a: 1, b: undefined }],
    ['null for an object', { a: {} }, { a: null }],
    ['an object for null', { a: null }, { a: {} }],
    ['an object for a list', { a: [] }, { a: {} }],
  ])('%s is taken over', (_, before, after) => {
    const kept = keep<unknown>(before, after);
    expect(kept).not.toBe(before);
    expect(kept).toEqual(after);
  });
});

describe('what no pulse changes', () => {
  const view = day as unknown as View;
  const first = still(view, null);

  it('stays the same object over a pulse', () => {
    const pulsed = { ...view, tone: 'gap' as const, readings: 7, baselines: [], last_reading: null };
    expect(still(pulsed, first)).toBe(first);
    // The figures that stand in words are of the pulse's moment, too.
    const worded = { confidence: { ...view.confidence, reasons: [] }, next_steps: [], next: [] };
    expect(still({ ...pulsed, ...worded }, first)).toBe(first);
    expect(Object.keys(first)).not.toContain('now');
  });

  it('is another one with a line in the log', () => {
    const longer = still({ ...view, log: view.log.slice(1) }, first);
    expect(longer).not.toBe(first);
    expect(longer.incidents).toBe(first.incidents);
  });
});
