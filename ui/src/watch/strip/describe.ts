// Marks in words: for the popover, and for those who hear the strip.
import { t } from '../../i18n';
import { checkName } from '../../i18n/plan';
import { missedText, problemText } from '../../i18n/said';
import { dayHm, dayHms, hm, hms, span } from '../../lib/time';
import type { CheckView, ItemOutcome } from '../../types';
import type { Group } from './cluster';
import { gravity, type StripMark } from './marks';

export interface Described {
  title: string;
  lines: string[];
  /** From the journal, in English. */
  journal: string | null;
}

/** How times are told. */
export interface Times {
  /** Watch time as ms since 1970. */
  utcOf: (at: number) => number;
  /** The watch takes longer than a day: a time of day alone does not say which day. */
  days: boolean;
  /** The plan is the built-in one: its titles are the program's words. */
  builtIn: boolean;
  /** Watch time now; asked for only where something lasts. */
  now: () => number;
}

/** So many members of a group are told one by one. */
const TOLD = 6;
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

export function describe(group: Group, times: Times): Described {
  const [first] = group.members;
  const n = group.members.length;
  if (n === 1) return described(first, times);
  const lines = told(group.members).map((mark) => brief(mark, times));
  if (n > TOLD) lines.push(t('strip.more', { n: n - TOLD }));
  lines.push(t('strip.open'));
  return { title: t(`strip.several.${first.kind}`, { n }), lines, journal: null };
}

/** As many as there is room for: the gravest of them, in the order of time. */
function told(members: StripMark[]): StripMark[] {
  if (members.length <= TOLD) return members;
  const grave = new Set([...members].sort((a, b) => gravity(a) - gravity(b)).slice(0, TOLD));
  return members.filter((mark) => grave.has(mark));
}

const minutes = (utc: string | number, { days }: Times) => (days ? dayHm(utc) : hm(utc));
const seconds = (at: number, { days, utcOf }: Times) => (days ? dayHms(utcOf(at)) : hms(utcOf(at)));
const until = (to: number | null, times: Times) =>
  to === null ? t('strip.lasts') : `${seconds(to, times)} UTC`;

const named = (mark: StripMark & { kind: 'incident' }): string => {
  const { id, severity, problem } = mark.incident;
  return `#${id} ${t(`severity.${severity}`)}: ${t(`issue.${problem.issue}`)}`;
};

/** A member of a group, in one line. */
function brief(mark: StripMark, times: Times): string {
  switch (mark.kind) {
    case 'check': {
      const { due_utc, status, lines } = mark.check;
      const title = checkName(times.builtIn, mark.check);
      const well = status !== 'done' || lines.every((line) => line.outcome === 'passed');
      const state = well ? t(`check_status.${status}`) : counted(mark.check);
      return `${title} · ${minutes(due_utc, times)} · ${state}`;
    }
    case 'incident':
      return `${named(mark)} · ${seconds(mark.at, times)}`;
    case 'gap':
      return `${t(`gap.${mark.gap.cause}`)} · ${t('strip.from_to', { from: seconds(mark.at, times), to: until(mark.to, times) })}`;
  }
}

function described(mark: StripMark, times: Times): Described {
  switch (mark.kind) {
    case 'check': {
      const { check } = mark;
      const state = t(`check_status.${check.status}`);
      const lines = [t('strip.due', { time: minutes(check.due_utc, times), state })];
      if (check.result) {
        lines.push(counted(check));
        const late = check.result.late ? 'strip.taken_late' : 'strip.taken';
        const { utc } = check.result.moment;
        lines.push(t(late, { time: times.days ? dayHms(utc) : hms(utc) }));
      }
      const missed = check.missed === null ? null : missedText(check.missed);
      if (missed && !missed.lang) lines.push(missed.text);
      const journal = missed?.lang ? missed.text : null;
      return { title: checkName(times.builtIn, check), lines, journal };
    }
    case 'incident': {
      const { incident } = mark;
      const lines = [
        t('strip.from_to', { from: seconds(mark.at, times), to: until(mark.to, times) }),
        t('strip.at_for', {
          place: t(`place.${incident.place}`),
          long: span((mark.to ?? times.now()) - mark.at),
          state: t(`incident.${incident.state}`),
        }),
      ];
      const plain = problemText(incident.problem);
      if (plain) lines.unshift(plain);
      if (incident.explained_by !== null) lines.push(t('strip.explained', { id: incident.explained_by }));
      return { title: named(mark), lines, journal: incident.detail };
    }
    case 'gap':
      return {
        title: `${t('strip.gap')}: ${t(`gap.${mark.gap.cause}`)}`,
        lines: [
          t('strip.from_to', { from: seconds(mark.at, times), to: until(mark.to, times) }),
          t('strip.gap_counts', { long: span((mark.to ?? times.now()) - mark.at) }),
        ],
        journal: null,
      };
  }
}

export const spoken = (d: Described): string =>
  [d.title, ...d.lines, d.journal ?? ''].filter(Boolean).join('. ');
