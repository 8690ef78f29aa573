import { describe, expect, it } from 'vitest';
import type { CheckView, Item, Phase } from '../types';
import { byPhase, byVerification } from './groups';

const phase = (title: string) => ({ title }) as Phase;
const check = (id: string, of: number | null) => ({ id, phase: of }) as CheckView;

describe('checks', () => {
  it('stand under their phases, and extra ones at the end', () => {
    const all = [check('hour-0', 0), check('extra-1', null), check('hour-1', 1), check('hour-2', 1)];
    const groups = byPhase([phase('zero'), phase('one'), phase('two')], all);
    expect(groups.map((g) => [g.phase?.title ?? null, g.checks.map((c) => c.id)])).toEqual([
      ['zero', ['hour-0']],
      ['one', ['hour-1', 'hour-2']],
      [null, ['extra-1']],
    ]);
  });
});

describe('lines', () => {
  it.each<[Item[], [string | null, number][]]>([
    [[], []],
    [['api_responds', 'cpu_normal'], [[null, 2]]],
    [
      ['version_file', 'git_tag', 'ci_pipeline', 'secrets_rotated'],
      [
        ['version', 2],
        ['workflows', 1],
        ['security', 1],
      ],
    ],
    [
      ['git_tag', 'api_responds', 'git_tag'],
      [
        ['version', 1],
        [null, 1],
        ['version', 1],
      ],
    ],
  ])('of %j', (items, expected) => {
    const groups = byVerification(items.map((item) => ({ item })));
    expect(groups.map((g) => [g.verification, g.lines.length])).toEqual(expected);
  });
});
