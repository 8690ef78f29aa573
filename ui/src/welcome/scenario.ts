// The title of a simulated day as a session keeps it: with the seed of its chance, where one was chosen.
import { worded, type Worded } from '../i18n/outside';

export function scenarioTitle(simulated: string): Worded {
  const [, title = simulated, seed = ''] = /^(.*?)( \(seed \d+\))?$/.exec(simulated) ?? [];
  const { text, lang } = worded(`scenario.${title}`, title);
  return { text: text + seed, lang };
}
