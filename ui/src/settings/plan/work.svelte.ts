// The plan of one deployment while it is looked at and changed: what was typed, what is wrong with it, and what another
// program did meanwhile.
import { asFailure, type Failure } from '../../ipc';
import { Newest } from '../../setup/newest';
import type { PlanCheck, PlanDraft, PlanPage, PlanSaved } from '../../types';
import { plain } from './text';

const PAUSE_MS = 350;

/** What is asked of the program. */
export interface PlanCalls {
  plan: (deployment: string) => Promise<PlanPage>;
  checkPlan: (text: string) => Promise<PlanCheck>;
  savePlan: (deployment: string, text: string, mark: string) => Promise<PlanSaved>;
  dropPlan: (deployment: string, mark: string) => Promise<PlanSaved>;
  keepPlanDraft: (deployment: string, draft: PlanDraft | null) => Promise<void>;
}

export class PlanWork {
  page = $state.raw<PlanPage | null>(null);
  /** What stands in the editor; null while nobody edits. */
  text = $state<string | null>(null);
  /** What the text says. */
  check = $state.raw<PlanCheck | null>(null);
  /** It was changed since `check` was answered. */
  checking = $state(false);
  busy = $state(false);
  /** Another program has changed the plan since the text was begun, or since what was to be dropped was looked at. */
  overtaken = $state(false);
  /** The text was left earlier, and is shown again. */
  resumed = $state(false);

  /** What somebody wanted failed: it stays until they go on. */
  #failure = $state.raw<Failure | null>(null);
  /** The last look failed: it holds until one does not. */
  #unseen = $state.raw<Failure | null>(null);
  /** The mark of the plan that the text began from. */
  #mark = '';
  #gone = false;
  /** The last that was kept: what comes after it must not be overtaken. */
  #kept: Promise<unknown> = Promise.resolve();
  #check: Newest<string, PlanCheck>;
  #keep: Newest<PlanDraft | null, void>;

  constructor(
    private readonly deployment: string,
    private readonly calls: PlanCalls,
  ) {
    this.#check = new Newest(
      (text) => calls.checkPlan(text),
      {
        take: (check) => {
          this.check = check;
          this.checking = false;
        },
        failed: (thrown) => this.#failed(thrown),
      },
      PAUSE_MS,
    );
    this.#keep = new Newest(
      (draft) => this.#put(draft),
      { take: () => undefined, failed: (thrown) => this.#failed(thrown) },
      PAUSE_MS,
    );
  }

  get failure(): Failure | null {
    return this.#failure ?? this.#unseen;
  }

  /** The text differs from the plan that stands. */
  get dirty(): boolean {
    return this.text !== null && this.text !== this.#standing();
  }

  /** Fetches the plan; afterwards it only looks whether another program has changed it. */
  async look(): Promise<void> {
    let page: PlanPage;
    try {
      page = await this.calls.plan(this.deployment);
    } catch (thrown) {
      this.#unseen = asFailure(thrown);
      return;
    }
    this.#unseen = null;
    if (this.#gone || this.busy) return;
    const before = this.page;
    const dirty = this.dirty;
    this.page = page;
    if (before === null) return this.#resume(page.draft);
    if (before.mark === page.mark || this.text === null) return;
    if (dirty) this.overtaken = this.#mark !== page.mark;
    else this.#show(page);
  }

  edit(): void {
    if (this.page) this.#show(this.page);
  }

  type(text: string): void {
    this.text = text;
    this.checking = true;
    this.#failure = null;
    this.#check.ask(text);
    this.#keep.ask(this.#draft());
  }

  /** The text of the built-in plan instead. */
  begin(): void {
    if (this.page) this.type(plain(this.page.built_in));
  }

  /** What another program wrote is to be overwritten when this is saved. */
  keepMine(): void {
    if (!this.page) return;
    this.#mark = this.page.mark;
    this.overtaken = false;
    this.#keep.ask(this.#draft(), 0);
  }

  takeTheirs(): void {
    if (!this.page) return;
    this.#show(this.page);
    this.#keep.ask(null, 0);
  }

  discard(): void {
    this.#close();
    this.#keep.ask(null, 0);
  }

  /** Answers whether it was saved. */
  async save(): Promise<boolean> {
    const text = this.text;
    if (text === null) return false;
    return this.#carryOut(() => this.calls.savePlan(this.deployment, text, this.#mark));
  }

  /** Back to the built-in plan. Answers whether it was done. */
  async drop(): Promise<boolean> {
    const mark = this.page?.mark ?? '';
    return this.#carryOut(() => this.calls.dropPlan(this.deployment, mark));
  }

  /** Somebody looks elsewhere: what was typed is kept at once. */
  async leave(): Promise<void> {
    const draft = this.#draft();
    this.#gone = true;
    this.#check.stop();
    this.#keep.stop();
    if (this.text !== null) await this.#put(draft).catch(() => undefined);
  }

  async #carryOut(run: () => Promise<PlanSaved>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.#failure = null;
    this.#keep.stop();
    try {
      // A draft that is being written must not come to lie there after the plan was saved.
      await this.#kept;
      const { saved, page } = await run();
      this.page = page;
      this.#unseen = null;
      if (saved) this.#close();
      else this.overtaken = true;
      return saved;
    } catch (thrown) {
      this.#failed(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #resume(draft: PlanDraft | null): void {
    if (!draft || !this.page || plain(draft.text) === this.#standing()) return;
    this.text = plain(draft.text);
    this.#mark = draft.mark;
    this.overtaken = draft.mark !== this.page.mark;
    this.resumed = true;
    this.checking = true;
    this.#check.ask(this.text, 0);
  }

  #show(page: PlanPage): void {
    this.#check.stop();
    this.text = plain(page.text ?? page.built_in);
    this.#mark = page.mark;
    this.check = page.check;
    this.checking = false;
    this.overtaken = false;
    this.resumed = false;
    // Where the plan cannot be shown the built-in one is begun with, and nobody has checked that here.
    if (page.text === null) this.type(this.text);
  }

  #close(): void {
    this.#check.stop();
    this.text = null;
    this.check = null;
    this.checking = false;
    this.overtaken = false;
    this.resumed = false;
  }

  #standing(): string | null {
    return this.page?.text == null ? null : plain(this.page.text);
  }

  /** What is to be kept of the text: nothing, where it is the plan. */
  #draft(): PlanDraft | null {
    return this.dirty && this.text !== null ? { text: this.text, mark: this.#mark } : null;
  }

  #put(draft: PlanDraft | null): Promise<void> {
    const kept = this.#kept.then(() => this.calls.keepPlanDraft(this.deployment, draft));
    this.#kept = kept.catch(() => undefined);
    return kept;
  }

  #failed(thrown: unknown): void {
    this.#failure = asFailure(thrown);
    this.checking = false;
  }
}
