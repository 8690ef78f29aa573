// Evidence: the records of the journal with the texts of the store, and texts laid out for reading.
import type { EvidenceRecord, EvidenceView } from '../types';

export interface Piece {
  record: EvidenceRecord;
  /** `null` where there is none, for the reason that the record gives, or because the store has it no more. */
  text: string | null;
}

/** Each record with its text; a text that was stored twice is found twice. */
export function paired(records: EvidenceRecord[], texts: EvidenceView[]): Piece[] {
  return records.map((record) => ({
    record,
    text:
      record.failure === null
        ? (texts.find((t) => t.kind === record.kind && t.digest === record.digest)?.text ?? null)
        : null,
  }));
}

/** JSON in one line is hard to read: laid out anew. What is stored, and what is copied, stays as it was. */
export function laidOut(text: string): string {
  const begins = text.trimStart()[0];
  if ((begins !== '{' && begins !== '[') || text.trim().includes('\n')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export interface Line {
  /** From 1; a line that goes on has none. */
  n: number | null;
  text: string;
  /** Its place among all rows. */
  at: number;
}

/** Longer lines go on in the next row: one of a megabyte could not be drawn. */
const LONGEST = 2000;

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .forEach((line, i) => {
      for (let from = 0; from === 0 || from < line.length; from += LONGEST) {
        lines.push({
          n: from === 0 ? i + 1 : null,
          text: line.slice(from, from + LONGEST),
          at: lines.length,
        });
      }
    });
  return lines;
}
