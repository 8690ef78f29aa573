// The only caller of the program behind the window. Everything else asks here, one function per command.
import type {
  AppSettings,
  Block,
  Command,
  ConfigPage,
  EvidenceView,
  Examination,
  Home,
  KeptCertificates,
  LastLooked,
  Pick,
  PlanCheck,
  PlanDraft,
  PlanPage,
  PlanSaved,
  ReportFormat,
  RequestError,
  ScenarioCard,
  Series,
  SeriesRequest,
  SetUp,
  SshSecret,
  View,
} from './types';

/** Where commands go and events come from: Tauri, or a recording in tests. */
export interface Backend {
  invoke<T>(name: string, args?: Record<string, unknown>): Promise<T>;
  /** Answers with the function that ends the listening. */
  listen<T>(event: string, callback: (payload: T) => void): Promise<() => void>;
}

/** How a command fails; the last three codes are the window's own. The window branches on `code` alone. */
export type Failure = Omit<RequestError, 'code'> & {
  code: RequestError['code'] | 'no_program' | 'silent' | 'unexpected';
};

let chosen: Promise<Backend> | undefined;

async function choose(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in globalThis) {
    const [{ invoke }, { listen }] = await Promise.all([
      import('@tauri-apps/api/core'),
      import('@tauri-apps/api/event'),
    ]);
    return {
      invoke,
      listen: <T>(event: string, callback: (payload: T) => void) =>
        listen<T>(event, ({ payload }) => callback(payload)),
    };
  }
  // The condition is a constant of the build, so that no recording gets into what is shipped.
  if (import.meta.env.DEV || import.meta.env.MODE === 'recorded') {
    return (await import('../tests/recorded')).recordedBackend();
  }
  throw failure('no_program', 'The window runs without its program.');
}

/** The backend of this window, or one that a test puts in its place. */
export function backend(instead?: Backend): Promise<Backend> {
  if (instead) chosen = Promise.resolve(instead);
  return (chosen ??= choose());
}

function failure(code: Failure['code'], message: string): Failure {
  return { code, message, help: null };
}

/** Whatever was thrown, as a failure. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    return thrown as Failure;
  }
  return failure('unexpected', thrown instanceof Error ? thrown.message : String(thrown));
}

async function ask<T>(name: string, args?: Record<string, unknown>): Promise<T> {
  return (await backend()).invoke<T>(name, args);
}

/** Longer than the slowest answer of a program that lives. */
const PATIENCE_MS = 10_000;

/** Fails when the answer does not come in time: what waits for it must not wait for ever. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = failure('silent', 'The program does not answer.');
    const timer = setTimeout(() => reject(late), PATIENCE_MS);
    void answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export async function listen<T>(event: string, callback: (payload: T) => void): Promise<() => void> {
  return (await backend()).listen<T>(event, callback);
}

export const home = () => inTime(ask<Home>('home'));
export const scenarios = () => ask<ScenarioCard[]>('scenarios');
/** Answers with the new session, which is shown from now on. */
export const startDemo = (scenario: string, speed: number) => ask<string>('start_demo', { scenario, speed });
/** `fresh` is false to go on with the open session of the same deployment and version, if there is one. */
export const startWatch = (deployment: string, fresh: boolean) =>
  ask<string>('start_watch', { deployment, fresh });
export const openSession = (session: string) => ask<void>('open_session', { session });
/** Shows none; a running watch goes on. */
export const closeSession = () => ask<void>('close_session');
export const resumeWatch = (session: string) => ask<void>('resume_session', { session });
/**
 * What changes or exports a session names the one that the person was looking at: when another is shown by then, the
 * program refuses with the code `nothing_shown`.
 */
