// The way of a typed password into the keychain. It stands in its field alone, until it is kept.
import { asFailure, type Failure } from '../ipc';

export class Keeping {
  /** Something stands in the field. */
  typed = $state(false);
  running = $state.raw<Promise<boolean> | null>(null);
  failure = $state.raw<Failure | null>(null);

  /** Answers whether the keychain has what was typed; what it refused stays in the field. */
  async keep(field: { value: string }, remember: (password: string) => Promise<void>): Promise<boolean> {
    // What else runs answers for itself alone.
    while (this.running) await this.running;
    if (field.value === '') return true;
    return this.run(async () => {
      await remember(field.value);
      field.value = '';
      this.typed = false;
    });
  }

  /** One at a time: whoever comes while one runs gets the answer of that one. */
  run(what: () => Promise<void>): Promise<boolean> {
    if (this.running) return this.running;
    this.failure = null;
    const running = what()
      .then(
        () => true,
        (thrown: unknown) => {
          this.failure = asFailure(thrown);
          return false;
        },
      )
      .finally(() => (this.running = null));
    this.running = running;
    return running;
  }
}
