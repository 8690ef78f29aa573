// How a check stands at an instant: finer than its status, which is as old as the last view.
import type { Mark } from '../parts/tone';
import type { CheckView, Item, ItemOutcome, ItemResult, Stage } from '../types';

export type CheckState =
  | 'pending'
  | 'due'
  | 'not_taken'
  | 'running'
  | 'done'
  | 'owed'
  | 'unknown'
  | 'failed'
  | 'missed'
  | 'taken_late';

const mark = (tone: Mark['tone'], shape: Mark['shape']): Mark => ({ tone, shape });

export const OF_STATE: Record<CheckState, Mark> = {
  pending: mark('idle', 'ring'),
  due: mark('warning', 'ring'),
  not_taken: mark('gap', 'dashes'),
  running: mark('idle', 'dashes'),
  done: mark('ok', 'disc'),
  owed: mark('warning', 'diamond'),
  unknown: mark('gap', 'dashes'),
  failed: mark('critical', 'cross'),
  missed: mark('warning', 'cross'),
  taken_late: mark('warning', 'diamond'),
};

type Of = Pick<CheckView, 'status' | 'due' | 'result' | 'lines'>;

export function stateOf(check: Of, now: number, stage: Stage): CheckState {
  switch (check.status) {
    case 'running':
      return 'running';
    case 'missed':
      return check.result ? 'taken_late' : 'missed';
    case 'pending':
      if (stage === 'concluded' || stage === 'signed_off') return 'not_taken';
      return now < check.due ? 'pending' : 'due';
    case 'done': {
      const { failed, owed, unknown } = tally(check.lines);
      return failed > 0 ? 'failed' : owed > 0 ? 'owed' : unknown > 0 ? 'unknown' : 'done';
    }
  }
}

export type Tally = Record<ItemOutcome, number>;

/** How many lines have which outcome. */
export function tally(lines: ItemResult[]): Tally {
  const counts: Tally = { passed: 0, failed: 0, unknown: 0, owed: 0 };
  for (const { outcome } of lines) counts[outcome]++;
  return counts;
}

/** What a person may answer where the watch had no account to try it with. */
const BY_HAND: Item[] = [
  'basic_functionality',
  'feature_functionality',
  'all_features_functional',
  // Unknown while a suspicion waits for a person's word.
  'no_breaches',
];

/** Whether a person may tick the line: the program refuses all others. */
export const mayTick = (line: ItemResult): boolean =>
  line.outcome === 'owed' || (line.outcome === 'unknown' && BY_HAND.includes(line.item));

export interface OwedCheck {
  id: string;
  title: string;
  lines: number;
}

/** The taken checks with lines that wait for a person, in the order of time. */
export function owedChecks(checks: CheckView[]): OwedCheck[] {
  return checks
    .map(({ id, title, status, lines }) => ({
      id,
      title,
      lines: status === 'pending' ? 0 : tally(lines).owed,
    }))
    .filter((check) => check.lines > 0);
}

/** Which check to show when nobody asked for one: the one under way, else the newest that was taken or missed. */
export function newestCheck(checks: CheckView[]): CheckView | undefined {
  const begun = checks.filter((c) => c.status !== 'pending');
  const at = (c: CheckView) => c.result?.moment.watch ?? c.due;
  return (
    checks.find((c) => c.status === 'running') ??
    begun.reduce<CheckView | undefined>((best, c) => (best && at(best) > at(c) ? best : c), undefined) ??
    checks[0]
  );
}
