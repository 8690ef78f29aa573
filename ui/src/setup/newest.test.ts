import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Newest } from './newest';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Answers after as many ms as are asked for; an odd number fails. */
function listening() {
  const heard: string[] = [];
  const run = (ms: number) =>
    new Promise<number>((good, bad) => setTimeout(() => (ms % 2 ? bad(ms) : good(ms)), ms));
  const newest = new Newest(
    run,
    { take: (n) => heard.push(`good ${n}`), failed: (n) => heard.push(`bad ${String(n)}`) },
    400,
  );
  return { newest, heard };
}

test('asks once, after the pause', async () => {
  const { newest, heard } = listening();
  for (const ms of [10, 20, 30]) {
    newest.ask(ms);
    await vi.advanceTimersByTimeAsync(399);
  }
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  expect(heard).toEqual(['good 30']);
});

test('an older answer that comes later is not taken, nor an older failure', async () => {
  const { newest, heard } = listening();
  newest.ask(5000, 0);
  await vi.advanceTimersByTimeAsync(1);
  newest.ask(301, 0);
  await vi.advanceTimersByTimeAsync(1);
  newest.ask(10, 0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard).toEqual(['good 10']);
});

test('a failure of the newest is told', async () => {
  const { newest, heard } = listening();
  newest.ask(11, 0);
  await vi.advanceTimersByTimeAsync(50);
  expect(heard).toEqual(['bad 11']);
});

test('nothing is taken after the stop', async () => {
  const { newest, heard } = listening();
  newest.ask(10, 0);
  await vi.advanceTimersByTimeAsync(1);
  newest.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(heard).toEqual([]);
});
