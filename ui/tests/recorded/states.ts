// The states that the window is looked at in: recorded ones, and those that a recorded day never came to.
import type { IncidentView, MatrixRow, Rung, View } from '../../src/types';
import { acting } from './acting';
import { busy } from './busy';
import day from './day.json';
import { long } from './long';
import evening from './evening.json';
import morning from './morning.json';
import { planned } from './plans';
import { three } from './three';

const RECORDED = { day, evening, morning };

// JSON has no literal types; what it was recorded from has.
const recording = (name: keyof typeof RECORDED): Promise<View> =>
  Promise.resolve(structuredClone(RECORDED[name]) as unknown as View);

const MINUTE = 60_000;

/** The view a little later or earlier: both clocks and everything that is reckoned from them. */
function at(view: View, watch: number): View {
  const by = watch - view.now.watch;
  const utc = new Date(Date.parse(view.now.utc) + by).toISOString();
  const { length } = view.opening.plan;
  const due = view.next_check && { ...view.next_check, due_in: Math.max(0, view.next_check.due_in - by) };
  return {
    ...view,
    now: { utc, watch },
    elapsed: Math.min(watch, length),
    left: Math.max(0, length - watch),
    next_check: due,
    last_reading: watch - 4_000,
  };
}

const broken = (rungs: Rung[], place: Rung['place'], detail: string): Rung[] =>
  rungs.map((rung) => {
    const below = rungs.findIndex((r) => r.place === place) < rungs.indexOf(rung);
    if (rung.place === place) return { ...rung, state: 'bad', detail };
    return below ? { ...rung, state: 'unknown', detail: 'not seen' } : rung;
  });

/** The rows of the matrix with these incidents in them. */
const counted = (rows: MatrixRow[], incidents: IncidentView[]): MatrixRow[] =>
  rows.map((row) => {
    const its = incidents.filter((i) => i.problem.issue === row.issue);
    return { ...row, incidents: its.map((i) => i.id), open: its.filter((i) => i.state === 'open').length };
  });

/** The crash of the day, as it would be while it lasts: nothing recovered, two steps with their clocks running. */
async function critical(): Promise<View> {
  const day = await recording('day');
  const crash = day.incidents.find((i) => i.severity === 'critical');
  if (!crash) throw new Error('the recorded day has no critical incident');
  const now = crash.clock.watch + 3.6 * MINUTE;
  const open: IncidentView = {
    ...crash,
    state: 'open',
    recovered: null,
    notes: [],
    timeline: crash.timeline.filter((l) => !l.text.includes('recovered')),
    escalation: crash.escalation.map((s) =>
      s.step === 'restart' || s.step === 'roll_back' ? { ...s, state: 'due' } : s,
    ),
    lasted: now - crash.since,
  };
  const symptom: IncidentView = {
    ...crash,
    id: 4,
    problem: { issue: 'feature_failure', subject: 'api' },
    title: 'Complete feature failure',
    place: 'application',
    detail: '3 failures in a row: connection refused',
    since: crash.since + 20_000,
    state: 'open',
    recovered: null,
    explained_by: 3,
    escalation: [],
    evidence: [],
  };
  const warning: IncidentView = {
    ...day.incidents[0]!,
    id: 5,
    problem: { issue: 'log_errors', subject: 'log' },
    severity: 'major',
    title: 'Log errors accumulating',
    detail: '12 errors in the log within 30 min, 1 new pattern',
    since: crash.since - 9 * MINUTE,
    opened: {
      utc: new Date(Date.parse(crash.opened.utc) - 8 * MINUTE).toISOString(),
      watch: crash.since - 8 * MINUTE,
    },
    state: 'open',
    recovered: null,
    closed: null,
    notes: [],
  };
  const view = at(day, now);
  const incidents = [...day.incidents.filter((i) => i.id !== 3), open, symptom, warning];
  const unseen = ['healthy', 'recovered', 'started'];
  return {
    ...view,
    tone: 'critical',
    incidents,
    matrix: counted(day.matrix, incidents),
    log: day.log.filter((l) => !unseen.some((word) => l.seq > 41 && l.text.includes(word))),
    ladder: broken(day.ladder, 'container', 'exited, health unhealthy'),
    container: day.container && { ...day.container, status: 'exited', health: 'unhealthy', exit_code: 1 },
  };
}

/** Two suspicions: one waits for a person's word, the other was dismissed. */
async function suspected(): Promise<View> {
  const day = await recording('day');
  const crash = day.incidents.find((i) => i.severity === 'critical');
  if (!crash) throw new Error('the recorded day has no critical incident');
  const suspicion = (id: number, subject: string, detail: string, minutes: number): IncidentView => {
    const watch = day.now.watch - minutes * MINUTE;
    const moment = { utc: new Date(Date.parse(day.now.utc) - minutes * MINUTE).toISOString(), watch };
    const escalation = crash.escalation.map((s) =>
      s.step === 'restart' || s.step === 'roll_back'
        ? { ...s, state: 'not_applicable' as const, due: null, done: null }
        : s,
    );
    const told = `${detail}; nobody had announced it: confirm or dismiss it`;
    return {
      ...crash,
      ...{ id, escalation, detail: told, since: watch, opened: moment, clock: moment },
      ...{ recovered: null, reopened: null, closed: null, relapses: 0, notes: [], timeline: [] },
      problem: { issue: 'security_breach', subject },
      title: 'Security breach detected',
      place: 'container',
      state: 'open',
      acknowledged: null,
      lasted: minutes * MINUTE,
    };
  };
  const exec = suspicion(4, 'exec', 'Somebody ran a command in the container (docker exec)', 3);
  const copy = suspicion(5, 'copy', 'Somebody copied files out of the container (docker cp)', 95);
  const judged = {
    moment: copy.opened,
    judgement: 'dismissed' as const,
    by: 'Operator',
    remark: 'The backup.',
  };
  const over: IncidentView = {
    ...copy,
    state: 'closed',
    judged,
    closed: [copy.opened, judged.by, judged.remark],
  };
  const incidents = [...day.incidents, exec, over];
  return { ...day, tone: 'critical', incidents, matrix: counted(day.matrix, incidents) };
}

