// Whether a roll back would work, and what a person has to do before it may be ordered.
import type { Condition, IncidentView, Met, RollBackPlan, View } from '../types';
import type { Mark } from '../parts/tone';
import { may, type May } from './rules';

export const OF_MET: Record<Met, Mark> = {
  yes: { tone: 'ok', shape: 'disc' },
  no: { tone: 'critical', shape: 'cross' },
  unknown: { tone: 'warning', shape: 'diamond' },
};

export type Ready =
  | { kind: 'ready' | 'not' | 'unasked' | 'unnamed' | 'done' }
  /** So many things are not known. */
  | { kind: 'unsure'; n: number };

type OfReadiness = Pick<View, 'actions' | 'opening' | 'readiness'>;

export function readyOf({ actions, opening, readiness }: OfReadiness): Ready {
  const backs = (actions ?? []).filter((a) => a.order.kind === 'roll_back');
  if (backs.at(-1)?.ended?.[1] === 'done') return { kind: 'done' };
  if (opening.release.previous === null) return { kind: 'unnamed' };
  if (!readiness) return { kind: 'unasked' };
  if (readiness.plan === null) return { kind: 'not' };
  const n = readiness.conditions.filter((c) => c.met === 'unknown').length;
  return n > 0 ? { kind: 'unsure', n } : { kind: 'ready' };
}

export const OF_READY: Record<Ready['kind'], Mark> = {
  ready: { tone: 'ok', shape: 'disc' },
  unsure: { tone: 'warning', shape: 'diamond' },
  not: { tone: 'critical', shape: 'cross' },
  unasked: { tone: 'gap', shape: 'dashes' },
  unnamed: { tone: 'warning', shape: 'diamond' },
  done: { tone: 'idle', shape: 'ring' },
};

/** That the database may be too new for the previous version: a person accepts it in so many words. */
export const riskOf = ({ readiness }: Pick<View, 'readiness'>): Condition | null =>
  readiness?.conditions.find((c) => c.requirement === 'schema_fits' && c.met !== 'yes') ?? null;

export const unmet = ({ readiness }: Pick<View, 'readiness'>): Condition[] =>
  readiness?.conditions.filter((c) => c.met === 'no') ?? [];

export type Block = Exclude<May, 'can'> | 'no_plan' | 'not_ready' | 'changed' | 'risk';

/** What keeps a person from ordering the roll back whose plan they have seen; `accepted` is the risk that they accept. */
export function blockOf(
  seen: RollBackPlan | null,
  accepted: string | null,
  view: Parameters<typeof may>[1] & OfReadiness,
  incident: IncidentView | null,
): Block | null {
  const is = may('roll_back', view, incident);
  if (is !== 'can') return is;
  if (!seen) return 'no_plan';
  const plan = view.readiness?.plan;
  if (!plan) return 'not_ready';
  if (plan.digest !== seen.digest) return 'changed';
  const risk = riskOf(view);
  return risk && risk.detail !== accepted ? 'risk' : null;
}

/** The beginning of a digest, as Docker shows it. */
export const shortDigest = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);
