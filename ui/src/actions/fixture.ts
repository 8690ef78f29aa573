// Actions, plans and readiness for tests.
import type { Action, ActionStage, Condition, Met, ReadinessView, RollBackPlan, StageRecord } from '../types';

export const moment = (watch: number) => ({ utc: new Date(watch).toISOString(), watch });

export const plan: RollBackPlan = {
  container: 'sms-app',
  container_id: '35aa233257ed720d2d8ba0bbf2dedaf70d158a75f21694e575f1f8007a86678e',
  from: {
    name: 'sms-fullstack:1.15.1',
    id: 'sha256:0ff428b25743d3711918081e5a7a8e87e73df9e3df70d2d34340c50a1b3d3bf9',
  },
  to: {
    name: 'sms-fullstack:1.14.3',
    id: 'sha256:9b1c6f0ad62b2f4e3b0d6a8d51c07a4a3f3f0b1e7c6d5e4f3a2b1c0d9e8f7a6b',
  },
  aside: 'sms-app-aside-35aa233257ed',
  made_as: 'sms-app-new-35aa233257ed',
  restart_policy: 'unless-stopped',
  stop_timeout: 10_000,
  settings: [
    { what: 'environment', value: 'DATABASE_URL, SECRET_KEY, SMS_ENV' },
    { what: 'mounts', value: 'volume sms-data on /data; /share/sms/config on /app/config (read-only)' },
    { what: 'ports', value: '0.0.0.0:8080 to 8000/tcp' },
    { what: 'networks', value: 'sms (also named app); monitoring' },
    { what: 'restart policy', value: 'unless-stopped' },
    { what: 'health check', value: 'CMD curl -fsS http://localhost:8000/health, every 30 s (the image’s)' },
    { what: 'labels', value: 'com.docker.compose.project, com.docker.compose.service' },
  ],
  digest: '5d1f0c3a7e9b2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a1c3e5b7d9f1a3c5e7b9d1f',
};

const FOUND: Omit<Condition, 'met'>[] = [
  { requirement: 'previous_named', detail: 'v1.14.3' },
  { requirement: 'image_present', detail: 'sms-fullstack:1.14.3 is on the NAS' },
  { requirement: 'digest_known', detail: plan.to.id },
  { requirement: 'not_pruned', detail: 'it is named sms-fullstack:1.14.3' },
  { requirement: 'plan_valid', detail: 'a container like sms-app can be made of it' },
  { requirement: 'disk_free', detail: 'the disk is 41 % full' },
  { requirement: 'schema_fits', detail: 'the schema’s revision is 7f3a, which 1.14.3 knows' },
];

/** `found` is what is otherwise than it should be. As in the program there is no plan where anything is not met. */
export function readiness(
  found: Partial<Record<Condition['requirement'], [Met, string]>> = {},
): ReadinessView {
  const conditions = FOUND.map((c): Condition => {
    const [met, detail] = found[c.requirement] ?? ['yes', c.detail];
    return { ...c, met, detail };
  });
  return {
    at: moment(0).utc,
    conditions,
    plan: conditions.some((c) => c.met === 'no') ? null : plan,
  };
}

export const stage = (stage: ActionStage, watch: number, detail = ''): StageRecord => ({
  stage,
  moment: moment(watch),
  detail,
});

export function action(it: Partial<Action> & { kind?: Action['order']['kind']; by?: string }): Action {
  const { kind = 'roll_back', by = 'Maria', ...rest } = it;
  const order = { kind, incident: 3, by, reason: 'it does not come up', accepted: null };
  return {
    id: 1,
    order: { ...order, plan: kind === 'roll_back' ? plan : null },
    began: moment(0),
    stages: [],
    state: 'under_way',
    interrupted: null,
    undone: null,
    ended: null,
    check: null,
    ...rest,
  };
}
