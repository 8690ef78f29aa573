// Where the rows of a long list lie, so that only those in sight are drawn.

/** Where each row begins, in px, and at the end how high all of them are. */
export function offsetsOf(heights: Iterable<number>, count: number): Float64Array {
  const offsets = new Float64Array(count + 1);
  let at = 0;
  let i = 0;
  for (const height of heights) {
    offsets[i++] = at;
    at += height;
  }
  offsets[count] = at;
  return offsets;
}

/** The row that `y` lies in; the first or the last one beyond the ends. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(offsets.length - 2, 0);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface Range {
  from: number;
  /** Exclusive. */
  to: number;
}

/** The rows in sight, with `beyond` px on either side so that a key press finds them drawn. */
export function rangeOf(offsets: Float64Array, top: number, height: number, beyond: number): Range {
  const count = offsets.length - 1;
  if (count <= 0) return { from: 0, to: 0 };
  return { from: rowAt(offsets, top - beyond), to: rowAt(offsets, top + height + beyond) + 1 };
}
