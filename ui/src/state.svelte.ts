// What the window knows: the home page, the session that is shown, and where the person is.
import * as ipc from './ipc';
import { asFailure, type Failure } from './ipc';
import { language } from './i18n/language.svelte';
import { ticks, utcOf, watchAt } from './lib/clock';
import { keep, withGlance } from './lib/merge';
import { theme } from './lib/theme.svelte';
import { toasts } from './parts/toasts.svelte';
import type { Command, Go, Home, LastLooked, Page, Pulse, Told, View } from './types';

/** In the order of the navigation. */
export const PAGES: Page[] = ['watch', 'checks', 'issues', 'log', 'report', 'settings'];
/** Where a person can be: on a page of the session, or before there is one. */
export type Room = Page | 'welcome' | 'setup';

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
  lastLooked = $state.raw<LastLooked | null>(null);
  /** The program is to end while a watch stands. */
  askedToQuit = $state(false);
  /** Watch time now, in ms; counted on between pulses. */
  watch = $state(0);

  #arrived = 0;
  #fetching: Promise<void> | null = null;
  #again = false;

  /** Listens, and then fetches all there is: what is told in between must not be lost. */
  async start(): Promise<void> {
    try {
      await Promise.all([
        ipc.listen<Pulse>('pulse', (pulse) => this.#pulse(pulse)),
        ipc.listen<Told>('told', (told) => toasts.told(told)),
        ipc.listen<Go>('go', ({ page, incident }) => {
          this.go(page, { incident });
          this.led += 1;
        }),
        ipc.listen<null>('asked_to_quit', () => (this.askedToQuit = true)),
        ipc.listen<null>('changed', () => void this.attempt(() => this.refreshHome())),
      ]);
      // Nothing is told while nobody looks.
      document.addEventListener('visibilitychange', () => {
        if (!document.hidden) void this.attempt(() => this.refreshHome());
      });
      await this.refreshHome();
    } catch (thrown) {
      this.broken = asFailure(thrown);
    }
  }

  /** Counts the clock on; answers with what ends it. */
  tick(): () => void {
    const speed = this.view?.opening.pace.speed ?? 1;
    const timer = setInterval(() => this.#count(), speed > 1 ? 250 : 1000);
    return () => clearInterval(timer);
  }

  async refreshHome(): Promise<void> {
    const home = await ipc.home();
    const before = this.home?.showing ?? null;
    this.home = home;
    language.choose(home.settings.language);
    theme.choose(home.settings.theme);
    if (home.showing !== before) this.lastLooked = null;
    if (home.showing === null) {
      this.view = null;
      if (this.page !== 'setup' && this.page !== 'settings') this.page = 'welcome';
      return;
    }
    // Also when it is the same session: it may have been stopped or resumed.
    await this.refreshView();
    if (home.showing === before) return;
    this.lastLooked = await ipc.lastLooked();
    if (this.page === 'welcome' || this.page === 'setup') this.page = 'watch';
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

  /** Carries out a person's request; tells what went wrong in a toast. Answers whether it was done. */
  async carryOut(command: Command): Promise<boolean> {
    const done = await this.attempt(async () => {
      await ipc.carryOut(command);
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
    await this.attempt(async () => {
      await ipc.looked(seq);
      this.lastLooked = { seq, utc: view.now.utc };
    });
  }

  /** UTC in ms since 1970 of the watch time `at`. */
  utcOf(at: number): number {
    return this.view ? utcOf(at, this.view.now, this.view.opening.pace) : 0;
  }

  #count(): void {
    const view = this.view;
    if (!view) return;
    const told = { moment: view.now, arrived: this.#arrived };
    this.watch = watchAt(told, view.opening.pace, view.stage, performance.now());
  }

  #take(view: View): void {
    this.view = view;
    this.#arrived = performance.now();
    // Never back by the little that the clock here ran ahead, unless it was more than that.
    const ahead = this.watch - view.now.watch;
    const speed = Math.max(view.opening.pace.speed, 1);
    if (!ticks(view.stage) || ahead < 0 || ahead > 2000 * speed) this.watch = view.now.watch;
  }

  async #fetchView(): Promise<void> {
    do {
      this.#again = false;
      const fresh = await ipc.view();
      const old = this.view;
      this.#take(old?.opening.session === fresh.opening.session ? keep(old, fresh) : fresh);
    } while (this.#again);
  }

  #pulse(pulse: Pulse): void {
    const view = this.view;
    if (!view || pulse.session !== view.opening.session) return;
    this.#take(withGlance(view, pulse.glance, pulse.readings));
    if (pulse.seq > view.head.seq) void this.attempt(() => this.refreshView());
  }
}

export const app = new App();
