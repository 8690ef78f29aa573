// Whether the preview follows the journal. It must not change under the eyes of somebody who reads.

export interface Reading {
  /** The last entry that the preview holds; null before there is one. */
  shown: number | null;
  /** The journal's last entry. */
  head: number;
  /** The reader has scrolled into it, or has selected something. */
  reading: boolean;
  /** It is being made just now. */
  busy: boolean;
  /** ms since it was last made. */
  age: number;
}

export type Follow = 'fetch' | 'offer' | 'wait' | 'current';

/** A simulated day writes many entries a second: not each of them is worth a report. */
const PAUSE_MS = 5000;

export function follow({ shown, head, reading, busy, age }: Reading): Follow {
  if (busy) return 'wait';
  if (shown === null) return 'fetch';
  if (head <= shown) return 'current';
  if (reading) return 'offer';
  return age < PAUSE_MS ? 'wait' : 'fetch';
}
