import { describe, expect, it } from 'vitest';
import { offsetsOf, rangeOf, rowAt } from './windowed';

const offsets = offsetsOf([10, 20, 30, 40], 4);

describe('rows in sight', () => {
  it('begin one after the other', () => expect([...offsets]).toEqual([0, 10, 30, 60, 100]));

  it.each([
    [-5, 0],
    [0, 0],
    [9.9, 0],
    [10, 1],
    [59, 2],
    [60, 3],
    [1000, 3],
  ])('%d px lie in row %d', (y, row) => expect(rowAt(offsets, y)).toBe(row));

  it.each([
    [0, 5, 0, 0, 1],
    [0, 10, 0, 0, 2],
    [35, 10, 0, 2, 3],
    [35, 10, 20, 1, 4],
    [500, 10, 0, 3, 4],
  ])('from %d, %d high, %d beyond: rows %d to %d', (top, height, beyond, from, to) =>
    expect(rangeOf(offsets, top, height, beyond)).toEqual({ from, to }),
  );

  it('are none of none', () => expect(rangeOf(offsetsOf([], 0), 0, 100, 50)).toEqual({ from: 0, to: 0 }));

  it('are few of very many', () => {
    const many = offsetsOf(
      Array.from({ length: 100_000 }, () => 30),
      100_000,
    );
    const { from, to } = rangeOf(many, 1_500_000, 600, 300);
    expect([from, to]).toEqual([49_990, 50_031]);
  });
});
