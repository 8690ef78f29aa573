import { describe, expect, it } from 'vitest';
import day from '../../tests/recorded/day.json';
import { incident } from '../issues/fixture';
import type { Action, ActionRules, EvidenceRecord, Stage, StepView, View } from '../types';
import { action, moment, readiness } from './fixture';
import { byItself, canUndo, lacksEvidence, may, onTop, openAction, rulesOf } from './rules';

const min = 60_000;
const piece = (kind: string, watch = 1): EvidenceRecord => ({
  kind,
  digest: '',
  bytes: 0,
  failure: kind === 'health' ? 'no answer' : null,
  moment: moment(watch),
});
const all = ['logs', 'inspect', 'health', 'readings'].map((kind) => piece(kind));
const none: EvidenceRecord[] = [];
const crash = incident({ id: 3, severity: 'critical', evidence: all });

const auto: ActionRules = {
  restart: 'auto',
  roll_back: 'auto',
  restart_after: min,
  roll_back_after: 10 * min,
  restarts_per_hour: 2,
};
const never: ActionRules = { ...auto, restart: 'never', roll_back: 'never' };
const base = day as unknown as View;
const of = (it: Partial<View>, actions?: ActionRules): View => ({
  ...base,
  gaps: [],
  actions: [],
  ...it,
  opening: actions ? { ...base.opening, actions } : base.opening,
});

it('a session that says nothing of it asks for both', () => {
  expect(rulesOf({})).toMatchObject({ restart: 'ask', roll_back: 'ask', restarts_per_hour: 2 });
  expect(rulesOf({ actions: never }).restart).toBe('never');
});

it.each([
  ['all four pieces, one of which failed to come', crash, false],
  ['one is missing', { ...crash, evidence: all.slice(1) }, true],
  ['what is of an earlier round', { ...crash, clock: moment(5) }, true],
  ['a major one has none', { ...crash, severity: 'major', evidence: none }, false],
  ['a closed one', { ...crash, state: 'closed', evidence: none }, false],
] as const)('evidence: %s', (_, i, lacks) => expect(lacksEvidence(incident({ ...i } as object))).toBe(lacks));

describe('what a person may order', () => {
  const half = action({ state: 'interrupted' });
  const over = action({ state: 'over', ended: [moment(1), 'done', ''] });
  it.each([
    ['asked', of({}), crash, 'can'],
    ['without an incident', of({}), null, 'can'],
    ['never', of({}, never), crash, 'never'],
    ['also when the watch may by itself', of({}, auto), crash, 'can'],
    ['nobody watches', of({ stage: 'interrupted' }), crash, 'over'],
    ['the plan has ended', of({ stage: 'concluded' }), crash, 'over'],
    ['something is half done', of({ actions: [half] }), crash, 'busy'],
    ['something was done', of({ actions: [over] }), crash, 'can'],
    ['evidence first', of({}), { ...crash, evidence: none }, 'evidence'],
  ] as const)('%s', (_, view, i, expected) => {
    for (const kind of ['restart', 'roll_back'] as const) expect(may(kind, view, i)).toBe(expected);
  });
});

describe('what the watch does by itself', () => {
  const step = (step: StepView['step'], by_itself: number | null = 2 * min): StepView => ({
    step,
    state: 'due',
    due: 5 * min,
    done: null,
    by_itself,
  });
  const [restart, back] = [step('restart'), step('roll_back', 10 * min)];
  const own = (began: number): Action =>
    action({
      kind: 'restart',
      by: 'watch',
      began: moment(began),
      state: 'over',
      ended: [moment(began), 'failed', ''],
    });
  const ready = of({ readiness: readiness() }, auto);
  const two = (a: number, b: number) => of({ actions: [own(a), own(b)] }, auto);
  const gap = { cause: 'network' as const, from: 0, to: null };
  const held = (why: string) => ({ kind: 'held', why });
  it.each([
    ['it counts down', restart, crash, ready, min, { kind: 'in', left: min }],
    ['its time has come', restart, crash, ready, 2 * min, { kind: 'soon' }],
    ['nobody said so', step('restart', null), crash, ready, min, null],
    ['nobody watches', restart, crash, of({ stage: 'interrupted' }, auto), min, null],
    ['two within the hour', restart, crash, two(0, min), min, held('limit')],
    ['an hour later', restart, crash, two(0, min), 62 * min, { kind: 'soon' }],
    ['one within the hour', restart, crash, two(-61 * min, min), min, { kind: 'in', left: min }],
    ['evidence first', restart, { ...crash, evidence: none }, ready, 2 * min, held('evidence')],
    ['not while it does not see', restart, crash, of({ gaps: [gap] }, auto), 2 * min, held('unseen')],
    ['one after the other', restart, crash, of({ actions: [action({})] }, auto), 2 * min, held('busy')],
    ['a roll back that is certain', back, crash, ready, min, { kind: 'in', left: 9 * min }],
    ['one that nobody asked about', back, crash, of({}, auto), min, held('not_ready')],
    [
      'one that a person would have to accept',
      back,
      crash,
      of({ readiness: readiness({ schema_fits: ['unknown', 'newer'] }) }, auto),
      min,
      held('not_ready'),
    ],
  ] as const)('%s', (_, s, i, view, now, expected) => expect(byItself(s, i, view, now)).toEqual(expected));
});

describe('undo', () => {
  const done = action({ state: 'over', ended: [moment(1), 'done', ''] });
  const later = action({ id: 2, kind: 'restart' });
  it.each([
    ['a roll back that is done', done, [done], 'in_progress', true],
    ['not when something was done after it', done, [done, later], 'in_progress', false],
    ['one that is half done', action({ state: 'interrupted' }), [], 'in_progress', true],
    ['not while nobody watches', action({ state: 'interrupted' }), [], 'interrupted', false],
    ['not while it is under way', action({}), [], 'in_progress', false],
    [
      'no restart',
      action({ kind: 'restart', state: 'over', ended: [moment(1), 'done', ''] }),
      [],
      'in_progress',
      false,
    ],
    ['not twice', action({ state: 'over', ended: [moment(1), 'undone', ''] }), [], 'in_progress', false],
    ['also after the plan', done, [done], 'concluded', true],
    ['not once it is signed off', done, [done], 'signed_off', false],
  ] as [string, Action, Action[], Stage, boolean][])('%s', (_, a, actions, stage, expected) =>
    expect(canUndo(a, of({ actions: actions.length > 0 ? actions : [a], stage }))).toBe(expected),
  );
});

it.each([
  ['nothing was done', [], 0, undefined, undefined],
  ['what is not over', [action({})], 99 * min, 1, 1],
  [
    'what has just ended',
    [action({ state: 'over', ended: [moment(0), 'done', ''] })],
    29 * min,
    undefined,
    1,
  ],
  [
    'but not for long',
    [action({ state: 'over', ended: [moment(0), 'done', ''] })],
    30 * min,
    undefined,
    undefined,
  ],
] as const)('at the top of the page: %s', (_, actions, now, open, top) => {
  const view = of({ actions: [...actions] });
  expect(openAction(view)?.id).toBe(open);
  expect(onTop(view, now)?.id).toBe(top);
});
