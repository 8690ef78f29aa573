// How things stand, in the five tones that the window knows, each with a shape of its own.
import type { CheckStatus, Finding, IncidentState, ItemOutcome, RungState, Severity, Tone } from '../types';

export type Shape = 'disc' | 'diamond' | 'triangle' | 'ring' | 'dashes' | 'cross';
export interface Mark {
  tone: Tone;
  shape: Shape;
}

const mark = (tone: Tone, shape: Shape): Mark => ({ tone, shape });

export const OF_TONE: Record<Tone, Mark> = {
  ok: mark('ok', 'disc'),
  warning: mark('warning', 'diamond'),
  critical: mark('critical', 'triangle'),
  gap: mark('gap', 'dashes'),
  idle: mark('idle', 'ring'),
};

export const OF_FINDING: Record<Finding, Mark> = {
  pass: mark('ok', 'disc'),
  inconclusive: mark('idle', 'ring'),
  fail: mark('critical', 'cross'),
};

export const OF_SEVERITY: Record<Severity, Mark> = {
  critical: mark('critical', 'triangle'),
  major: mark('warning', 'diamond'),
  minor: mark('idle', 'ring'),
};

export const OF_RUNG: Record<RungState, Mark> = {
  good: mark('ok', 'disc'),
  bad: mark('critical', 'cross'),
  unknown: mark('gap', 'dashes'),
};

export const OF_OUTCOME: Record<ItemOutcome, Mark> = {
  passed: mark('ok', 'disc'),
  failed: mark('critical', 'cross'),
  unknown: mark('gap', 'dashes'),
  owed: mark('warning', 'diamond'),
};

export const OF_CHECK: Record<CheckStatus, Mark> = {
  pending: mark('idle', 'ring'),
  running: mark('idle', 'dashes'),
  done: mark('ok', 'disc'),
  missed: mark('warning', 'cross'),
};

export const OF_INCIDENT: Record<IncidentState, Mark> = {
  open: mark('critical', 'triangle'),
  recovered: mark('warning', 'diamond'),
  closed: mark('ok', 'disc'),
};
