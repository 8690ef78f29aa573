// The lines of an incident, without what each of them repeats.
import type { IncidentView } from '../types';

/** `text` without the incident's name at its beginning: it stands above the list. */
export function shortened(text: string, { id, title, problem }: IncidentView): string {
  const name = `#${id} ${title} (${problem.subject})`;
  if (!text.startsWith(name)) return text;
  const rest = text.slice(name.length).replace(/^[:,]?\s+/, '');
  return rest === '' ? text : rest[0]!.toUpperCase() + rest.slice(1);
}
