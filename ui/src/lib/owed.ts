// What waits for a person, as data: the page words it in the language that is shown.
import { isUndecided } from '../issues/actions';
import type { Action, Stage, View } from '../types';

export type Owed =
  | { kind: 'acknowledge'; incident: number }
  | { kind: 'judge'; incident: number }
  | { kind: 'half_done'; action: Action }
  | { kind: 'post_mortem'; incident: number }
  | { kind: 'tick'; check: string; title: string; lines: number }
  | { kind: 'resume' }
  | { kind: 'sign_off' };

const OVER: Stage[] = ['concluded', 'interrupted'];

/** In the order in which it matters. The steps with a clock stand with their incident and not here. */
export function owedNow(view: View): Owed[] {
  if (view.stage === 'signed_off') return [];
  const own = view.incidents.filter((i) => i.severity === 'critical' && i.explained_by === null);
  const owed: Owed[] = [];
  if (view.stage === 'interrupted') owed.push({ kind: 'resume' });
  const half = view.actions?.find((a) => a.state === 'interrupted');
  if (half) owed.push({ kind: 'half_done', action: half });
  for (const { id, state, acknowledged } of own) {
    if (state === 'open' && acknowledged === null) owed.push({ kind: 'acknowledge', incident: id });
  }
  for (const incident of own) {
    if (isUndecided(incident)) owed.push({ kind: 'judge', incident: incident.id });
  }
  for (const incident of own) {
    const { id, state } = incident;
    if (state === 'recovered' && !isUndecided(incident)) owed.push({ kind: 'post_mortem', incident: id });
  }
  for (const { id, title, status, lines } of view.checks) {
    const open = lines.filter((line) => line.outcome === 'owed').length;
    if (status !== 'pending' && open > 0) owed.push({ kind: 'tick', check: id, title, lines: open });
  }
  if (OVER.includes(view.stage) && view.verdict.complete) owed.push({ kind: 'sign_off' });
  return owed;
}
