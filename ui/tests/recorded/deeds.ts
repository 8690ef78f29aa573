// What people write, carried out on a recorded view as far as a page shows it.
import type { Command, View } from '../../src/types';

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
  } else if ('announce' in command) {
    const { what, by, lasts } = command.announce;
    const from = view.now.watch;
    view.announcements = [...view.announcements, { what, by, from, until: from + lasts }];
    log(`${by} announced: ${what}`);
  }
}
