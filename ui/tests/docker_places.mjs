// The places of the way to the Docker Engine: what is done in the set-up before the picture is taken.

/** Goes on with the set-up that was left, and waits until its way was tried. */
export const resume = async (page) => {
  await page.locator('.draft button').click();
  await page.waitForSelector('.ladder ol:not(.old)');
};
const looked = (page) => page.waitForSelector('.ladder ol:not(.old)');
const after = (then) => async (page) => {
  await resume(page);
  await then(page);
};
const see = (page, selector) => page.locator(selector).first().scrollIntoViewIfNeeded();
/** The option of this value, by keyboard as much as by mouse: the radio button itself. */
const choose = async (page, value) => page.locator(`input[type=radio][value=${value}]`).check();

const block = (kind) => `-----BEGIN ${kind}-----\nMIIB\n-----END ${kind}-----\n`;

/** The forms of the address. */
const forms = async (page) => {
  await page.locator('details summary').first().click();
  await see(page, '[data-field=docker]');
};
/** Front end and database in containers of their own. */
const three = async (page) => {
  await page.locator('details summary').last().click();
  await page.locator('[data-field=front_end_container] input').fill('sms-frontend-qnap');
  await page.locator('[data-field=database_container] input').fill('sms-postgres-qnap');
  await looked(page);
  await see(page, '[data-field=database_container]');
};
/** By SSH: the account is missing, and whoever finishes is led to it. */
const nobody = async (page) => {
  await choose(page, 'ssh');
  await page.locator('.bar .primary').click();
  await page.waitForSelector('[data-field=ssh_user] [aria-invalid]');
  const led = await page
    .locator('[data-field=ssh_user] input')
    .evaluate((field) => field === document.activeElement);
  if (!led) throw new Error('nobody is led to the account');
};
const ssh = (page) => see(page, '[data-field=ssh_user]');
const keyless = async (page) => {
  await choose(page, 'password');
  await see(page, '[data-field=docker_path]');
};
/** A key in a file, with its passphrase kept. */
const keyFile = async (page) => {
  await choose(page, 'key');
  await page.locator('[data-field=ssh_key] button').click();
  const field = page.locator('[data-field=ssh_passphrase] input');
  await field.fill('a passphrase');
  await field.press('Enter');
  await page.waitForFunction(() => document.querySelector('[data-field=ssh_passphrase] input')?.value === '');
  await looked(page);
  await see(page, '[data-field=ssh_key]');
};
/** A password that is typed, kept, and lets us in. */
const password = async (page) => {
  await choose(page, 'password');
  await page.locator('[data-field=ssh_password] input').fill('a password');
  await see(page, '[data-field=ssh_password]');
};
const passwordKept = async (page) => {
  await password(page);
  await page.locator('[data-field=ssh_password] button[type=submit]').click();
  await page.waitForFunction(() => document.querySelector('[data-field=ssh_password] input')?.value === '');
  await page.waitForSelector('[data-field=ssh_password] button:nth-of-type(2)');
  await looked(page);
};
const hostKey = (page) => see(page, '[data-field=host_key] dl');
/** A new NAS is trusted, and not asked about any more. */
const trusted = async (page) => {
  await page.locator('[data-field=host_key] > div button').last().click();
  await page.waitForSelector('[data-field=host_key]', { state: 'detached' });
  await looked(page);
};
/** Whoever finishes with a changed host key is led to the danger: nothing is finished, and nothing can be trusted. */
const changed = async (page) => {
  await page.locator('.bar .primary').click();
  await page.waitForFunction(() => document.activeElement?.dataset.field === 'host_key');
  if (await page.locator('dialog[open]').count()) throw new Error('it can be finished');
  if (await page.locator('[data-field=host_key] button').count()) throw new Error('it can be clicked away');
};
/** It stays in sight while somebody types elsewhere. */
const changedStays = async (page) => {
  await page.locator('[data-field=name] input').fill('Another name');
  await page.waitForTimeout(700);
  if (!(await page.locator('[data-field=host_key]').count())) throw new Error('the danger is out of sight');
  await looked(page);
  await changed(page);
};
/** Without certificates: whoever finishes is led to the consent. */
const unprotected = async (page) => {
  await choose(page, 'none');
  await page.locator('.bar .primary').click();
  await page.waitForFunction(() => document.activeElement?.type === 'checkbox');
  await page.waitForSelector('.consent .critical');
  await see(page, '.consent');
};
const consented = async (page) => {
  await unprotected(page);
  await page.keyboard.press('Space');
  await page.waitForSelector('.consent .critical', { state: 'detached' });
  await looked(page);
  if (!(await page.locator('.consent input').isChecked())) throw new Error('the consent is not kept');
  // It is of this address alone.
  await page.locator('[data-field=docker] input').fill('tcp://other.example:2375');
  if (await page.locator('.consent input').isChecked()) throw new Error('the consent goes along');
  await page.locator('[data-field=docker] input').fill('tcp://nas.example:2375');
  await page.locator('.consent input').check();
  await looked(page);
  await see(page, '.consent');
};
/** Pastes the three, two of them mixed up. */
const pasted = async (page) => {
  await choose(page, 'pasted');
  const fields = page.locator('form textarea');
  await fields.nth(0).fill(block('CERTIFICATE') + block('CERTIFICATE'));
  await fields.nth(1).fill(block('PRIVATE KEY'));
  await fields.nth(2).fill(block('CERTIFICATE').slice(0, 40));
  await page.locator('form:has(textarea) button').click();
  await page.waitForFunction(() => document.activeElement?.matches('textarea[aria-invalid]'));
  await see(page, 'form:has(textarea)');
};
const pastedRight = async (page) => {
  await pasted(page);
  const fields = page.locator('form textarea');
  await fields.nth(1).fill(block('CERTIFICATE'));
  await fields.nth(2).fill(block('RSA PRIVATE KEY'));
  await page.locator('form:has(textarea) button').click();
};
/** Whoever finishes has them kept on the way. */
const pasteFinished = async (page) => {
  await pasted(page);
  const fields = page.locator('form textarea');
  await page.locator('.bar .primary').click();
  await page.locator('dialog .primary').click();
  await page.waitForFunction(() => document.activeElement?.matches('textarea[aria-invalid]'));
  await fields.nth(1).fill(block('CERTIFICATE'));
  await fields.nth(2).fill(block('RSA PRIVATE KEY'));
  await page.locator('.bar .primary').click();
  await page.locator('dialog .primary').click();
  await page.waitForSelector('.kept', { state: 'attached' });
};
const pasteKept = async (page) => {
  await pastedRight(page);
  await page.waitForSelector('.kept');
  await looked(page);
  await see(page, '[data-field=docker_certificates]');
};
const pasteRefused = async (page) => {
  await pastedRight(page);
  await page.waitForSelector('form [role=alert]');
  await page.locator('form [role=alert]').scrollIntoViewIfNeeded();
};
/** The consent in the settings is not given in passing. */
const settingsConsent = async (page) => {
  await page.getByRole('tab').nth(1).click();
  await page.waitForSelector('[role=tabpanel] details:visible');
  await page.locator('[role=tabpanel] summary').first().click();
  const choice = page.locator('.key:has(option[value=true]) select').first();
  await choice.selectOption('true');
  await page.waitForSelector('dialog[open]');
  const go = page.locator('dialog button').last();
  if (await go.isEnabled()) throw new Error('it can be given with one click');
  await page.locator('dialog input[type=checkbox]').check();
  if (!(await go.isEnabled())) throw new Error('it cannot be given');
};

