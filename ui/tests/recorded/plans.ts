// The recorded day with other plans: as short and as long as they come, with as many checks, and a night full of trouble.
import type { CheckView, Gap, IncidentView, View } from '../../src/types';

const H = 3_600_000;

/** A plan of `hours` with `n` checks, two thirds of it behind. */
export function planned(day: View, hours: number, n: number): View {
  const length = hours * H;
  const now = Math.round(length * 0.66);
  const began = Date.parse(day.started);
  const utc = (watch: number) => new Date(began + watch).toISOString();
  const moment = (watch: number) => ({ utc: utc(watch), watch });
  const every = Math.round(length / (n - 1));
  const done = day.checks.find((c) => c.id === 'hour-2')!;
  const lines = (outcome: 'owed' | 'failed') =>
    done.lines.map((line, i) => (i === 1 ? { ...line, outcome } : line));
  const checks = Array.from({ length: n }, (_, i): CheckView => {
    const due = i * every;
    const check = { ...done, id: `check-${i}`, title: `Check ${i}`, due, due_utc: utc(due), phase: 1 };
    check.until_utc = utc(due + every);
    if (due > now) return { ...check, status: 'pending', began: null, result: null, lines: [] };
    if (i % 29 === 11) return { ...check, status: 'missed', missed: 'PC asleep', result: null, lines: [] };
    const result = done.result && { ...done.result, moment: moment(due + 20_000) };
    if (i % 37 === 5) return { ...check, result, lines: lines('failed') };
    return { ...check, result, lines: i % 23 === 3 ? lines('owed') : done.lines };
  });
  const next = checks.find((c) => c.status === 'pending');
  const next_check = next
    ? { id: next.id, title: next.title, due: next.due_utc, due_in: next.due - now }
    : null;
  const [minor, major] = day.incidents;
  const incidents = Array.from({ length: 40 }, (_, i): IncidentView => {
    const since = Math.round(((i * 7919) % 1000) * (now / 1000));
    const lasted = Math.round(((i % 5) + 1) * (length / 900));
    const [opened, recovered] = [moment(since + 20_000), moment(since + 20_000 + lasted)];
    return { ...(i % 3 ? minor! : major!), id: 100 + i, since, opened, recovered, lasted };
  });
  const gaps = Array.from({ length: 12 }, (_, i): Gap => {
    const from = Math.round(((i * 331) % 1000) * (now / 1000));
    return {
      cause: i % 2 ? 'asleep' : 'offline',
      from,
      to: from + Math.round((length / 600) * (1 + (i % 4))),
    };
  });
  const phases = day.opening.plan.phases.map((phase, i) => ({
    ...phase,
    from: [0, 0, length / 6, length][i]!,
    to: [0, length / 6, length, length][i]!,
    every: phase.every === null ? null : every,
  }));
  return {
    ...day,
    now: moment(now),
    next_check,
    opening: { ...day.opening, plan: { ...day.opening.plan, length, phases } },
    elapsed: now,
    left: length - now,
    checks,
    incidents: [...incidents, ...day.incidents.slice(2)],
    gaps,
    last_reading: now,
    planned_end: utc(length),
  };
}
