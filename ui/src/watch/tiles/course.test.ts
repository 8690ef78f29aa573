import { describe, expect, it } from 'vitest';
import type { Series } from '../../types';
import { columns, extent, heights } from './course';

const series = (values: number[], more: Partial<Series> = {}): Series => ({
  name: 'api_ms',
  target: null,
  limit: null,
  n: values.length,
  points: values.map((v, i) => ({ at: i * 10, min: v - 1, max: v + 1, last: v })),
  breaks: [],
  ...more,
});

describe('columns', () => {
  it('are empty without a series', () => expect(columns(undefined)).toEqual([[], [], [], []]));

  it('break where the watch did not see', () =>
    expect(columns(series([5, 6, 7], { breaks: [2] }))).toEqual([
      [0, 10, 15, 20],
      [4, 5, null, 6],
      [6, 7, null, 8],
      [5, 6, null, 7],
    ]));

  it('do not break before the first point', () =>
    expect(columns(series([5], { breaks: [0] }))[0]).toEqual([0]));
});

describe('heights', () => {
  it.each([
    ['of the readings', series([99]), 108],
    ['of the target, when that is higher', series([99], { target: 500 }), 560],
    ['of the limit, when that is highest', series([99], { target: 500, limit: 1000 }), 1120],
    ['of nothing', series([]), 1],
    ['of zeros', series([-1]), 1],
  ])('%s', (_, s, top) => expect(heights(s)[1]).toBeCloseTo(top));
});

describe('what a chart says', () => {
  it.each([
    ['all', { from: 0, to: 100 }, { min: 4, max: 10, last: 7 }],
    ['what is shown', { from: 5, to: 15 }, { min: 8, max: 10, last: 9 }],
    ['nothing', { from: 500, to: 600 }, null],
  ])('%s', (_, stretch, said) => expect(extent(series([5, 9, 7]), stretch)).toEqual(said));
});
