import { describe, expect, it } from 'vitest';
import type { IncidentView, Judgement, Stage, StepState } from '../types';
import { canAcknowledge, canAnnounce, canConfirm, canDismiss, canRecord, closing } from './actions';
import { incident } from './fixture';

const seen: IncidentView['acknowledged'] = [{ utc: '', watch: 0 }, 'operator', 'looking'];

const breach = (subject: string): IncidentView['problem'] => ({ issue: 'security_breach', subject });
const judged = (judgement: Judgement): IncidentView['judged'] => ({
  moment: { utc: '', watch: 0 },
  judgement,
  by: 'operator',
  remark: 'asked around',
});

describe('acknowledging', () => {
  it.each<[Partial<IncidentView>, Stage, boolean]>([
    [{}, 'in_progress', true],
    [{ state: 'recovered' }, 'in_progress', true],
    [{}, 'interrupted', true],
    [{ acknowledged: seen }, 'in_progress', false],
    [{ state: 'closed' }, 'in_progress', false],
    [{}, 'signed_off', false],
  ])('%j while %s: %s', (it, stage, may) => expect(canAcknowledge(incident(it), stage)).toBe(may));
});

describe('closing', () => {
  it.each<[Partial<IncidentView>, Stage, string]>([
    [{ state: 'recovered' }, 'in_progress', 'can'],
    [{ state: 'recovered' }, 'concluded', 'can'],
    [{ state: 'recovered' }, 'signed_off', 'signed_off'],
    [{ state: 'closed' }, 'in_progress', 'closed'],
    [{ state: 'open' }, 'in_progress', 'still_lasts'],
    [{ state: 'open', explained_by: 3 }, 'in_progress', 'can'],
    [{ problem: { issue: 'data_corruption', subject: 'students' } }, 'in_progress', 'can'],
    [{ problem: breach('image') }, 'in_progress', 'undecided'],
    [{ problem: breach('exec'), judged: judged('confirmed') }, 'in_progress', 'can'],
    [{ problem: breach('logins'), judged: judged('confirmed') }, 'in_progress', 'still_lasts'],
    [{ problem: breach('logins'), state: 'recovered' }, 'in_progress', 'undecided'],
    [{ problem: breach('exec'), judged: judged('dismissed'), state: 'closed' }, 'in_progress', 'closed'],
  ])('%j while %s: %s', (it, stage, how) => expect(closing(incident(it), stage)).toBe(how));
});

describe('judging', () => {
  it.each<[Partial<IncidentView>, Stage, boolean, boolean]>([
    [{ problem: breach('exec') }, 'in_progress', true, true],
    [{ problem: breach('exec') }, 'concluded', true, true],
    [{ problem: breach('exec') }, 'signed_off', false, false],
    [{ problem: breach('exec'), judged: judged('confirmed') }, 'in_progress', false, true],
    [{ problem: breach('exec'), judged: judged('dismissed'), state: 'closed' }, 'in_progress', false, false],
    [{ problem: breach('logins'), state: 'recovered' }, 'in_progress', true, true],
    [{ problem: { issue: 'data_corruption', subject: 'rows' } }, 'in_progress', true, true],
    [{}, 'in_progress', false, false],
  ])('%j while %s: %s, %s', (it, stage, confirm, dismiss) => {
    expect(canConfirm(incident(it), stage)).toBe(confirm);
    expect(canDismiss(incident(it), stage)).toBe(dismiss);
  });
});

describe('recording a step', () => {
  it.each<[StepState, Stage, boolean]>([
    ['due', 'in_progress', true],
    ['overdue', 'in_progress', true],
    ['owed', 'concluded', true],
    ['missed', 'in_progress', true],
    ['done', 'in_progress', false],
    ['not_needed', 'in_progress', false],
    ['not_applicable', 'in_progress', false],
    ['due', 'signed_off', false],
  ])('%s while %s: %s', (state, stage, may) =>
    expect(canRecord({ step: 'restart', state, due: 1, done: null }, stage)).toBe(may),
  );
});

describe('announcing', () => {
  it.each<[Stage, boolean]>([
    ['in_progress', true],
    ['interrupted', true],
    ['concluded', false],
    ['signed_off', false],
  ])('while %s: %s', (stage, may) => expect(canAnnounce(stage)).toBe(may));
});
