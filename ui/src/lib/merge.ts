// How a pulse goes into the view without making everything new.
import type { Glance, View } from '../types';

/**
 * `fresh`, but with the old object in every place where nothing changed, so that nothing is drawn anew there. What is
 * fresh is taken over and belongs to nobody else.
 */
export function keep<T>(old: T, fresh: T): T {
  if (Object.is(old, fresh)) return old;
  if (typeof old !== 'object' || typeof fresh !== 'object' || old === null || fresh === null) return fresh;
  if (Array.isArray(old) && Array.isArray(fresh)) {
    let same = old.length === fresh.length;
    for (let i = 0; i < fresh.length; i++) {
      fresh[i] = keep<unknown>(old[i], fresh[i]);
      same &&= fresh[i] === old[i];
    }
    return same ? old : fresh;
  }
  if (Array.isArray(old) || Array.isArray(fresh)) return fresh;
  const before = old as Record<string, unknown>;
  const after = fresh as Record<string, unknown>;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  for (const key of keys) {
    after[key] = keep(before[key], after[key]);
    same &&= key in before && after[key] === before[key];
  }
  return same ? old : fresh;
}

/** What of a view no pulse changes. */
export type Still = Omit<View, keyof Glance | 'readings'>;

/** The part of `view` that no pulse changes: `before`, as long as nothing of it has changed. */
export function still(view: View, before: Still | null): Still {
  const { now, stage, tone, elapsed, left, next_check, baselines, ladder, rung_kinds, ...more } = view;
  const { coverage_percent, verdict, confidence, next, next_steps, ...fewer } = more;
  const { last_reading, container, beside, readings, ...rest } = fewer;
  const keys = Object.keys(rest) as (keyof Still)[];
  return before !== null && keys.every((key) => rest[key] === before[key]) ? before : rest;
}

/** The view with a pulse's glance laid over it. */
export function withGlance(view: View, glance: Glance, readings: number): View {
  return keep(view, { ...view, ...glance, readings });
}