export const stopWatch = (session: string, reason: string) => ask<void>('stop_watch', { session, reason });
export const view = () => inTime(ask<View>('view'));
export const series = (request: SeriesRequest) => inTime(ask<Series[]>('series', { request }));
export const lastLooked = () => ask<LastLooked>('last_looked');
export const looked = (session: string, seq: number) => ask<void>('looked', { session, seq });
export const carryOut = (session: string, command: Command) => ask<void>('carry_out', { session, command });
export const evidence = (session: string, incident: number) =>
  ask<EvidenceView[]>('evidence', { session, incident });
export const reportPreview = () => ask<Block[]>('report_preview');
/** Answers with the path, or with null when the dialog was cancelled. */
export const exportReport = (session: string, format: ReportFormat) =>
  ask<string | null>('export_report', { session, format });
/** Opens the folder that holds `path`. */
export const reveal = (path: string) => ask<void>('reveal', { path });
export const testAlarm = () => ask<void>('test_alarm');
export const pick = (what: Pick) => ask<string | null>('pick', { what });
export const setSettings = (settings: AppSettings) => inTime(ask<void>('set_settings', { settings }));
export const config = (deployment: string) => ask<ConfigPage>('config', { deployment });
/** `value` is null to go back to the default. With faults nothing was changed. */
export const changeConfig = (deployment: string, key: string, value: string | null) =>
  ask<ConfigPage>('change_config', { deployment, key, value });
export const plan = (deployment: string) => ask<PlanPage>('plan', { deployment });
export const checkPlan = (text: string) => ask<PlanCheck>('check_plan', { text });
/** `mark` is that of the page which the text began from: when the plan is another one by now, nothing is written. */
export const savePlan = (deployment: string, text: string, mark: string) =>
  ask<PlanSaved>('save_plan', { deployment, text, mark });
/** Back to the built-in plan. */
export const dropPlan = (deployment: string, mark: string) =>
  ask<PlanSaved>('drop_plan', { deployment, mark });
/** What was written and not saved; null forgets it. */
export const keepPlanDraft = (deployment: string, draft: PlanDraft | null) =>
  ask<void>('keep_plan_draft', { deployment, draft });
/** Its sessions stay. */
export const removeDeployment = (deployment: string) => ask<void>('remove_deployment', { deployment });
/** The draft that was left, or else a fresh one. */
export const setUp = () => ask<SetUp>('set_up');
export const setUpOf = (deployment: string) => ask<SetUp>('set_up_of', { deployment });
export const saveSetUp = (draft: SetUp) => ask<void>('save_set_up', { draft });
export const dropSetUp = () => ask<void>('drop_set_up');
/** What can be said at once: what is wrong with what was typed, and how it is with the account. Without rungs. */
export const lookOver = (draft: SetUp) => ask<Examination>('look_over', { draft });
/** Walks the way. A newer call makes an older one fail with the code `refused`. */
export const examine = (draft: SetUp) => ask<Examination>('examine', { draft });
/** Answers with the deployment's id. */
export const finishSetUp = (draft: SetUp) => ask<string>('finish_set_up', { draft });
/** Trusts the host key that the NAS shows by SSH, if it is new and has this fingerprint. */
export const trustHostKey = (draft: SetUp, fingerprint: string) =>
  ask<void>('trust_host_key', { draft, fingerprint });
/** Answers with the folder that the pasted certificates are kept in, and how long they hold. */
export const keepCertificates = (ca: string, cert: string, key: string) =>
  ask<KeptCertificates>('keep_certificates', { ca, cert, key });
export const rememberPassword = (draft: SetUp, password: string) =>
  ask<void>('remember_password', { draft, password });
export const forgetPassword = (draft: SetUp) => ask<void>('forget_password', { draft });
/** What opens the NAS of a set-up by SSH, straight into the keychain. */
export const rememberSshSecret = (draft: SetUp, which: SshSecret, secret: string) =>
  ask<void>('remember_ssh_secret', { draft, which, secret });
export const forgetSshSecret = (draft: SetUp, which: SshSecret) =>
  ask<void>('forget_ssh_secret', { draft, which });
/** `stop` ends running watches first; they can be resumed. */
export const quit = (stop: boolean) => ask<void>('quit', { stop });
