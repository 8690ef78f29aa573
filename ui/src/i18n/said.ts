// What the program says in English prose, in the language that is shown: made anew from what stands behind the prose.
// Where nothing stands behind it, the English stays, marked as English.
import { actionName } from '../actions/words';
import { span } from '../lib/time';
import { titleOf } from '../watch/step';
import type {
  Baseline,
  ContainerHealth,
  ContainerState,
  ContainerStatus,
  FailureKind,
  IncidentView,
  LogKind,
  LogLine,
  NextStep,
  Rung,
  Verdict,
  View,
} from '../types';
import { num, t, type Key } from '.';
import { en } from './en';
import { language } from './language.svelte';
import { worded } from './outside';
import { checkName, phaseName } from './plan';

const english = () => language.shown === 'en';

/** What the words beside a line of the log are taken from. No pulse changes it. */
export type OfLog = Pick<View, 'log' | 'log_kinds' | 'incidents'>;

/** What kind of event each line of the log tells of. */
const kinds = new WeakMap<View['log_kinds'], Map<number, LogKind>>();

function kindOf(view: OfLog, seq: number): LogKind | undefined {
  let all = kinds.get(view.log_kinds);
  if (!all) {
    all = new Map(view.log.flatMap((line, i) => (view.log_kinds[i] ? [[line.seq, view.log_kinds[i]]] : [])));
    kinds.set(view.log_kinds, all);
  }
  return all.get(seq);
}

/** What a line of the log tells of, in another language than the log's; nothing where it is English anyway. */
export function lineLabel(view: OfLog, line: LogLine): string | null {
  const kind = english() ? undefined : kindOf(view, line.seq);
  if (!kind) return null;
  const about = view.incidents.find((i) => i.id === line.incident);
  const label = t(`log_kind.${kind}`);
  return about ? `${label}, ${incidentName(about)}` : label;
}

export const incidentName = ({ id, problem }: Pick<IncidentView, 'id' | 'problem'>): string =>
  `#${id} ${t(`issue.${problem.issue}`)}`;

/** Where an incident lies: of several containers with the name of the one. */
export const placeName = ({ place, container }: Pick<IncidentView, 'place' | 'container'>): string =>
  container && place === 'container' ? `${t('place.container')} ${container}` : t(`place.${place}`);

/** What is wrong, in a sentence; nothing in English, where the incident's own detail says it. */
export function problemText({ issue, subject }: IncidentView['problem']): string | null {
  if (english()) return null;
  const exact = worded(`problem.${issue}.${subject}`, '');
  const any = exact.text === '' ? worded(`problem.${issue}.*`, '') : exact;
  return any.text === '' ? null : any.text;
}

/** Why a check was missed. */
export const missedText = (why: string) => worded(`missed.${why}`, why);

export function failureText(kind: FailureKind): string {
  return typeof kind === 'string' ? t(`failed.${kind}`) : t('failed.status', { status: `${kind.status}` });
}

/** Said of a rung that is always one of a few: by the program's own words. */
const FEW: Record<string, Key> = {
  online: 'rung_detail.online',
  offline: 'rung_detail.offline',
  'not watching': 'rung_detail.not_watching',
  works: 'rung_detail.works',
  down: 'rung_detail.down',
  'not seen': 'rung_detail.not_seen',
  'not seen yet': 'rung_detail.not_seen_yet',
  answers: 'rung_detail.answers',
  connected: 'rung_detail.connected',
};
/** A number with its unit, or a version: the same in each language. */
const NEUTRAL = /^(p95 ≤ )?\d+ ms$|, API [\d.]+$/;

/** A rung's detail, and what of it there is in English only. */
export function rungText(
  rung: Rung,
  kind: FailureKind | null,
  container: ContainerState | null,
): { text: string; english: string } {
  const { detail, place, state } = rung;
  if (english() || NEUTRAL.test(detail)) return { text: detail, english: '' };
  const few = FEW[detail];
  if (few) return { text: t(few), english: '' };
  const n = /^(\d+) failures in a row$/.exec(detail)?.[1];
  if (n) return { text: t('rung_detail.failures', { n }), english: '' };
  if (kind) return { text: failureText(kind), english: detail };
  if (place === 'container') {
    const several = containersText(detail);
    if (several) return { text: several, english: '' };
  }
  if (place === 'container' && container && detail.includes(', health ')) {
    const status = t(`container_status.${container.status}`);
    const health = t(`container_health.${container.health}`);
    return { text: t('rung_detail.container', { status, health }), english: '' };
  }
  if (place === 'database' && state === 'bad') return { text: t('rung_detail.database'), english: detail };
  return { text: '', english: detail };
}

