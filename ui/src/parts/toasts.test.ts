import { describe, expect, it } from 'vitest';
import { apart, inRoom, replaces } from './toasts.svelte';

describe('room for messages', () => {
  const room = (stays: string) =>
    inRoom([...stays].map((kind, i) => ({ stays: kind === 'f', i })))
      .map((toast) => toast.i)
      .join('');
  it.each([
    ['the newest pass', 'ppppp', '234'],
    ['failures are kept', 'fpppp', '034'],
    ['also when there are many', 'fffp', '0123'],
    ['the oldest failure gives way to a failure', 'ffff', '123'],
  ])('%s', (_, all, kept) => expect(room(all)).toBe(kept));
});

describe('what replaces what', () => {
  const of = (session: string, incident: number, title: string) => ({ session, incident, title, body: '' });
  it.each([
    ['the same incident', of('a', 1, 'recovered'), of('a', 1, 'open'), true],
    ['one of another session', of('b', 1, 'recovered'), of('a', 1, 'open'), false],
    ['another one', of('a', 2, 'open'), of('a', 1, 'recovered'), false],
  ])('%s', (_, newer, older, does) => expect(replaces(newer, older)).toBe(does));
});

describe('a cause in English behind Greek words', () => {
  it.each([
    ['without one', 'Κανείς δεν παρακολουθεί.', { body: 'Κανείς δεν παρακολουθεί.' }],
    [
      'on its own line',
      'Κανείς δεν παρακολουθεί.\nΑιτία (στα αγγλικά): the disk is full: /dev/sda1\nFree some.',
      { body: 'Κανείς δεν παρακολουθεί.', cause: 'the disk is full: /dev/sda1\nFree some.' },
    ],
    ['lines of its own are no cause', 'One.\nCause: another.', { body: 'One.\nCause: another.' }],
  ])('%s', (_, words, parts) => expect(apart(words)).toEqual(parts));
});
