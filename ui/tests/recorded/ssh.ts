// A NAS that is reached by SSH. `?host=new` shows a host key that nobody has trusted yet, `?host=changed` another one than it
// was trusted with, and `?host=locked` takes no key.
import type { Examination, LadderRung, SetUp, ShownHostKey, SshSecret, SshState } from '../../src/types';

export const BY_SSH = { docker: 'ssh://admin@nas.example', docker_certificates: '' };

const asked = new URLSearchParams(location.search);
const SHOWN = { algorithm: 'ED25519', fingerprint: 'SHA256:0Zf6eXkqvVQ2cJ8m1bRkJt3wS9yA4nUuP7dHxLrGoTs' };
const KNOWN = {
  fingerprint: 'ED25519 SHA256:Wq3tN5yB8cJ0vXzRkLmPaE7uGdSfHoT2iVnQbYx4rKs',
  file: '/home/operator/.local/share/io.github.bs1gr.sms-watchkeeper/known_hosts',
  line: 3,
};
const NOTHING = { advice: null, code: null, kind: null } as const;

let trusted = false;
const kept = new Set<SshSecret>();
/** What comes to the certificates that were pasted, until the folder that they are kept in. */
export const CERTIFICATES = {
  folder: '/home/operator/.local/share/io.github.bs1gr.sms-watchkeeper/certificates/1',
  until: '2027-11-20',
};

export function trust(fingerprint: string): void {
  if (asked.get('host') === 'changed' || fingerprint !== SHOWN.fingerprint) {
    throw { code: 'refused', message: 'the NAS shows another host key: nothing was trusted', help: null };
  }
  trusted = true;
}
export const keepSecret = (which: SshSecret): void => void kept.add(which);
export const forgetSecret = (which: SshSecret): void => void kept.delete(which);

const isBySsh = ({ docker }: SetUp): boolean => docker.startsWith('ssh:');

export function hostKeyOf(draft: SetUp): ShownHostKey | undefined {
  const host = asked.get('host');
  if (!isBySsh(draft) || trusted || (host !== 'new' && host !== 'changed')) return undefined;
  return { ...SHOWN, known: host === 'changed' ? KNOWN : null };
}

export function sshOf(draft: SetUp, keyless: boolean): SshState | undefined {
  if (!isBySsh(draft)) return undefined;
  const of = (which: SshSecret): Examination['account'] => {
    if (keyless) return 'no_keychain';
    return kept.has(which) ? 'in_keychain' : 'missing';
  };
  return {
    ...{ password: of('password'), passphrase: of('passphrase') },
    password_variable: 'WATCHKEEPER_SSH_PASSWORD',
    passphrase_variable: 'WATCHKEEPER_SSH_PASSPHRASE',
  };
}

/** The Engine's rung of a way by SSH. */
export function sshRung(draft: SetUp, host: ShownHostKey | undefined): LadderRung | undefined {
  if (!isBySsh(draft)) return undefined;
  const rung = { ...NOTHING, place: 'docker_engine', part: 'application', took: 120 } as const;
  const bad = { ...rung, outcome: 'bad', kind: 'denied' } as const;
  if (host?.known) {
    return {
      ...bad,
      text: `nas.example shows another host key than it is known by: ${host.fingerprint}`,
      advice:
        'Ask whoever looks after the NAS whether it was installed anew. Only then delete the named line of the file, and trust the new key; otherwise do not connect from this network.',
      code: 'host_key_changed',
    };
  }
  if (host) {
    return {
      ...bad,
      text: `nas.example is not known here yet; its host key is ${host.fingerprint}`,
      advice:
        'Compare the fingerprint with the NAS’s own (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there, or whoever set it up), then trust it.',
      code: 'host_key_unknown',
    };
  }
  if (asked.get('host') === 'locked' && !kept.has('password')) {
    return {
      ...bad,
      text: 'admin takes none of the keys that were offered, and there is no password',
      advice:
        'Make a key with `ssh-keygen -t ed25519` and put its .pub line into ~/.ssh/authorized_keys on the NAS; or set the environment variable that `deployment.ssh_password_env` names (WATCHKEEPER_SSH_PASSWORD).',
      code: 'ssh_no_key',
    };
  }
  return { ...rung, outcome: 'good', text: '20.10.24 on linux/amd64, API 1.41, by SSH to its socket' };
}
