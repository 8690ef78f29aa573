// What the other pages ask for: add a command here with what it answers.
import type { PlanDraft, SetUp, SshSecret } from '../../src/types';
import { changeConfig, configOf } from './config';
import { evidenceOf } from './evidence';
import { checkPlan, keepPlanDraft, planOf, savePlan } from './plan';
import { CERTIFICATES, forgetSecret, keepSecret, trust } from './ssh';
import { examine, finish, forgetPassword, keepPassword, setUp, setUpOf } from './set_up';

const asked = new URLSearchParams(location.search);
const done = () => undefined;

export const MORE: Record<string, (args: Record<string, unknown>) => unknown> = {
  scenarios: () => [
    {
      name: 'day',
      title: 'An ordinary first day',
      description: 'a slow database in the evening, this PC offline at night, one crash early in the morning',
    },
    { name: 'healthy', title: 'Nothing goes wrong', description: 'a whole healthy day' },
    {
      name: 'slow-database',
      title: 'The database is slow',
      description: 'every query takes 1.6 s for half an hour',
    },
  ],
  evidence: ({ incident }) => evidenceOf(incident as number),
  report_preview: async () => (await import('./report/blocks.json')).default,
  start_demo: () => '2026-11-24-0835-v1.15.1-demo',
  start_watch: () => '2026-11-24-0835-v1.15.1-demo',
  resume_session: done,
  close_session: done,
  remove_deployment: done,
  reveal: done,
  test_alarm: () => {
    if (!asked.has('silent')) return;
    throw {
      code: 'could_not',
      message: 'the desktop has no notification service',
      help: 'install one, such as dunst',
    };
  },
  pick: ({ what }) => (what === 'certificate_folder' ? '/home/operator/certs' : '/home/operator/file.pem'),
  config: ({ deployment }) => configOf(deployment as string),
  change_config: ({ deployment, key, value }) =>
    changeConfig(deployment as string, key as string, value as string | null),
  plan: ({ deployment }) => planOf(deployment as string),
  check_plan: ({ text }) => checkPlan(text as string),
  save_plan: ({ deployment, text, mark }) => savePlan(deployment as string, text as string, mark as string),
  drop_plan: ({ deployment, mark }) => savePlan(deployment as string, null, mark as string),
  keep_plan_draft: ({ deployment, draft }) => keepPlanDraft(deployment as string, draft as PlanDraft | null),
  set_up: () => setUp(asked),
  set_up_of: ({ deployment }) => setUpOf(deployment as string),
  save_set_up: done,
  drop_set_up: done,
  look_over: ({ draft }) => ({ ...examine(draft as SetUp, asked), rungs: [], running: null }),
  examine: ({ draft }) => examine(draft as SetUp, asked),
  finish_set_up: ({ draft }) => finish(draft as SetUp),
  remember_password: ({ draft }) => keepPassword(draft as SetUp),
  forget_password: ({ draft }) => forgetPassword(draft as SetUp),
  trust_host_key: ({ fingerprint }) => trust(fingerprint as string),
  keep_certificates: () => {
    if (!asked.has('mixed')) return CERTIFICATES;
    throw {
      code: 'input',
      message: 'key.pem: it is not the key of the certificate beside it',
      help: 'paste all three from the same NAS, each with its BEGIN and END line',
    };
  },
  remember_ssh_secret: ({ which }) => keepSecret(which as SshSecret),
  forget_ssh_secret: ({ which }) => forgetSecret(which as SshSecret),
};
