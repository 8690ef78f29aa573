// The program's own settings, changed one at a time.
import * as ipc from '../ipc';
import { app } from '../state.svelte';
import type { AppSettings } from '../types';

/** What was sent last, while what the home page says of it may still be older. */
let sent: AppSettings | null = null;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** Answers whether it was done. The home page has the settings anew; what could not be is told, and shown as it is. */
export function save(change: Partial<AppSettings>): Promise<boolean> {
  // One after the other: each carries all settings, and must not bring back what the one before it changed.
  waiting += 1;
  const mine = last.then(() => send(change));
  last = mine;
  return mine;
}

async function send(change: Partial<AppSettings>): Promise<boolean> {
  const now = sent ?? app.home?.settings;
  const done =
    now &&
    (await app.attempt(async () => {
      const settings = { ...now, ...change };
      await ipc.setSettings(settings);
      sent = settings;
      return true;
    }));
  const fresh = await app.attempt(async () => {
    await app.refreshHome();
    return true;
  });
  waiting -= 1;
  // From here on the home page knows better.
  if (waiting === 0 && fresh) sent = null;
  return done === true;
}
