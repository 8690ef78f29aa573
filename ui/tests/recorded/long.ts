// The critical night with everything as long as it may become: names, details, evidence, the lists themselves.
import type { IncidentView, LogLine, View } from '../../src/types';

/** As long as a deployment's name may be, with words and without blanks at its end. */
export const LONG_NAME = 'QNAP Cyprus, server room of the second floor, rack 4 — παραγωγή-χωρίς-διακοπή-24x7';
const SENTENCE =
  'Ηλεκτροεγκεφαλογραφήματα, επαναδιαπραγματευόμενες παραμετροποιήσεις and a line that was written without a break';
const UNBROKEN = 'asyncpg.exceptions.TooManyConnectionsError:remaining_connection_slots_are_reserved/'.repeat(
  4,
);
const INCIDENTS = 200;
const LINES = 5_000;

export function long(view: View): View {
  const crash = view.incidents.find((i) => i.severity === 'critical' && i.state === 'open');
  const over = view.incidents.find((i) => i.state === 'closed');
  if (!crash || !over) throw new Error('the critical night has an open incident and a closed one');

  const others = Array.from({ length: INCIDENTS - view.incidents.length }, (_, n): IncidentView => ({
    ...over,
    id: 100 + n,
    detail: n % 7 === 0 ? UNBROKEN.slice(0, 300) : over.detail,
    relapses: n % 9,
  }));
  const log = Array.from({ length: LINES }, (_, n): LogLine => {
    const watch = Math.round((n / LINES) * view.now.watch);
    return {
      moment: { utc: new Date(Date.parse(view.now.utc) + watch - view.now.watch).toISOString(), watch },
      seq: 100_000 + n,
      severity: n % 50 === 0 ? 'major' : null,
      incident: n % 50 === 0 ? 100 : null,
      text: n % 11 === 0 ? `${SENTENCE} ${UNBROKEN.slice(0, 300)}` : `Health answered in ${n % 90} ms`,
    };
  });
  const evidence = `${SENTENCE}; ${UNBROKEN}`.repeat(2).slice(0, 500);
  return {
    ...view,
    opening: { ...view.opening, deployment: { ...view.opening.deployment, name: LONG_NAME } },
    incidents: [
      ...view.incidents.map((i) =>
        i === crash
          ? {
              ...i,
              detail: UNBROKEN.slice(0, 300),
              acknowledged: [
                view.now,
                'Παναγιώτης Παπαδημητρακόπουλος',
                SENTENCE,
              ] as IncidentView['acknowledged'],
            }
          : { ...i, detail: `${SENTENCE} ${UNBROKEN.slice(0, 120)}` },
      ),
      ...others,
    ],
    checks: view.checks.map((check) => ({
      ...check,
      lines: check.lines.map((line, n) => (n % 3 === 0 ? { ...line, evidence } : line)),
    })),
    ladder: view.ladder.map((rung, n) => (n === 4 ? { ...rung, detail: UNBROKEN.slice(0, 160) } : rung)),
    baselines: view.baselines.map((b) => ({ ...b, note: `${b.note}; ${SENTENCE}` })),
    log,
    patterns: view.patterns.map((p) => ({ ...p, text: UNBROKEN })),
  };
}
