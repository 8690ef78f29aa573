// What is known of a draft without asking anybody.
import type { Examination, FieldFault, SetUp, SshState } from '../types';
import { isLoopback, kindOf, suggested, type DockerKind } from './address';

/** What a person types as it is kept. */
export type TextField = Exclude<keyof SetUp, 'deployment' | 'docker_unprotected'>;
/** Where faults stand; the account on the NAS is typed by itself, and kept within the address. */
export type Field = TextField | 'docker_unprotected' | 'ssh_user';
export type Section = 'address' | 'docker' | 'release' | 'account' | 'about';

export const SECTIONS: Record<Section, Field[]> = {
  address: ['url', 'ca_file'],
  docker: [
    'docker',
    'ssh_user',
    'ssh_key',
    'docker_path',
    'docker_certificates',
    'docker_unprotected',
    'container',
    'front_end_container',
    'database_container',
  ],
  release: ['version', 'previous', 'repository'],
  account: ['email'],
  about: ['name', 'environment', 'owner'],
};
export const FIELDS: Field[] = Object.values(SECTIONS).flat();

/** The draft with another way to the Engine. What belongs to one way alone stays with it. */
export function withKind(draft: SetUp, kind: DockerKind): SetUp {
  if (kindOf(draft.docker) === kind && draft.docker !== '') return draft;
  const docker = suggested(kind, draft.url);
  return {
    ...draft,
    docker,
    ...(kind === 'tcp' ? {} : { docker_certificates: '', docker_unprotected: false }),
    ...(kind === 'ssh' ? {} : { ssh_key: '', docker_path: '' }),
  };
}

/** What keeps others off the Engine's port on the network. */
export type Protection = 'folder' | 'pasted' | 'none';

/** As the draft says it; pasted certificates are in a folder, once they are kept. */
export function protectionOf(draft: SetUp): Protection {
  const none = draft.docker_unprotected || (isLoopback(draft.docker) && draft.docker_certificates === '');
  return none ? 'none' : 'folder';
}

/** The draft with another protection. To go without takes the person's consent besides. */
export const withProtection = (draft: SetUp, protection: Protection): SetUp =>
  protection === 'none' ? { ...draft, docker_certificates: '' } : { ...draft, docker_unprotected: false };

/** What this PC shows to the NAS by SSH. */
export type SshWay = 'agent' | 'key' | 'password';

export function sshWayOf(draft: SetUp, ssh: SshState | undefined): SshWay {
  if (draft.ssh_key !== '') return 'key';
  return ssh?.password === 'in_keychain' || ssh?.password === 'in_environment' ? 'password' : 'agent';
}

/**
 * A fault of the address to the program may be another field's to a person: an Engine on the network without certificates,
 * an account that is missing.
 */
export const placed = (faults: FieldFault[]): FieldFault[] =>
  faults.map((fault) => {
    if (fault.field !== 'docker') return fault;
    if (fault.message.includes('docker_certificates')) return { ...fault, field: 'docker_certificates' };
    return fault.message.includes('account on the NAS is missing') ? { ...fault, field: 'ssh_user' } : fault;
  });

export const faultOf = (faults: FieldFault[], field: Field): string | undefined =>
  faults.find((fault) => fault.field === field)?.message;

/** Faults that stand at no field that is shown; they must not get lost. */
export const strays = (faults: FieldFault[]): FieldFault[] =>
  faults.filter((fault) => !(FIELDS as string[]).includes(fault.field));

/** What was found of a draft when all of it was looked at. */
export interface Found {
  draft: SetUp;
  examination: Examination;
}

/** The files that are needed on the way are read for it alone. */
const OF_FILES: TextField[] = ['url', 'ca_file', 'docker', 'docker_certificates'];
/** Whom the host key is of, and what its account is opened with. */
const OF_SSH: TextField[] = ['docker', 'ssh_key'];

/**
 * What is said at once of `draft`, with what it leaves out: that stays as it was found, as long as what it was found of
 * does.
 */
export function together(said: Examination, draft: SetUp, found: Found | null): Examination {
  if (!found) return said;
  const { faults, account, rungs, running, host_key, ssh } = found.examination;
  const stays = (fields: TextField[]) => fields.every((field) => draft[field] === found.draft[field]);
  const left = faults.filter(
    ({ field }) => OF_FILES.some((f) => f === field) && !said.faults.some((fault) => fault.field === field),
  );
  // What the keychain did not say at once, it said before.
  const opening = said.ssh?.password === 'unknown' && stays(OF_SSH) ? ssh : said.ssh;
  return {
    ...said,
    ...{ rungs, running },
    ...(opening && { ssh: opening }),
    // A host key that is not the known one does not go out of sight while somebody types elsewhere.
    ...(host_key && stays(['docker']) && { host_key }),
    faults: stays(OF_FILES) ? [...said.faults, ...left] : said.faults,
    account: said.account === 'unknown' && stays(['email']) ? account : said.account,
  };
}

/** As it is compared: without the `v` that some write before it. */
const plain = (version: string): string => version.trim().replace(/^v+/i, '');

/** What runs on the deployment, where that is another version than the one to be watched. */
export interface Other {
  running: string;
  /** The one to be watched. */
  version: string;
  /** It is the one to roll back to: the new one is not deployed yet. */
  before: boolean;
}

export function otherVersion(draft: SetUp, running: string | null | undefined): Other | null {
  const version = plain(draft.version);
  if (!running || version === '' || plain(running) === version) return null;
  return { running: plain(running), version, before: plain(draft.previous) === plain(running) };
}

export type Readiness = 'unknown' | 'faulty' | 'strange' | 'shaky' | 'ready';

/**
 * Whether the set-up may be finished: not with a fault, nor where the NAS is not the one that it was; and with a broken rung
 * only after a question.
 */
export function readiness(examination: Examination | null): Readiness {
  if (!examination) return 'unknown';
  if (examination.faults.length > 0) return 'faulty';
  if (examination.host_key?.known) return 'strange';
  return examination.rungs.some((rung) => rung.outcome === 'bad') ? 'shaky' : 'ready';
}
