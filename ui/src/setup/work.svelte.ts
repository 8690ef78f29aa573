// The set-up that is under way: what was typed, how it stands, and its way in and out. It never holds a password.
import * as ipc from '../ipc';
import { asFailure, type Failure } from '../ipc';
import { app } from '../state.svelte';
import type { Examination, SetUp } from '../types';
import { lackOf, type Lack } from './account';
import { kindOf, suggested, together, withKind, type DockerKind, type Field, type Found } from './draft';
import { Newest } from './newest';

const PAUSE_MS = 450;

/** A password that was typed and is not in the keychain yet. It stands in its input alone. */
export interface Unkept {
  /** Whose it is is known: it can be kept. */
  named: boolean;
  /** Answers whether it is in the keychain now. */
  keep: () => Promise<boolean>;
}

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
  unkept = $state.raw<Unkept | null>(null);

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

  set(field: Field, value: string): void {
    if (!this.draft || this.draft[field] === value) return;
    const before = this.draft;
    const draft = { ...before, [field]: value };
    // The NAS is named once: the Engine's address follows until somebody writes their own.
    if (field === 'url' && kindOf(before.docker) === 'tcp') {
      const follows = before.docker === '' || before.docker === suggested('tcp', before.url);
      if (follows) draft.docker = suggested('tcp', value);
    }
    this.#put(draft);
  }

  reach(kind: DockerKind): void {
    if (this.draft) this.#put(withKind(this.draft, kind));
  }

  visit(field: Field): void {
    if (!this.seen.has(field)) this.seen = new Set([...this.seen, field]);
  }

  /** Looks once more at what has not changed. */
  lookAgain(): void {
    if (this.draft) this.#look(this.draft, 0);
  }

  /** Keeps a password that was typed, before what it stands in is gone; answers whether there is any left over. */
  async keepPassword(): Promise<'none' | 'nameless' | 'failed'> {
    if (!this.unkept) return 'none';
    if (!this.unkept.named) return 'nameless';
    if (!(await this.unkept.keep())) return 'failed';
    // What was found before is older.
    if (this.examination) this.examination = { ...this.examination, account: 'in_keychain' };
    return 'none';
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
    this.#look(draft);
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

export const setUp = new Work();
