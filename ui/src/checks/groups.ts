// The order on the page: checks under their phases, and the lines of Hour 0 under the verifications of the document.
import type { CheckView, Item, Phase } from '../types';

export interface PhaseGroup {
  phase: Phase | null;
  checks: CheckView[];
}

/** The phases with their checks, and at the end those that were taken beside the plan. */
export function byPhase(phases: Phase[], checks: CheckView[]): PhaseGroup[] {
  const groups: PhaseGroup[] = phases.map((phase, i) => ({
    phase,
    checks: checks.filter((c) => c.phase === i),
  }));
  const extra = checks.filter((c) => c.phase === null);
  return [...groups, { phase: null, checks: extra }].filter((g) => g.checks.length > 0);
}

export type Verification = 'version' | 'workflows' | 'deployment' | 'security';

const OF_ITEM: Partial<Record<Item, Verification>> = {
  deployed_version: 'version',
  version_file: 'version',
  git_tag: 'version',
  repository: 'version',
  branch_clean: 'version',
  ci_pipeline: 'workflows',
  github_release: 'workflows',
  windows_installer: 'workflows',
  deployment_triggered: 'deployment',
  image_pushed: 'deployment',
  container_deployed: 'deployment',
  health_checks_passing: 'deployment',
  migrations_run: 'deployment',
  secrets_rotated: 'security',
  no_security_warnings: 'security',
};

export interface LineGroup<Line> {
  verification: Verification | null;
  lines: Line[];
}

/** Neighbours of the same verification together; the order of the plan stays. */
export function byVerification<Line extends { item: Item }>(lines: Line[]): LineGroup<Line>[] {
  const groups: LineGroup<Line>[] = [];
  for (const line of lines) {
    const verification = OF_ITEM[line.item] ?? null;
    const last = groups.at(-1);
    if (last && last.verification === verification) last.lines.push(line);
    else groups.push({ verification, lines: [line] });
  }
  return groups;
}
