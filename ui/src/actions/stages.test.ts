import { expect, it } from 'vitest';
import type { Action } from '../types';
import { action, moment, stage } from './fixture';
import { stagesOf, type StageLine } from './stages';

/** In one letter each: done, now, open, broken, skipped. */
const letters = (lines: StageLine[]) => lines.map((l) => l.state[0]).join('');
const some = (...stages: Parameters<typeof stage>[0][]) => stages.map((s, i) => stage(s, i + 1));
const all = some('create', 'stop', 'set_aside', 'take_name', 'start', 'healthy', 'verify');
const undone = (watch: number): Action['undone'] => [moment(watch), 'watch', 'it does not come up'];
const ended = (outcome: 'done' | 'failed' | 'undone'): Action['ended'] => [moment(20), outcome, ''];

it.each([
  ['a restart begins', { kind: 'restart' }, 'noo', ''],
  ['it is verified', { kind: 'restart', stages: some('restart', 'healthy'), state: 'verifying' }, 'ddn', ''],
  ['it failed', { kind: 'restart', state: 'over', ended: ended('failed') }, 'sss', ''],
  ['a roll back is under way', { stages: some('create', 'stop') }, 'ddnoooo', ''],
  ['it is half done', { stages: some('create', 'stop'), state: 'interrupted' }, 'ddboooo', ''],
  ['it is done', { stages: all, state: 'over', ended: ended('done') }, 'ddddddd', ''],
  [
    'it is being undone',
    {
      stages: [...some('create', 'stop', 'set_aside'), stage('remove', 9)],
      state: 'undoing',
      undone: undone(8),
    },
    'dddssss',
    'dnoo',
  ],
  [
    'it broke off on the way back',
    { stages: some('create', 'stop'), state: 'interrupted', undone: undone(8) },
    'ddsssss',
    'booo',
  ],
  [
    'it is undone after it was done',
    {
      stages: [
        ...all,
        ...['remove', 'give_back', 'start', 'healthy'].map((s, i) => stage(s as 'start', 10 + i)),
      ],
      state: 'over',
      undone: undone(9),
      ended: ended('undone'),
    },
    'ddddddd',
    'dddd',
  ],
  [
    'the way back was left, and it goes on',
    { stages: [...some('create', 'stop', 'set_aside'), stage('remove', 9)], undone: null },
    'nddoooo',
    '',
  ],
] as [string, Parameters<typeof action>[0], string, string][])('%s', (_, it, forth, back) => {
  const stages = stagesOf(action(it));
  expect([letters(stages.forth), letters(stages.back)]).toEqual([forth, back]);
});

it('a stage that was done twice has its last time', () =>
  expect(
    stagesOf(action({ stages: [stage('create', 1), stage('create', 5)] })).forth[0]?.record?.moment.watch,
  ).toBe(5));
