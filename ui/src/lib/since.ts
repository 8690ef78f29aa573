// What happened since somebody last looked.
import type { LogLine } from '../types';

export interface News {
  /** How many lines are new. */
  all: number;
  /** The ones that matter, the newest first; at most a few. */
  lines: LogLine[];
}

/** The grave ones; where there are none, what is newest. */
export function newsSince(log: LogLine[], seq: number, most: number): News {
  const fresh = log.filter((line) => line.seq > seq);
  const grave = fresh.filter((line) => line.severity === 'critical' || line.severity === 'major');
  const chosen = (grave.length > 0 ? grave : fresh).slice(-most);
  return { all: fresh.length, lines: chosen.reverse() };
}