/** As in places.mjs; `looks` are those of a page of its own, and two of them where one look says as much. */
export const dockerPlaces = (looks, once, greek) => [
  ['set-up-forms', 'state=idle&draft', looks, after(forms)],
  ['set-up-three', 'state=idle&draft', looks, after(three)],
  ['set-up-ssh', 'state=idle&draft&ssh', looks, after(ssh)],
  ['set-up-ssh-nobody', 'state=idle&draft', [once, greek], after(nobody)],
  ['set-up-ssh-key', 'state=idle&draft&ssh', looks, after(keyFile)],
  ['set-up-ssh-password', 'state=idle&draft&ssh&host=locked', looks, after(password)],
  ['set-up-ssh-kept', 'state=idle&draft&ssh&host=locked', [once, greek], after(passwordKept)],
  ['set-up-ssh-keyless', 'state=idle&draft&ssh&keyless', [once, greek], after(keyless)],
  ['set-up-host-new', 'state=idle&draft&ssh&host=new', looks, after(hostKey)],
  ['set-up-host-trusted', 'state=idle&draft&ssh&host=new', [once], after(trusted)],
  ['set-up-host-changed', 'state=idle&draft&ssh&host=changed', looks, after(changed)],
  ['set-up-host-stays', 'state=idle&draft&ssh&host=changed', [once], after(changedStays)],
  ['set-up-unprotected', 'state=idle&draft', looks, after(unprotected)],
  ['set-up-consented', 'state=idle&draft', [once, greek], after(consented)],
  ['set-up-pasted', 'state=idle&draft', looks, after(pasted)],
  ['set-up-paste-kept', 'state=idle&draft', [once, greek], after(pasteKept)],
  ['set-up-paste-finished', 'state=idle&draft', [once], after(pasteFinished)],
  ['set-up-paste-refused', 'state=idle&draft&mixed', [once, greek], after(pasteRefused)],
  ['settings-consent', 'state=day&page=settings', looks, settingsConsent],
];
