// What a person writes into the journal, under their name: a deed that was asked for, or a note.
import { untrack } from 'svelte';
import * as ipc from '../ipc';
import { asFailure, type Failure } from '../ipc';
import { toasts } from '../parts/toasts.svelte';
import { app } from '../state.svelte';
import type { Command } from '../types';
import { who } from './who.svelte';

export class Writing {
  words = $state('');
  by = $state(who.name);
  busy = $state(false);
  failed = $state.raw<Failure | null>(null);
  /** Somebody wanted to write it: what is missing is said from then on. */
  tried = $state(false);

  // The session that was looked at when this was begun; what is written is never written into another one.
  #session = untrack(() => app.view?.opening.session ?? '');

  get noWords(): boolean {
    return this.tried && this.words.trim() === '';
  }
  get noName(): boolean {
    return this.tried && this.by.trim() === '';
  }

  /**
   * Writes it, unless something is missing, and says so. Words are missing where `worded`. What could not be written stays as it
   * was typed, to be mended.
   */
  async write(
    command: (by: string, words: string) => Command,
    said: string,
    worded = true,
  ): Promise<boolean> {
    if (this.busy) return false;
    this.tried = true;
    if ((worded && this.noWords) || this.noName) return false;
    const [by, words] = [this.by.trim(), this.words.trim()];
    this.busy = true;
    this.failed = null;
    try {
      await ipc.carryOut(this.#session, command(by, words));
    } catch (thrown) {
      this.failed = asFailure(thrown);
      this.busy = false;
      return false;
    }
    // Before anything is waited for: what is typed from now on is the next one.
    this.words = '';
    this.tried = false;
    who.use(by);
    await app.attempt(() => app.refreshView());
    this.busy = false;
    toasts.done(said);
    return true;
  }
}