/** Of several containers: how many run, or which do not and how they are. */
function containersText(detail: string): string | null {
  const n = /^(\d+) containers running$/.exec(detail)?.[1];
  if (n) return t('rung_detail.containers', { n });
  const each = detail.split('; ').map((one) => /^([\w.-]+): (.+)$/.exec(one));
  if (each.some((found) => found === null)) return null;
  return each
    .map((found) => {
      const [, name = '', how = ''] = found ?? [];
      const state = /^(\w+), health (\w+)$/.exec(how);
      if (!state)
        return `${name}: ${how === 'not seen yet' ? t('rung_detail.not_seen_yet') : t('rung_detail.gone')}`;
      const [, status, health] = state as unknown as [string, ContainerStatus, ContainerHealth];
      return `${name}: ${t('rung_detail.container', { status: t(`container_status.${status}`), health: t(`container_health.${health}`) })}`;
    })
    .join('· ');
}

/** Why the verdict is what it is. `need` is the coverage that is needed, in percent. */
export function verdictReason(verdict: Verdict, need: number): string {
  if (english()) return verdict.reason;
  const percent = num(verdict.coverage_percent);
  const named = (finding: Verdict['finding']) =>
    verdict.criteria
      .filter((c) => c.finding === finding)
      .map((c) => t(`criterion.${c.criterion}`))
      .join('· ');
  if (verdict.criteria.some((c) => c.finding === 'fail'))
    return t('reason_of.not_met', { criteria: named('fail') });
  if (verdict.coverage_percent < need) return t('reason_of.unseen', { percent, need: num(need) });
  if (!verdict.complete) {
    const n = verdict.criteria.filter((c) => c.finding === 'pass').length;
    return t('reason_of.incomplete', { n });
  }
  if (verdict.criteria.some((c) => c.finding === 'inconclusive'))
    return t('reason_of.not_proven', { criteria: named('inconclusive') });
  return t('reason_of.met', { percent });
}

/** What the confidence rests on. */
export function confidenceReasons(view: View): string[] {
  if (english()) return view.confidence.reasons;
  const criteria = (finding: string) => view.verdict.criteria.filter((c) => c.finding === finding).length;
  const incidents = (severity: string) =>
    view.incidents.filter(
      (i) => i.severity === severity && i.explained_by === null && i.judged?.judgement !== 'dismissed',
    ).length;
  const owed = view.checks.flatMap((c) => c.lines).filter((line) => line.outcome === 'owed').length;
  const seen = view.verdict.coverage_percent;
  const said: [boolean, string][] = [
    [criteria('fail') > 0, t('sure.failed', { n: criteria('fail') })],
    [incidents('critical') > 0, t('sure.critical', { n: incidents('critical') })],
    [true, t('sure.seen', { percent: num(seen) })],
    [incidents('major') > 0, t('sure.major', { n: incidents('major') })],
    [criteria('inconclusive') > 0, t('sure.open', { n: criteria('inconclusive') })],
    [owed > 0, t('sure.owed', { n: owed })],
    [true, t('sure.met', { n: criteria('pass'), readings: num(view.readings) })],
  ];
  return said.filter(([is]) => is).map(([, text]) => text);
}

/** `2026-11-24 04:30` */
const minute = (utc: string): string => `${utc.slice(0, 10)} ${utc.slice(11, 16)}`;

/** What is to be done, in the words of the language that is shown. */
export function nextText(step: NextStep, view: View): string {
  const incident = (id: number) => {
    const it = view.incidents.find((i) => i.id === id);
    return it ? incidentName(it) : `#${id}`;
  };
  switch (step.kind) {
    case 'nothing':
      return t('next.nothing');
    case 'acknowledge':
      return t('next.acknowledge', { incident: incident(step.incident) });
    case 'judge':
      return t('next.judge', { incident: incident(step.incident) });
    case 'escalate':
      return t(step.overdue ? 'next.overdue' : 'next.within', {
        incident: incident(step.incident),
        step: titleOf(step.step, view),
        span: span(step.by),
      });
    case 'half_done': {
      const half = view.actions?.find((a) => a.id === step.action);
      return t('next.half_done', { action: half ? actionName(half) : `#${step.action}` });
    }
    case 'make_ready':
      return t('next.make_ready', { requirement: t(`requirement.${step.requirement}`) });
    case 'post_mortem':
      return t('next.post_mortem', { incident: incident(step.incident) });
    case 'tick':
      return t('next.tick', { items: step.items.map((item) => t(`item.${item}`)).join('· ') });
    case 'sign_off':
      return t('next.sign_off');
    case 'check': {
      const check = checkName(view.built_in_plan, { id: step.check, title: step.title });
      return t('next.check', { check, time: minute(step.due), span: span(step.due_in) });
    }
    case 'phase': {
      const phase = view.opening.plan.phases[step.phase];
      const { title } = phaseName(view.built_in_plan, step.phase, phase ?? { title: '', focus: '' });
      return t('next.phase', { phase: title, time: minute(step.from), n: step.checks });
    }
    case 'end':
      return t('next.end', { span: span(step.left) });
  }
}

/** A baseline's target where it is a word; a number with its unit is the same in each language. */
export function targetText({ metric, target }: Pick<Baseline, 'metric' | 'target'>): string {
  const short = target.replace(/ \(.*\)$/, '');
  const key = `target.${metric}`;
  return english() || /\d/.test(short) || !(key in en) ? short : t(key as Key);
}
