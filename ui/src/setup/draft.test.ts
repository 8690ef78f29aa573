import { describe, expect, test } from 'vitest';
import type { Examination, SetUp } from '../types';
import { canKeep, lackOf } from './account';
import {
  FIELDS,
  faultOf,
  kindOf,
  otherVersion,
  placed,
  readiness,
  strays,
  suggested,
  together,
  withKind,
} from './draft';

const draft: SetUp = {
  deployment: null,
  name: '',
  environment: 'production',
  url: 'http://nas.local:8080',
  ca_file: '',
  docker: '',
  docker_certificates: '',
  container: 'sms-app',
  version: '',
  previous: '',
  repository: '',
  email: '',
  owner: '',
};

test('every field stands in a section', () => {
  const typed = Object.keys(draft).filter((key) => key !== 'deployment');
  expect([...FIELDS].sort()).toEqual(typed.sort());
});

test.each([
  ['', 'tcp'],
  ['nas.local', 'tcp'],
  ['tcp://nas.local:2376', 'tcp'],
  ['unix:///var/run/docker.sock', 'unix'],
  ['UNIX:', 'unix'],
  ['npipe:////./pipe/docker_engine', 'npipe'],
] as const)('%s is reached by %s', (docker, kind) => expect(kindOf(docker)).toBe(kind));

test.each([
  ['tcp', 'http://nas.local:8080', 'tcp://nas.local:2376'],
  ['tcp', 'https://192.168.1.20/sms', 'tcp://192.168.1.20:2376'],
  ['tcp', 'http://[fd00::5]:8080', 'tcp://[fd00::5]:2376'],
  ['tcp', 'http://user:secret@nas.local', 'tcp://nas.local:2376'],
  ['tcp', 'nas.local', ''],
  ['tcp', '', ''],
  ['unix', 'http://nas.local', 'unix:///var/run/docker.sock'],
  ['npipe', '', 'npipe:////./pipe/docker_engine'],
] as const)('%s beside %s begins with %s', (kind, url, address) =>
  expect(suggested(kind, url)).toBe(address),
);

describe('another way to the Engine', () => {
  test('takes the certificates along on the network only', () => {
    const tcp = { ...draft, docker: 'tcp://nas.local:2376', docker_certificates: 'C:\\certs' };
    const unix = withKind(tcp, 'unix');
    expect([unix.docker, unix.docker_certificates]).toEqual(['unix:///var/run/docker.sock', '']);
  });
  test('leaves an address of the same kind alone', () => {
    const own = { ...draft, docker: 'unix:///run/user/1000/docker.sock' };
    expect(withKind(own, 'unix')).toBe(own);
  });
});

describe('readiness', () => {
  const rung = (outcome: 'good' | 'bad' | 'skipped') =>
    ({ place: 'nas', outcome, text: '', advice: null, code: null, kind: null, took: 0 }) as const;
  const fault = { field: 'url', message: 'write an address' };
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

describe('what is said at once', () => {
  const nothing = { advice: null, code: null, kind: null, took: 0 };
  const rung = { place: 'docker_engine', outcome: 'bad', text: 'it expired', ...nothing } as const;
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

test('missing certificates are missed where they are chosen', () => {
  const faults = [
    { field: 'docker', message: 'it needs certificates: add `docker_certificates = "certs"`' },
    { field: 'url', message: 'write an address' },
  ];
  expect(placed(faults).map(({ field }) => field)).toEqual(['docker_certificates', 'url']);
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
