// A mark in words: for the popover, and for those who hear the strip.
import { t } from '../../i18n';
import { hm, hms, span } from '../../lib/time';
import type { CheckView, ItemOutcome } from '../../types';
import type { StripMark } from './marks';

export interface Described {
  title: string;
  lines: string[];
  /** From the journal, in English. */
  journal: string | null;
}

const OUTCOMES: ItemOutcome[] = ['passed', 'failed', 'unknown', 'owed'];

/** `4 passed, 11 owed`. */
export function counted(check: CheckView): string {
  return OUTCOMES.map(
    (outcome) => [outcome, check.lines.filter((l) => l.outcome === outcome).length] as const,
  )
    .filter(([, n]) => n > 0)
    .map(([outcome, n]) => `${n} ${t(`outcome.${outcome}`)}`)
    .join(', ');
}

/** `utcOf` turns watch time into UTC; `now` is watch time. */
export function describe(mark: StripMark, utcOf: (at: number) => number, now: number): Described {
  const until = (to: number | null) => (to === null ? t('strip.lasts') : `${hms(utcOf(to))} UTC`);
  switch (mark.kind) {
    case 'check': {
      const { check } = mark;
      const lines = [t('strip.due', { time: hm(check.due_utc), state: t(`check_status.${check.status}`) })];
      if (check.result) {
        lines.push(counted(check));
        const late = check.result.late ? 'strip.taken_late' : 'strip.taken';
        lines.push(t(late, { time: hms(check.result.moment.utc) }));
      }
      return { title: check.title, lines, journal: check.missed };
    }
    case 'incident': {
      const { incident } = mark;
      const lines = [
        t('strip.from_to', { from: hms(utcOf(mark.at)), to: until(mark.to) }),
        t('strip.at_for', {
          place: t(`place.${incident.place}`),
          long: span((mark.to ?? now) - mark.at),
          state: t(`incident.${incident.state}`),
        }),
      ];
      if (incident.explained_by !== null) lines.push(t('strip.explained', { id: incident.explained_by }));
      return {
        title: `#${incident.id} ${t(`severity.${incident.severity}`)}: ${t(`issue.${incident.problem.issue}`)}`,
        lines,
        journal: incident.detail,
      };
    }
    case 'gap':
      return {
        title: `${t('strip.gap')}: ${t(`gap.${mark.gap.cause}`)}`,
        lines: [
          t('strip.from_to', { from: hms(utcOf(mark.at)), to: until(mark.to) }),
          t('strip.gap_counts', { long: span((mark.to ?? now) - mark.at) }),
        ],
        journal: null,
      };
  }
}

export const spoken = (d: Described): string =>
  [d.title, ...d.lines, d.journal ?? ''].filter(Boolean).join('. ');
