import { describe, expect, it } from 'vitest';
import { el } from './el';
import { en } from './en';
import { fill, type Text } from './text';

describe('a text, filled in', () => {
  const n: Text = { one: '{n} line of {check}', other: '{n} lines of {check}' };
  const greek: Text = { one: '{n} γραμμή', other: '{n} γραμμές' };

  it.each([
    [n, { n: 1, check: 'Hour 0' }, 'en-GB', '1 line of Hour 0'],
    [n, { n: 0, check: 'Hour 0' }, 'en-GB', '0 lines of Hour 0'],
    [n, { n: 1234, check: 'x' }, 'en-GB', '1,234 lines of x'],
    [greek, { n: 1 }, 'el-GR', '1 γραμμή'],
    [greek, { n: 0 }, 'el-GR', '0 γραμμές'],
    [greek, { n: 1234.5 }, 'el-GR', '1.234,5 γραμμές'],
    ['plain {word}', { word: '{n}' }, 'en-GB', 'plain {n}'],
    ['what is not given {stays}', {}, 'en-GB', 'what is not given {stays}'],
  ])('%o with %o in %s', (text, values, locale, filled) => expect(fill(text, values, locale)).toBe(filled));
});

describe('the catalogues', () => {
  const forms = (text: Text): string[] => (typeof text === 'string' ? [text] : [text.one, text.other]);
  const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();
  const pairs = Object.entries(en as Record<string, Text>).map(
    ([key, text]) => [key, text, (el as Record<string, Text>)[key]!] as const,
  );

  it.each(pairs)('%s says the same in Greek', (_, english, greek) => {
    for (const form of forms(greek)) expect(form.trim()).not.toBe('');
    expect(names(forms(greek).at(-1)!)).toEqual(names(forms(english).at(-1)!));
  });

  it('have the same keys', () => expect(Object.keys(el).sort()).toEqual(Object.keys(en).sort()));
});
