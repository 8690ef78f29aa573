import { describe, expect, it } from 'vitest';
import day from '../../../tests/recorded/day.json';
import type { ItemOutcome, View } from '../../types';
import { checkMarks, foremost, gapMarks, gravest, incidentMarks, inTime, laneOf, markOfCheck } from './marks';

const view = day as unknown as View;
const done = view.checks.find((c) => c.id === 'hour-1')!;
const withLines = (...outcomes: ItemOutcome[]) => ({
  ...done,
  lines: outcomes.map((outcome) => ({ item: 'api_responds' as const, outcome, evidence: '' })),
});

describe("a check's shape", () => {
  it.each([
    ['all passed', withLines('passed', 'passed'), 'disc'],
    ['one unknown', withLines('passed', 'unknown'), 'dashes'],
    ['one owed', withLines('unknown', 'owed'), 'diamond'],
    ['one failed', withLines('owed', 'failed', 'passed'), 'cross'],
    ['missed, whatever a late one found', { ...withLines('passed'), status: 'missed' as const }, 'cross'],
    ['pending', { ...done, status: 'pending' as const }, 'ring'],
    ['being taken', { ...done, status: 'running' as const }, 'dashes'],
  ])('%s', (_, check, shape) => expect(markOfCheck(check).shape).toBe(shape));
});

describe('several checks', () => {
  const [passed, owed, failed, pending] = [
    withLines('passed'),
    withLines('owed'),
    withLines('failed'),
    { ...done, status: 'pending' as const },
  ];
  it.each([
    ['all well only where all are', [passed, passed], 'disc'],
    ['not yet, where one is to come', [passed, pending], 'ring'],
    ['the gravest', [pending, owed, failed, passed], 'cross'],
  ])('%s', (_, checks, shape) => expect(gravest(checkMarks(checks)).shape).toBe(shape));
});

describe('incidents', () => {
  it('end with their recovery', () => {
    const marks = incidentMarks(view.incidents);
    expect(marks.every((m) => m.to !== null && m.to >= m.at)).toBe(true);
  });

  it('have no end while they last', () => {
    const open = { ...view.incidents[0]!, state: 'open' as const };
    expect(incidentMarks([open])[0]?.to).toBeNull();
  });

  it('that are symptoms lie in a lane of their own', () => {
    const [one, , crash] = view.incidents;
    const marks = incidentMarks([one!, { ...crash!, explained_by: 1 }]);
    expect(marks.map(laneOf)).toEqual([one!.severity, 'symptom']);
  });

  it('are named by the one that lasts, or else by the gravest', () => {
    const all = incidentMarks(view.incidents);
    expect(foremost(all).severity).toBe('critical');
    const [minor, ...rest] = all;
    expect(foremost([...rest, { ...minor!, to: null }]).id).toBe(minor!.id);
  });
});

it('the arrow keys go through everything in the order of time', () => {
  const all = [...checkMarks(view.checks), ...incidentMarks(view.incidents), ...gapMarks(view.gaps)];
  const at = inTime(all).map((m) => m.at);
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(new Set(all.map((m) => m.id)).size).toBe(all.length);
});
