import { expect, test } from 'vitest';
import { countLines, lineAt, offset, plain } from './text';

test.each([
  ['a\r\nb\rc\n', 'a\nb\nc\n'],
  ['a', 'a'],
])('%j has the line ends of a field: %j', (text, is) => expect(plain(text)).toBe(is));

test.each([
  ['', 1],
  ['a', 1],
  ['a\n', 2],
  ['a\nb\nc', 3],
])('%j has %i lines', (text, n) => expect(countLines(text)).toBe(n));

test.each([
  ['one\ntwo\n\nfour', 1, 'one'],
  ['one\ntwo\n\nfour', 2, 'two'],
  ['one\ntwo\n\nfour', 3, ''],
  ['one\ntwo\n\nfour', 4, 'four'],
  ['one\ntwo\n\nfour', 99, 'four'],
  ['one', 0, 'one'],
  ['', 1, ''],
])('of %j line %i is %j', (text, line, is) => expect(text.slice(...lineAt(text, line))).toBe(is));

test.each([
  [0, '+0:00'],
  [4 * 3_600_000, '+4:00'],
  [90 * 60_000, '+1:30'],
  [1_500_000 + 30_000, '+0:25:30'],
  [31 * 86_400_000, '+744:00'],
])('%i ms after the start is %s', (ms, is) => expect(offset(ms)).toBe(is));
