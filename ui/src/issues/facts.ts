// The times of an incident that a post-mortem asks for.
import type { IncidentView } from '../types';

export type Fact =
  | {
      kind: 'began' | 'found' | 'acknowledged' | 'recovered' | 'came_back' | 'closed';
      watch: number;
      after: number;
    }
  | { kind: 'lasted'; span: number }
  | { kind: 'relapses'; n: number };

/** In the order in which they happen; `after` counts from the beginning of the trouble. */
export function factsOf(incident: IncidentView, now: number): Fact[] {
  const began = Math.min(incident.since, incident.opened.watch);
  const at = (
    kind: 'found' | 'acknowledged' | 'recovered' | 'came_back' | 'closed',
    watch: number,
  ): Fact => ({
    kind,
    watch,
    after: watch - began,
  });
  const times: Fact[] = [{ kind: 'began', watch: began, after: 0 }, at('found', incident.opened.watch)];
  if (incident.acknowledged) times.push(at('acknowledged', incident.acknowledged[0].watch));
  if (incident.reopened) times.push(at('came_back', incident.reopened.watch));
  if (incident.recovered) times.push(at('recovered', incident.recovered.watch));
  if (incident.closed) times.push(at('closed', incident.closed[0].watch));
  times.sort((a, b) => ('watch' in a && 'watch' in b ? a.watch - b.watch : 0));
  // While it lasts the clock goes on; afterwards the view has reckoned it.
  const lasted = incident.state === 'open' ? Math.max(0, now - began) : incident.lasted;
  const facts: Fact[] = [...times, { kind: 'lasted', span: lasted }];
  if (incident.relapses > 0) facts.push({ kind: 'relapses', n: incident.relapses });
  return facts;
}