/** The same, a quarter of an hour later and with nobody there: both steps overdue. */
async function overdue(): Promise<View> {
  const view = await critical();
  const later = at(view, view.now.watch + 13 * MINUTE);
  return {
    ...later,
    incidents: later.incidents.map((i) => ({
      ...i,
      escalation: i.escalation.map((s) => (s.state === 'due' ? { ...s, state: 'overdue' } : s)),
    })),
  };
}

async function gap(): Promise<View> {
  const day = await recording('day');
  const from = day.now.watch - 7.4 * MINUTE;
  return {
    ...day,
    tone: 'gap',
    gaps: [...day.gaps, { cause: 'network', from, to: null }],
    ladder: broken(day.ladder, 'network', 'down'),
    last_reading: from,
  };
}

async function interrupted(): Promise<View> {
  return { ...(await recording('morning')), stage: 'interrupted', tone: 'idle' };
}

async function concluded(): Promise<View> {
  const day = await recording('evening');
  const end = day.opening.plan.length;
  const view = at(day, end + 2 * MINUTE);
  return {
    ...view,
    stage: 'concluded',
    tone: 'idle',
    ended: day.planned_end,
    next_check: null,
    checks: view.checks.map((c) => (c.status === 'pending' ? { ...c, status: 'done' } : c)),
    verdict: { ...view.verdict, complete: true },
  };
}

/** The plan ran to its end, and the crash lasts. */
async function ended(): Promise<View> {
  const night = await critical();
  const over = await concluded();
  const { stage, tone, ended, next_check, checks, verdict, now, elapsed, left, last_reading } = over;
  return {
    ...night,
    ...{ stage, tone, ended, next_check, checks, verdict, now, elapsed, left, last_reading },
  };
}

/** Nobody watches any more, and nobody knows what became of the crash. */
async function cut(): Promise<View> {
  return { ...(await critical()), stage: 'interrupted', tone: 'idle' };
}

/** What a newer program may send: this window does not know the cause. */
async function odd(): Promise<View> {
  const day = await recording('day');
  return { ...day, gaps: day.gaps.map((gap) => ({ ...gap, cause: 'eclipse' as 'asleep' })) };
}

/** So odd that a whole page fails. */
async function odder(): Promise<View> {
  const day = await recording('day');
  return { ...day, matrix: day.matrix.map((row) => ({ ...row, issue: 'eclipse' as MatrixRow['issue'] })) };
}

async function signedOff(): Promise<View> {
  const view = await concluded();
  const moment = view.now;
  return {
    ...view,
    stage: 'signed_off',
    ended: moment.utc,
    sign_off: {
      moment,
      by: 'Operator',
      decision: 'rejected',
      remark: 'One crash in the night; v1.14.3 goes back until its cause is known.',
      verdict: view.verdict,
    },
  };
}

/** A first minute: nothing has been seen, and there is nothing to say. */
async function fresh(): Promise<View> {
  const view = at(await recording('morning'), 20_000);
  return {
    ...view,
    tone: 'ok',
    incidents: [],
    log: view.log.slice(0, 1),
    checks: view.checks.map((c) => ({
      ...c,
      status: 'pending',
      began: null,
      result: null,
      lines: [],
      ticks: [],
      actions: [],
      issues: [],
    })),
    baselines: view.baselines.map((b) => ({ ...b, current: '—', n: 0, finding: 'inconclusive', note: '' })),
    matrix: view.matrix.map((row) => ({ ...row, incidents: [], open: 0 })),
    ladder: view.ladder.map((r) => ({ ...r, state: 'unknown', detail: 'not seen yet' })),
    patterns: [],
    container: null,
    readings: 0,
    last_reading: null,
  };
}

export const STATES: Record<string, () => Promise<View | null>> = {
  day: () => recording('day'),
  morning: () => recording('morning'),
  evening: () => recording('evening'),
  critical,
  suspected,
  overdue,
  gap,
  interrupted,
  ended,
  cut,
  odd,
  odder,
  concluded,
  signed_off: signedOff,
  fresh,
  long: async () => long(await critical()),
  three: async () => three(await critical()),
  busy: async () => busy(await recording('day')),
  week: async () => planned(await recording('day'), 168, 200),
  crowded: async () => planned(await recording('day'), 24, 96),
  short: async () => planned(await recording('day'), 4, 200),
  ...Object.fromEntries(Object.entries(acting).map(([name, of]) => [name, async () => of(await critical())])),
  idle: () => Promise.resolve(null),
};
