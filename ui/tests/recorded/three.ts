// The critical night on a deployment with three containers: the database's has ended, and the rest fails with it.
import type { BesideView, ContainerState, IncidentView, Rung, View } from '../../src/types';

const NAMES = {
  container: 'sms-backend-qnap',
  front_end_container: 'sms-frontend-qnap',
  database_container: 'sms-postgres-qnap',
};
const DETAIL = 'sms-postgres-qnap crashed (exit code 1); it is not running';

export function three(view: View): View {
  const running = { ...view.container, status: 'running', health: 'healthy' } as ContainerState;
  const named = (name: string, image: string): ContainerState => ({ ...running, name, image });
  const ended: ContainerState = {
    ...named(NAMES.database_container, 'postgres:16-alpine'),
    status: 'exited',
    health: 'none',
    exit_code: 1,
  };
  const beside: BesideView[] = [
    {
      part: 'front_end',
      name: NAMES.front_end_container,
      state: named(NAMES.front_end_container, 'sms-frontend:1.15.1'),
      usage: { cpu_percent: 0.4, online_cpus: 4, memory_bytes: 14_680_064, memory_limit: 268_435_456 },
      up: true,
    },
    { part: 'database', name: NAMES.database_container, state: ended, usage: null, up: false },
  ];
  const ladder = view.ladder.map((rung): Rung => {
    const bad = (detail: string): Rung => ({ ...rung, state: 'bad', detail });
    if (rung.place === 'container') return bad('sms-postgres-qnap: exited, health none');
    if (rung.place === 'database') return bad('connection refused');
    return rung.place === 'application' ? { ...rung, state: 'good', detail: '41 ms' } : rung;
  });
  const incidents = view.incidents.map((i): IncidentView =>
    i.severity === 'critical' && i.state === 'open' && i.explained_by === null
      ? {
          ...i,
          problem: { ...i.problem, subject: 'database container' },
          detail: DETAIL,
          container: NAMES.database_container,
          escalation: i.escalation.map((step) =>
            // No other version of the application brings a database back.
            step.step === 'roll_back' ? { ...step, state: 'not_applicable', due: null } : step,
          ),
        }
      : i,
  );
  return {
    ...view,
    opening: { ...view.opening, deployment: { ...view.opening.deployment, ...NAMES } },
    container: named(NAMES.container, 'sms-backend:1.15.1'),
    beside,
    ladder,
    incidents,
  };
}
