// The places that are looked at: pages in their states, and what is done there before the picture is taken.
import { dockerPlaces, resume } from './docker_places.mjs';

/** The charts and the report have come, and all of it has been painted. (A check under way keeps its button busy.) */
export const settled = async (page) => {
  await page.waitForFunction(
    () => !document.querySelector('.tiles[aria-busy="true"], article[aria-busy="true"]'),
  );
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
};

/** Opens the first of the page's questions. */
const ask = (words) => async (page) => {
  await page.getByRole('button', { name: words }).first().click();
  await page.waitForSelector('dialog[open]');
};
/** Goes to the last incident on the line of time, and near. */
const near = async (page) => {
  await page.locator('[data-mark^="incident"]').last().focus();
  for (const key of ['+', '+', '+', '+']) await page.keyboard.press(key);
};

const both = (first, then) => async (page) => {
  await first(page);
  await then(page);
};
/** Begins a set-up, and wants to finish it at once. */
const fresh = async (page) => {
  await page.getByRole('button', { name: 'Set up a deployment' }).click();
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.waitForSelector('[aria-invalid="true"]');
};
/** Goes to a tab, by its place or by its name, and waits for what it shows. */
const tab = (which, shown) => async (page) => {
  const one =
    typeof which === 'number' ? page.getByRole('tab').nth(which) : page.getByRole('tab', { name: which });
  await one.click();
  await page.waitForSelector(`[role=tabpanel] ${shown}:visible`);
};
/** Approves against the verdict, and stands before the last question. */
const sign = async (page) => {
  await page.getByRole('radio', { name: 'Approve' }).check();
  await page.locator('form textarea').fill('The crash was a known one; the fix is in 1.15.2.');
  await ask('Sign off…')(page);
};
/** The settings without a session, after an alarm that did not come. */
const alone = async (page) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Test alarm' }).click();
  await page.waitForSelector('#page [role=alert] b');
};
const refused = async (page) => {
  const field = page.getByRole('textbox', { name: 'Coverage needed (%)' });
  await field.fill('150');
  await field.press('Enter');
  await page.waitForSelector('[aria-invalid="true"]');
};

/** Goes to the first line that waits for a person, and answers it. */
const owed = async (page) => {
  await page.getByRole('button', { name: 'Look at them' }).click();
  await ask('Wrong: Git tag exists')(page);
};
/** Opens the logs that were stored, and searches in them. */
const evidence = async (page) => {
  await page.getByRole('button', { name: 'Show: Container logs' }).click();
  await page.getByPlaceholder('Search').fill('error');
  await page.waitForSelector('.viewer .current');
};

/** The plan, of the deployment at this place in the list. */
const plan = (nth) => async (page) => {
  await tab(2, '.preview')(page);
  await page.locator('[role=tabpanel] select').selectOption({ index: nth });
  await page.waitForSelector('.preview');
};
const editPlan = async (page) => {
  await page.locator('.head .acts .primary').click();
  await page.waitForSelector('.editor textarea');
};
/** Types a key that is not known; Tab leaves the field all the same. */
const faultyPlan = async (page) => {
  await editPlan(page);
  const field = page.locator('.editor textarea');
  await field.fill((await field.inputValue()).replace('title =', 'titel ='));
  await page.waitForSelector('.said.wrong');
  await page.keyboard.press('Tab');
  if (await field.evaluate((e) => e === document.activeElement)) throw new Error('Tab stays in the editor');
};
/** Another program changes the plan while somebody writes. */
const overtaken = async (page) => {
  await editPlan(page);
  const field = page.locator('.editor textarea');
  await field.fill(`${await field.inputValue()}# mine\n`);
  await tell('plan_changed')(page);
  await page.locator('.left .acts .primary').click();
  await page.waitForSelector('.changed');
};
/** What was written is there again after somebody was elsewhere. */
const planLeft = async (page) => {
  await editPlan(page);
  const field = page.locator('.editor textarea');
  await field.fill(`${await field.inputValue()}# mine\n`);
  await page.locator('nav [data-page=watch]').click();
  await page.waitForSelector('.tiles');
  await page.locator('nav [data-page=settings]').click();
  await tab(2, '.editor')(page);
  if (!(await field.inputValue()).endsWith('# mine\n')) throw new Error('the draft is gone');
};

/** What the program tells the window by itself. */
const tell = (event, detail) => (page) =>
  page.evaluate(
    ([e, d]) => document.dispatchEvent(new CustomEvent(`recorded:${e}`, { detail: d })),
    [event, detail],
  );
