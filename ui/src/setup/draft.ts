// What is known of a draft without asking anybody.
import type { Examination, FieldFault, SetUp } from '../types';

/** What a person types. */
export type Field = Exclude<keyof SetUp, 'deployment'>;
export type Section = 'address' | 'docker' | 'release' | 'account' | 'about';

export const SECTIONS: Record<Section, Field[]> = {
  address: ['url', 'ca_file'],
  docker: ['docker', 'docker_certificates', 'container'],
  release: ['version', 'previous', 'repository'],
  account: ['email'],
  about: ['name', 'environment', 'owner'],
};
export const FIELDS: Field[] = Object.values(SECTIONS).flat();

export type DockerKind = 'tcp' | 'unix' | 'npipe';

/** How the Engine is reached; what has no scheme yet is an address on the network. */
export function kindOf(docker: string): DockerKind {
  const scheme = /^\s*(unix|npipe):/i.exec(docker)?.[1]?.toLowerCase();
  return scheme === 'unix' || scheme === 'npipe' ? scheme : 'tcp';
}

const LOCAL = { unix: 'unix:///var/run/docker.sock', npipe: 'npipe:////./pipe/docker_engine' };

/** The address to begin with: of a NAS, the host of the SMS on the port that Container Station has. */
export function suggested(kind: DockerKind, url: string): string {
  if (kind !== 'tcp') return LOCAL[kind];
  const host = /^https?:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]+)/i.exec(url.trim())?.[1];
  return host ? `tcp://${host}:2376` : '';
}

/** The draft with another way to the Engine. Certificates belong to the network alone. */
export function withKind(draft: SetUp, kind: DockerKind): SetUp {
  if (kindOf(draft.docker) === kind && draft.docker !== '') return draft;
  const certificates = kind === 'tcp' ? draft.docker_certificates : '';
  return { ...draft, docker: suggested(kind, draft.url), docker_certificates: certificates };
}

/**
 * An Engine on the network without certificates is a fault of its address to the program; to a person it is the folder
 * that is missing.
 */
export const placed = (faults: FieldFault[]): FieldFault[] =>
  faults.map((fault) =>
    fault.field === 'docker' && fault.message.includes('docker_certificates')
      ? { ...fault, field: 'docker_certificates' }
      : fault,
  );

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
const OF_FILES: Field[] = [...SECTIONS.address, 'docker', 'docker_certificates'];

/**
 * What is said at once of `draft`, with what it leaves out: that stays as it was found, as long as what it was found of
 * does.
 */
export function together(said: Examination, draft: SetUp, found: Found | null): Examination {
  if (!found) return said;
  const { faults, account, rungs, running } = found.examination;
  const stays = (fields: Field[]) => fields.every((field) => draft[field] === found.draft[field]);
  const left = faults.filter(
    ({ field }) => OF_FILES.some((f) => f === field) && !said.faults.some((fault) => fault.field === field),
  );
  return {
    ...said,
    ...{ rungs, running },
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

export type Readiness = 'unknown' | 'faulty' | 'shaky' | 'ready';

/** Whether the set-up may be finished: not with a fault, and with a broken rung only after a question. */
export function readiness(examination: Examination | null): Readiness {
  if (!examination) return 'unknown';
  if (examination.faults.length > 0) return 'faulty';
  return examination.rungs.some((rung) => rung.outcome === 'bad') ? 'shaky' : 'ready';
}
