// What is being asked on the Watch page. It is held beside the lists: a dialog and what was typed into it stay when the
// incident recovers, or its row moves, before the answer is written.
import { getContext, setContext } from 'svelte';
import type { Act } from '../actions/act';
import type { IncidentView, Step } from '../types';

export interface Ask {
  /** As it was when it was asked about. */
  incident: IncidentView;
  /** The step that is recorded; without one the incident is acknowledged. */
  step: Step | null;
}

export class Asked {
  pending = $state.raw<Ask | null>(null);
  /** What is to be done to the deployment. */
  act = $state.raw<Act | null>(null);
  /** How to roll back is being read: also to its end, when the container recovers on the way. */
  howToRollBack = $state(false);
}

const KEY = Symbol('asked');

export const holdAsked = (): Asked => setContext(KEY, new Asked());
export const asked = (): Asked => getContext<Asked>(KEY);