/** Three messages at once, over a page with a form. */
const told = async (page) => {
  for (const [incident, urgency, title, body] of [
    [
      3,
      'critical',
      'Critical: Container crashes/restarts',
      'Restart the container by 20:47:32 UTC. '.repeat(4),
    ],
    [5, 'normal', 'Log errors accumulating', '12 errors in the log within 30 min, 1 new pattern'],
    [null, 'low', 'Hour 2 was missed', 'PC asleep'],
  ])
    await tell('told', { session: '', incident, urgency, title, body })(page);
  await page.waitForFunction(() => document.querySelectorAll('.toast').length === 3);
};
/** What the program knows in English only, behind Greek words, over a page that goes on below it. */
const toldWhy = async (page) => {
  await tell('told', {
    session: '',
    incident: null,
    urgency: 'normal',
    title: 'Ο κωδικός ίσως δεν είναι στην κλειδοθήκη',
    body:
      'Η εγκατάσταση nas αποθηκεύτηκε, αλλά όχι ο κωδικός της. Ξεκλειδώστε την κλειδοθήκη, ανοίξτε τη ρύθμιση της ' +
      'nas και γράψτε ξανά τον κωδικό, αν λείπει.\nΑιτία (στα αγγλικά): the keychain did not answer within 20 s: ' +
      'org.freedesktop.secrets: The name is not activatable',
  })(page);
  await page.waitForSelector('.toast p[lang=en]');
  // Beside the message the page is as it always is.
  const { height } = page.viewportSize();
  const under = await page.evaluate(
    (y) => document.elementFromPoint(40, y)?.closest('main') !== null,
    height - 60,
  );
  if (!under) throw new Error('the page beside the message cannot be clicked');
};
/** The tray's pause, while the settings show something else. */
const pause = async (page) => {
  await tell('go', { page: 'settings', incident: null })(page);
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('Pause the watch'));
};
/** All of a note that was cut. */
const note = async (page) => {
  const more = page.locator('.clamped button').first();
  await more.click();
  await page.waitForSelector('.clamped button[aria-expanded="true"]');
};

/** Asks to record a step, begins to write, and then the container recovers: what was typed must stay. */
const recovered = async (page) => {
  await page.locator('.clock.now button').last().click();
  await page.locator('dialog textarea').fill('docker restart sms-app');
  await tell('become', 'day')(page);
  await page.waitForSelector('.alarm', { state: 'detached' });
  await page.waitForFunction(
    () => document.querySelector('dialog[open] textarea')?.value === 'docker restart sms-app',
  );
};
/** Answers the first line that waits for a person. */
const tick = (nth) => async (page) => {
  await page.locator('article li.owed .answers button').nth(nth).click();
  await page.waitForSelector('dialog[open]');
};
const hour0 = async (page) => {
  await page.locator('nav.num button').first().click();
  await page.waitForSelector('article li.owed');
};
/** Wants to write it with nothing in it. */
const empty = async (page) => {
  await page.locator('dialog button[type=submit]').click();
  await page.waitForSelector('dialog [aria-invalid]');
};
/** All there is about the first incident. */
const openFirst = async (page) => {
  await page.locator('li h3 button[aria-expanded]').first().click();
  await page.waitForSelector('li.open ol');
};
/** Reads how to roll back, and takes a command along. */
const rollBack = async (page) => {
  await page.locator('.clock button').nth(3).click();
  await page.waitForSelector('dialog[open] pre');
  await page.locator('dialog pre + div button').first().click();
  await page.waitForSelector('dialog [role=status]:not(:empty)');
};
/** Opens what is asked about an act, by its button. */
const act = (words) => async (page) => {
  await page.getByRole('button', { name: words }).first().click();
  await page.waitForSelector('dialog[open]');
};
/** Reads the plan to its end, accepts the risk and says why; only then can it be ordered. */
const rollBackRisk = async (page) => {
  await act(/^(Roll back…|Επαναφορά…)$/)(page);
  const go = page.locator('dialog button[type=submit]');
  await page.locator('dialog textarea').fill('It crashes at each start.');
  if (await go.isEnabled()) throw new Error('it can be ordered before the risk is accepted');
  await page.locator('dialog input[type=checkbox]').scrollIntoViewIfNeeded();
};
const rollBackAccepted = async (page) => {
  await rollBackRisk(page);
  await page.locator('dialog input[type=checkbox]').check();
  if (!(await page.locator('dialog button[type=submit]').isEnabled()))
    throw new Error('it cannot be ordered');
};
/** The order is given: the dialog goes, and what is done stands at the top of the page. */
const rollBackOrdered = async (page) => {
  await rollBackAccepted(page);
  await page.locator('dialog button[type=submit]').click();
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.waitForSelector('#acting');
};
/** The plan changes while it is read: it is not ordered before the new one was looked at, and the risk accepted anew. */
const rollBackChanged = async (page) => {
  await rollBackAccepted(page);
  await tell('become', 'changed')(page);
  await page.waitForSelector('dialog .changed');
  const go = page.locator('dialog button[type=submit]');
  if (await go.isEnabled()) throw new Error('a plan that is no more can be ordered');
  await page.locator('dialog .changed').scrollIntoViewIfNeeded();
};
const rollBackAnew = async (page) => {
  await rollBackChanged(page);
  await page.locator('dialog .changed button').click();
  await page.waitForSelector('dialog .changed', { state: 'detached' });
  if (!(await page.locator('dialog').textContent()).includes('7c0d11e94b02'))
    throw new Error('the old plan stays');
  if (await page.locator('dialog button[type=submit]').isEnabled())
    throw new Error('the risk is still accepted');
  if ((await page.locator('dialog textarea').inputValue()) === '') throw new Error('what was typed is gone');
};

