// The program's own settings, changed one at a time.
import * as ipc from '../ipc';
import { app } from '../state.svelte';
import type { AppSettings } from '../types';

/** Answers whether it was done. The home page has the settings anew; what could not be is told, and shown as it is. */
export async function save(change: Partial<AppSettings>): Promise<boolean> {
  const now = app.home?.settings;
  if (!now) return false;
  const done = await app.attempt(async () => {
    await ipc.setSettings({ ...now, ...change });
    return true;
  });
  await app.attempt(() => app.refreshHome());
  return done === true;
}
