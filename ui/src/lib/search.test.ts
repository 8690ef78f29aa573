import { describe, expect, it } from 'vitest';
import { fold, pieces } from './search';

describe('what is compared', () => {
  it.each([
    ['Timeout', 'timeout'],
    ['ΣΦΆΛΜΑΤΑ', 'σφαλματα'],
    ['χρόνος', 'χρονοσ'],
    ['ﬁ İ', 'ﬁ i'],
    ['𝔸 x', '𝔸 x'],
  ])('%s is %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
    expect(fold(text)).toHaveLength(text.length);
  });
});

describe('pieces', () => {
  it.each([
    ['slow query', '', ['-slow query']],
    ['', 'x', ['-']],
    ['slow query', 'nothing', ['-slow query']],
    ['Slow query', 'slow', ['+Slow', '- query']],
    ['a slow', 'slow', ['-a ', '+slow']],
    ['aXbxc', 'x', ['-a', '+X', '-b', '+x', '-c']],
    ['aaa', 'aa', ['+aa', '-a']],
    ['Λήξη χρόνου', 'χρονου', ['-Λήξη ', '+χρόνου']],
  ])('%s by %s', (text, wanted, expected) => {
    expect(pieces(text, wanted).map((p) => (p.found ? '+' : '-') + p.text)).toEqual(expected);
  });
});
