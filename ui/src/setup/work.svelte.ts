// The set-up that is under way: what was typed, how it stands, and its way in and out. It never holds a password.
import { untrack } from 'svelte';
import * as ipc from '../ipc';
import { asFailure, type Failure } from '../ipc';
import { app } from '../state.svelte';
import type { Examination, SetUp, SshSecret } from '../types';
import { lackOf, type Lack } from './account';
import { following, kindOf, withUser, type DockerKind } from './address';
import {
  together,
  withKind,
  withProtection,
  type Field,
  type Found,
  type Protection,
  type TextField,
} from './draft';
import { Newest } from './newest';

const PAUSE_MS = 450;
/** A NAS locks out who tries too many accounts: half-typed ones are not tried. */
const PAUSE_SSH_MS = 1500;

/** What may be typed into a field of its own, and goes into the keychain. */
export type SecretName = 'password' | 'ssh_password' | 'ssh_passphrase';
/** What is typed beside the draft: it is kept before the set-up is finished or left. */
export type Beside = SecretName | 'certificates';

const OF_SSH: Partial<Record<Beside, SshSecret>> = {
  ssh_password: 'password',
  ssh_passphrase: 'passphrase',
};

/** What was typed and is not in the keychain, or in a folder, yet. It stands in its input alone. */
export interface Unkept {
  /** Whose it is is known: it can be kept. */
  named: boolean;
  /** Answers whether it is kept now. */
  keep: () => Promise<boolean>;
}

/** What became of what was typed: all of it is kept, or the first that is not, and why. */
export type Left = { why: 'none' } | { why: 'nameless' | 'failed'; at: Beside };

/** A deployment that was set up, and why a watch of it does not start yet. */
export interface Finished {
  deployment: string;
  lack: Lack | null;
}

class Work {
  draft = $state.raw<SetUp | null>(null);
  examination = $state.raw<Examination | null>(null);
  failure = $state.raw<Failure | null>(null);
  looking = $state(false);
  saving = $state(false);
  /** Faults are shown where somebody has been; all of them after an attempt to finish. */
  seen = $state.raw<ReadonlySet<Field>>(new Set());
  all = $state(false);
  unkept = $state.raw<Partial<Record<Beside, Unkept>>>({});

  #found: Found | null = null;

