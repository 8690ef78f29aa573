// The tables are held against the program: its README has every key, its scenarios every day.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outside } from './el/outside';
import { en } from './en';

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