/** Asks the Engine anew, and is told when it was asked. */
const dryRun = async (page) => {
  await act(/^(Roll back…|Επαναφορά…)$/)(page);
  const status = page.locator('dialog .dry [role=status]');
  const before = await status.textContent();
  await page.locator('dialog .dry button').click();
  await page.waitForFunction(
    (old) => document.querySelector('dialog .dry [role=status]')?.textContent !== old,
    before,
  );
  await page.waitForSelector('dialog .dry button:not([disabled])');
};
/** What a roll back needs, on the page itself. */
const readiness = async (page) => {
  await page.locator('.side details summary').first().click();
  await page.locator('.side details').first().scrollIntoViewIfNeeded();
};
/** What was done because of the incident that is open. */
const past = async (page) => {
  const summary = page.locator('li.open details summary').first();
  await summary.click();
  await summary.scrollIntoViewIfNeeded();
};

/** The steps of the incident that is open. */
const escalation = (page) =>
  page
    .locator('[id^=escalation-]')
    .first()
    .evaluate((e) => e.scrollIntoView());
/** The program hangs, and the window finds out. */
const hang = async (page) => {
  await tell('hang')(page);
  // It doubts after four readings' time, and gives up on the answer ten seconds later.
  await page.clock.runFor(125_000);
  await page.clock.runFor(12_000);
  await page.waitForSelector('.state .gap');
};
/** The charts were there, and cannot be read any more. */
const chartless = async (page) => page.waitForSelector('.tile .failed');
/** The part of the window that failed says so. */
const held = (page) => page.waitForSelector('.held');
/** A password that was typed and not sent: it is kept by the way, and nobody is told that it is missing. */
const kept = async (page) => {
  await page.locator('input[type=password]').fill('a password');
  await page.locator('.bar .primary').click();
  await page.waitForSelector('dialog[open]');
  await page.waitForFunction(() => document.querySelector('input[type=password]')?.value === '');
  await settled(page);
  if (await page.locator('dialog .warning').count()) throw new Error('the password is said to be missing');
};
/** The keychain is locked while somebody types a password: it stays, and why it is not kept is said at it. */
const locked = async (page) => {
  const field = page.locator('input[type=password]');
  await field.fill('a password');
  await tell('lock')(page);
  await page.locator('.ladder button').first().click();
  await page.waitForSelector('.ladder ol:not(.old)');
  await page.locator('.bar .primary').click();
  await page.waitForSelector('#page [role=alert]');
  if ((await field.inputValue()) !== 'a password') throw new Error('what was typed is gone');
  if (!(await field.evaluate((e) => e === document.activeElement))) throw new Error('nobody is led to it');
};
/** Wants to finish, and is asked about something. */
const finish = async (page) => {
  await page.locator('.bar .primary').click();
  await page.waitForSelector('dialog[open]');
};
/** Finishes although nobody has the password. */
const done = async (page) => {
  await finish(page);
  await page.locator('dialog .primary').click();
  await page.waitForSelector('dialog .warning');
};
/** Wants to finish with a file that cannot be used. */
const faulty = async (page) => {
  await page.locator('.bar .primary').click();
  await page.waitForSelector('[data-field=docker_certificates] [aria-invalid]');
};
/** Another version runs than the one to be watched. */
const other = (page) => page.locator('.other').scrollIntoViewIfNeeded();
/** Takes over the version that runs. */
const taken = async (page) => {
  await page.locator('.other button').click();
  await page.waitForSelector('.other', { state: 'detached' });
  await page.waitForSelector('.ladder ol:not(.old)');
};
/** Leaves out the account that no password can be kept for. */
const accountless = async (page) => {
  await page.locator('[data-field=password] button').last().click();
  await page.waitForSelector('[data-field=password] .row', { state: 'detached' });
  await page.waitForSelector('.ladder ol:not(.old)');
};
/** A password of nobody. */
const nameless = async (page) => {
  await resume(page);
  await page.locator('input[type=password]').fill('a password');
  await page.locator('[data-field=email] input').fill('');
  await ask('Finish')(page);
};
/** Looks at several checks that stand together, and opens them. */
const several = async (page) => {
  await page.locator('[data-mark^="check"] rect').nth(2).hover();
  await page.waitForSelector('.popover');
};
const opened = async (page) => {
  const first = page.locator('[data-mark^="check"]:has(rect)').nth(2);
  await first.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.tools .word');
  await page.waitForFunction(() => document.activeElement?.dataset.mark?.startsWith('check'));
};

