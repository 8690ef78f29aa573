import { beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../types';

// The window's own surroundings, as far as they are asked for when it is loaded.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
vi.stubGlobal('document', { documentElement: { dataset: {}, lang: '' } });
vi.stubGlobal('navigator', { language: 'en' });

const { backend } = await import('../ipc');
const { app } = await import('../state.svelte');
const { who } = await import('./who.svelte');
const { Writing } = await import('./writing.svelte');

let written: unknown[] = [];
let refuses = false;

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  refuses = false;
  app.view = { opening: { session: 'first', owner: 'A' } } as never;
  void backend({
    listen: () => Promise.resolve(() => undefined),
    invoke: async <T>(name: string, args: Record<string, unknown> = {}): Promise<T> => {
      if (name !== 'carry_out') throw new Error(name);
      if (refuses) return Promise.reject({ code: 'refused', message: 'it is signed off', help: null });
      written.push(args);
      return 7 as T;
    },
  });
});

const note = (by: string, text: string): Command => ({ note: { by, text } });

test.each([
  ['nothing', '', '', [true, true]],
  ['no words', ' \n', 'B', [true, false]],
  ['no name', 'seen', ' ', [false, true]],
])('with %s nothing is written', async (_, words, by, missing) => {
  const writing = new Writing();
  Object.assign(writing, { words, by });
  expect([writing.noWords, writing.noName]).toEqual([false, false]);
  expect(await writing.write(note, 'said')).toBe(false);
  expect([writing.noWords, writing.noName]).toEqual(missing);
  expect(written).toEqual([]);
});

test('it goes into the session that it was begun in, and the name is remembered', async () => {
  const writing = new Writing();
  Object.assign(writing, { words: ' seen ', by: ' B ' });
  app.view = { opening: { session: 'second', owner: 'A' } } as never;
  expect(await writing.write(note, 'said')).toBe(true);
  expect(written).toMatchObject([{ session: 'first', command: { note: { by: 'B', text: 'seen' } } }]);
  expect(who.name).toBe('B');
  expect(writing.busy).toBe(false);
});

test('what was refused stays as it was typed, and can be written again', async () => {
  const writing = new Writing();
  Object.assign(writing, { words: 'seen', by: 'B' });
  refuses = true;
  expect(await writing.write(note, 'said')).toBe(false);
  expect(writing).toMatchObject({ words: 'seen', busy: false, failed: { message: 'it is signed off' } });
  refuses = false;
  expect(await writing.write(note, 'said')).toBe(true);
  expect(writing.failed).toBeNull();
});

test('what is typed while the page is read anew is the next one', async () => {
  const writing = new Writing();
  Object.assign(writing, { words: 'seen', by: 'B' });
  const refreshed = vi.spyOn(app, 'refreshView').mockImplementation(() => {
    expect(writing).toMatchObject({ words: '', tried: false });
    writing.words = 'the next';
    return Promise.resolve();
  });
  expect(await writing.write(note, 'said')).toBe(true);
  expect(refreshed).toHaveBeenCalledOnce();
  expect(writing.words).toBe('the next');
  refreshed.mockRestore();
});
