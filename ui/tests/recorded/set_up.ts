// A set-up as somebody types it, and what is found on the way. `?way=bad` has the certificates refused, and `?way=files`
// says why; `?ssh` goes by SSH.
import type { Examination, FieldFault, LadderRung, Place, SetUp } from '../../src/types';
import { BY_SSH, hostKeyOf, sshOf, sshRung } from './ssh';

const FRESH: SetUp = {
  deployment: null,
  name: '',
  environment: 'production',
  url: '',
  ca_file: '',
  docker: '',
  docker_certificates: '',
  docker_unprotected: false,
  docker_path: '',
  ssh_key: '',
  container: 'sms-app',
  front_end_container: '',
  database_container: '',
  version: '',
  previous: '',
  repository: '',
  email: '',
  owner: 'Operator',
};

export const FILLED: SetUp = {
  ...FRESH,
  name: 'QNAP Cyprus',
  url: 'https://nas.example:8443',
  docker: 'tcp://nas.example:2376',
  docker_certificates: '/home/operator/certs',
  version: '1.15.1',
  previous: '1.14.3',
  repository: 'bs1gr/AUT_MIEEK_SMS',
  email: 'watch@example.org',
};

/** Whose password is kept: of a deployment, or of the set-up of a new one, `null`. */
const kept = new Set<string | null>();
/** The keychain does not answer any more. */
let locked = false;
document.addEventListener('recorded:lock', () => (locked = true));

export function setUp(asked: URLSearchParams): SetUp {
  if (!asked.has('draft')) return { ...FRESH };
  return asked.has('ssh') ? { ...FILLED, ...BY_SSH } : { ...FILLED };
}
export const setUpOf = (deployment: string): SetUp => ({ ...FILLED, deployment });
export function keepPassword({ deployment }: SetUp): void {
  if (locked) throw { code: 'keychain', message: 'the keychain is locked', help: null };
  kept.add(deployment);
}
export const forgetPassword = ({ deployment }: SetUp): void => void kept.delete(deployment);
/** What was typed for a new one is the deployment's then. */
export function finish({ deployment }: SetUp): string {
  const id = deployment ?? 'qnap-cyprus';
  if (kept.delete(deployment)) kept.add(id);
  return id;
}

/** `running` is the version that answers; `keyless`, that there is no keychain. */
export function examine(draft: SetUp, asked: URLSearchParams): Examination {
  const way = asked.get('way');
  const faults: FieldFault[] = [];
  const fault = (field: keyof SetUp, message: string) => void faults.push({ field, message });
  if (draft.url === '') fault('url', 'this is missing: add url = "http://nas.local:8080"');
  else if (!/^https?:\/\/./.test(draft.url)) {
    fault(
      'url',
      'write the address as a browser has it, such as "http://nas.local:8080"; it begins with http:// or https://',
    );
  }
  if (draft.docker === '') fault('docker', 'this is missing: add "tcp://nas.local:2376"');
  else if (draft.docker.startsWith('tcp:') && !draft.docker_certificates && !draft.docker_unprotected) {
    fault(
      'docker',
      'an Engine reached over the network without certificates is unprotected: add `docker_certificates = "certs"`, the folder with ca.pem, cert.pem and key.pem',
    );
  } else if (/^ssh:\/\/[^@]*$/.test(draft.docker)) {
    fault('docker', 'the account on the NAS is missing: write account and host');
  }
  if (draft.version === '') fault('version', 'this is missing: add "1.15.1"');
  if (draft.name === '') fault('name', 'this is missing: add "QNAP Cyprus"');
  if (way === 'files')
    fault('docker_certificates', '/home/operator/certs/cert.pem: it expired on 2026-03-01 (UTC)');
  const reachable = !faults.some(({ field }) => field === 'url' || field === 'docker');
  const host_key = reachable ? hostKeyOf(draft) : undefined;
  const ssh = reachable ? sshOf(draft, asked.has('keyless') || locked) : undefined;
  return {
    faults,
    ...(host_key && { host_key }),
    ...(ssh && { ssh }),
    rungs: reachable ? rungs(way === 'bad' || way === 'files', sshRung(draft, host_key)) : [],
    running: reachable ? (asked.get('running') ?? '1.15.1') : null,
    account: accountOf(draft, asked.has('keyless') || locked),
    variable: 'WATCHKEEPER_PASSWORD',
  };
}

function accountOf({ email, deployment }: SetUp, keyless: boolean): Examination['account'] {
  if (email === '') return 'none';
  if (keyless) return 'no_keychain';
  return kept.has(deployment) ? 'in_keychain' : 'missing';
}

function rungs(bad: boolean, engine: LadderRung | undefined): LadderRung[] {
  const good = (place: Place, text: string, took: number): LadderRung => ({
    ...{ place, part: 'application', outcome: 'good', text, advice: null, code: null, kind: null, took },
  });
  const first = [
    good('this_pc', 'it has a network address', 1),
    good('network', 'nas.example resolves to 192.168.1.20', 0),
    good('nas', 'nas.example answers on port 8443', 3),
  ];
  const last = [
    good('application', 'https://nas.example:8443/api answers in 38 ms', 41),
    good('database', 'connected; SELECT 1 within 12 ms', 14),
  ];
  if (!bad && engine?.outcome !== 'bad') {
    return [
      ...first,
      engine ?? good('docker_engine', '20.10.24 on linux/amd64, API 1.41', 58),
      good('container', 'sms-app (sms-fullstack:1.15.1) runs since 2026-11-24 08:31 UTC', 22),
      ...last,
    ];
  }
  return [
    ...first,
    engine ?? {
      place: 'docker_engine',
      part: 'application',
      outcome: 'bad',
      text: 'the TLS handshake failed: the Engine refuses the certificate (bad certificate)',
      advice:
        'Take ca.pem, cert.pem and key.pem again from Container Station → Preferences → Docker Certificate.',
      code: 'certificates',
      kind: 'denied',
      took: 31,
    },
    {
      ...{
        place: 'container',
        part: 'application',
        outcome: 'skipped',
        text: 'the Docker Engine has to answer first',
      },
      ...{ advice: null, code: null, kind: null, took: 0 },
    },
    ...last,
  ];
}
