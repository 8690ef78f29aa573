import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SetUp } from '../types';

// The window's own surroundings, as far as they are asked for when it is loaded.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
vi.stubGlobal('document', { documentElement: { dataset: {}, lang: '' } });
vi.stubGlobal('navigator', { language: 'en' });

const { backend } = await import('../ipc');
const { setUp } = await import('./work.svelte');

const fresh: SetUp = {
  ...{
    deployment: null,
    name: '',
    environment: '',
    url: '',
    ca_file: '',
    docker: '',
    docker_certificates: '',
    ...{ docker_unprotected: false, docker_path: '', ssh_key: '' },
  },
  ...{
    container: '',
    front_end_container: '',
    database_container: '',
    version: '',
    previous: '',
    repository: '',
    email: '',
    owner: '',
  },
};

const fault = { field: 'url', message: 'this is no address' };

let asked: { name: string; draft: SetUp | undefined }[] = [];
let refused: boolean;
let examined: (draft: SetUp) => Promise<unknown>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  refused = false;
  examined = () => Promise.resolve({ faults: [], rungs: [], running: null, account: 'none' });
  void backend({
    listen: () => Promise.resolve(() => undefined),
    invoke: async <T>(name: string, args: Record<string, unknown> = {}): Promise<T> => {
      const draft = args['draft'] as SetUp | undefined;
      asked.push({ name, draft });
      if (name === 'set_up' || name === 'set_up_of') return { ...fresh } as T;
      if (name === 'look_over') return { faults: [fault], rungs: [], running: null, account: 'missing' } as T;
      if (name === 'examine') return (await examined(draft!)) as T;
      if (name === 'finish_set_up' && refused)
        throw { code: 'could_not', message: 'a full disk', help: null };
      if (name === 'finish_set_up') return 'nas' as T;
      if (name === 'home') throw { code: 'could_not', message: 'no home here', help: null };
      return undefined as T;
    },
  });
});
afterEach(() => void vi.useRealTimers());

const names = () => asked.map(({ name }) => name).filter((name) => name !== 'home');
const settle = () => vi.advanceTimersByTimeAsync(2000);

test('what is typed is saved and looked at once, after a pause', async () => {
  await setUp.begin(null);
  await settle();
  asked = [];
  for (const url of ['http://n', 'http://na', 'http://nas']) setUp.set('url', url);
  expect(setUp.saving && setUp.looking).toBe(true);
  await settle();
  expect(names().sort()).toEqual(['examine', 'look_over', 'save_set_up']);
  expect(asked.map(({ draft }) => draft?.url)).toEqual(['http://nas', 'http://nas', 'http://nas']);
  expect(setUp.saving || setUp.looking).toBe(false);
});

test('the address of the Engine follows that of the SMS until somebody writes their own', async () => {
  await setUp.begin(null);
  setUp.set('url', 'http://nas:8080');
  expect(setUp.draft?.docker).toBe('tcp://nas:2376');
  setUp.set('url', 'http://nas.local:8080');
  expect(setUp.draft?.docker).toBe('tcp://nas.local:2376');
  setUp.set('docker', 'tcp://nas.local:2377');
  setUp.set('url', 'http://other:8080');
  expect(setUp.draft?.docker).toBe('tcp://nas.local:2377');
});

test('an older look that comes later is not shown', async () => {
  await setUp.begin(null);
  await settle();
  const late = { faults: [], rungs: [], account: 'missing' };
  examined = (draft) =>
    draft.url === 'http://old'
      ? new Promise((good) => setTimeout(() => good(late), 1500))
      : Promise.resolve({ ...late, account: 'none' });
  setUp.set('url', 'http://old');
  await vi.advanceTimersByTimeAsync(500);
  setUp.set('url', 'http://new');
  await settle();
  expect(setUp.examination?.account).toBe('none');
});

test('what is wrong is said before the way was walked, and what was found on it stays until then', async () => {
  await setUp.begin(null);
  await settle();
  const rungs = [{ place: 'network' }];
  examined = () =>
    new Promise((good) =>
      setTimeout(() => good({ faults: [], rungs, running: '1.14.3', account: 'in_keychain' }), 1500),
    );
  for (const [url, before, ran] of [
    ['http://one', [], null],
    ['http://two', rungs, '1.14.3'],
  ] as const) {
    setUp.set('url', url);
    await vi.advanceTimersByTimeAsync(1000);
    expect(setUp.examination).toEqual({
      ...{ faults: [fault], account: 'missing' },
      ...{ rungs: before, running: ran },
    });
    expect(setUp.looking).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(setUp.examination).toEqual({ faults: [], rungs, running: '1.14.3', account: 'in_keychain' });
    expect(setUp.looking).toBe(false);
  }
});

test('one that was left is kept, and one in which nothing was typed is not', async () => {
  await setUp.begin(null);
  await settle();
  asked = [];
  await setUp.leave();
  expect(names()).toEqual([]);
  await setUp.begin('nas');
  setUp.set('name', 'NAS');
  await setUp.leave();
  expect(asked.find(({ name }) => name === 'save_set_up')?.draft?.name).toBe('NAS');
  expect(setUp.draft).toBeNull();
  asked = [];
  await settle();
  expect(names()).toEqual([]);
});

