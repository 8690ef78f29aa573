// Marks in words: for the popover, and for those who hear the strip.
import { t } from '../../i18n';
import { checkName } from '../../i18n/plan';
import { missedText, problemText } from '../../i18n/said';
import { span, type Times } from '../../lib/time';
import type { CheckView, ItemOutcome } from '../../types';
import type { Group } from './cluster';
import { gravity, type StripMark } from './marks';

export interface Described {
  title: string;
  lines: string[];
  /** From the journal, in English. */
  journal: string | null;
}

/** What the words take from the session. */
export interface Of {
  /** Watch time as ms since 1970. */
  utcOf: (at: number) => number;
  /** How its times are told. */
  times: Times;
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

export function describe(group: Group, of: Of): Described {
  const [first] = group.members;
  const n = group.members.length;
  if (n === 1) return described(first, of);
  const lines = told(group.members).map((mark) => brief(mark, of));
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

const seconds = (at: number, { times, utcOf }: Of) => times.hms(utcOf(at));
const until = (to: number | null, of: Of) => (to === null ? t('strip.lasts') : `${seconds(to, of)} UTC`);

const named = (mark: StripMark & { kind: 'incident' }): string => {
  const { id, severity, problem } = mark.incident;
  return `#${id} ${t(`severity.${severity}`)}: ${t(`issue.${problem.issue}`)}`;
};

/** A member of a group, in one line. */
function brief(mark: StripMark, of: Of): string {
  switch (mark.kind) {
    case 'check': {
      const { due_utc, status, lines } = mark.check;
      const title = checkName(of.builtIn, mark.check);
      const well = status !== 'done' || lines.every((line) => line.outcome === 'passed');
      const state = well ? t(`check_status.${status}`) : counted(mark.check);
      return `${title} · ${of.times.hm(due_utc)} · ${state}`;
    }
    case 'incident':
      return `${named(mark)} · ${seconds(mark.at, of)}`;
    case 'gap':
      return `${t(`gap.${mark.gap.cause}`)} · ${t('strip.from_to', { from: seconds(mark.at, of), to: until(mark.to, of) })}`;
  }
}

function described(mark: StripMark, of: Of): Described {
  switch (mark.kind) {
    case 'check': {
      const { check } = mark;
      const state = t(`check_status.${check.status}`);
      const lines = [t('strip.due', { time: of.times.hm(check.due_utc), state })];
      if (check.result) {
        lines.push(counted(check));
        const late = check.result.late ? 'strip.taken_late' : 'strip.taken';
        const { utc } = check.result.moment;
        lines.push(t(late, { time: of.times.hms(utc) }));
      }
      const missed = check.missed === null ? null : missedText(check.missed);
      if (missed && !missed.lang) lines.push(missed.text);
      const journal = missed?.lang ? missed.text : null;
      return { title: checkName(of.builtIn, check), lines, journal };
    }
    case 'incident': {
      const { incident } = mark;
      const lines = [
        t('strip.from_to', { from: seconds(mark.at, of), to: until(mark.to, of) }),
        t('strip.at_for', {
          place: t(`place.${incident.place}`),
          long: span((mark.to ?? of.now()) - mark.at),
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
          t('strip.from_to', { from: seconds(mark.at, of), to: until(mark.to, of) }),
          t('strip.gap_counts', { long: span((mark.to ?? of.now()) - mark.at) }),
        ],
        journal: null,
      };
  }
}

export const spoken = (d: Described): string =>
  [d.title, ...d.lines, d.journal ?? ''].filter(Boolean).join('. ');
