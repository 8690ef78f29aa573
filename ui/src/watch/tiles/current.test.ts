import { expect, it } from 'vitest';
import { cut } from './current';

it.each([
  ['176 ms', '176', 'ms', ''],
  ['0.067 %', '0.067', '%', ''],
  ['411 MiB, 40 % of limit', '411', 'MiB', '40 % of limit'],
  ['411 MiB (no limit set)', '411', 'MiB', '(no limit set)'],
  ['25 min 41 s without interruption', '25 min 41 s', '', 'without interruption'],
  ['not running', 'not running', '', ''],
  ['—', '—', '', ''],
  ['1', '1', '', ''],
])('%s', (text, value, unit, rest) => expect(cut(text)).toEqual({ value, unit, rest }));
