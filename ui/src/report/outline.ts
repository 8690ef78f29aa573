// The headings of a report, for its table of contents.
import type { Block, Inline } from '../types';

export interface Entry {
  /** The id of the heading's element. */
  id: string;
  text: string;
  /** 0 for the outermost that is listed. */
  depth: number;
}

/** The text of a run, without what it looks like. */
export const plain = (text: Inline[]): string => text.map((run) => run.text).join('');

/** The element's id of the block at `index`: a report's headings are not unique by their text. */
export const anchor = (index: number): string => `report-${index}`;

/** Headings of the second and third level. The first is the report's title, deeper ones are too many to look over. */
export function outline(blocks: Block[]): Entry[] {
  return blocks.flatMap((block, index) =>
    block.kind === 'heading' && (block.level === 2 || block.level === 3)
      ? [{ id: anchor(index), text: plain(block.text), depth: block.level - 2 }]
      : [],
  );
}
