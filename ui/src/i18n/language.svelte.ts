// Which language: what the settings say, or what the desktop says.
import type { Language } from '../types';

export type Shown = 'en' | 'el';

class Chosen {
  shown = $state<Shown>('en');

  choose(setting: Language): void {
    const desktop: Shown = navigator.language.toLowerCase().startsWith('el') ? 'el' : 'en';
    this.shown = setting === 'system' ? desktop : setting;
    document.documentElement.lang = this.shown;
  }
}

export const language = new Chosen();
