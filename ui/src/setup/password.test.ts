import { expect, test } from 'vitest';
import { Keeping } from './password.svelte';

const refused = { code: 'keychain', message: 'it is locked', help: null } as const;

/** A keychain that is locked at first, for so many times. */
function keychain(locked: number) {
  const asked: string[] = [];
  const remember = async (password: string) => {
    asked.push(password);
    if (asked.length <= locked) throw refused;
  };
  return { asked, remember };
}

test.each([
  ['at once', 0, 1],
  ['after it was refused', 1, 2],
  ['not at all', 3, 3],
])('a password is kept %s, and stays in its field until then', async (_, locked, times) => {
  const { asked, remember } = keychain(locked);
  const field = { value: 'secret' };
  const keeping = new Keeping();
  keeping.typed = true;
  for (let nth = 1; nth <= times; nth++) {
    const kept = nth > locked;
    expect(await keeping.keep(field, remember)).toBe(kept);
    expect(asked).toEqual(Array.from({ length: nth }, () => 'secret'));
    expect([field.value, keeping.typed]).toEqual(kept ? ['', false] : ['secret', true]);
    expect([keeping.failure?.code, keeping.running]).toEqual([kept ? undefined : 'keychain', null]);
  }
});

test('what else runs does not answer for a password', async () => {
  const { asked, remember } = keychain(0);
  const keeping = new Keeping();
  keeping.typed = true;
  const forgotten = keeping.run(() => Promise.reject(refused));
  const kept = keeping.keep({ value: 'secret' }, remember);
  expect(asked).toEqual([]);
  expect([await forgotten, await kept, asked]).toEqual([false, true, ['secret']]);
});

test('who asks twice at the same time keeps it once', async () => {
  const { asked, remember } = keychain(0);
  const field = { value: 'secret' };
  const keeping = new Keeping();
  const both = [keeping.keep(field, remember), keeping.keep(field, remember)];
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(asked).toEqual(['secret']);
});