/** How the window is looked at. Each language and each colour is among the first three; what is too wide depends on the
 * language, and what has too little contrast on the colours. */
const LOOKS = [
  { theme: 'light', lang: 'en' },
  { theme: 'dark', lang: 'el' },
  { theme: 'contrast', lang: 'en' },
];
const [ONCE] = LOOKS;
const GREEK = { theme: 'light', lang: 'el' };

/**
 * Name, address, how it is looked at, what is done before the picture, and what is special: `errors` are part of it, `clock`
 * is one that can be put forward, `last` tells what it waits for where there is no page to wait for.
 */
export const PLACES = [
  ['watch', 'state=day&page=watch', LOOKS],
  ['watch-critical', 'state=critical&page=watch', LOOKS],
  ['checks', 'state=day&page=checks', LOOKS],
  ['issues', 'state=critical&page=issues', LOOKS],
  ['log', 'state=day&page=log', LOOKS],
  ['report', 'state=day&page=report', LOOKS],
  ['settings', 'state=day&page=settings', LOOKS],
  ['welcome', 'state=idle', LOOKS],
  ['welcome-bare', 'state=idle&bare', LOOKS],
  ['set-up', 'state=idle&draft', LOOKS, resume],
  ['set-up-broken', 'state=idle&draft&way=bad&keyless', LOOKS, resume],
  ['report-text', 'state=day&page=report', LOOKS, tab(1, 'h2')],
  ['report-concluded', 'state=concluded&page=report', LOOKS],
  ['report-signed', 'state=signed_off&page=report', LOOKS],
  ['settings-deployment', 'state=day&page=settings', LOOKS, tab(1, 'details')],
  ['settings-plan', 'state=day&runs&page=settings', LOOKS, plan(0)],
  ['settings-plan-fault', 'state=day&page=settings', LOOKS, both(plan(0), faultyPlan)],
  ['settings-plan-own', 'state=day&page=settings', [ONCE], both(plan(1), editPlan)],
  ['settings-plan-changed', 'state=day&page=settings', [ONCE, GREEK], both(plan(1), overtaken)],
  ['settings-plan-left', 'state=day&page=settings', [ONCE], both(plan(0), planLeft)],
  [
    'settings-plan-back',
    'state=day&page=settings',
    [ONCE, GREEK],
    both(plan(1), ask(/^(Back to the built|Επιστροφή)/)),
  ],
  ['settings-plan-unreadable', 'state=day&unreadable&page=settings', [ONCE], tab(2, '.wrong')],
  ['set-up-fresh', 'state=idle&bare', [ONCE], fresh],
  ['set-up-discard', 'state=idle&draft', [ONCE], both(resume, ask('Discard'))],
  ['set-up-shaky', 'state=idle&draft&way=bad', [ONCE], both(resume, ask('Finish'))],
  ['set-up-done', 'state=idle&draft', [ONCE, GREEK], both(resume, done)],
  ['set-up-passwordless', 'state=idle&draft', [ONCE, GREEK], both(resume, finish)],
  ['set-up-keyless', 'state=idle&draft&keyless', LOOKS, both(resume, finish)],
  ['set-up-accountless', 'state=idle&draft&keyless', [ONCE], both(resume, accountless)],
  ['set-up-other', 'state=idle&draft&running=1.15.0', LOOKS, both(resume, other)],
  ['set-up-before', 'state=idle&draft&running=1.14.3', [ONCE, GREEK], both(resume, other)],
  ['set-up-taken', 'state=idle&draft&running=1.15.0', [ONCE], both(resume, taken)],
  ['set-up-files', 'state=idle&draft&way=files', [ONCE, GREEK], both(resume, faulty)],
  ['report-confirm', 'state=concluded&page=report', [ONCE], sign],
  ['settings-alone', 'state=idle&keyless&silent', [ONCE], alone],
  ['settings-pause', 'state=day&page=settings', [ONCE], ask('Pause the watch…')],
  ['settings-refused', 'state=day&page=settings', [ONCE], both(tab(1, 'details'), refused)],
  ['welcome-all', 'state=idle&draft&unreadable', [ONCE]],
  ['welcome-remove', 'state=idle', [ONCE], ask('Remove Staging')],
  ['watch-overdue', 'state=overdue&page=watch', [ONCE]],
  ['watch-gap', 'state=gap&page=watch', [ONCE]],
  ['watch-interrupted', 'state=interrupted&page=watch', [ONCE]],
  ['watch-concluded', 'state=concluded&page=watch', [ONCE]],
  ['watch-signed-off', 'state=signed_off&page=watch', [ONCE]],
  ['watch-fresh', 'state=fresh&page=watch', [ONCE]],
  ['watch-news', 'state=morning&page=watch&news', [ONCE]],
  ['watch-near', 'state=day&page=watch', [ONCE], near],
  ['watch-acknowledge', 'state=critical&page=watch', [ONCE], ask('Acknowledge…')],
  ['checks-busy', 'state=busy&page=checks', [ONCE]],
  ['checks-tick', 'state=day&page=checks', [ONCE], owed],
  ['issues-busy', 'state=busy&page=issues', [ONCE]],
  ['issues-suspected', 'state=suspected&page=issues', LOOKS],
  ['issues-dismiss', 'state=suspected&page=issues', [ONCE], ask('It was us…')],
  ['issues-announce', 'state=critical&page=issues', [ONCE], ask('Announce a planned restart…')],
  ['issues-evidence', 'state=critical&page=issues', [ONCE], evidence],
  ['log-busy', 'state=busy&page=log', [ONCE]],
  ['log-told', 'state=busy&page=log', [ONCE], tab('Notifications', 'p')],
  ['log-announced', 'state=busy&page=log', [ONCE], tab('Announcements', 'p')],
  ['log-patterns', 'state=busy&page=log', [ONCE], tab('Log patterns', 'p')],
  ['watch-told', 'state=critical&page=watch', [ONCE], told],
  ['watch-note', 'state=day&page=watch', [ONCE], note],
  ['watch-told-why', 'state=day&page=watch', [GREEK], toldWhy],
  ['report-told', 'state=concluded&page=report', [ONCE], told],
  ['log-told-now', 'state=day&page=log', [ONCE], told],
  ['settings-led', 'state=day&page=settings', [ONCE], both(tab(1, 'details'), pause)],
  ['watch-overdue-el', 'state=overdue&page=watch', [GREEK]],
  ['watch-gap-el', 'state=gap&page=watch', [GREEK]],
  ['long-watch', 'state=long&page=watch', [ONCE]],
  ['long-watch-el', 'state=long&page=watch', [GREEK]],
  ['long-checks', 'state=long&page=checks', [GREEK]],
  ['long-issues', 'state=long&page=issues', [ONCE]],
  ['long-log', 'state=long&page=log', [GREEK]],
  ['long-patterns', 'state=long&page=log', [ONCE], tab('Log patterns', 'p')],
  ['long-report', 'state=long&page=report', [GREEK]],
  ['long-settings', 'state=long&long&page=settings', [GREEK], tab(1, 'details')],
  ['long-welcome', 'state=idle&long', [ONCE]],
  ['watch-recovered', 'state=critical&page=watch', LOOKS, recovered],
  ['checks-tick-good', 'state=day&page=checks', LOOKS, both(hour0, tick(0))],
  ['checks-tick-wrong', 'state=day&page=checks', LOOKS, both(hour0, both(tick(1), empty))],
  ['watch-ended', 'state=ended&page=watch', LOOKS],
  ['watch-cut', 'state=cut&page=watch', LOOKS],
  ['watch-chartless', 'state=day&page=watch&chartless', LOOKS, chartless],
  ['watch-silent', 'state=critical&page=watch', LOOKS, hang, { clock: true }],
  ['watch-odd', 'state=odd&page=watch', LOOKS, held, { errors: true }],
  ['issues-odd', 'state=odder&page=issues', LOOKS, held, { errors: true }],
  ['dead', 'state=day&dead', LOOKS, undefined, { last: 'main [role=alert]' }],
  ['set-up-kept', 'state=idle&draft', [ONCE, GREEK], both(resume, kept)],
  ['set-up-locked', 'state=idle&draft', [ONCE, GREEK], both(resume, locked)],
  ['set-up-done-keyless', 'state=idle&draft&keyless', [ONCE, GREEK], both(resume, done)],
  ['set-up-nameless', 'state=idle&draft', [ONCE], nameless],
  ['watch-week', 'state=week&page=watch', [ONCE, GREEK]],
  ['checks-week', 'state=week&page=checks', [ONCE, GREEK]],
  ['issues-week', 'state=week&page=issues', [ONCE], openFirst],
  ['watch-crowded', 'state=crowded&page=watch', [ONCE], several],
  ['watch-short', 'state=short&page=watch', [ONCE], opened],
  ['watch-roll-back', 'state=critical&page=watch', LOOKS, rollBack],
  ['issues-roll-back', 'state=overdue&page=issues', [ONCE, GREEK], escalation],
  ['watch-record', 'state=critical&page=watch', [ONCE], ask('Record as done: Restart the container')],
  ['act-by-itself', 'state=by_itself&page=watch', LOOKS],
  ['act-acknowledge', 'state=by_itself&page=watch', [ONCE, GREEK], act(/^(Acknowledge…|Το είδα…)$/)],
  ['watch-three', 'state=three&page=watch', LOOKS],
  ['issues-three', 'state=three&page=issues', LOOKS],
  ['act-restart-three', 'state=three&page=watch', LOOKS, act(/^(Restart…|Επανεκκίνηση…)$/)],
  ['act-restart', 'state=risky&page=watch', LOOKS, act(/^(Restart…|Επανεκκίνηση…)$/)],
  ['act-plan', 'state=ready&page=watch', LOOKS, act(/^(Roll back…|Επαναφορά…)$/)],
  ['act-risk', 'state=risky&page=watch', LOOKS, rollBackRisk],
  ['act-accepted', 'state=risky&page=watch', [ONCE, GREEK], rollBackAccepted],
  ['act-ordered', 'state=risky&page=watch', [ONCE], rollBackOrdered],
  ['act-changed', 'state=risky&page=watch', [ONCE, GREEK], rollBackChanged],
  ['act-anew', 'state=risky&page=watch', [ONCE], rollBackAnew],
  ['act-dry-run', 'state=risky&page=watch', [ONCE, GREEK], dryRun],
  ['act-not-ready', 'state=not_ready&page=watch', LOOKS, act(/^(Roll back…|Επαναφορά…)$/)],
  ['act-readiness', 'state=not_ready&page=watch', LOOKS, readiness],
  ['act-rolling', 'state=rolling&page=watch', LOOKS],
  ['act-half-done', 'state=half_done&page=watch', LOOKS],
  ['act-finish', 'state=half_done&page=watch', LOOKS, act(/^(Finish…|Ολοκλήρωση…)$/)],
  ['act-undo-half', 'state=half_done&page=watch', [ONCE, GREEK], act(/^(Undo…|Αναίρεση…)$/)],
  ['act-take-over', 'state=half_done&page=watch', [ONCE, GREEK], act(/^(I mend it|Το διορθώνω)/)],
  ['act-undoing', 'state=undoing&page=watch', LOOKS],
  ['act-done', 'state=rolled_back&page=watch', LOOKS],
  ['act-undo', 'state=rolled_back&page=watch', [ONCE, GREEK], act(/^(Undo: |Αναίρεση: )/)],
  ['act-past', 'state=half_done&page=issues', LOOKS, past],
  ['act-pause', 'state=rolling&page=settings', [ONCE], ask('Pause the watch…')],
  ...dockerPlaces(LOOKS, ONCE, GREEK),
];
