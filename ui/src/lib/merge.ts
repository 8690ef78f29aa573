// How a pulse goes into the view without making everything new.
import type { Glance, View } from '../types';

/** `fresh`, but with the old object in every place where nothing changed, so that nothing is drawn anew there. */
export function keep<T>(old: T, fresh: T): T {
  if (Object.is(old, fresh)) return old;
  if (typeof old !== 'object' || typeof fresh !== 'object' || old === null || fresh === null) return fresh;
  if (Array.isArray(old) !== Array.isArray(fresh)) return fresh;
  const before = old as Record<string, unknown>;
  const after = fresh as Record<string, unknown>;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  const kept: Record<string, unknown> = {};
  for (const key of keys) {
    kept[key] = keep(before[key], after[key]);
    same &&= key in before && kept[key] === before[key];
  }
  if (same) return old;
  return (Array.isArray(fresh) ? keys.map((k) => kept[k]) : kept) as T;
}

/** The view with a pulse's glance laid over it. */
export function withGlance(view: View, glance: Glance, readings: number): View {
  return keep(view, { ...view, ...glance, readings });
}
