// The tables are held against the program: its README has every key, its scenarios every day.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outside } from './el/outside';
import { en } from './en';
import { language } from './language.svelte';
import { helpOf } from './outside';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('every key of the configuration has a name, and a meaning in Greek', () => {
  const keys = [...read('README.md').matchAll(/^\| `([a-z0-9_.]+)` \| /gm)].map((row) => row[1]!);
  expect(keys.length).toBeGreaterThan(40);
  const sections = new Set(keys.map((key) => key.replace(/\.[^.]*$/, '')));
  const named = [...keys.map((key) => `key.${key}`), ...[...sections].map((name) => `section.${name}`)];
  expect(named.filter((id) => !(`config.${id}` in en) || !(`config.${id}` in outside))).toEqual([]);
  const kept = Object.keys(en).filter((id) => id.startsWith('config.'));
  expect(kept.filter((id) => !named.includes(id.replace('config.', '')))).toEqual([]);
});

test('every simulated day has a title and a text in Greek', () => {
  const code = read('src-tauri/crates/demo/src/scenario.rs');
  const days = [...code.matchAll(/named\(\s*"([a-z-]+)",\s*"([^"]+)"/g)];
  expect(days.length).toBeGreaterThan(10);
  for (const [, name, title] of days) {
    for (const id of [`${name}.title`, `${name}.text`, title])
      expect(outside).toHaveProperty([`scenario.${id}`]);
  }
});

/** The texts in quotes that stand in a file of the program after `before`. */
const quoted = (path: string, pattern: RegExp) =>
  [...read(`src-tauri/crates/${path}`).matchAll(pattern)].map((m) => m[1]!);
const missing = (ids: string[]) => ids.filter((id) => !(id in outside));

test('every advice of the ladder has Greek words', () => {
  const codes = [
    ...quoted('probes/src/ladder/advice.rs', /^ {4}[A-Z]\w+, "(\w+)",/gm),
    ...quoted('probes/src/ladder.rs', /code: "(\w+)",/g),
  ];
  expect(codes.length).toBeGreaterThan(18);
  expect(missing(codes.map((code) => `advice.${code}`))).toEqual([]);
  const known = Object.keys(outside).filter((id) => id.startsWith('advice.'));
  expect(known.filter((id) => !codes.includes(id.slice('advice.'.length)))).toEqual([]);
});

test('what is to be done about a failure has Greek words', () => {
  const ids = new Set(quoted('window/src/error.rs', /known\(\s*"(\w+)"/g));
  expect(ids.size).toBeGreaterThan(18);
  expect(missing([...ids].map((id) => `help.${id}`))).toEqual([]);
  const known = Object.keys(outside).filter((id) => id.startsWith('help.'));
  expect(known.filter((id) => !ids.has(id.slice('help.'.length)))).toEqual([]);
});

test.each([
  ['en', { help: 'set PW before', advice: { id: 'password', name: 'PW' } }, 'set PW before', undefined],
  [
    'el',
    { help: 'set PW before', advice: { id: 'password', name: 'PW' } },
    'τη μεταβλητή PW πριν',
    undefined,
  ],
  ['el', { help: 'wait', advice: { id: 'new', name: '' } }, 'wait', 'en'],
  ['el', { help: 'wait' }, 'wait', 'en'],
  ['en', { help: null }, null, null],
] as const)('in %s, what to do by %j', (lang, failure, text, is) => {
  language.shown = lang;
  const help = helpOf(failure);
  language.shown = 'en';
  if (text === null) expect(help).toBeNull();
  else {
    expect(help?.text).toContain(text);
    expect(help?.lang).toBe(is);
  }
});

test('every cause of a missed check has Greek words', () => {
  const causes = [
    ...quoted('core/src/gap.rs', /Self::\w+ => "([^"]+)",/g),
    ...quoted('core/src/session/check.rs', /gap\.map_or\("([^"]+)", \|g\| g\.cause/g),
  ];
  expect(causes).toHaveLength(5);
  expect(missing(causes.map((cause) => `missed.${cause}`))).toEqual([]);
});

test('every problem that the program finds has a Greek sentence', () => {
  const rows = new Map<string, Set<string>>();
  const code = ['signal', 'breach']
    .map((file) => read(`src-tauri/crates/core/src/session/${file}.rs`))
    .join('\n');
  for (const [, row, subject] of code.matchAll(/Issue::(\w+),\s*"(\w+)"/g)) {
    const issue = row!.replace(/(?<=.)([A-Z])/g, '_$1').toLowerCase();
    rows.set(issue, (rows.get(issue) ?? new Set()).add(subject!));
  }
  // Those whose subject is not written beside the row.
  for (const [issue, subject] of [
    ['feature_failure', 'api'],
    ['feature_failure', 'frontend'],
  ] as const)
    rows.set(issue, (rows.get(issue) ?? new Set()).add(subject));
  const pairs = [...rows].flatMap(([issue, subjects]) => [...subjects].map((s) => [issue, s] as const));
  expect(pairs.length).toBeGreaterThan(12);
  const has = ([issue, subject]: readonly [string, string]) =>
    `problem.${issue}.${subject}` in outside || `problem.${issue}.*` in outside;
  expect(pairs.filter((pair) => !has(pair))).toEqual([]);
  const issues = Object.keys(en).filter((id) => id.startsWith('issue.'));
  const spoken = issues.filter((id) =>
    Object.keys(outside).some((known) => known.startsWith(`problem.${id.slice(6)}.`)),
  );
  expect(spoken).toEqual(issues);
});

test('the phases, checks and lines of the built-in plan are called as the program calls them', () => {
  const code = read('src-tauri/crates/core/src/plan.rs');
  const named = [...code.matchAll(/title: "([^"]+)"\.into\(\),\s*focus: "([^"]+)"\.into\(\)/g)];
  expect(named).toHaveLength(4);
  named.forEach(([, title, focus], i) => {
    expect([en[`phase.${i}.title` as keyof typeof en], en[`phase.${i}.focus` as keyof typeof en]]).toEqual([
      title,
      focus,
    ]);
  });
  const labels = [...code.matchAll(/series\("(\w+)"|Checkpoint::new\("([^"]+)"/g)].map((m) => m[1] ?? m[2]);
  expect(labels.sort()).toEqual(['Check', 'Final', 'Hour', 'Hour 0']);
  const items = quoted('core/src/checklist.rs', /^ {4}\w+, "(\w+)", (?:Watch|Person),/gm);
  expect(items.length).toBeGreaterThan(35);
  expect(items.filter((id) => !(`item.${id}` in en))).toEqual([]);
});
