// Marks that would lie on each other are drawn as one, with their number. How they are put together depends on how near
// the strip is looked at and never on where it begins: nothing jumps while it moves.
import type { StripMark } from './marks';

/** One mark, or several that stand too near to each other to be told apart. */
export interface Group<M extends StripMark = StripMark> {
  /** The first member's: a mark keeps its name when others join it. */
  id: string;
  /** When the first of them begins. */
  at: number;
  /** When the last of them ends; null while one lasts. */
  to: number | null;
  /** In the order of time. */
  members: [M, ...M[]];
}

/** A group with the middle of where it is drawn, in pixels from the start of the watch. */
export interface Spot<M extends StripMark = StripMark> {
  group: Group<M>;
  x: number;
}

/** The room of a mark that stands alone. */
export const ALONE = 19;
/** The room of `n` marks that are drawn as one: a shape and the number. */
export const roomOf = (n: number): number => (n === 1 ? ALONE : 24 + 7 * String(n).length);

const endOf = (mark: StripMark): number | null => (mark.kind === 'check' ? mark.at : mark.to);

function groupOf<M extends StripMark>(members: [M, ...M[]]): Group<M> {
  const ends = members.map(endOf);
  const to = ends.includes(null) ? null : Math.max(...ends.map(Number));
  return { id: members[0].id, at: members[0].at, to, members };
}

interface Pile<M> {
  /** The middle of where its members are, and where it is drawn. */
  own: number;
  x: number;
  members: [M, ...M[]];
}
/** Piles that touch each other. */
interface Run<M> {
  piles: Pile<M>[];
  left: number;
  room: number;
  /** Of all piles: where the run would begin if the pile lay where it belongs. */
  wish: number;
}

/**
 * So far may a mark be drawn from where it belongs, in pixels: three that are due at one instant stand side by side. Those
 * that are one already are rather put together with others.
 */
const asideOf = (n: number): number => (n === 1 ? ALONE : 8);
/** Less than this is no difference. */
const HAIR = 0.001;

/** The piles beside each other from 0 to `width`, each as near as may be to where it belongs. */
function laidOut<M>(piles: Pile<M>[], width: number): Run<M>[] {
  const runs: Run<M>[] = [];
  for (const pile of piles) {
    const room = roomOf(pile.members.length);
    let run: Run<M> = { piles: [pile], left: 0, room, wish: pile.own - room / 2 };
    const settle = () => (run.left = Math.max(Math.min(run.wish / run.piles.length, width - run.room), 0));
    settle();
    for (
      let before = runs.at(-1);
      before && before.left + before.room > run.left + HAIR;
      before = runs.at(-1)
    ) {
      runs.pop();
      run = {
        piles: [...before.piles, ...run.piles],
        left: 0,
        room: before.room + run.room,
        wish: before.wish + run.wish - run.piles.length * before.room,
      };
      settle();
    }
    runs.push(run);
  }
  for (const { piles, left } of runs) {
    let from = left;
    for (const pile of piles) {
      const room = roomOf(pile.members.length);
      pile.x = from + room / 2;
      from += room;
    }
  }
  return runs;
}

/** The neighbours that are nearest to each other become one: all that are equally near, so that what is even stays even. */
function joined<M>(piles: Pile<M>[]): Pile<M>[] {
  const apart = piles.slice(1).map((pile, i) => pile.own - piles[i]!.own);
  const least = Math.min(...apart);
  const all: Pile<M>[] = [];
  for (let i = 0; i < piles.length; i++) {
    const [one, next] = [piles[i]!, piles[i + 1]];
    if (next && apart[i]! < least + HAIR) {
      const members: [M, ...M[]] = [...one.members, ...next.members];
      const sum = one.own * one.members.length + next.own * next.members.length;
      all.push({ own: sum / members.length, x: 0, members });
      i++;
    } else all.push(one);
  }
  return all;
}

/**
 * Marks of no length on a watch that ends at `end`, with `perPixel` ms to a pixel. No two of the spots overlap, and all lie
 * within the whole.
 */
export function clustered<M extends StripMark>(marks: M[], perPixel: number, end: number): Spot<M>[] {
  const width = end / perPixel;
  let piles = [...marks]
    .sort((a, b) => a.at - b.at)
    .map((mark): Pile<M> => {
      // At the ends there is only one side to be drawn at.
      const own = Math.max(Math.min(mark.at / perPixel, width - ALONE / 2), ALONE / 2);
      return { own, x: 0, members: [mark] };
    });
  for (;;) {
    const runs = laidOut(piles, width);
    const pushed = (run: Run<M>) =>
      run.piles.length > 1 &&
      run.piles.some(({ x, own, members }) => Math.abs(x - own) > asideOf(members.length) + HAIR);
    if (!runs.some(pushed)) break;
    piles = runs.flatMap((run) => (pushed(run) ? joined(run.piles) : run.piles));
  }
  return piles.map(({ members, x }) => ({ group: groupOf(members), x }));
}

/** So near, in pixels, two bars of one lane cannot be told apart. */
const NEAR = 7;

/** Bars that begin and end together become one. `now` is where those end that last. */
export function bundled<M extends StripMark>(
  marks: M[],
  perPixel: number,
  now: number,
  laneOf: (mark: M) => unknown,
): Group<M>[] {
  const near = NEAR * perPixel;
  const bundles: [M, ...M[]][] = [];
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    const ends = (other: M) => Math.abs((endOf(other) ?? now) - (endOf(mark) ?? now)) < near;
    let i = bundles.length - 1;
    while (i >= 0 && mark.at - bundles[i]![0].at < near) {
      const [first] = bundles[i]!;
      if (laneOf(first) === laneOf(mark) && ends(first)) break;
      i--;
    }
    const found = bundles[i];
    if (found && mark.at - found[0].at < near) found.push(mark);
    else bundles.push([mark]);
  }
  return bundles.map(groupOf);
}
