// Which stretch of the watch is looked at. The strip and the charts share it.
import { atX } from './strip/place';
import { around, follow, isWhole, length, pan, within, zoom, type Stretch } from './strip/zoom';

export class Viewport {
  whole = $state.raw<Stretch>({ from: 0, to: 1 });
  #own = $state.raw<Stretch | null>(null);
  #now = $state(0);
  following = $state(true);

  /** What is shown: everything, unless somebody zoomed. */
  shown: Stretch = $derived.by(() => {
    if (this.#own === null) return this.whole;
    return this.following ? follow(this.#own, this.#now, this.whole) : within(this.#own, this.whole);
  });
  all = $derived(isWhole(this.shown, this.whole));

  /** Time goes on. A step that would not move anything by a pixel moves nothing. */
  now(at: number, length: number): void {
    const to = Math.max(length, at);
    if (this.whole.to < to || this.whole.to > to * 1.5) this.whole = { from: 0, to };
    const pixel = (this.shown.to - this.shown.from) / 1000;
    if (Math.abs(at - this.#now) >= pixel) this.#now = at;
  }

  /** Nearer (below 1) or farther, around an instant; without one around now while it is followed, else the middle. */
  zoom(factor: number, at?: number): void {
    const { from, to } = this.shown;
    const around = at ?? (this.following ? Math.min(this.#now, to) : (from + to) / 2);
    if (at !== undefined && Math.abs(at - this.#now) > (to - from) * 0.1) this.following = false;
    this.#set(zoom(this.shown, factor, around, this.whole));
  }

  pan(share: number): void {
    if (this.all) return;
    const before = this.shown;
    this.following = false;
    this.#set(pan(before, share, this.whole));
  }

  /** Shows an instant, if it is not shown already. */
  reveal(at: number): void {
    const { from, to } = this.shown;
    if (at >= from && at <= to) return;
    this.following = false;
    const half = (to - from) / 2;
    this.#set(within({ from: at - half, to: at + half }, this.whole));
  }

  /** Shows what lies from `from` to `to`, with a little on either side. Answers whether that is nearer than before. */
  open(from: number, to: number): boolean {
    const s = around({ from, to }, this.whole);
    if (length(s) > length(this.shown) * 0.9) return false;
    this.following = false;
    this.#set(s);
    return true;
  }

  follow(): void {
    this.following = true;
  }

  reset(): void {
    this.#own = null;
    this.following = true;
  }

  at(x: number, width: number): number {
    return atX(x, this.shown, width);
  }

  #set(s: Stretch): void {
    if (isWhole(s, this.whole)) this.reset();
    else this.#own = s;
  }
}
