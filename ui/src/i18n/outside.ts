// What the program says in English and that is a fixed set: days that can be simulated, keys of the configuration.
// English shows the program's own words, so that they are written once; other languages have a table of their own.
import { outside as el } from './el/outside';
import type { Failure } from '../ipc';
import { language } from './language.svelte';

const tables: Partial<Record<string, Record<string, string>>> = { el };

/** A text for people with its language, where that is not the window's. */
export interface Worded {
  text: string;
  lang: 'en' | undefined;
}

/** The program's `english`, known as `id`, in the language that is shown. */
export function worded(id: string, english: string): Worded {
  if (language.shown === 'en') return { text: english, lang: undefined };
  const text = tables[language.shown]?.[id];
  return text === undefined ? { text: english, lang: 'en' } : { text, lang: undefined };
}

/** What to do about a failure. */
export function helpOf({ help, advice }: Pick<Failure, 'help' | 'advice'>): Worded | null {
  if (help === null) return null;
  const { text, lang } = worded(advice ? `help.${advice.id}` : '', help);
  return { text: text.replaceAll('{name}', advice?.name ?? ''), lang };
}