  /** Said at once, before the way is walked; what was found on the way before stays until then. */
  #lookOver = new Newest<SetUp, Examination>(
    ipc.lookOver,
    {
      take: (said) => {
        // The whole look may have been faster.
        if (this.looking && this.draft) this.examination = together(said, this.draft, this.#found);
      },
      // The whole look fails for the same reason, and tells it.
      failed: () => undefined,
    },
    PAUSE_MS,
  );
  #examine = new Newest<SetUp, Examination>(
    ipc.examine,
    {
      take: (examination) => {
        this.examination = examination;
        this.#found = this.draft && { draft: this.draft, examination };
        this.failure = null;
        this.looking = false;
      },
      failed: (thrown) => {
        this.failure = asFailure(thrown);
        this.looking = false;
      },
    },
    PAUSE_MS,
  );
  /** The last thing that was written: what comes after it must not be overtaken. */
  #written: Promise<unknown> = Promise.resolve();
  #changed = false;
  #save = new Newest<SetUp, void>(
    (draft) => {
      const written = ipc.saveSetUp(draft);
      this.#written = written.catch(() => undefined);
      return written;
    },
    {
      take: () => (this.saving = false),
      failed: (thrown) => {
        this.saving = false;
        this.failure = asFailure(thrown);
      },
    },
    PAUSE_MS,
  );

  /** A new one, or one that changes `deployment`; a draft that lies there is replaced. */
  async begin(deployment: string | null): Promise<void> {
    await this.#open(async () => {
      if (deployment !== null) return ipc.setUpOf(deployment);
      await ipc.dropSetUp();
      return ipc.setUp();
    });
  }

  /** Goes on with the one that was left. */
  async resume(): Promise<void> {
    await this.#open(ipc.setUp);
  }

  set(field: TextField, value: string): void {
    if (!this.draft || this.draft[field] === value) return;
    const before = this.draft;
    const draft = { ...before, [field]: value };
    if (field === 'url') draft.docker = following(before.docker, before.url, value);
    // Who consented did so for that address alone.
    if (draft.docker !== before.docker) draft.docker_unprotected = false;
    this.#put(draft);
  }

  /** The account on the NAS, within the address of its Engine. */
  setUser(user: string): void {
    if (this.draft) this.set('docker', withUser(this.draft.docker, user));
  }

  reach(kind: DockerKind): void {
    if (this.draft) this.#put(withKind(this.draft, kind));
  }

  protect(protection: Protection): void {
    if (this.draft) this.#put(withProtection(this.draft, protection));
  }

  /** A person says that the Engine's port may be without protection, or takes it back. */
  consent(given: boolean): void {
    if (this.draft) this.#put({ ...this.draft, docker_unprotected: given });
  }

  visit(field: Field): void {
    if (!this.seen.has(field)) this.seen = new Set([...this.seen, field]);
  }

  /** Looks once more at what has not changed. */
  lookAgain(): void {
    if (this.draft) this.#look(this.draft, 0);
  }

  /** Notes that something stands in the field of `name`, or nothing any more. */
  typed(name: Beside, unkept: Unkept | null): void {
    // Who notes it does not wait for what others note.
    const others = untrack(() => Object.entries(this.unkept)).filter(([other]) => other !== name);
    this.unkept = Object.fromEntries(unkept ? [...others, [name, unkept]] : others);
  }

  /** Keeps the passwords and certificates that were typed, before what they stand in is gone; answers whether there is any left over. */
  async keepBeside(only?: Beside): Promise<Left> {
    for (const [key, unkept] of Object.entries(this.unkept)) {
      const at = key as Beside;
      if (only && only !== at) continue;
      if (!unkept.named) return { why: 'nameless', at };
      if (!(await unkept.keep())) return { why: 'failed', at };
      // What was found before is older.
      if (this.examination) this.examination = withKept(this.examination, at);
    }
    return { why: 'none' };
  }

  /** Back to the beginning; what was typed is kept. */
  async leave(): Promise<void> {
    const draft = this.draft;
    this.#close();
    await this.#written;
    // A set-up in which nothing was typed is none that was left.
    if (draft && this.#changed) await app.attempt(() => ipc.saveSetUp(draft));
    await this.#home();
  }

  async discard(): Promise<void> {
    this.#close();
    await this.#written;
    await app.attempt(ipc.dropSetUp);
    await this.#home();
  }

  /** The account is left out, and with it the login check. */
  leaveAccountOut(): void {
    this.set('email', '');
  }

  async finish(): Promise<Finished | undefined> {
    const draft = this.draft;
    if (!draft) return undefined;
    // As it is finished: what would be found after it is of a draft that is none any more.
    const lack = draft.email.trim() === '' ? null : lackOf(this.examination?.account);
    this.#stop();
    await this.#written;
    const deployment = await app.attempt(() => ipc.finishSetUp(draft));
    if (deployment === undefined) {
      this.lookAgain();
      return undefined;
    }
    await app.attempt(() => app.refreshHome());
    return { deployment, lack };
  }

  /** After it was finished. */
  end(): void {
    this.#close();
    if (app.page === 'setup') app.go('welcome');
  }

  async #open(get: () => Promise<SetUp>): Promise<void> {
    const draft = await app.attempt(get);
    if (!draft) return;
    this.draft = draft;
    this.examination = null;
    this.#found = null;
    this.failure = null;
    this.seen = new Set();
    this.all = false;
    this.saving = false;
    this.#changed = false;
    app.go('setup');
    this.#look(draft, 0);
  }

  #put(draft: SetUp): void {
    this.draft = draft;
    this.#changed = true;
    this.saving = true;
    this.#save.ask(draft);
    this.#look(draft, kindOf(draft.docker) === 'ssh' ? PAUSE_SSH_MS : undefined);
  }

  #look(draft: SetUp, pause?: number): void {
    this.looking = true;
    this.#lookOver.ask(draft, pause);
    this.#examine.ask(draft, pause);
  }

  #stop(): void {
    this.#save.stop();
    this.#lookOver.stop();
    this.#examine.stop();
    this.looking = false;
  }

  #close(): void {
    this.#stop();
    this.draft = null;
  }

  async #home(): Promise<void> {
    await app.attempt(() => app.refreshHome());
    if (app.page === 'setup') app.go('welcome');
  }
}

/** As it was found, with a password that the keychain has since. */
function withKept(examination: Examination, name: Beside): Examination {
  if (name === 'password') return { ...examination, account: 'in_keychain' };
  const of = OF_SSH[name];
  if (!of || !examination.ssh) return examination;
  return { ...examination, ssh: { ...examination.ssh, [of]: 'in_keychain' } };
}

export const setUp = new Work();
