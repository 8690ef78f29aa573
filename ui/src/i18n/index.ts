// Texts in the language that is shown. Reads a rune, so that a change of language is seen at once.
import { el } from './el';
import { en } from './en';
import { language, type Shown } from './language.svelte';
import { fill, numbers, type Values } from './text';

export type Key = keyof typeof en;

const catalogues = { en, el };
/** The locale whose rules hold for numbers: of English the British ones, for their day before month. */
export const LOCALES: Record<Shown, string> = { en: 'en-GB', el: 'el-GR' };

/** The text `key`, filled in with `values`. */
export function t(key: Key, values: Values = {}): string {
  const shown = language.shown;
  return fill(catalogues[shown][key], values, LOCALES[shown]);
}

/** A number as the language writes it. */
export const num = (n: number): string => numbers(LOCALES[language.shown]).format(n);

/** The `lang` of text that comes from the journal, which is English: nothing where all is English anyway. */
export const journalLang = (): 'en' | undefined => (language.shown === 'en' ? undefined : 'en');
