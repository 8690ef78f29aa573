import { describe, expect, test } from 'vitest';
import type { Examination, SetUp } from '../types';
import { canKeep, lackOf, OF_ACCOUNT, ofSsh } from './account';
import {
  FIELDS,
  faultOf,
  otherVersion,
  placed,
  protectionOf,
  readiness,
  sshWayOf,
  strays,
  together,
  withKind,
  withProtection,
} from './draft';

const draft: SetUp = {
  deployment: null,
  name: '',
  environment: 'production',
  url: 'http://nas.local:8080',
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
  owner: '',
};

test('every field stands in a section', () => {
  const typed = Object.keys(draft).filter((key) => key !== 'deployment');
  // The account on the NAS is typed by itself, and kept within the address.
  expect([...FIELDS].sort()).toEqual([...typed, 'ssh_user'].sort());
});

describe('another way to the Engine', () => {
  const own = {
    docker_certificates: 'C:\\certs',
    docker_unprotected: true,
    ssh_key: 'id',
    docker_path: '/docker',
  };
  const none = { docker_certificates: '', docker_unprotected: false, ssh_key: '', docker_path: '' };
  const { docker_certificates, docker_unprotected, ssh_key, docker_path } = own;
  test.each([
    ['tcp', 'tcp://nas.local:2376', { ...none, docker_certificates, docker_unprotected }],
    ['ssh', 'ssh://nas.local', { ...none, ssh_key, docker_path }],
    ['unix', 'unix:///var/run/docker.sock', none],
    ['npipe', 'npipe:////./pipe/docker_engine', none],
  ] as const)('to %s takes along what belongs to it', (kind, docker, left) =>
    expect(withKind({ ...draft, ...own }, kind)).toEqual({ ...draft, ...left, docker }),
  );
  test('leaves an address of the same kind alone', () => {
    for (const docker of ['unix:///run/user/1000/docker.sock', 'ssh://admin@nas:2222', 'tcp://nas:2375']) {
      const mine = { ...draft, docker };
      expect(withKind(mine, docker.split(':')[0] as 'unix')).toBe(mine);
    }
  });
});

test.each([
  ['tcp://nas.local:2376', '', false, 'folder'],
  ['tcp://nas.local:2376', 'certs', false, 'folder'],
  ['tcp://nas.local:2375', '', true, 'none'],
  ['tcp://localhost:2375', '', false, 'none'],
  ['tcp://localhost:2376', 'certs', false, 'folder'],
] as const)('%s with “%s” and the consent %j is protected by: %s', (docker, certificates, consent, by) => {
  const of = { ...draft, docker, docker_certificates: certificates, docker_unprotected: consent };
  expect(protectionOf(of)).toBe(by);
  // No consent comes from a choice, and none is left behind by another one.
  expect(withProtection(of, 'none')).toEqual({ ...of, docker_certificates: '' });
  for (const other of ['folder', 'pasted'] as const) {
    expect(withProtection(of, other)).toEqual({ ...of, docker_unprotected: false });
  }
});

test.each([
  ['', undefined, 'agent'],
  ['', 'missing', 'agent'],
  ['', 'unknown', 'agent'],
  ['', 'in_keychain', 'password'],
  ['', 'in_environment', 'password'],
  ['~/.ssh/id', 'in_keychain', 'key'],
] as const)('with the key “%s” and the password %s, the NAS is shown the %s', (ssh_key, password, way) => {
  const names = { password_variable: 'P', passphrase_variable: 'Q' };
  const ssh = password && { password, passphrase: 'missing' as const, ...names };
  expect(sshWayOf({ ...draft, ssh_key }, ssh)).toBe(way);
});

describe('readiness', () => {
  const rung = (outcome: 'good' | 'bad' | 'skipped') =>
    ({
      place: 'nas',
      part: 'application',
      outcome,
      text: '',
      advice: null,
      code: null,
      kind: null,
      took: 0,
    }) as const;
  const fault = { field: 'url', message: 'write an address' };
  const shown = { algorithm: 'ED25519', fingerprint: 'SHA256:new' };
  const known = { fingerprint: 'ED25519 SHA256:old', file: 'known_hosts', line: 3 };
  const of = (over: Partial<Examination>): Examination => ({
    faults: [],
    rungs: [],
    account: 'none',
    running: null,
    variable: 'WATCHKEEPER_PASSWORD',
    ...over,
  });
  test.each([
    [null, 'unknown'],
    [of({ faults: [fault] }), 'faulty'],
    [of({ faults: [fault], rungs: [rung('bad')] }), 'faulty'],
    [of({ rungs: [rung('good'), rung('bad'), rung('skipped')] }), 'shaky'],
    [of({ rungs: [rung('bad')], host_key: { ...shown, known: null } }), 'shaky'],
    [of({ rungs: [rung('bad')], host_key: { ...shown, known } }), 'strange'],
    [of({ rungs: [rung('bad')], host_key: { ...shown, known }, faults: [fault] }), 'faulty'],
    [of({ rungs: [rung('good'), rung('skipped')] }), 'ready'],
  ] as const)('%j is %s', (examination, is) => expect(readiness(examination)).toBe(is));
});

test.each([
  ['1.15.1', '1.14.3', null, null],
  ['1.15.1', '', '1.15.1', null],
  ['v1.15.1', '', '1.15.1', null],
  ['1.15.1 ', '', 'v1.15.1', null],
  ['', '1.14.3', '1.14.3', null],
  ['1.15.1', '', '1.15.0', { running: '1.15.0', version: '1.15.1', before: false }],
  ['1.15.1', 'v1.14.3', '1.14.3', { running: '1.14.3', version: '1.15.1', before: true }],
] as const)('%j to be watched, after %j, where %j runs', (version, previous, running, other) =>
  expect(otherVersion({ ...draft, version, previous }, running)).toEqual(other),
);

