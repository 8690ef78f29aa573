// Which lines of the log tell of what a person did.
//
// A line has no name of its own, so it is found by what people are known to have done: a line belongs to a deed when it
// was written at the same instant and holds the same name and the same words.
import type { LogLine, View } from '../types';

export type Doing = 'note' | 'deed';

interface Deed {
  doing: Doing;
  by: string;
  words: string;
}

/** The watch itself acts under this name. */
const WATCH = 'watch';

type Of = Pick<View, 'notes' | 'announcements' | 'checks' | 'incidents' | 'sign_off'>;

function deedsOf({ notes, announcements, checks, incidents, sign_off }: Of): Map<number, Deed[]> {
  const all = new Map<number, Deed[]>();
  const add = (watch: number, by: string, words: string, doing: Doing = 'deed') => {
    if (by === WATCH) return;
    const there = all.get(watch);
    if (there) there.push({ doing, by, words });
    else all.set(watch, [{ doing, by, words }]);
  };
  for (const { moment, by, text } of notes) add(moment.watch, by, text, 'note');
  for (const { from, by, what } of announcements) add(from, by, what);
  for (const { ticks } of checks) for (const tick of ticks) add(tick.moment.watch, tick.by, tick.remark);
  for (const { acknowledged, steps, judged, closed } of incidents) {
    if (acknowledged) add(acknowledged[0].watch, acknowledged[1], acknowledged[2]);
    for (const step of steps) add(step.moment.watch, step.by, step.remark);
    if (judged) add(judged.moment.watch, judged.by, judged.remark);
    if (closed) add(closed[0].watch, closed[1], closed[2]);
  }
  if (sign_off) add(sign_off.moment.watch, sign_off.by, sign_off.remark);
  return all;
}

/** What a person did, for each line that tells of such a thing. Lines are told apart by `seq`. */
export function doings(view: Of, log: LogLine[]): Map<number, Doing> {
  const deeds = deedsOf(view);
  const found = new Map<number, Doing>();
  for (const line of log) {
    const deed = deeds
      .get(line.moment.watch)
      ?.find(({ by, words }) => line.text.includes(by) && line.text.includes(words));
    if (deed) found.set(line.seq, deed.doing);
    // Of several acknowledgements the view keeps the last one only; nobody but a person acknowledges.
    else if (line.incident !== null && EARLIER.test(line.text)) found.set(line.seq, 'deed');
    else if (ORDERS.some((order) => order.test(line.text))) found.set(line.seq, 'deed');
  }
  return found;
}

const EARLIER = /^#\d+ .+ \(.+\) acknowledged by /;
/** What people have done to the deployment: the view keeps of each action only where it stands. */
const ORDERS = [
  /^(Restart|Roll back\b.*) (began|is gone on with|is being undone), decided by (?!watch:)/,
  /^Roll back\b.* taken over by hand: /,
  /^.+ asked for a dry run of the roll back$/,
];
