// What the window knows: the home page, the session that is shown, and where the person is.
import * as ipc from './ipc';
import { asFailure, type Failure } from './ipc';
import { language } from './i18n/language.svelte';
import { ahead, knownOf, patience, ticks, utcOf, watchAt } from './lib/clock';
import { keep, still, withGlance, type Still } from './lib/merge';
import { theme } from './lib/theme.svelte';
import { timesOf } from './lib/time';
import { toasts } from './parts/toasts.svelte';
import type { Command, Go, Home, LastLooked, Page, Pulse, Told, View } from './types';

/** In the order of the navigation. */
export const PAGES: Page[] = ['watch', 'checks', 'issues', 'log', 'report', 'settings'];
/** Where a person can be: on a page of the session, or before there is one. */
export type Room = Page | 'welcome' | 'setup';

/** A program that was silent is asked again after this, so that calls do not pile up. */
const ASKS_AGAIN_MS = 30_000;

class App {
  home = $state.raw<Home | null>(null);
  view = $state.raw<View | null>(null);
  page = $state<Room>('welcome');
  /** The incident that was asked for, by a notification or a mark on the strip. */
  incident = $state<number | null>(null);
  /** The check that was asked for. */
  check = $state<string | null>(null);
  /** How often the program itself led to a page: the tray's pause is to be found also by somebody who is there already. */
  led = $state(0);
  /** What kept the window from starting. */
  broken = $state.raw<Failure | null>(null);
  /** Why the session that is to be shown could not be. */
  unseen = $state.raw<Failure | null>(null);
  /** Since when the program has said nothing although it should have, in ms of its own UTC. */
  silentSince = $state<number | null>(null);
  lastLooked = $state.raw<LastLooked | null>(null);
  /** The program is to end while a watch stands. */
  askedToQuit = $state(false);
  /** Watch time now, in ms; counted on between pulses. */
  watch = $state(0);

  // One from another, so that a pulse which brings no line to the log changes nothing that was reckoned from it.
  #started = $derived(this.view?.started ?? '');
  #log = $derived(this.view?.log ?? []);
  #pace = $derived(this.view?.opening.pace ?? { speed: 1, utc_follows: true });
  #known = $derived(knownOf(this.#started, this.#log));
  /** By how much UTC has gone ahead since the last line of the log, in whole seconds. */
  #late = $derived.by(() => {
    const [now, last] = [this.view?.now, this.#known.at(-1)];
    if (!now || !last) return 0;
    const by = ahead(last, { utc: Date.parse(now.utc), watch: now.watch }, this.#pace);
    return Math.round(by / 1000) * 1000;
  });

  /** How times of the session are told. */
  times = $derived(timesOf(this.view?.opening.plan.length ?? 0));

