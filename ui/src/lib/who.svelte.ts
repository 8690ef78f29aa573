// The name that a person signs with: the one used last, else the one of the settings, else the session's owner.
import { app } from '../state.svelte';

class Who {
  #used = $state<string | null>(null);

  get name(): string {
    return this.#used ?? (app.home?.settings.owner || app.view?.opening.owner || '');
  }

  /** Remembers `name` until the window closes. */
  use(name: string): void {
    this.#used = name;
  }
}

export const who = new Who();
