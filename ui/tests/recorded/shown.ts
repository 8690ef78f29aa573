// What the program adds to a view for other languages than English, made from the recorded English words.
import type { FailureKind, LogKind, NextStep, View } from '../../src/types';

/** The first that fits. */
const KINDS: [RegExp, LogKind][] = [
  [/^Watch of /, 'opened'],
  [/^Watch resumed/, 'resumed'],
  [/^Watch paused/, 'paused'],
  [/clock stepped/, 'clock_jumped'],
  [/^Not observed/, 'gap_opened'],
  [/^Watch sees again/, 'gap_closed'],
  [/^(Hour 0: .*|Phase .*) began: /, 'phase_began'],
  [/ complete: /, 'check_done'],
  [/ was missed: /, 'check_missed'],
  [/ ticked by /, 'item_ticked'],
  [/ found wrong by /, 'item_wrong'],
  [/^Container crashed/, 'container_crashed'],
  [/^Container started/, 'container_started'],
  [/turned healthy/, 'container_healthy'],
  [/turned unhealthy/, 'container_unhealthy'],
  [/^Somebody .* the container/, 'container_touched'],
  [/ announced until /, 'announced'],
  [/ recovered: /, 'incident_recovered'],
  [/ came back: /, 'incident_reopened'],
  [/ dismissed by /, 'incident_dismissed'],
  [/ confirmed by /, 'incident_confirmed'],
  [/ closed by /, 'incident_closed'],
  [/ acknowledged by /, 'incident_acknowledged'],
  [/evidence stored: /, 'evidence_stored'],
  [/ as evidence: /, 'evidence_missing'],
  [/^#\d+ .*\), at the /, 'incident_opened'],
  [/^#\d+ .*\): .*\(.*\): /, 'step_done'],
  [/ is explained by /, 'incident_explained'],
  [/^#/, 'incident_noted'],
  [/ asked for a dry run /, 'dry_run'],
  [/^Restart began, /, 'restart_began'],
  [/^Roll back .* began, /, 'roll_back_began'],
  [/ is half done, /, 'action_interrupted'],
  [/ is gone on with, /, 'action_resumed'],
  [/ is being undone, /, 'undo_began'],
  [/^Roll back .* done and verified: /, 'action_done'],
  [
    /^R[a-z ]+.*: (made|stopped|set|gave|started|restarted|the container is|went|removed) /,
    'action_advanced',
  ],
  [/^Note by /, 'note_added'],
  [/^The plan has run/, 'concluded'],
  [/^approved by /, 'approved'],
  [/^rejected by /, 'rejected'],
];

/** Looked up once for each text: it is no work of the window's, and must not seem to be. */
const kinds = new Map<string, LogKind | null>();
function kindOf(text: string): LogKind | null {
  let kind = kinds.get(text);
  if (kind === undefined) kinds.set(text, (kind = KINDS.find(([words]) => words.test(text))?.[1] ?? null));
  return kind;
}

function nextOf(view: View): NextStep[] {
  if (view.stage === 'signed_off') return [{ kind: 'nothing' }];
  const steps: NextStep[] = [];
  const half = view.actions?.find((a) => a.state === 'interrupted');
  if (half) steps.push({ kind: 'half_done', action: half.id });
  for (const { id, problem, severity, state, acknowledged, judged, escalation } of view.incidents) {
    if (severity !== 'critical') continue;
    if (state === 'open' && !acknowledged) steps.push({ kind: 'acknowledge', incident: id });
    for (const { step, state, due } of escalation) {
      if (due === null || (state !== 'due' && state !== 'overdue')) continue;
      const by = Math.abs(due - view.now.watch);
      steps.push({ kind: 'escalate', incident: id, step, by, overdue: state === 'overdue' });
    }
    if (state === 'open' && problem.issue === 'security_breach' && !judged)
      steps.push({ kind: 'judge', incident: id });
    if (state === 'recovered') steps.push({ kind: 'post_mortem', incident: id });
  }
  const items = view.checks
    .flatMap((c) => (c.status === 'pending' ? [] : c.lines))
    .filter((line) => line.outcome === 'owed')
    .map((line) => line.item);
  if (items.length > 0) steps.push({ kind: 'tick', items });
  const next = view.next_check;
  if (view.stage === 'concluded' || !next) return [...steps, { kind: 'sign_off' }];
  steps.push({ kind: 'check', check: next.id, title: next.title, due: next.due, due_in: next.due_in });
  view.opening.plan.phases.forEach((phase, i) => {
    if (phase.from <= view.now.watch) return;
    const from = new Date(Date.parse(view.started) + phase.from).toISOString();
    steps.push({ kind: 'phase', phase: i, checks: phase.checkpoints.length, from });
  });
  return [...steps, { kind: 'end', left: view.left }];
}

export function shown(view: View): View {
  const refused = (detail: string): FailureKind | null => (detail.includes('refused') ? 'refused' : null);
  return {
    ...view,
    log_kinds: view.log.map((line) => kindOf(line.text)),
    rung_kinds: view.ladder.map((rung) => (rung.state === 'bad' ? refused(rung.detail) : null)),
    next: nextOf(view),
    roll_back: {
      find: 'docker images sms-fullstack',
      look: 'docker inspect sms-app',
      aside: [
        'docker rename sms-app sms-app-failed && \\',
        'docker update --restart=no sms-app-failed && \\',
        'docker stop sms-app-failed',
      ],
      run: 'docker run -d --name sms-app --restart=[policy] [config] [old-image]',
      back: [
        'docker rename sms-app sms-app-old && \\',
        'docker update --restart=no sms-app-old && \\',
        'docker stop sms-app-old',
        'docker rename sms-app-failed sms-app && \\',
        'docker update --restart=[policy] sms-app && \\',
        'docker start sms-app',
      ],
    },
    built_in_plan:
      view.opening.plan.phases[0]?.title === 'Hour 0: Initial Verification' &&
      view.opening.plan.phases[3]?.title === 'Phase 3: Final Validation',
  };
}
