import { describe, expect, it } from 'vitest';
import type { EvidenceRecord } from '../types';
import { laidOut, linesOf, paired } from './evidence';

const record = (kind: string, digest: string, failure: string | null = null): EvidenceRecord => ({
  kind,
  digest,
  bytes: 1,
  failure,
  moment: { utc: '', watch: 0 },
});

describe('evidence', () => {
  it('is paired with its text by kind and digest', () => {
    const texts = [
      { kind: 'logs', digest: 'a', text: 'first' },
      { kind: 'inspect', digest: 'a', text: 'other' },
    ];
    const records = [
      record('logs', 'a'),
      record('logs', 'a'),
      record('logs', 'b'),
      record('health', 'c', 'timed out'),
    ];
    expect(paired(records, texts).map((p) => p.text)).toEqual(['first', 'first', null, null]);
  });

  it.each([
    ['{"a":1}', '{\n  "a": 1\n}'],
    [' [1]', '[\n  1\n]'],
    ['{\n "a":1}', '{\n "a":1}'],
    ['{broken', '{broken'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j is laid out', (text, out) => expect(laidOut(text)).toBe(out));
});

describe('lines', () => {
  it.each([
    ['', [[1, '']]],
    [
      'a\nb\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a\r\n\r\nb',
      [
        [1, 'a'],
        [2, ''],
        [3, 'b'],
      ],
    ],
  ])('of %j', (text, expected) => expect(linesOf(text).map((l) => [l.n, l.text])).toEqual(expected));

  it('that are very long go on', () => {
    const lines = linesOf(`${'x'.repeat(4500)}\ny`);
    expect(lines.map((l) => [l.n, l.text.length, l.at])).toEqual([
      [1, 2000, 0],
      [null, 2000, 1],
      [null, 500, 2],
      [2, 1, 3],
    ]);
  });
});
