// How recorded sessions are told apart, as data: the page words it.
import type { Mark } from '../parts/tone';
import type { DeploymentCard, SessionCard } from '../types';

export type CardState = 'open' | 'concluded' | 'approved' | 'rejected';

const MARKS: Record<CardState, Mark> = {
  open: { tone: 'idle', shape: 'ring' },
  concluded: { tone: 'warning', shape: 'diamond' },
  approved: { tone: 'ok', shape: 'disc' },
  rejected: { tone: 'critical', shape: 'cross' },
};

/** How far a session is, in the words that the page has. */
export function stateOf(card: SessionCard): CardState {
  if (card.state !== 'signed_off') return card.state;
  return card.decision === 'rejected' ? 'rejected' : 'approved';
}

export function markOf(card: SessionCard): Mark {
  // An open one that nobody watches waits for somebody.
  return canResume(card) ? { tone: 'warning', shape: 'dashes' } : MARKS[stateOf(card)];
}

/** Whether this program may go on with it: it is not over, and nobody else writes it. */
export const canResume = (card: SessionCard): boolean => card.state === 'open' && card.watched === 'nobody';

/** The session that watching `deployment` would go on with: the newest open one of its name and version. */
export function openOf(deployment: DeploymentCard, sessions: SessionCard[]): SessionCard | undefined {
  return sessions
    .filter(
      (s) =>
        s.simulated === null &&
        s.speed === 1 &&
        s.deployment === deployment.name &&
        s.version === deployment.version &&
        canResume(s),
    )
    .sort((a, b) => b.opened.localeCompare(a.opened))[0];
}