test('nothing is saved or looked at after it was finished', async () => {
  await setUp.begin(null);
  await settle();
  setUp.set('name', 'NAS');
  await vi.advanceTimersByTimeAsync(100);
  asked = [];
  expect(await setUp.finish()).toEqual({ deployment: 'nas', lack: null });
  await settle();
  expect(names()).toEqual(['finish_set_up']);
  expect(setUp.looking).toBe(false);
});

test('what could not be finished is looked at again', async () => {
  await setUp.begin(null);
  await settle();
  refused = true;
  asked = [];
  expect(await setUp.finish()).toBeUndefined();
  await settle();
  expect(names().sort()).toEqual(['examine', 'finish_set_up', 'look_over']);
});

test.each([
  ['nothing', 'missing', 'a@example.org', null, 'missing'],
  ['nothing, before a keychain that is locked', 'no_keychain', 'a@example.org', null, 'no_keychain'],
  ['a password that is kept on the way', 'missing', 'a@example.org', true, null],
  ['a password that cannot be kept', 'missing', 'a@example.org', false, 'missing'],
  ['nothing, and the account is left out', 'missing', '', null, null],
  ['nothing, and it is there', 'in_keychain', 'a@example.org', null, null],
] as const)('whoever typed %s is told so at the end', async (_, account, email, kept, lack) => {
  examined = () => Promise.resolve({ faults: [], rungs: [], running: null, account });
  await setUp.begin(null);
  setUp.set('email', 'a@example.org');
  await settle();
  // As the form does: what it kept is looked at anew.
  const keep = () => {
    setUp.lookAgain();
    return Promise.resolve(kept === true);
  };
  setUp.typed('password', kept === null ? null : { named: true, keep });
  expect((await setUp.keepBeside()).why).toBe(kept === false ? 'failed' : 'none');
  setUp.set('email', email);
  expect(await setUp.finish()).toEqual({ deployment: 'nas', lack });
  // Nothing that comes later says otherwise.
  const { examination } = setUp;
  await settle();
  expect(setUp.examination).toBe(examination);
  setUp.typed('password', null);
});

test.each([
  ['nothing was typed', null, 'none'],
  ['it could be kept', { named: true, kept: true }, 'none'],
  ['it could not be kept', { named: true, kept: false }, 'failed'],
  ['nobody knows whose it is', { named: false, kept: true }, 'nameless'],
] as const)('a password at the end: %s', async (_, typed, left) => {
  setUp.typed('password', typed && { named: typed.named, keep: () => Promise.resolve(typed.kept) });
  expect((await setUp.keepBeside()).why).toBe(left);
  setUp.typed('password', null);
});

test.each([
  ['all of them', {}, undefined, { why: 'none' }, ['password', 'ssh_password', 'ssh_passphrase']],
  ['one alone', {}, 'ssh_password', { why: 'none' }, ['ssh_password']],
  [
    'as far as one fails',
    { ssh_password: false },
    undefined,
    { why: 'failed', at: 'ssh_password' },
    ['password'],
  ],
] as const)('passwords are kept: %s', async (_, kept: Record<string, boolean>, only, left, in_keychain) => {
  const ssh = { password: 'missing', passphrase: 'missing', password_variable: '', passphrase_variable: '' };
  examined = () => Promise.resolve({ faults: [], rungs: [], running: null, account: 'missing', ssh });
  await setUp.begin(null);
  await settle();
  const names = ['password', 'ssh_password', 'ssh_passphrase'] as const;
  for (const name of names) {
    setUp.typed(name, { named: true, keep: () => Promise.resolve(kept[name] ?? true) });
  }
  expect(await setUp.keepBeside(only)).toEqual(left);
  const { account, ssh: opening } = setUp.examination!;
  const now = { password: account, ssh_password: opening?.password, ssh_passphrase: opening?.passphrase };
  expect(names.filter((name) => now[name] === 'in_keychain')).toEqual(in_keychain);
  for (const name of names) setUp.typed(name, null);
  expect(setUp.unkept).toEqual({});
});

test('who consented did so for one address', async () => {
  await setUp.begin(null);
  setUp.set('url', 'http://nas:8080');
  for (const change of [
    () => setUp.set('docker', 'tcp://other:2375'),
    () => setUp.reach('ssh'),
    () => setUp.protect('folder'),
    () => setUp.consent(false),
  ]) {
    setUp.set('docker', 'tcp://nas:2375');
    setUp.consent(true);
    setUp.set('name', 'NAS');
    expect(setUp.draft?.docker_unprotected).toBe(true);
    change();
    expect(setUp.draft?.docker_unprotected).toBe(false);
    setUp.reach('tcp');
  }
});

test('an account that is half typed is not tried at once', async () => {
  await setUp.begin(null);
  await settle();
  setUp.reach('ssh');
  await settle();
  asked = [];
  for (const user of ['a', 'ad', 'admin']) {
    setUp.setUser(user);
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(names()).not.toContain('examine');
  await settle();
  expect(asked.filter(({ name }) => name === 'examine').map(({ draft }) => draft?.docker)).toEqual([
    'ssh://admin@',
  ]);
});
