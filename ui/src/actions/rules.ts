// Who may have the container restarted or rolled back, and when the watch does it by itself. The program refuses
// everything else; the page does not offer it.
import { ticks } from '../lib/clock';
import type {
  Action,
  ActionKind,
  ActionRules,
  IncidentView,
  Opening,
  ReadinessView,
  StepView,
  View,
} from '../types';

/** What holds where a session says nothing of it. */
const UNSAID: ActionRules = {
  restart: 'ask',
  roll_back: 'ask',
  restart_after: 60_000,
  roll_back_after: 600_000,
  restarts_per_hour: 2,
};

export const rulesOf = ({ actions }: Pick<Opening, 'actions'>): ActionRules => actions ?? UNSAID;

/** By this name the watch itself decides. */
export const WATCH = 'watch';

type OfActions = Pick<View, 'actions' | 'opening' | 'stage'>;

/** What is not over: there is one at most. */
export function openAction({ actions }: Pick<View, 'actions'>): Action | undefined {
  const last = actions?.at(-1);
  return last?.ended === null ? last : undefined;
}

const PIECES = ['logs', 'inspect', 'health', 'readings'];

/** Evidence first: whether a piece of it has neither come nor failed to. */
export function lacksEvidence({ severity, state, evidence, clock }: IncidentView): boolean {
  if (severity !== 'critical' || state === 'closed') return false;
  const taken = evidence.filter((e) => e.moment.watch >= clock.watch);
  return PIECES.some((kind) => !taken.some((e) => e.kind === kind));
}

export type May = 'can' | 'busy' | 'evidence' | 'never' | 'over';

/** Whether a person may order it now, because of `incident` where there is one. */
export function may(kind: ActionKind, view: OfActions, incident: IncidentView | null): May {
  if (rulesOf(view.opening)[kind] === 'never') return 'never';
  if (!ticks(view.stage)) return 'over';
  if (openAction(view)) return 'busy';
  return incident && lacksEvidence(incident) ? 'evidence' : 'can';
}

export const kindOf = (step: StepView['step']): ActionKind | null =>
  step === 'restart' || step === 'roll_back' ? step : null;

/** Whether everything is so that has to be: what a person would have to accept is not the watch's to accept. */
const certain = (readiness: ReadinessView | null | undefined): boolean =>
  readiness?.plan != null && readiness.conditions.every((c) => c.met === 'yes');

const HOUR_MS = 3_600_000;

export type ByItself =
  | { kind: 'in'; left: number }
  | { kind: 'soon' }
  | { kind: 'held'; why: 'limit' | 'not_ready' | 'busy' | 'evidence' | 'unseen' };

/** How it stands with what the watch does by itself at `now`; nothing where it does not. */
export function byItself(
  step: StepView,
  incident: IncidentView,
  view: OfActions & Pick<View, 'readiness' | 'gaps'>,
  now: number,
): ByItself | null {
  const at = step.by_itself ?? null;
  if (at === null || !ticks(view.stage)) return null;
  const then = Math.max(at, now);
  if (step.step === 'restart') {
    const recent = (view.actions ?? []).filter(
      (a) => a.order.kind === 'restart' && a.order.by === WATCH && a.began.watch > then - HOUR_MS,
    );
    if (recent.length >= rulesOf(view.opening).restarts_per_hour) return { kind: 'held', why: 'limit' };
  } else if (!certain(view.readiness)) return { kind: 'held', why: 'not_ready' };
  if (now < at) return { kind: 'in', left: at - now };
  if (openAction(view)) return { kind: 'held', why: 'busy' };
  if (view.gaps.some((gap) => gap.to === null)) return { kind: 'held', why: 'unseen' };
  return lacksEvidence(incident) ? { kind: 'held', why: 'evidence' } : { kind: 'soon' };
}

/** Whether a person may have it undone: it is half done, or it is the last thing that was done and a roll back. */
export function canUndo(action: Action, view: OfActions): boolean {
  if (action.order.kind !== 'roll_back' || view.stage === 'signed_off' || view.stage === 'interrupted')
    return false;
  if (action.state === 'interrupted') return true;
  return action.ended?.[1] === 'done' && view.actions?.at(-1)?.id === action.id;
}

/** What is over stays in sight for so long. */
const RECENT_MS = 1_800_000;

/** What stands at the top of the page: what is not over, and what has been over for a short while. */
export function onTop({ actions }: Pick<View, 'actions'>, now: number): Action | undefined {
  const last = actions?.at(-1);
  return last && (last.ended === null || now - last.ended[0].watch < RECENT_MS) ? last : undefined;
}
