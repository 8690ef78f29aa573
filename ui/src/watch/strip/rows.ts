// Where the strip's rows are, from above.
export const ROWS = {
  /** The baselines of the phases' names, and of the names of incidents and gaps. */
  phase: 11,
  label: 28,
  /** The band: phases, what was observed, incidents, gaps. */
  band: 36,
  bandHeight: 28,
  /** The middle of the checkpoints. */
  check: 78,
  /** The baseline of the times. */
  axis: 104,
} as const;

/** About how wide a text of the strip is drawn, in pixels. Rather too wide: labels must not touch. */
export const textWidth = (text: string): number => text.length * 6.4 + 2;
