// Why somebody was told, and whether it arrived, in words.
import { t } from '../i18n';
import type { NotificationRecord, NotifyReason } from '../types';

export function reasonText(reason: NotifyReason): string {
  if (typeof reason === 'string') return t(`reason.${reason}`);
  if ('step_due' in reason) return t('reason.step_due', { step: t(`step.${reason.step_due}`) });
  return t('reason.step_overdue', { step: t(`step.${reason.step_overdue}`) });
}

export type Delivery = 'failed' | 'replaced' | 'given';

/** Only failures are told apart: "not handed over yet" and "arrived" look the same from here. */
export const deliveryOf = ({ sent, replaced }: NotificationRecord): Delivery =>
  typeof sent === 'string' ? 'failed' : replaced ? 'replaced' : 'given';
