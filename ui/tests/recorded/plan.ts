// The plans of the recorded deployments: one is the built-in, the other a file of its own. What is checked here is what
// the pictures need; the program knows the rest.
import day from './day.json';
import type { Item, Plan, PlanCheck, PlanDraft, PlanItem, PlanPage, PlanSaved } from '../../src/types';

const FOLDER = '/home/operator/.local/share/sms-watchkeeper/deployments';
const BUILT_IN = day.opening.plan as unknown as Plan;

const hours = (ms: number): string => `"${ms / 3_600_000}h"`;

function toml(plan: Plan): string {
  const phases = plan.phases.map((phase) => {
    const label = phase.checkpoints[0]?.title.replace(/ 1$/, '') ?? '';
    const times =
      phase.every === null
        ? `at = ${hours(phase.from)}`
        : `from = ${hours(phase.from)}\nto = ${hours(phase.to)}\nevery = ${hours(phase.every)}`;
    const items = phase.items.map((item) => `    "${item}",\n`).join('');
    return `[[phase]]\ntitle = "${phase.title}"\nfocus = "${phase.focus}"\n${times}\nlabel = "${label}"\nitems = [\n${items}]\n`;
  });
  return `# The built-in plan, to begin with.\nlength = ${hours(plan.length)}\n\n${phases.join('\n')}`;
}

const SHORT: Plan = {
  length: 4 * 3_600_000,
  phases: [
    {
      title: 'Πρωί: <b>πρώτη ματιά</b>',
      focus: 'Το βράδυ έγινε αναβάθμιση',
      ...{ from: 0, to: 4 * 3_600_000, every: 3_600_000 },
      items: ['container_health', 'health_endpoint', 'git_tag'],
      checkpoints: [0, 1, 2, 3].map((i) => ({
        id: `ματιά-${i + 1}`,
        title: `Ματιά ${i + 1}`,
        due: i * 3_600_000,
      })),
    },
  ],
};

const PERSON = new Set<string>(
  'version_file git_tag repository branch_clean ci_pipeline github_release windows_installer deployment_triggered image_pushed secrets_rotated no_security_warnings'.split(
    ' ',
  ),
);
const ITEMS: PlanItem[] = [...new Set(BUILT_IN.phases.flatMap((phase) => phase.items))].map((item) => ({
  item: item as Item,
  by_person: PERSON.has(item),
}));

const built_in = toml(BUILT_IN);
const texts: Record<string, string | null> = { 'qnap-cyprus': null, staging: toml(SHORT) };
const drafts: Record<string, PlanDraft | null> = {};
let changes = 0;

/** A key that is not known, or an end of quotes that is not there. */
export function checkPlan(text: string): PlanCheck {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^(titel|evry) =/.test(line));
  if (at >= 0) {
    const key = /^\w+/.exec(lines[at] ?? '')?.[0] ?? '';
    const meant = key === 'titel' ? 'title' : 'every';
    return {
      plan: null,
      fault: { line: at + 1, message: `the key \`${key}\` is not known; did you mean \`${meant}\`?` },
    };
  }
  return { plan: text.includes('Πρωί') ? SHORT : BUILT_IN, fault: null };
}

export function planOf(deployment: string): PlanPage {
  const file = texts[deployment] === null ? null : `${deployment}.plan.toml`;
  const text = texts[deployment] ?? built_in;
  const asked = new URLSearchParams(location.search);
  return {
    deployment,
    file,
    path: file && `${FOLDER}/${file}`,
    own: `${FOLDER}/${deployment}.plan.toml`,
    text: asked.has('unreadable') ? null : text,
    unreadable: asked.has('unreadable')
      ? `the plan ${FOLDER}/${deployment}.plan.toml cannot be read: there is no such file: name another file, or go back to the built-in plan`
      : null,
    check: asked.has('unreadable') ? { plan: null, fault: null } : checkPlan(text),
    mark: `${deployment} ${changes}`,
    built_in,
    items: ITEMS,
    draft: drafts[deployment] ?? null,
    running: asked.has('runs')
      ? { session: '2026-11-24-0835-v1.15.1', same: false, length: 24 * 3_600_000, checkpoints: 11 }
      : null,
  };
}

export function savePlan(deployment: string, text: string | null, mark: string): PlanSaved {
  const saved = mark === planOf(deployment).mark;
  if (saved) {
    texts[deployment] = text;
    drafts[deployment] = null;
    changes += 1;
  }
  return { saved, page: planOf(deployment) };
}

export const keepPlanDraft = (deployment: string, draft: PlanDraft | null): void => {
  drafts[deployment] = draft;
};

/** Another program changes the plan. */
document.addEventListener('recorded:plan_changed', () => {
  texts['staging'] = toml(SHORT).replace('"4h"', '"4h" # by hand');
  changes += 1;
});
