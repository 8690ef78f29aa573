// A day in which everything happened that a page can show: late and missed checks, what people did, and a long log.
import type { CheckView, IncidentView, LogLine, Moment, View } from '../../src/types';

/** How many lines a log may have that is still to be read without waiting. */
const MANY = 10_000;

export function busy(day: View): View {
  const moment = (watch: number): Moment => ({
    utc: new Date(Date.parse(day.now.utc) + watch - day.now.watch).toISOString(),
    watch,
  });
  const [first, second, third] = day.incidents;
  if (!first || !second || !third) throw new Error('the recorded day has three incidents');

  const closed: IncidentView = {
    ...third,
    state: 'closed',
    relapses: 2,
    reopened: moment(third.opened.watch + 20_000),
    acknowledged: [moment(third.opened.watch + 95_000), 'Μαρία', 'Looking at the worker pool'],
    closed: [
      moment(third.opened.watch + 1_400_000),
      'Μαρία',
      'The worker pool lost its last worker to a request without a time-out.\nThe time-out is in v1.15.2; until then the pool starts anew by itself.',
    ],
    steps: [
      ...third.steps,
      {
        step: 'document',
        moment: moment(third.opened.watch + 900_000),
        by: 'Μαρία',
        remark: 'Report INC-7 with logs and times',
      },
    ],
    evidence: [
      ...third.evidence,
      {
        kind: 'health',
        digest: '',
        bytes: 0,
        failure: 'no answer within 10 s',
        moment: moment(third.opened.watch),
      },
    ],
    escalation: third.escalation.map((s) =>
      s.step === 'restart'
        ? { ...s, state: 'missed' }
        : s.step === 'document'
          ? {
              ...s,
              state: 'done',
              done: [moment(third.opened.watch + 900_000), 'Μαρία', 'Report INC-7 with logs and times'],
            }
          : s.step === 'post_mortem'
            ? { ...s, state: 'done' }
            : s,
    ),
  };

  const checks = day.checks.map((check): CheckView => {
    if (check.id === 'hour-0') {
      const tick = {
        item: 'git_tag',
        outcome: 'passed',
        by: 'Μαρία',
        remark: 'tag v1.15.1 on 3dd8918',
      } as const;
      return {
        ...check,
        ticks: [{ ...tick, moment: moment(600_000) }],
        lines: check.lines.map((l) =>
          l.item === 'git_tag'
            ? { ...l, outcome: 'passed', evidence: `${tick.remark} — ticked by ${tick.by}, 08:45 UTC` }
            : l,
        ),
      };
    }
    if (check.id === 'hour-2')
      return { ...check, status: 'missed', missed: 'PC asleep or standing still', result: null, lines: [] };
    if (check.id === 'hour-3' && check.result) {
      return {
        ...check,
        status: 'missed',
        missed: 'watch not running',
        result: { ...check.result, late: true },
      };
    }
    return check;
  });
  const hour4 = day.checks.find((c) => c.id === 'hour-4')!;
  const extra = (n: number, at: number, running: boolean): CheckView => ({
    ...hour4,
    id: `extra-${n}`,
    title: `Extra check ${n}`,
    phase: null,
    due: at,
    due_utc: moment(at).utc,
    status: running ? 'running' : 'done',
    began: [at, false],
    result: running ? null : hour4.result && { ...hour4.result, moment: moment(at + 9_000) },
    lines: running
      ? []
      : hour4.lines.map((l, i) =>
          i === 3 ? { ...l, outcome: 'unknown', evidence: 'no account is set up' } : l,
        ),
    actions: running ? [] : ['20:10:12 UTC Μαρία noted: extra check before the evening peak'],
    issues: running ? [] : [2],
  });

  const notes = [
    { moment: moment(5_000_000), by: 'Μαρία', text: 'Έλεγξα τα logs με το χέρι: όλα ήσυχα.' },
    {
      moment: moment(40_000_000),
      by: 'Operator',
      text: 'Backup runs until 20:00;\nslow queries are to be expected.',
    },
  ];
  const announcements = [
    { what: 'Restart after a change of settings', by: 'Operator', from: 20_000_000, until: 20_900_000 },
    {
      what: 'New certificate on the NAS',
      by: 'Μαρία',
      from: day.now.watch - 300_000,
      until: day.now.watch + 1_500_000,
    },
  ];
  const [told] = day.notifications;
  const log: LogLine[] = [];
  for (let i = 0; log.length < MANY - day.log.length - notes.length; i++) {
    const watch = Math.round((i / MANY) * day.now.watch);
    log.push({
      moment: moment(watch),
      seq: 100_000 + i,
      severity: i % 97 === 0 ? 'minor' : null,
      incident: i % 97 === 0 ? 1 : null,
      text:
        i % 97 === 0
          ? `#1 Non-critical warning logs (log): warning ${i}`
          : `Container's HEALTHCHECK turned healthy, ${i}${i % 13 === 0 ? ' — and this is a long line that tells of everything that was seen at that time, so that it has to go on in a second and perhaps even in a third row of the list' : ''}`,
    });
  }
  const written = notes.map((n, i) => ({
    moment: n.moment,
    seq: 200_000 + i,
    severity: null,
    incident: null,
    text: `Note by ${n.by}: ${n.text}`,
  }));
  return {
    ...day,
    incidents: [first, second, closed],
    checks: [...checks, extra(1, day.now.watch - 3_000_000, false), extra(2, day.now.watch - 4_000, true)],
    notes,
    announcements,
    notifications: told
      ? [
          { ...told, sent: { failed: 'the notification service does not answer' }, replaced: false },
          ...day.notifications,
          { ...told, reason: { step_overdue: 'restart' }, urgency: 'critical', replaced: true },
          {
            ...told,
            incident: null,
            reason: 'check_missed',
            urgency: 'low',
            title: 'Hour 2 was missed',
            body: 'PC asleep',
          },
        ]
      : [],
    log: [...day.log, ...log, ...written].sort((a, b) => a.moment.watch - b.moment.watch),
  };
}
