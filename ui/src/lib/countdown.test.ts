import { describe, expect, it } from 'vitest';
import type { StepView } from '../types';
import { countdownOf, nextStep } from './countdown';

const min = 60_000;

describe('a step with a clock', () => {
  // Restart: due after 5 min, warned of 1 min before. Began at minute 10.
  it.each([
    [10, 5 * min, 'running', 'ok'],
    [12.9, 2.1 * min, 'running', 'ok'],
    [13, 2 * min, 'soon', 'warning'],
    [14.5, 0.5 * min, 'soon', 'warning'],
    [15, 0, 'over', 'critical'],
    [16, -min, 'over', 'critical'],
  ])('at minute %d', (at, left, state, tone) => {
    const c = countdownOf(15 * min, 10 * min, at * min, min);
    expect(c.left).toBeCloseTo(left);
    expect([c.state, c.tone]).toEqual([state, tone]);
  });

  it('warns for as long as the rules ask, however short its time', () =>
    expect(countdownOf(2 * min, 0, 0, 3 * min).state).toBe('soon'));
});

describe('what is to be done now', () => {
  const step = (step: StepView['step'], state: StepView['state'], due: number | null): StepView => ({
    step,
    state,
    due,
    done: null,
  });

  const both = [step('roll_back', 'due', 15), step('restart', 'due', 5)];
  it.each([
    ['the one that is due first', both, 1, 'restart'],
    ['it still when its time is over', both, 6, 'restart'],
    ['the last one when all are over', both, 16, 'roll_back'],
    ['not what is done', [step('restart', 'done', 5), step('roll_back', 'due', 15)], 1, 'roll_back'],
    ['not what does not apply', [step('restart', 'not_applicable', 5)], 1, undefined],
    ['nothing without a clock', [step('post_mortem', 'owed', null)], 1, undefined],
  ])('%s', (_, steps, now, expected) => expect(nextStep(steps, now)?.step).toBe(expected));
});
