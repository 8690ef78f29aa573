// Which colours: what the settings say, or what the desktop says.
import type { Theme } from '../types';

export type Shown = 'light' | 'dark' | 'contrast';

const dark = '(prefers-color-scheme: dark)';
const more = '(prefers-contrast: more)';

class Chosen {
  setting = $state<Theme>('system');
  #desktop = $state<Shown>('light');

  constructor() {
    const look = () => {
      this.#desktop = matchMedia(more).matches ? 'contrast' : matchMedia(dark).matches ? 'dark' : 'light';
      this.#put();
    };
    for (const query of [dark, more]) matchMedia(query).addEventListener('change', look);
    look();
  }

  /** What is shown now. Charts read it: a canvas does not follow CSS. */
  get shown(): Shown {
    return this.setting === 'system' ? this.#desktop : this.setting;
  }

  choose(setting: Theme): void {
    this.setting = setting;
    this.#put();
  }

  #put(): void {
    document.documentElement.dataset['theme'] = this.shown;
  }
}

export const theme = new Chosen();
