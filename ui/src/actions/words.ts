// An action as the pages word it.
import { t } from '../i18n';
import type { Action, ActionKind, ActionOutcome, ActionRules, ActionState } from '../types';
import { span } from '../lib/time';
import type { Mark } from '../parts/tone';
import { WATCH } from './rules';

/** `Roll back to sms-fullstack:1.14.3`. */
export function actionName({ order }: Pick<Action, 'order'>): string {
  if (order.plan) return t('action_name.roll_back_to', { image: order.plan.to.name });
  return order.kind === 'restart' && order.part && order.part !== 'application'
    ? t('action_name.restart_of', { container: t(`part.${order.part}`) })
    : t(`action_name.${order.kind}`);
}

/** Who decided: a person's name, or that it was the watch. */
export const byName = (by: string): string => (by === WATCH ? t('action_by.watch') : by);

/** How it stands, or how it came out. */
export const standingOf = ({ state, ended }: Pick<Action, 'state' | 'ended'>): string =>
  ended ? t(`action_outcome.${ended[1]}`) : t(`action_state.${state}`);

export function policyText(kind: ActionKind, rules: ActionRules): string {
  const after = kind === 'restart' ? rules.restart_after : rules.roll_back_after;
  return t(`policy.${rules[kind]}`, { span: span(after) });
}

const OF_STATE: Record<ActionState, Mark> = {
  under_way: { tone: 'warning', shape: 'diamond' },
  verifying: { tone: 'warning', shape: 'diamond' },
  undoing: { tone: 'warning', shape: 'diamond' },
  interrupted: { tone: 'critical', shape: 'triangle' },
  over: { tone: 'idle', shape: 'ring' },
};
const OF_ENDING: Record<ActionOutcome, Mark> = {
  done: { tone: 'ok', shape: 'disc' },
  failed: { tone: 'critical', shape: 'cross' },
  undone: { tone: 'warning', shape: 'ring' },
  taken_over: { tone: 'warning', shape: 'diamond' },
};

export const markOf = ({ state, ended }: Pick<Action, 'state' | 'ended'>): Mark =>
  ended ? OF_ENDING[ended[1]] : OF_STATE[state];
