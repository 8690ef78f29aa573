// Which lines of the log are shown.
import { fold } from '../lib/search';
import type { LogLine, Severity } from '../types';
import type { Doing } from './people';

export interface Filter {
  /** At least as grave; `any` takes also what is neither good nor bad. */
  severity: 'any' | Severity;
  incident: number | null;
  who: 'all' | 'people' | 'notes';
  /** As it was typed. */
  search: string;
}

export const EVERYTHING: Filter = { severity: 'any', incident: null, who: 'all', search: '' };

const GRAVITY: Record<Severity, number> = { minor: 1, major: 2, critical: 3 };

/** Folding ten thousand lines at each key press would be felt. */
const folded = new WeakMap<LogLine, string>();

function foldedText(line: LogLine): string {
  let text = folded.get(line);
  if (text === undefined) folded.set(line, (text = fold(line.text)));
  return text;
}

/** `labelOf` gives what is shown beside a line's own text. */
export function filtered(
  log: LogLine[],
  filter: Filter,
  doings: Map<number, Doing>,
  labelOf: (line: LogLine) => string | null = () => null,
): LogLine[] {
  const wanted = fold(filter.search.trim());
  const least = filter.severity === 'any' ? 0 : GRAVITY[filter.severity];
  return log.filter((line) => {
    if (least > 0 && (line.severity === null || GRAVITY[line.severity] < least)) return false;
    if (filter.incident !== null && line.incident !== filter.incident) return false;
    const doing = doings.get(line.seq);
    if (filter.who === 'people' && doing === undefined) return false;
    if (filter.who === 'notes' && doing !== 'note') return false;
    return wanted === '' || foldedText(line).includes(wanted) || fold(labelOf(line) ?? '').includes(wanted);
  });
}

export const isEverything = ({ severity, incident, who, search }: Filter): boolean =>
  severity === 'any' && incident === null && who === 'all' && search.trim() === '';
