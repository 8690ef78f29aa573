// The parts of an action in their order, with what of them is done.
import type { Action, ActionKind, ActionStage, StageRecord } from '../types';

export const STAGES: Record<ActionKind, ActionStage[]> = {
  restart: ['restart', 'healthy', 'verify'],
  roll_back: ['create', 'stop', 'set_aside', 'take_name', 'start', 'healthy', 'verify'],
};
const UNDO: ActionStage[] = ['remove', 'give_back', 'start', 'healthy'];
/** What is no more so once this was done on the way back. */
const TAKES_BACK: Partial<Record<ActionStage, ActionStage[]>> = {
  remove: ['create', 'take_name', 'start', 'healthy', 'verify'],
  give_back: ['stop', 'set_aside'],
};

export interface StageLine {
  stage: ActionStage;
  /** When and how it was done. */
  record: StageRecord | null;
  state: 'done' | 'now' | 'open' | 'broken' | 'skipped';
}
export interface Stages {
  forth: StageLine[];
  /** The way back; empty where nobody went it. */
  back: StageLine[];
}

type Of = Pick<Action, 'order' | 'stages' | 'state' | 'undone'>;

export function stagesOf({ order, stages, state, undone }: Of): Stages {
  const since = undone?.[0].watch ?? null;
  const forth = new Map<ActionStage, StageRecord>();
  const back = new Map<ActionStage, StageRecord>();
  for (const record of stages) {
    const onTheWayBack = since !== null && record.moment.watch >= since && UNDO.includes(record.stage);
    if (onTheWayBack) back.set(record.stage, record);
    // A way back that was left again: what it took back is to be done anew.
    else if (record.stage === 'remove' || record.stage === 'give_back')
      for (const stage of TAKES_BACK[record.stage]!) forth.delete(stage);
    else forth.set(record.stage, record);
  }
  const rest: StageLine['state'] = state === 'interrupted' ? 'broken' : state === 'over' ? 'skipped' : 'now';
  const later = state === 'over' ? 'skipped' : 'open';
  return {
    forth: lines(
      STAGES[order.kind],
      forth,
      undone === null ? rest : 'skipped',
      undone === null ? later : 'skipped',
    ),
    back: undone === null ? [] : lines(UNDO, back, rest, later),
  };
}

/** `next` is the state of the first that is not done, `later` of those after it. */
function lines(
  all: ActionStage[],
  done: Map<ActionStage, StageRecord>,
  next: StageLine['state'],
  later: StageLine['state'],
): StageLine[] {
  const first = all.find((stage) => !done.has(stage));
  return all.map((stage) => {
    const record = done.get(stage) ?? null;
    return { stage, record, state: record ? 'done' : stage === first ? next : later };
  });
}
