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

/** The charts and the report have come, and all of it has been painted. (A check under way keeps its button busy.) */
const settled = async (page) => {
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
/** Goes on with the set-up that was left, and waits until its way was tried. */
const resume = async (page) => {
  await page.locator('.draft button').click();
  await page.waitForSelector('.ladder ol:not(.old)');
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

/**
 * Name, address, whether it is looked at in all looks (else `once`, or `greek` for once in Greek), and what is done
 * before the picture.
 */
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
  ['report-text', 'state=day&page=report', undefined, tab(1, 'h2')],
  ['report-concluded', 'state=concluded&page=report'],
  ['report-signed', 'state=signed_off&page=report'],
  ['settings-deployment', 'state=day&page=settings', undefined, tab(1, 'details')],
  ['set-up-fresh', 'state=idle&bare', 'once', fresh],
  ['set-up-discard', 'state=idle&draft', 'once', both(resume, ask('Discard'))],
  ['set-up-shaky', 'state=idle&draft&way=bad', 'once', both(resume, ask('Finish'))],
  ['set-up-done', 'state=idle&draft', 'once', both(resume, ask('Finish'))],
  ['report-confirm', 'state=concluded&page=report', 'once', sign],
  ['settings-alone', 'state=idle&keyless&silent', 'once', alone],
  ['settings-pause', 'state=day&page=settings', 'once', ask('Pause the watch…')],
  ['settings-refused', 'state=day&page=settings', 'once', both(tab(1, 'details'), refused)],
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
  ['log-told', 'state=busy&page=log', 'once', tab('Notifications', 'p')],
  ['log-announced', 'state=busy&page=log', 'once', tab('Announcements', 'p')],
  ['log-patterns', 'state=busy&page=log', 'once', tab('Log patterns', 'p')],
  ['watch-told', 'state=critical&page=watch', 'once', told],
  ['watch-note', 'state=day&page=watch', 'once', note],
  ['report-told', 'state=concluded&page=report', 'once', told],
  ['log-told-now', 'state=day&page=log', 'once', told],
  ['settings-led', 'state=day&page=settings', 'once', both(tab(1, 'details'), pause)],
  ['watch-overdue-el', 'state=overdue&page=watch', 'greek'],
  ['watch-gap-el', 'state=gap&page=watch', 'greek'],
  ['long-watch', 'state=long&page=watch', 'once'],
  ['long-watch-el', 'state=long&page=watch', 'greek'],
  ['long-checks', 'state=long&page=checks', 'greek'],
  ['long-issues', 'state=long&page=issues', 'once'],
  ['long-log', 'state=long&page=log', 'greek'],
  ['long-patterns', 'state=long&page=log', 'once', tab('Log patterns', 'p')],
  ['long-report', 'state=long&page=report', 'greek'],
  ['long-settings', 'state=long&long&page=settings', 'greek', tab(1, 'details')],
  ['long-welcome', 'state=idle&long', 'once'],
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
  page.setDefaultTimeout(10_000);
  await page.setViewportSize({ width, height });
  const where = `${address} ${width}×${height} ${theme} ${lang}`;
  page.on('pageerror', (error) => findings.push(`${where}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') findings.push(`${where}: ${message.text()}`);
  });
  await page.goto(`http://127.0.0.1:${port}/?${address}&theme=${theme}&lang=${lang}`);
  return { page, where };
}

async function arrive(page, address) {
  const asked = new URLSearchParams(address).get('page');
  // The page that was asked for has its mark in the navigation; before a session the simulated days come last.
  if (asked) await page.waitForSelector(`nav [data-page="${asked}"][aria-current="page"]`, { timeout: 5000 });
  else await page.waitForSelector('#page option', { state: 'attached', timeout: 5000 });
  await settled(page);
}

/** What has to be scrolled sideways, or reaches out of the window at its right. */
function tooWide() {
  const boxes = [
    'html',
    '#page',
    'header',
    'nav',
    'footer',
    'dialog',
    '[role=tabpanel]',
    '.card',
    'article',
    'section',
  ];
  const named = (e) => `${e.tagName.toLowerCase()}.${[...e.classList].join('.')}`;
  const wider = [...document.querySelectorAll(boxes.join())].filter((e) => e.scrollWidth > e.clientWidth + 1);
  const out = [...document.querySelectorAll('button, input, select, textarea, p, h1, h2, h3')].filter(
    (e) => e.getBoundingClientRect().right > innerWidth + 1,
  );
  return [...wider, ...out].slice(0, 4).map(named);
}

for (const [name, address, once, act] of PLACES) {
  const looks = once ? LOOKS.slice(once === 'greek' ? 1 : 0).slice(0, 1) : [...LOOKS, CONTRAST];
  for (const size of SIZES) {
    for (const look of looks) {
      const { page, where } = await open(address, size, look);
      // What does not come is a finding like others: the rest is looked at all the same.
      try {
        await arrive(page, address);
        await act?.(page);
        await settled(page);
      } catch (error) {
        findings.push(`${where}: ${error.message}`);
      }
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
      for (const what of await page.evaluate(tooWide)) findings.push(`${where}: ${what} is too wide`);
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
