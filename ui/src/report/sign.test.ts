import { describe, expect, test } from 'vitest';
import { against, early, isComplete, needs, type Form } from './sign';

const form: Form = { name: 'Operator', decision: 'approved', remark: '' };

test.each([
  ['approved', 'pass', false],
  ['approved', 'inconclusive', true],
  ['approved', 'fail', true],
  ['rejected', 'pass', true],
  ['rejected', 'inconclusive', false],
  ['rejected', 'fail', false],
  [null, 'fail', false],
] as const)('%s at %s is against the verdict: %s', (decision, finding, is) =>
  expect(against(decision, finding)).toBe(is),
);

test.each([
  ['in_progress', true],
  ['interrupted', true],
  ['concluded', false],
  ['signed_off', false],
] as const)('%s is early: %s', (stage, is) => expect(early(stage)).toBe(is));

describe('what a sign-off needs', () => {
  const nothing = { name: null, decision: null, remark: null };
  test.each([
    ['nothing more', {}, 'pass', 'concluded', {}],
    ['a name', { name: '  ' }, 'pass', 'concluded', { name: 'name' }],
    ['a decision', { decision: null }, 'pass', 'concluded', { decision: 'decision' }],
    ['a reason against the verdict', {}, 'fail', 'concluded', { remark: 'reason' }],
    ['a reason that says something', { remark: ' \n' }, 'fail', 'concluded', { remark: 'reason' }],
    ['nothing more with the reason', { remark: 'known and harmless' }, 'fail', 'concluded', {}],
    ['a reason before the end', {}, 'pass', 'in_progress', { remark: 'reason' }],
    ['a reason for one that was left', { decision: 'rejected' }, 'fail', 'interrupted', { remark: 'reason' }],
    ['a shorter name', { name: 'ώ'.repeat(101) }, 'pass', 'concluded', { name: 'long' }],
    ['a shorter remark', { remark: '🌊'.repeat(4001) }, 'pass', 'concluded', { remark: 'long' }],
    ['nothing more at the bound', { remark: '🌊'.repeat(4000) }, 'pass', 'concluded', {}],
  ] as const)('%s', (_, over, finding, stage, missing) => {
    const is = needs({ ...form, ...over }, finding, stage);
    expect(is).toEqual({ ...nothing, ...missing });
    expect(isComplete(is)).toBe(Object.keys(missing).length === 0);
  });
});