test.each([
  ['none', [false, true], null],
  ['unknown', [false, true], null],
  // What was found when the account was looked at is newer than what is known of the keychain.
  ['in_keychain', [true, true], null],
  ['in_environment', [true, true], null],
  ['missing', [true, true], 'missing'],
  ['no_keychain', [false, false], 'no_keychain'],
] as const)('with the account %s', (account, keeps, lack) => {
  const known = [false, true].map((available) => ({ available, word: '', variable: '' }));
  expect(known.map((keychain) => canKeep(account, keychain))).toEqual(keeps);
  expect(lackOf(account)).toBe(lack);
});

test('a passphrase that is not there is no warning, and a password is', () => {
  expect(ofSsh('passphrase', 'missing')).toEqual(OF_ACCOUNT.none);
  expect(ofSsh('passphrase', 'no_keychain')).toEqual(OF_ACCOUNT.no_keychain);
  expect(ofSsh('password', 'missing')).toEqual(OF_ACCOUNT.missing);
});

describe('what is said at once', () => {
  const nothing = { advice: null, code: null, kind: null, took: 0 };
  const rung = {
    place: 'docker_engine',
    part: 'application',
    outcome: 'bad',
    text: 'it expired',
    ...nothing,
  } as const;
  const empty = { faults: [], rungs: [], running: null, variable: 'X' };
  const of = (over: Partial<Examination>): Examination => ({ ...empty, account: 'none', ...over });
  const expired = { field: 'docker_certificates', message: 'cert.pem expired' };
  const wanting = { field: 'docker_certificates', message: 'write a folder' };
  const nameless = { field: 'name', message: 'this is missing' };
  const before = { ...draft, docker_certificates: 'certs', email: 'a@example.org' };
  const found = {
    draft: before,
    examination: of({
      ...{ faults: [expired, nameless], rungs: [rung], running: '1.14.3', account: 'in_keychain' },
    }),
  };
  test.each([
    // What it leaves out stays, and what it says counts.
    [{ name: 'NAS' }, [], 'unknown', [expired], 'in_keychain'],
    [{ name: '' }, [nameless], 'missing', [nameless, expired], 'missing'],
    [{ docker_certificates: 'others' }, [], 'unknown', [], 'in_keychain'],
    [{ url: 'https://other' }, [], 'unknown', [], 'in_keychain'],
    [{ email: 'b@example.org' }, [], 'unknown', [expired], 'unknown'],
    [{ docker_certificates: '' }, [wanting], 'none', [wanting], 'none'],
    [{}, [wanting], 'none', [wanting], 'none'],
  ] as const)('with %j changed and %j', (change, faults, account, shown, shows) => {
    const said = of({ faults: [...faults], account });
    expect(together(said, { ...before, ...change }, found)).toEqual(
      of({ faults: [...shown], account: shows, rungs: [rung], running: '1.14.3' }),
    );
    expect(together(said, { ...before, ...change }, null)).toBe(said);
  });
});

describe('what is said of the way by SSH', () => {
  const names = { password_variable: 'P', passphrase_variable: 'Q' };
  const of = (password: 'unknown' | 'missing' | 'in_keychain') => ({
    password,
    passphrase: password,
    ...names,
  });
  const rest = { faults: [], rungs: [], running: null, account: 'none', variable: 'X' } as const;
  const host_key = { algorithm: 'ED25519', fingerprint: 'SHA256:new', known: null };
  const before = { ...draft, docker: 'ssh://admin@nas.local' };
  const found = {
    draft: before,
    examination: { ...rest, faults: [], rungs: [], host_key, ssh: of('in_keychain') },
  };
  test.each([
    [{ name: 'NAS' }, 'unknown', 'in_keychain', true],
    [{ name: 'NAS' }, 'missing', 'missing', true],
    [{ ssh_key: 'id' }, 'unknown', 'unknown', true],
    [{ docker: 'ssh://admin@other.local' }, 'unknown', 'unknown', false],
  ] as const)('with %j changed and %s said at once, it is %s', (change, said, is, shows) => {
    const seen = together({ ...rest, faults: [], rungs: [], ssh: of(said) }, { ...before, ...change }, found);
    expect([seen.ssh?.password, seen.host_key]).toEqual([is, shows ? host_key : undefined]);
  });
  test('is nothing where it is another way', () => {
    const seen = together({ ...rest, faults: [], rungs: [] }, { ...before, docker: 'unix:///x' }, found);
    expect('ssh' in seen || 'host_key' in seen).toBe(false);
  });
});

test('what is missing in the address is missed where it is typed or chosen', () => {
  const faults = [
    { field: 'docker', message: 'it needs certificates: add `docker_certificates = "certs"`' },
    { field: 'docker', message: 'the account on the NAS is missing: write account and host' },
    { field: 'url', message: 'write an address' },
  ];
  expect(placed(faults).map(({ field }) => field)).toEqual(['docker_certificates', 'ssh_user', 'url']);
  const wrong = [{ field: 'docker', message: 'write host and port' }];
  expect(placed(wrong)).toEqual(wrong);
});

test('a fault stands at its field, and one without a field is not lost', () => {
  const faults = [
    { field: 'url', message: 'a' },
    { field: 'login.password_env', message: 'b' },
  ];
  expect(faultOf(faults, 'url')).toBe('a');
  expect(faultOf(faults, 'docker')).toBeUndefined();
  expect(strays(faults)).toEqual([faults[1]]);
});
