// Incidents for tests.
import type { IncidentView } from '../types';

export function incident(it: Partial<IncidentView>): IncidentView {
  const moment = (watch: number) => ({ utc: new Date(watch).toISOString(), watch });
  return {
    severity: 'major',
    title: '',
    escalation: [],
    lasted: 0,
    timeline: [],
    id: 1,
    problem: { issue: 'slow_queries', subject: 'database' },
    place: 'database',
    detail: '',
    since: 0,
    opened: moment(0),
    clock: moment(0),
    state: 'open',
    acknowledged: null,
    recovered: null,
    reopened: null,
    closed: null,
    explained_by: null,
    relapses: 0,
    notes: [],
    evidence: [],
    steps: [],
    told: [],
    ...it,
  };
}
