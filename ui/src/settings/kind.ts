// What a key of the configuration may hold, read from the program's words for it: `time, 1s to 15m`.
import type { Pick } from '../types';

export type Kind =
  | { input: 'choice' }
  | { input: 'number'; whole: boolean; min: number; max: number }
  | { input: 'time'; min: string; max: string }
  | { input: 'list' }
  | { input: 'path'; pick: Pick }
  | { input: 'text' };

const PATHS: Record<string, Pick> = {
  'deployment.docker_certificates': 'certificate_folder',
  'deployment.ca_file': 'authority_file',
  'deployment.ssh_key': 'key_file',
  'watch.plan': 'plan_file',
};

/** A kind that is not known is a text: the program says what is wrong with it. */
export function kindOf(key: { key: string; kind: string; choices: string[] }): Kind {
  if (key.choices.length > 0) return { input: 'choice' };
  const pick = PATHS[key.key];
  if (pick) return { input: 'path', pick };
  const number = /^(whole )?number, (\S+) to (\S+)$/.exec(key.kind);
  if (number) {
    return {
      input: 'number',
      whole: number[1] !== undefined,
      min: Number(number[2]),
      max: Number(number[3]),
    };
  }
  const time = /^time, (\S+) to (\S+)$/.exec(key.kind);
  if (time) return { input: 'time', min: time[1]!, max: time[2]! };
  return key.kind.startsWith('list of') ? { input: 'list' } : { input: 'text' };
}

/** Whether it can be sent at all; the rest is for the program to judge. A comma is what Greek writes for a point. */
export function readable(kind: Kind, typed: string): boolean {
  const text = typed.trim();
  if (kind.input === 'number') {
    const n = Number(text.replace(',', '.'));
    return text !== '' && Number.isFinite(n) && (!kind.whole || Number.isInteger(n));
  }
  if (kind.input === 'time') return /^(\d+\s*(ms|s|sec|m|min|h|d)\s*)+$/.test(text);
  return true;
}

/** As it is sent; null leaves the key out. */
export function sent(kind: Kind, typed: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  return kind.input === 'number' ? text.replace(',', '.') : text;
}
