// The critical night with a restart that is to come, and with a roll back at every point of its way.
import { action, plan, readiness, stage } from '../../src/actions/fixture';
import type {
  Action,
  ActionRules,
  ActionStage,
  IncidentView,
  LogLine,
  ReadinessView,
  View,
} from '../../src/types';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const AUTO: ActionRules = {
  restart: 'auto',
  roll_back: 'auto',
  restart_after: 4.5 * MINUTE,
  roll_back_after: 10 * MINUTE,
  restarts_per_hour: 2,
};

const NEWER =
  'the schema’s revision is 8b41c0de77aa, and 1.14.3 knows 7f3a90c1d2e4: a migration has run since, and the old version may ' +
  'not start on it or may damage data';

const asked = (view: View, found: ReadinessView): ReadinessView => ({
  ...found,
  at: new Date(Date.parse(view.now.utc) - 17 * MINUTE).toISOString(),
});
const RISKY = readiness({ schema_fits: ['unknown', NEWER] });
const GONE = readiness({
  image_present: [
    'no',
    'sms-fullstack:1.14.3 is not on the NAS: load it there (docker pull, or docker load -i), then make a dry run',
  ],
  digest_known: ['no', 'without the image its digest is not known'],
  not_pruned: ['unknown', 'without the image it is not known'],
  plan_valid: ['unknown', 'without the image no plan can be made'],
  schema_fits: ['unknown', NEWER],
});

/** The crash that lasts, with this changed. */
const crashed = (view: View, change: (crash: IncidentView) => Partial<IncidentView>): View => ({
  ...view,
  incidents: view.incidents.map((i) =>
    i.severity === 'critical' && i.explained_by === null && i.state === 'open' ? { ...i, ...change(i) } : i,
  ),
});

const FORTH: ActionStage[] = ['create', 'stop', 'set_aside', 'take_name', 'start', 'healthy', 'verify'];
const HOW: Partial<Record<ActionStage, string>> = {
  create: plan.made_as,
  stop: 'within 2 s',
  set_aside: plan.aside,
  take_name: plan.container,
  healthy: 'after 31 s',
  verify: 'Extra check 1: all works',
};

/** A roll back that began two minutes ago, with so many of its stages done. */
function back(view: View, done: number, rest: Partial<Action>): Action {
  const began = view.now.watch - 2 * MINUTE;
  const at = (watch: number) => ({
    utc: new Date(Date.parse(view.now.utc) + watch - view.now.watch).toISOString(),
    watch,
  });
  const timed = (name: ActionStage, watch: number) => ({
    ...stage(name, watch, HOW[name]),
    moment: at(watch),
  });
  const it = action({ by: 'Μαρία Παπαδοπούλου', began: at(began) });
  return {
    ...it,
    order: {
      ...it.order,
      reason: 'It crashes at each start since the release; a restart did not help.',
      accepted: NEWER,
    },
    stages: FORTH.slice(0, done).map((name, i) => timed(name, began + (3 + 9 * i) * SECOND)),
    ...rest,
  };
}

const logged = (view: View, text: string, severity: LogLine['severity'] = null): LogLine => ({
  moment: view.now,
  seq: view.head.seq + 1,
  severity,
  incident: 3,
  text,
});
const name = `Roll back to ${plan.to.name}`;

/** The crash with what is done about it, in the log as well. */
function doing(view: View, it: Action, line: LogLine): View {
  const told = crashed(view, (crash) => ({ timeline: [...crash.timeline, line] }));
  return { ...told, readiness: asked(view, RISKY), actions: [it], log: [...view.log, line] };
}

export const acting: Record<string, (critical: View) => View> = {
  /** Nobody has acknowledged it: the watch restarts by itself in less than a minute. */
  by_itself: (view) => ({
    ...crashed(view, (crash) => ({
      escalation: crash.escalation.map((s) => {
        if (s.step === 'restart') return { ...s, by_itself: crash.clock.watch + AUTO.restart_after };
        return s.step === 'roll_back' ? { ...s, by_itself: crash.clock.watch + AUTO.roll_back_after } : s;
      }),
    })),
    opening: {
      ...view.opening,
      actions: AUTO,
      deployment: { ...view.opening.deployment, docker: 'ssh://watch@nas.local' },
    },
    readiness: asked(view, RISKY),
  }),
  ready: (view) => ({ ...view, readiness: asked(view, readiness()) }),
  risky: (view) => ({ ...view, readiness: asked(view, RISKY) }),
  /** The same, with the container made anew meanwhile: the plan is another one. */
  changed: (view) => {
    const anew = { ...plan, aside: 'sms-app-aside-7c0d11e94b02', digest: 'c7'.repeat(32) };
    return { ...view, readiness: { ...asked(view, RISKY), plan: anew } };
  },
  not_ready: (view) => ({ ...view, readiness: asked(view, GONE) }),
  rolling: (view) =>
    doing(
      view,
      back(view, 3, {}),
      logged(view, `${name}: set the container aside under another name: ${plan.aside}`),
    ),
  half_done: (view) => {
    const why = 'the NAS did not answer within 30 s';
    const found =
      `${plan.container} is not there; ${plan.aside} is exited, without a restart policy; ` +
      `${plan.made_as} is created and was never started`;
    return doing(
      view,
      back(view, 3, {
        state: 'interrupted',
        interrupted: [view.now, why, { stage: 'set_aside', detail: found }],
      }),
      logged(view, `${name} is half done, a person has to decide: ${why}; found: ${found}`, 'critical'),
    );
  },
  undoing: (view) => {
    const why = 'the previous version does not come up either: the container is unhealthy';
    const it = back(view, 5, {
      state: 'undoing',
      undone: [view.now, 'watch', why],
      stages: [],
    });
    const stages = [...back(view, 5, {}).stages, { ...stage('remove', 0), moment: view.now }];
    return doing(
      view,
      { ...it, stages },
      logged(view, `${name} is being undone, decided by watch: ${why}`, 'major'),
    );
  },
  rolled_back: (view) => {
    const detail = `${name}: verified by Extra check 1`;
    const it = back(view, 7, { state: 'over', ended: [view.now, 'done', detail] });
    const over = doing(view, it, logged(view, `${name} done and verified: ${detail}`));
    return crashed(over, () => ({ state: 'recovered', recovered: view.now }));
  },
};
