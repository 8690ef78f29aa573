import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckStatus, CheckView, Item, ItemOutcome, ItemResult, Stage } from '../types';
import { mayTick, newestCheck, owedChecks, stateOf, tally } from './state';

const lines = (outcomes: ItemOutcome[]): ItemResult[] =>
  outcomes.map((outcome) => ({ item: 'api_responds', outcome, evidence: '' }));
const result = (watch: number, late = false): CheckResult => ({
  moment: { utc: '', watch },
  late,
  items: [],
  observations: [],
});
const check = (it: Partial<CheckView>): CheckView => ({
  due_utc: '',
  until_utc: '',
  lines: [],
  actions: [],
  issues: [],
  actions_since: [],
  issues_since: [],
  id: 'hour-1',
  title: 'Hour 1',
  phase: 1,
  due: 100,
  status: 'done',
  began: null,
  missed: null,
  result: null,
  ticks: [],
  ...it,
});

describe('the state of a check', () => {
  it.each<[CheckStatus, number, CheckResult | null, ItemOutcome[], Stage, string]>([
    ['pending', 99, null, [], 'in_progress', 'pending'],
    ['pending', 100, null, [], 'in_progress', 'due'],
    ['pending', 99, null, [], 'interrupted', 'pending'],
    ['pending', 500, null, [], 'concluded', 'not_taken'],
    ['pending', 99, null, [], 'signed_off', 'not_taken'],
    ['running', 101, null, [], 'in_progress', 'running'],
    ['done', 900, result(101), ['passed', 'passed'], 'in_progress', 'done'],
    ['done', 900, result(101), ['passed', 'unknown'], 'in_progress', 'unknown'],
    ['done', 900, result(101), ['owed', 'unknown'], 'in_progress', 'owed'],
    ['done', 900, result(101), ['owed', 'failed'], 'in_progress', 'failed'],
    ['missed', 900, null, [], 'in_progress', 'missed'],
    ['missed', 900, result(800, true), ['failed'], 'in_progress', 'taken_late'],
  ])('%s at %d', (status, now, found, outcomes, stage, state) => {
    expect(stateOf(check({ status, result: found, lines: lines(outcomes) }), now, stage)).toBe(state);
  });
});

describe('lines', () => {
  it('are counted by outcome', () => {
    expect(tally(lines(['passed', 'owed', 'passed', 'failed']))).toEqual({
      passed: 2,
      failed: 1,
      unknown: 0,
      owed: 1,
    });
  });

  it.each<[Item, ItemOutcome, boolean]>([
    ['git_tag', 'owed', true],
    ['git_tag', 'passed', false],
    ['git_tag', 'failed', false],
    ['api_responds', 'unknown', false],
    ['basic_functionality', 'unknown', true],
    ['no_breaches', 'unknown', true],
    ['no_breaches', 'failed', false],
    ['feature_functionality', 'unknown', true],
    ['all_features_functional', 'unknown', true],
    ['basic_functionality', 'failed', false],
  ])('%s, %s: a person may answer: %s', (item, outcome, may) => {
    expect(mayTick({ item, outcome, evidence: '' })).toBe(may);
  });
});

describe('what is owed', () => {
  it('is that of the checks that were taken', () => {
    const all = [
      check({ id: 'a', title: 'A', lines: lines(['owed', 'owed', 'passed']) }),
      check({ id: 'b', status: 'pending', lines: lines(['owed']) }),
      check({ id: 'c', lines: lines(['passed']) }),
      check({ id: 'd', title: 'D', status: 'missed', lines: lines(['owed']) }),
    ];
    expect(owedChecks(all)).toEqual([
      { id: 'a', title: 'A', lines: 2 },
      { id: 'd', title: 'D', lines: 1 },
    ]);
  });
});

describe('the check to show', () => {
  const taken = (id: string, watch: number) => check({ id, due: watch, result: result(watch) });
  const pending = check({ id: 'p', due: 900, status: 'pending' });
  it.each<[string, CheckView[], string | undefined]>([
    ['the newest', [taken('a', 1), taken('b', 2), pending], 'b'],
    ['the newest even where it stands before', [taken('extra', 9), taken('b', 2)], 'extra'],
    ['the one under way', [check({ id: 'r', status: 'running' }), taken('b', 2000)], 'r'],
    ['a missed one', [taken('a', 1), check({ id: 'm', due: 5, status: 'missed' })], 'm'],
    ['the first, when none has begun', [pending], 'p'],
    ['none of none', [], undefined],
  ])('is %s', (_, all, id) => expect(newestCheck(all)?.id).toBe(id));
});
