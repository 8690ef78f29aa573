// Answers every command from recordings. The address chooses: `?state=critical&lang=el&theme=dark&page=watch`.
import type { Backend } from '../../src/ipc';
import type { Command, Page, Pulse, RequestError, SeriesRequest, View } from '../../src/types';
import { MORE } from './answers';
import { write } from './deeds';
import { homeOf } from './home';
import { seriesOf } from './series';
import { shown } from './shown';
import { STATES } from './states';

type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

/** Fails as the program does. */
export function refuse(code: RequestError['code'], message: string, help: string | null = null): never {
  const error: RequestError = { code, message, help };
  throw error;
}

export async function recordedBackend(): Promise<Backend> {
  const asked = new URLSearchParams(location.search);
  let view: View | null = (await STATES[asked.get('state') ?? 'day']?.()) ?? null;
  const speed = Number(asked.get('pulse')) || 1;
  if (view) view.opening = { ...view.opening, pace: { ...view.opening.pace, speed } };
  /** Nothing is answered and nothing is told any more, as by a program that hangs. */
  let mute = false;
  const home = homeOf(view, asked);
  /** The session that is shown, if it is the one that was named. */
  const of = (session: unknown): View =>
    view && view.opening.session === session ? view : refuse('nothing_shown', 'that session is not shown');
  const answers: Answers = {
    home: () => (asked.has('dead') ? refuse('could_not', 'the folder of the program cannot be read') : home),
    // A copy, as every answer of the program is one.
    view: () => (view ? structuredClone(shown(view)) : refuse('nothing_shown', 'no session is shown')),
    series: ({ request }) => {
      if (asked.has('chartless')) refuse('could_not', 'the readings cannot be read: disk I/O error');
      return view ? seriesOf(view, request as SeriesRequest) : [];
    },
    last_looked: () =>
      asked.has('news') || !view
        ? { seq: 0, utc: null }
        : { seq: Math.max(0, view.head.seq - 16), utc: view.checks[3]?.due_utc ?? null },
    looked: ({ session }) => void of(session),
    carry_out: ({ session, command }) => carryOut(of(session), command as Command),
    set_settings: ({ settings }) => void Object.assign(home.settings, settings),
    open_session: () => undefined,
    resume_watch: () => undefined,
    stop_watch: ({ session }) => void of(session),
    open_folder: () => undefined,
    export_report: ({ session }) => (of(session), '/home/operator/SMS-v1.15.1-2026-11-24-watch.md'),
    quit: () => undefined,
    ...MORE,
  };
  // What happens to the session while the window looks on: another state of it, or none that is told of.
  document.addEventListener('recorded:become', (told) => {
    const state = (told as CustomEvent<string>).detail;
    void STATES[state]?.().then((next) => {
      view = next;
      document.dispatchEvent(new CustomEvent('recorded:changed', { detail: null }));
    });
  });
  document.addEventListener('recorded:hang', () => (mute = true));
  const page = asked.get('page') as Page | null;
  return {
    invoke: async <T>(name: string, args: Record<string, unknown> = {}): Promise<T> => {
      if (mute) return new Promise<T>(() => undefined);
      const answer = answers[name] ?? (() => refuse('could_not', `${name} is not recorded`));
      return answer(args) as T;
    },
    // `go` opens the page that was asked for; with `pulse=N` in the address time goes on, N times as fast. What else the program may tell
    // comes as an event of the document: `recorded:told`, `recorded:go`.
    listen: async <T>(event: string, callback: (payload: T) => void) => {
      document.addEventListener(`recorded:${event}`, (told) => callback((told as CustomEvent<T>).detail));
      if (event === 'pulse' && view && asked.has('pulse'))
        return beat(view, speed, callback as (p: Pulse) => void);
      if (event === 'go' && page) setTimeout(() => callback({ page, incident: null } as T), 0);
      return () => undefined;
    },
  };
}

/**
 * Time goes on as in a watch, `speed` times as fast: five pulses a second, each with a little more of everything, and every
 * fifth with a line in the log.
 */
function beat(view: View, speed: number, callback: (pulse: Pulse) => void): () => void {
  const began = performance.now();
  const first = { ...view.now };
  const end = view.opening.plan.length;
  let beats = 0;
  const timer = setInterval(() => {
    const by = Math.min((performance.now() - began) * speed, end - first.watch);
    beats += 1;
    view.now = {
      utc: new Date(Date.parse(first.utc) + by).toISOString(),
      watch: Math.round(first.watch + by),
    };
    view.elapsed = view.now.watch;
    view.readings += 1;
    view.last_reading = view.now.watch;
    view.baselines = view.baselines.map((b, i) => ({ ...b, n: b.n + (i % 2) + 1 }));
    if (speed > 1 && beats % 5 === 0) {
      const seq = view.head.seq + 1;
      view.head = { ...view.head, seq };
      const line = { moment: view.now, seq, severity: null, incident: null };
      view.log = [...view.log, { ...line, text: `Container's HEALTHCHECK turned healthy, ${beats}` }];
    }
    const { now, stage, tone, elapsed, left, next_check, baselines, ladder, coverage_percent } = view;
    const {
      verdict,
      confidence,
      next_steps,
      last_reading,
      container,
      head,
      readings,
      opening,
      beside = [],
    } = view;
    const glance = structuredClone({
      ...{ now, stage, tone, elapsed, left, next_check, baselines, ladder, coverage_percent },
      ...{ verdict, confidence, next_steps, last_reading, container, beside },
      ...{ next: shown(view).next, rung_kinds: shown(view).rung_kinds },
    });
    callback({
      session: opening.session,
      seq: head.seq,
      readings,
      readiness_at: view.readiness?.at ?? null,
      glance,
    });
  }, 200);
  return () => clearInterval(timer);
}

/** Carries out what can be seen at once, so that a walk by keyboard comes to its end. */
function carryOut(view: View, command: Command): number {
  if (typeof command === 'object' && 'acknowledge' in command) {
    const { incident, by, reason } = command.acknowledge;
    const it = view.incidents.find((i) => i.id === incident);
    if (!it) return refuse('refused', `there is no incident #${incident}`);
    it.acknowledged = [view.now, by, reason];
  }
  if (typeof command === 'object' && 'act' in command) {
    const { incident, step, by, remark } = command.act;
    const it = view.incidents.find((i) => i.id === incident)?.escalation.find((s) => s.step === step);
    if (!it) return refuse('refused', `incident #${incident} has no such step`);
    Object.assign(it, { state: 'done', done: [view.now, by, remark] });
  }
  write(view, command);
  view.head = { ...view.head, seq: view.head.seq + 1 };
  return view.head.seq;
}
