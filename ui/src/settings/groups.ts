// The configuration's sections in the groups that a person looks for.
import type { ConfigKey, ConfigSection } from '../types';

export const GROUPS = [
  'deployment',
  'plan',
  'thresholds',
  'escalation',
  'notifications',
  'retention',
  'other',
] as const;
export type Group = (typeof GROUPS)[number];

const OF_SECTION: Record<string, Group> = {
  deployment: 'deployment',
  release: 'deployment',
  login: 'deployment',
  watch: 'plan',
  rules: 'thresholds',
  'rules.targets': 'thresholds',
  'rules.matrix': 'thresholds',
  actions: 'escalation',
  'rules.escalation': 'escalation',
  'rules.notify': 'notifications',
  retention: 'retention',
};

/** A section that is not known yet still has a place. */
export const groupOf = (section: string): Group => OF_SECTION[section] ?? 'other';

/** Whether a key differs from its default. What has none is given, not changed. */
export const isChanged = ({ value, default: usual }: ConfigKey): boolean =>
  usual !== null && value !== null && value !== usual;

export interface Wanted {
  /** Words of which each must occur. */
  words: string;
  changedOnly: boolean;
}

const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase().replaceAll('ς', 'σ');

/** The keys that are wanted, section by section; sections without any are left out. `named` gives a key's texts. */
export function sift(
  sections: ConfigSection[],
  { words, changedOnly }: Wanted,
  named: (key: ConfigKey) => string,
): ConfigSection[] {
  const all = plain(words).split(/\s+/).filter(Boolean);
  return sections
    .map((section) => ({
      ...section,
      keys: section.keys.filter((key) => {
        if (changedOnly && !isChanged(key)) return false;
        const text = plain(`${key.key} ${named(key)}`);
        return all.every((word) => text.includes(word));
      }),
    }))
    .filter((section) => section.keys.length > 0);
}