  #before: Still | null = null;
  /** The view without what a pulse changes: whoever makes long lists of it makes them anew only when they changed. */
  still = $derived.by(() => (this.#before = this.view && still(this.view, this.#before)));

  #arrived = 0;
  /** The session whose view was really shown last. */
  #shown: string | null = null;
  #listening = false;
  /** The program is being asked whether it is still there; not again before this, in ms of `performance.now()`. */
  #asksAfter = 0;
  #fetching: Promise<void> | null = null;
  #again = false;

  /** Listens, and then fetches all there is: what is told in between must not be lost. */
  async start(): Promise<void> {
    let home: Home;
    try {
      await this.#listen();
      home = await ipc.home();
    } catch (thrown) {
      this.broken = asFailure(thrown);
      return;
    }
    this.broken = null;
    await this.attempt(() => this.#follow(home));
  }

  /** Counts the clock on; answers with what ends it. */
  tick(): () => void {
    const speed = this.view?.opening.pace.speed ?? 1;
    const timer = setInterval(() => this.#count(), speed > 1 ? 250 : 1000);
    return () => clearInterval(timer);
  }

  async refreshHome(): Promise<void> {
    await this.#follow(await ipc.home());
  }

  /** Fetches the view; calls while one is under way come to a single one after it. */
  async refreshView(): Promise<void> {
    if (this.#fetching) {
      this.#again = true;
      return this.#fetching;
    }
    this.#fetching = this.#fetchView();
    try {
      await this.#fetching;
    } finally {
      this.#fetching = null;
    }
  }

  /** Shows a page, and on it an incident or a check. */
  go(page: Room, at: { incident?: number | null; check?: string | null } = {}): void {
    this.incident = at.incident ?? null;
    this.check = at.check ?? null;
    this.page = page;
  }

  /** Carries out what a person asked of `session`; tells what went wrong in a toast. Answers whether it was done. */
  async carryOut(session: string, command: Command): Promise<boolean> {
    const done = await this.attempt(async () => {
      await ipc.carryOut(session, command);
      return true;
    });
    if (done) await this.attempt(() => this.refreshView());
    return done ?? false;
  }

  /** Runs what may fail, and tells of the failure. */
  async attempt<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (thrown) {
      toasts.failed(asFailure(thrown));
      return undefined;
    }
  }

  /** Everything up to here has been read. */
  async markRead(): Promise<void> {
    const view = this.view;
    if (!view) return;
    const seq = view.head.seq;
    const session = view.opening.session;
    await this.attempt(async () => {
      await ipc.looked(session, seq);
      // Another session has a mark of its own.
      if (this.view?.opening.session === session) this.lastLooked = { seq, utc: view.now.utc };
    });
  }

  /** UTC in ms since 1970 of the watch time `at`. */
  utcOf(at: number): number {
    return utcOf(at, this.#known, this.#late, this.#pace);
  }

  /** All or none: what is listened to twice would be told twice. */
  async #listen(): Promise<void> {
    if (this.#listening) return;
    const begun = await Promise.allSettled([
      ipc.listen<Pulse>('pulse', (pulse) => this.#pulse(pulse)),
      ipc.listen<Told>('told', (told) => toasts.told(told)),
      ipc.listen<Go>('go', ({ page, incident }) => {
        this.go(page, { incident });
        this.led += 1;
      }),
      ipc.listen<null>('asked_to_quit', () => (this.askedToQuit = true)),
      ipc.listen<null>('changed', () => void this.attempt(() => this.refreshHome())),
    ]);
    const failed = begun.find((it) => it.status === 'rejected');
    if (failed) {
      for (const it of begun) if (it.status === 'fulfilled') it.value();
      throw failed.reason;
    }
    this.#listening = true;
    // Nothing is told while nobody looks.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.attempt(() => this.refreshHome());
    });
  }

  /** Takes over the home page, and shows the session that it says. */
  async #follow(home: Home): Promise<void> {
    this.home = home;
    language.choose(home.settings.language);
    theme.choose(home.settings.theme);
    if (home.showing !== this.#shown) this.lastLooked = null;
    if (home.showing === null) return this.#showNone();
    try {
      // Also when it is the same session: it may have been stopped or resumed.
      await this.refreshView();
    } catch (thrown) {
      // What is shown already stays; another session's view must not stand for it.
      if (this.view?.opening.session === home.showing) throw thrown;
      this.#showNone();
      this.unseen = asFailure(thrown);
      return;
    }
    if (home.showing === this.#shown) return;
    this.#shown = home.showing;
    // Without it the page only lacks what is new.
    this.lastLooked = (await this.attempt(() => ipc.lastLooked())) ?? null;
    if (this.page === 'welcome' || this.page === 'setup') this.page = 'watch';
  }

  #showNone(): void {
    this.view = null;
    this.#shown = null;
    this.unseen = null;
    this.silentSince = null;
    if (this.page !== 'setup' && this.page !== 'settings') this.page = 'welcome';
  }

  #count(): void {
    const view = this.view;
    if (!view) return;
    this.#doubt(view);
    // Where nothing is known any more, no clock pretends to know.
    if (this.silentSince !== null) return;
    const told = { moment: view.now, arrived: this.#arrived };
    this.watch = watchAt(told, view.opening.pace, view.stage, performance.now());
  }

  /** Asks a program that should have told something by now whether it is still there. */
  #doubt(view: View): void {
    const at = performance.now();
    const { rules, pace } = view.opening;
    const longest = patience(rules.every, pace);
    // Nothing is told of a watch that does not go on, nor to a window that nobody sees.
    if (!ticks(view.stage) || document.hidden) return;
    if (at - this.#arrived < longest || at < this.#asksAfter) return;
    this.#asksAfter = at + Math.max(longest, ASKS_AGAIN_MS);
    this.refreshView().catch(() => {
      const still = this.view;
      // A pulse may have come meanwhile, or another session.
      const heard = performance.now() - this.#arrived < longest;
      if (still && !heard && still.opening.session === view.opening.session) {
        this.silentSince = Date.parse(still.now.utc);
      }
    });
  }

  #take(view: View): void {
    this.view = view;
    this.unseen = null;
    this.silentSince = null;
    this.#asksAfter = 0;
    this.#arrived = performance.now();
    // Never back by the little that the clock here ran ahead, unless it was more than that.
    const ahead = this.watch - view.now.watch;
    const speed = Math.max(view.opening.pace.speed, 1);
    if (!ticks(view.stage) || ahead < 0 || ahead > 2000 * speed) this.watch = view.now.watch;
  }

  async #fetchView(): Promise<void> {
    do {
      this.#again = false;
      try {
        const fresh = await ipc.view();
        const old = this.view;
        this.#take(old?.opening.session === fresh.opening.session ? keep(old, fresh) : fresh);
      } catch (thrown) {
        // Whoever asked meanwhile is answered by a call of their own.
        if (!this.#again) throw thrown;
      }
    } while (this.#again);
  }

  #pulse(pulse: Pulse): void {
    const view = this.view;
    if (!view || pulse.session !== view.opening.session) return;
    this.#take(withGlance(view, pulse.glance, pulse.readings));
    const found = pulse.readiness_at !== (view.readiness?.at ?? null);
    if (pulse.seq > view.head.seq || found) void this.attempt(() => this.refreshView());
  }
}

export const app = new App();
