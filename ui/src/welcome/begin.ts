// What leads from here to a session that is shown.
import { app } from '../state.svelte';

/** Runs what shows a session, and goes to it. Answers whether it was done; what went wrong is told. */
export async function show(run: () => Promise<unknown>): Promise<boolean> {
  const done = await app.attempt(async () => {
    await run();
    await app.refreshHome();
    return true;
  });
  if (done) app.go('watch');
  return done === true;
}
