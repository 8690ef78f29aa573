// Opens every page of the recorded window in light, dark and high contrast, English and Greek, small and large; takes
// pictures, asks axe, and walks each page by keyboard. Fails on any finding.
//
//   npm run pictures -- FOLDER [--only=page-or-state,…]
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { open } from './browser.mjs';
import { PLACES, settled } from './places.mjs';
import { walk } from './walk.mjs';

const folder = process.argv[2];
if (!folder || folder.startsWith('--')) {
  console.error('usage: npm run pictures -- FOLDER [--only=page-or-state,…]');
  process.exit(2);
}
const only = process.argv.find((a) => a.startsWith('--only='))?.slice('--only='.length);
mkdirSync(folder, { recursive: true });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = [
  [800, 600],
  [1280, 800],
];
/** The largest screen; a page is looked at there once. */
const LARGEST = [3840, 2160];
/** So many pages are looked at at the same time. More do not help on two processors. */
const AT_ONCE = 2;

const { browser, address, close } = await open();
const findings = [];

async function arrive(page, query, wanted) {
  const asked = new URLSearchParams(query).get('page');
  // The page that was asked for has its mark in the navigation; before a session the simulated days come last.
  const mark = asked ? `nav [data-page="${asked}"][aria-current="page"]` : '#page option';
  await page.waitForSelector(wanted ?? mark, { state: asked ? 'visible' : 'attached', timeout: 10_000 });
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

/** Takes a picture. A busy browser refuses the largest ones at times; they are asked for again. */
async function shoot(page, path) {
  for (let left = 3; ; left--) {
    try {
      return await page.screenshot({ path });
    } catch (error) {
      if (left === 0) throw error;
      await settled(page);
    }
  }
}

/** Looks at one place in one size and one look. */
async function look(shared, { name, query, act, special, size, how, walked }) {
  const [width, height] = size;
  const { theme, lang } = how;
  const where = `${name} ${width}×${height} ${theme} ${lang}`;
  const find = (what) => findings.push(`${where}: ${what}`);
  // A clock that can be put forward is one of a whole context; all others share theirs, with what it has fetched.
  const context = special.clock ? await browser.newContext() : shared;
  const page = await context.newPage();
  try {
    await page.setViewportSize({ width, height });
    page.setDefaultTimeout(15_000);
    if (special.clock) await page.clock.install();
    page.on('pageerror', (error) => find(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !special.errors) find(message.text());
    });
    // What does not come is a finding like others: the rest is looked at all the same.
    try {
      await page.goto(`${address}?${query}&theme=${theme}&lang=${lang}`);
      await arrive(page, query, special.last);
      await act?.(page);
      await settled(page);
      await shoot(page, join(folder, `${name}-${width}-${theme}-${lang}.png`));
    } catch (error) {
      find(error.message);
    }
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run({ resultTypes: ['violations'], rules: { region: { enabled: true } } }),
    );
    for (const v of violations) {
      const nodes = v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`);
      find(`${v.id}: ${v.help}\n    ${nodes.join('\n    ')}`);
    }
    for (const what of await page.evaluate(tooWide)) find(`${what} is too wide`);
    if (walked) for (const finding of await walk(page)) find(finding);
  } finally {
    await (special.clock ? context : page).close();
  }
}

const wanted = ([name]) => !only || only.split(',').some((part) => name.includes(part));
const jobs = PLACES.filter(wanted).flatMap(([name, query, looks, act, special = {}]) => {
  const job = (size, how, walked) => ({ name, query, act, special, size, how, walked });
  const small = SIZES.flatMap((size) => looks.map((how, i) => job(size, how, i === 0 && !act)));
  // What is a page of its own has all the looks.
  return looks.length > 2 && !act ? [...small, job(LARGEST, looks[1], false)] : small;
});
const pictures = jobs.length;
const worker = async () => {
  const shared = await browser.newContext();
  for (let job = jobs.shift(); job; job = jobs.shift()) await look(shared, job);
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
await close();

if (findings.length > 0) {
  console.error(findings.sort().join('\n'));
  console.error(`${findings.length} findings`);
  process.exit(1);
}
console.log(`${pictures} pictures in ${folder}; axe and the keyboard found nothing`);
