// Asks again while somebody types: after a pause, and of several answers only the newest counts.

interface Ears<Out> {
  take: (answer: Out) => void;
  failed: (thrown: unknown) => void;
}

export class Newest<In, Out> {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(
    private readonly run: (input: In) => Promise<Out>,
    private readonly ears: Ears<Out>,
    private readonly pause: number,
  ) {}

  /** What was asked before and is not answered yet is forgotten. */
  ask(input: In, pause = this.pause): void {
    this.stop();
    const turn = this.#turn;
    this.#timer = setTimeout(() => void this.#ask(input, turn), pause);
  }

  /** Forgets what was asked. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn++;
  }

  async #ask(input: In, turn: number): Promise<void> {
    try {
      const answer = await this.run(input);
      if (turn === this.#turn) this.ears.take(answer);
    } catch (thrown) {
      if (turn === this.#turn) this.ears.failed(thrown);
    }
  }
}
