// The series behind the charts, fetched for the stretch that is shown: soon when that moves, now and then as time goes on.
import * as ipc from '../../ipc';
import type { Series, SeriesName } from '../../types';
import type { Stretch } from '../strip/zoom';
import { SERIES_OF } from './current';

/** A tile is about as many pixels wide. */
const BUCKETS = 160;
const AGAIN_MS = 10_000;
const NAMES = Object.values(SERIES_OF);

export class Courses {
  all = $state.raw<Partial<Record<SeriesName, Series>>>({});
  /** What is shown is not yet what was asked for. */
  waiting = $state(false);
  /** The last time they could not be read: what is shown is older. */
  failed = $state(false);
  #stopped = false;
  #wanted: Stretch = { from: 0, to: 1 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = Infinity;
  #busy = false;
  #asked = false;

  /** Fetches within `ms`, or earlier when somebody else asked for it earlier; at once where there is nothing yet. */
  want(stretch: Stretch, ms: number): void {
    if (stretch.from !== this.#wanted.from || stretch.to !== this.#wanted.to) this.waiting = true;
    this.#wanted = stretch;
    const within = this.#asked ? ms : 0;
    const at = performance.now() + within;
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => void this.#fetch(), within);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #fetch(): Promise<void> {
    this.#at = Infinity;
    if (this.#busy) return this.want(this.#wanted, 200);
    this.#busy = true;
    this.#asked = true;
    const from = Math.floor(this.#wanted.from);
    const to = Math.ceil(this.#wanted.to);
    try {
      const all = await ipc.series({ names: NAMES, from, to, buckets: BUCKETS });
      this.all = Object.fromEntries(all.map((s) => [s.name, s]));
      this.failed = false;
    } catch {
      // The charts stay as they are and say so.
      this.failed = true;
    } finally {
      this.#busy = false;
      // Moved on meanwhile: another one is on its way.
      this.waiting = Number.isFinite(this.#at);
    }
    // Nothing else may ask again where nothing is told any more.
    if (this.failed && !this.#stopped) this.want(this.#wanted, AGAIN_MS);
  }
}
