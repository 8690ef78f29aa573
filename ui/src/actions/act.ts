// What a person wants to have done, and is asked about.
import type { Action, IncidentView } from '../types';

export type Act =
  | { kind: 'restart' | 'roll_back'; incident: IncidentView | null }
  | { kind: 'finish' | 'undo' | 'take_over'; action: Action };
