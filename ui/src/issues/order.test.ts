import { describe, expect, it } from 'vitest';
import type { IncidentState, IncidentView, MatrixRow, Severity } from '../types';
import { incident } from './fixture';
import { bySeverity, inOrder, rowState, symptomsOf } from './order';

const one = (
  id: number,
  severity: Severity,
  state: IncidentState,
  watch = id,
  explained_by: number | null = null,
) => incident({ id, severity, state, explained_by, opened: { utc: '', watch } });

describe('the order of incidents', () => {
  it.each<[string, IncidentView[], number[]]>([
    ['grave before light', [one(1, 'minor', 'open'), one(2, 'critical', 'open')], [2, 1]],
    ['what lasts before what is over', [one(1, 'critical', 'closed'), one(2, 'minor', 'open')], [2, 1]],
    ['recovered before closed', [one(1, 'major', 'closed'), one(2, 'major', 'recovered')], [2, 1]],
    ['the newest first', [one(1, 'major', 'open', 10), one(2, 'major', 'open', 20)], [2, 1]],
    [
      'symptoms after their cause',
      [one(1, 'critical', 'open', 30, 2), one(2, 'critical', 'open', 10), one(3, 'critical', 'open', 20)],
      [3, 2, 1],
    ],
    ['a symptom whose cause is not there', [one(1, 'major', 'open', 5, 99)], [1]],
    ['a circle', [one(1, 'major', 'open', 5, 2), one(2, 'major', 'open', 6, 1)], [2, 1]],
  ])('%s', (_, all, ids) => expect(inOrder(all).map((i) => i.id)).toEqual(ids));

  it('knows the symptoms', () => {
    const all = [one(1, 'critical', 'open'), one(2, 'major', 'open', 2, 1), one(3, 'major', 'open', 3, 1)];
    expect(symptomsOf(1, all).map((i) => i.id)).toEqual([2, 3]);
  });
});

describe('the matrix', () => {
  const row = (severity: Severity, incidents: number[], open: number): MatrixRow => ({
    issue: 'high_cpu',
    severity,
    incidents,
    open,
  });

  it('is gathered by severity with its counts', () => {
    const groups = bySeverity([row('critical', [3], 1), row('major', [1, 2], 0), row('major', [], 0)]);
    expect(groups.map((g) => [g.severity, g.rows.length, g.open, g.all])).toEqual([
      ['critical', 1, 1, 1],
      ['major', 2, 0, 2],
      ['minor', 0, 0, 0],
    ]);
  });

  it.each<[MatrixRow, IncidentState[], string]>([
    [row('major', [], 0), [], 'none'],
    [row('major', [1], 1), ['open'], 'open'],
    [row('major', [1, 2], 0), ['closed', 'recovered'], 'recovered'],
    [row('major', [1], 0), ['closed'], 'over'],
  ])('row %j', (it, states, expected) => {
    const all = states.map((state, i) => one(i + 1, 'major', state));
    expect(rowState(it, all)).toBe(expected);
  });
});
