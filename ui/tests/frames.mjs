// How much work a pulse is, and what a page keeps of it: streams a day at speed into each page, and reads Chromium's own
// trace and its heap after garbage is collected.
//
//   npm run frames [-- SECONDS]
import { open } from './browser.mjs';

const seconds = Number(process.argv[2] ?? 12);
const PLACES = [
  ['watch', 'state=morning&page=watch&pulse=720'],
  ['watch, a week', 'state=week&page=watch&pulse=720'],
  ['watch, long', 'state=long&page=watch&pulse=720'],
  ['checks, a week', 'state=week&page=checks&pulse=720'],
  ['issues, long', 'state=long&page=issues&pulse=720'],
  ['log, busy', 'state=busy&page=log&pulse=720'],
  ['report', 'state=day&page=report&pulse=720'],
];
const SCRIPT = [
  'FunctionCall',
  'TimerFire',
  'RunMicrotasks',
  'FireAnimationFrame',
  'EvaluateScript',
  'MinorGC',
  'MajorGC',
];
const DRAW = ['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit', 'HitTest'];

/** The processor's time in `names`, where one lies in another counted once, in ms. */
function sum(events, names) {
  let until = 0;
  let all = 0;
  for (const { name, ts, dur, tdur } of events) {
    if (!names.includes(name) || ts < until) continue;
    all += tdur ?? dur;
    until = ts + dur;
  }
  return all / 1000;
}

/** What the page holds when nothing is left to be collected: its heap in KiB, and its nodes. */
async function held(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  await cdp.detach();
  return { heap: usedSize / 1024, nodes };
}

const { browser, address, close } = await open();
console.log(`${seconds} s of five pulses a second`);
console.log('page                scripting  rendering  longest task    heap  grown by       nodes, more');
console.log('                      ms a pulse         ms              KiB');
for (const [name, query] of PLACES) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${address}?${query}&theme=dark&lang=en`);
  await page.waitForSelector('nav [aria-current="page"]');
  await page.waitForTimeout(1500);
  const before = await held(page);
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8', 'toplevel'] });
  await page.waitForTimeout(seconds * 1000);
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()));
  const after = await held(page);
  await page.close();
  // The thread that runs the page is the one that fires its timers.
  const fires = traceEvents.filter((e) => e.name === 'TimerFire');
  const busiest = fires.map((e) => `${e.pid} ${e.tid}`).sort()[Math.floor(fires.length / 2)];
  const own = traceEvents
    .filter((e) => e.ph === 'X' && `${e.pid} ${e.tid}` === busiest)
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const pulses = seconds * 5;
  const script = sum(own, SCRIPT);
  const draw = sum(own, [...SCRIPT, ...DRAW]) - script;
  const tasks = own.filter((e) => e.name.endsWith('RunTask')).map((e) => (e.tdur ?? e.dur) / 1000);
  const cell = (n) => n.toFixed(2).padStart(9);
  const whole = (n) => n.toFixed(0).padStart(9);
  console.log(
    `${name.padEnd(18)} ${cell(script / pulses)}  ${cell(draw / pulses)}  ${cell(Math.max(...tasks))}  ` +
      `${whole(after.heap)} ${whole(after.heap - before.heap)}  ${whole(after.nodes)} ${whole(after.nodes - before.nodes)}`,
  );
}
await close();
