// Why somebody was told, and whether it arrived, in words.
import { t } from '../i18n';
import type { NotificationRecord, NotifyReason } from '../types';

export function reasonText(reason: NotifyReason): string {
  if (typeof reason === 'string') return t(`reason.${reason}`);
  if ('step_due' in reason) return t('reason.step_due', { step: t(`step.${reason.step_due}`) });
  return t('reason.step_overdue', { step: t(`step.${reason.step_overdue}`) });
}

export type Arrived = 'failed' | 'replaced' | 'shown' | 'pending';

export const deliveryOf = ({ sent, replaced }: NotificationRecord): Arrived =>
  typeof sent !== 'string' ? 'failed' : replaced ? 'replaced' : sent;

/** Why it could not be shown; empty where it was. */
export const whyNot = ({ sent }: NotificationRecord): string => (typeof sent === 'string' ? '' : sent.failed);
