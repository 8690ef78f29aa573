// What people write, carried out on a recorded view as far as a page shows it.
import type { Action, ActionOutcome, Command, Order, View } from '../../src/types';

export function write(view: View, command: Command): void {
  if (typeof command !== 'object') return;
  const seq = view.head.seq + 1;
  const log = (text: string, incident: number | null = null) => {
    view.log = [...view.log, { moment: view.now, seq, severity: null, incident, text }];
  };
  if ('note' in command) {
    const { by, text } = command.note;
    view.notes = [...view.notes, { moment: view.now, by, text }];
    log(`Note by ${by}: ${text}`);
  } else if ('tick' in command) {
    const { check, item, good, by, remark } = command.tick;
    const line = view.checks.find((c) => c.id === check)?.lines.find((l) => l.item === item);
    if (line)
      Object.assign(line, { outcome: good ? 'passed' : 'failed', evidence: `${remark} — ticked by ${by}` });
  } else if ('confirm' in command || 'dismiss' in command) {
    const [judgement, { incident, by, remark }] =
      'confirm' in command
        ? (['confirmed', command.confirm] as const)
        : (['dismissed', command.dismiss] as const);
    const it = view.incidents.find((i) => i.id === incident);
    if (it) it.judged = { moment: view.now, judgement, by, remark };
    if (it && judgement === 'dismissed')
      Object.assign(it, { state: 'closed', closed: [view.now, by, remark] });
    log(`#${incident} ${judgement} by ${by}: ${remark}`, incident);
  } else if ('close' in command) {
    const { incident, by, remark } = command.close;
    const it = view.incidents.find((i) => i.id === incident);
    if (it) Object.assign(it, { state: 'closed', closed: [view.now, by, remark] });
    log(`#${incident} closed by ${by}: ${remark}`, incident);
  } else if ('dry_run' in command) {
    if (view.readiness) view.readiness = { ...view.readiness, at: view.now.utc };
    log(`${command.dry_run.by} asked for a dry run of the roll back`);
  } else if ('restart' in command) {
    begin(view, { kind: 'restart', ...command.restart, plan: null, accepted: null });
  } else if ('roll_back' in command) {
    const { incident, by, reason } = command.roll_back;
    begin(view, {
      kind: 'roll_back',
      incident,
      by,
      reason,
      plan: view.readiness?.plan ?? null,
      accepted: null,
    });
  } else if ('finish' in command) {
    change(view, command.finish.action, { state: 'under_way', undone: null });
  } else if ('undo' in command) {
    const { action, by, reason } = command.undo;
    change(view, action, { state: 'undoing', undone: [view.now, by, reason], ended: null });
  } else if ('take_over' in command) {
    const { action, by, remark } = command.take_over;
    const outcome: ActionOutcome = 'taken_over';
    change(view, action, { state: 'over', ended: [view.now, outcome, `${by} mends it by hand: ${remark}`] });
  } else if ('announce' in command) {
    const { what, by, lasts } = command.announce;
    const from = view.now.watch;
    view.announcements = [...view.announcements, { what, by, from, until: from + lasts }];
    log(`${by} announced: ${what}`);
  }
}

function begin(view: View, order: Order): void {
  const actions = view.actions ?? [];
  const rest = { stages: [], interrupted: null, undone: null, ended: null, check: null };
  view.actions = [
    ...actions,
    { id: actions.length + 1, order, began: view.now, state: 'under_way', ...rest },
  ];
}

function change(view: View, id: number, to: Partial<Action>): void {
  view.actions = (view.actions ?? []).map((a) => (a.id === id ? { ...a, ...to } : a));
}
