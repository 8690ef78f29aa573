import { expect, test } from 'vitest';
import { follow, type Reading } from './follow';

const still: Reading = { shown: 10, head: 10, reading: false, busy: false, age: 60_000 };

test.each([
  ['the first time', { shown: null, age: 0 }, 'fetch'],
  ['the first time, under way', { shown: null, busy: true }, 'wait'],
  ['nothing new', {}, 'current'],
  ['nothing new for a reader', { reading: true }, 'current'],
  ['news', { head: 11 }, 'fetch'],
  ['news just after the last', { head: 11, age: 4999 }, 'wait'],
  ['news for a reader', { head: 11, reading: true }, 'offer'],
  ['news for a reader, however old', { head: 500, reading: true, age: 1e9 }, 'offer'],
  ['news while it is being made', { head: 11, busy: true }, 'wait'],
  ['a head that is behind', { head: 3 }, 'current'],
] as const)('%s', (_, over, is) => expect(follow({ ...still, ...over })).toBe(is));
