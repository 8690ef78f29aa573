// Opens every page of the recorded window in light and dark, English and Greek, small and large; takes pictures, asks
// axe, and walks each page by keyboard. Fails on any finding.
//
//   npm run pictures -- FOLDER [--only=page-or-state]
import { createServer } from 'node:http';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { walk } from './walk.mjs';

const folder = process.argv[2];
if (!folder || folder.startsWith('--')) {
  console.error('usage: npm run pictures -- FOLDER [--only=page-or-state]');
  process.exit(2);
}
const only = process.argv.find((a) => a.startsWith('--only='))?.slice('--only='.length);
mkdirSync(folder, { recursive: true });

const built =
  process.env.RECORDED ?? fileURLToPath(new URL('../node_modules/.cache/recorded', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
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
  await page.waitForTimeout(400);
};

const both = (first, then) => async (page) => {
  await first(page);
  await then(page);
};
/** Goes on with the set-up that was left, and waits until its way was tried. */
const resume = async (page) => {
  await page.locator('.draft button').click();
  await page.waitForSelector('.ladder ol');
  await page.waitForTimeout(300);
};
/** Begins a set-up, and wants to finish it at once. */
const fresh = async (page) => {
  await page.getByRole('button', { name: 'Set up a deployment' }).click();
  await page.waitForTimeout(700);
  await page.getByRole('button', { name: 'Finish' }).click();
};
/** Goes to a tab, by its place or by its name. */
const tab = (which) => async (page) => {
  const tabs =
    typeof which === 'number' ? page.getByRole('tab').nth(which) : page.getByRole('tab', { name: which });
  await tabs.click();
  await page.waitForTimeout(500);
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
  await page.waitForTimeout(200);
};
const refused = async (page) => {
  const field = page.getByRole('textbox', { name: 'Coverage needed (%)' });
  await field.fill('150');
  await field.press('Enter');
  await page.waitForTimeout(200);
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
  await page.waitForTimeout(400);
};

/** name, address, whether it is looked at in all looks or in one of them only, and what is done before the picture. */
const PLACES = [
  ['watch', 'state=day&page=watch'],
  ['watch-critical', 'state=critical&page=watch'],
  ['checks', 'state=day&page=checks'],
  ['issues', 'state=critical&page=issues'],
  ['log', 'state=day&page=log'],
  ['report', 'state=day&page=report'],
  ['settings', 'state=day&page=settings'],
  ['welcome', 'state=idle'],
  ['welcome-bare', 'state=idle&bare'],
  ['set-up', 'state=idle&draft', undefined, resume],
  ['set-up-broken', 'state=idle&draft&way=bad&keyless', undefined, resume],
  ['report-text', 'state=day&page=report', undefined, tab(1)],
  ['report-concluded', 'state=concluded&page=report'],
  ['report-signed', 'state=signed_off&page=report'],
  ['settings-deployment', 'state=day&page=settings', undefined, tab(1)],
  ['set-up-fresh', 'state=idle&bare', 'once', fresh],
  ['set-up-discard', 'state=idle&draft', 'once', both(resume, ask('Discard'))],
  ['set-up-shaky', 'state=idle&draft&way=bad', 'once', both(resume, ask('Finish'))],
  ['set-up-done', 'state=idle&draft', 'once', both(resume, ask('Finish'))],
  ['report-confirm', 'state=concluded&page=report', 'once', sign],
  ['settings-alone', 'state=idle&keyless&silent', 'once', alone],
  ['settings-pause', 'state=day&page=settings', 'once', ask('Pause the watch…')],
  ['settings-refused', 'state=day&page=settings', 'once', both(tab(1), refused)],
  ['welcome-all', 'state=idle&draft&unreadable', 'once'],
  ['welcome-remove', 'state=idle', 'once', ask('Remove Staging')],
  ['watch-overdue', 'state=overdue&page=watch', 'once'],
  ['watch-gap', 'state=gap&page=watch', 'once'],
  ['watch-interrupted', 'state=interrupted&page=watch', 'once'],
  ['watch-concluded', 'state=concluded&page=watch', 'once'],
  ['watch-signed-off', 'state=signed_off&page=watch', 'once'],
  ['watch-fresh', 'state=fresh&page=watch', 'once'],
  ['watch-news', 'state=morning&page=watch&news', 'once'],
  ['watch-near', 'state=day&page=watch', 'once', near],
  ['watch-acknowledge', 'state=critical&page=watch', 'once', ask('Acknowledge…')],
  ['checks-busy', 'state=busy&page=checks', 'once'],
  ['checks-tick', 'state=day&page=checks', 'once', owed],
  ['issues-busy', 'state=busy&page=issues', 'once'],
  ['issues-announce', 'state=critical&page=issues', 'once', ask('Announce a planned restart…')],
  ['issues-evidence', 'state=critical&page=issues', 'once', evidence],
  ['log-busy', 'state=busy&page=log', 'once'],
  ['log-told', 'state=busy&page=log', 'once', tab('Notifications')],
  ['log-announced', 'state=busy&page=log', 'once', tab('Announcements')],
  ['log-patterns', 'state=busy&page=log', 'once', tab('Log patterns')],
  ['watch-record', 'state=critical&page=watch', 'once', ask('Record as done: Restart the container')],
].filter(([name]) => !only || only.split(',').some((part) => name.includes(part)));

const SIZES = [
  [800, 600],
  [1280, 800],
];
const LOOKS = ['light', 'dark'].flatMap((theme) => ['en', 'el'].map((lang) => ({ theme, lang })));
const CONTRAST = { theme: 'contrast', lang: 'en' };

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
  try {
    const body = readFileSync(join(built, path === '/' ? 'index.html' : path));
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/html' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const port = server.address().port;

const profile = mkdtempSync(join(tmpdir(), 'window-pictures-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

const findings = [];
let pictures = 0;

async function open(address, [width, height], { theme, lang }) {
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  const where = `${address} ${width}×${height} ${theme} ${lang}`;
  page.on('pageerror', (error) => findings.push(`${where}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') findings.push(`${where}: ${message.text()}`);
  });
  await page.goto(`http://127.0.0.1:${port}/?${address}&theme=${theme}&lang=${lang}`);
  await page.waitForSelector('#page', { timeout: 5000 });
  // The charts come a moment after the page.
  await page.waitForTimeout(450);
  return { page, where };
}

for (const [name, address, once, act] of PLACES) {
  const looks = once ? LOOKS.slice(0, 1) : [...LOOKS, CONTRAST];
  for (const size of SIZES) {
    for (const look of looks) {
      const { page, where } = await open(address, size, look);
      await act?.(page);
      await page.screenshot({ path: join(folder, `${name}-${size[0]}-${look.theme}-${look.lang}.png`) });
      pictures++;
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run({ resultTypes: ['violations'], rules: { region: { enabled: true } } }),
      );
      for (const v of violations) {
        const nodes = v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`);
        findings.push(`${where}: ${v.id}: ${v.help}\n    ${nodes.join('\n    ')}`);
      }
      const wide = await page.evaluate(() => {
        const main = document.querySelector('#page');
        return main && main.scrollWidth > main.clientWidth + 1 ? main.scrollWidth - main.clientWidth : 0;
      });
      if (wide > 0) findings.push(`${where}: the page is ${wide} px wider than the window`);
      if (look === looks[0] && !act) for (const f of await walk(page)) findings.push(`${where}: ${f}`);
      await page.close();
    }
  }
}

await context.close();
server.close();
rmSync(profile, { recursive: true, force: true });
if (findings.length > 0) {
  console.error(findings.join('\n'));
  console.error(`${findings.length} findings`);
  process.exit(1);
}
console.log(`${pictures} pictures in ${folder}; axe and the keyboard found nothing`);
