import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ConfigKey, ConfigSection } from '../types';
import { groupOf, isChanged, sift } from './groups';

const key = (name: string, over: Partial<ConfigKey> = {}): ConfigKey => ({
  key: name,
  meaning: '',
  kind: 'text',
  choices: [],
  default: null,
  required: false,
  value: null,
  ...over,
});

test('every section of the configuration has a group', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const keys = [...readme.matchAll(/^\| `([a-z0-9_.]+)` \| /gm)].map((row) => row[1]!);
  const sections = [...new Set(keys.map((k) => k.replace(/\.[^.]*$/, '')))];
  expect(sections.filter((section) => groupOf(section) === 'other')).toEqual([]);
  expect(groupOf('rules.something_new')).toBe('other');
});

test.each([
  ['left out', { default: '30s' }, false],
  ['written as the default', { default: '30s', value: '30s' }, false],
  ['another value', { default: '30s', value: '10s' }, true],
  ['something where there is nothing by default', { value: '1.14.3' }, false],
  ['something where the default is an empty list', { default: '', value: 'router:53' }, true],
  ['what must be there', { value: 'QNAP Cyprus', required: true }, false],
])('%s is changed: %s', (_, over, is) => expect(isChanged(key('a.b', over))).toBe(is));

test('keys are sifted by words of any language, and by whether they are changed', () => {
  const sections: ConfigSection[] = [
    { name: 'watch', meaning: '', keys: [key('watch.every', { default: '30s', value: '10s' })] },
    { name: 'rules', meaning: '', keys: [key('rules.failures'), key('rules.successes')] },
  ];
  const names: Record<string, string> = { 'rules.failures': 'Συνεχόμενες αποτυχίες στη σειρά' };
  const find = (words: string, changedOnly = false) =>
    sift(sections, { words, changedOnly }, (k) => names[k.key] ?? '')
      .flatMap((section) => section.keys)
      .map((k) => k.key);
  expect(find('')).toHaveLength(3);
  expect(find('EVERY')).toEqual(['watch.every']);
  expect(find('ΣΥΝΕΧΟΜΕΝΕΣ σειρα')).toEqual(['rules.failures']);
  expect(find('rules success')).toEqual(['rules.successes']);
  expect(find('nothing of this')).toEqual([]);
  expect(find('', true)).toEqual(['watch.every']);
});
