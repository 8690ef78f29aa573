//! The view: everything that a window, a terminal or a report shows, derived from a session at an instant.

mod ladder;
mod outlook;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    action::Readiness,
    baseline::{self, Baseline},
    checklist::{ItemOutcome, ItemResult},
    escalation::Step,
    event::{Announcement, Judgement, Opening},
    gap::Gap,
    matrix::{Issue, Severity},
    observed::Pattern,
    part::Part,
    reading::{ContainerState, EngineAnswer, Place, Usage},
    session::{
        Action, Check, CheckStatus, Incident, IncidentState, LogLine, Note, NotificationRecord, Seal,
        Session, SignOff, Standing,
    },
    time::{Moment, Span, WatchTime},
    verdict::Verdict,
};
pub use ladder::{Rung, RungState};
pub use outlook::{Confidence, ConfidenceLevel, NextStep};

/// The state in one word, for the tray and the headline. Told by shape and word as well as by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// All is well.
    Ok,
    /// A major incident, or a failed line.
    Warning,
    /// A critical incident.
    Critical,
    /// The watch does not see.
    Gap,
    /// Nobody watches.
    Idle,
}

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being watched.
    InProgress,
    /// The program ended before the plan did; it can be resumed.
    Interrupted,
    /// The plan has run to its end; the sign-off is owed.
    Concluded,
    /// Decided and closed.
    SignedOff,
}

/// Everything there is to show at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct View {
    /// The instant.
    pub now: Moment,
    /// What the session was opened with.
    pub opening: Opening,
    /// When it was opened, UTC.
    pub started: DateTime<Utc>,
    /// When the plan ends, UTC.
    pub planned_end: DateTime<Utc>,
    /// When it was signed off, or else concluded, UTC.
    pub ended: Option<DateTime<Utc>>,
    /// Where it stands.
    pub stage: Stage,
    /// The state in one word.
    pub tone: Tone,
    /// How much of the plan has passed.
    pub elapsed: Span,
    /// How much is left.
    pub left: Span,
    /// The phase's title.
    pub phase: Option<String>,
    /// The next checkpoint.
    pub next_check: Option<NextCheck>,
    /// All checkpoints.
    pub checks: Vec<CheckView>,
    /// The eight baselines.
    pub baselines: Vec<Baseline>,
    /// The fourteen rows.
    pub matrix: Vec<MatrixRow>,
    /// All incidents.
    pub incidents: Vec<IncidentView>,
    /// What was done to the deployment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Whether a roll back would work; `None` where that was not found out yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness: Option<ReadinessView>,
    /// What was not seen.
    pub gaps: Vec<Gap>,
    /// The share that was seen, in percent.
    pub coverage_percent: f64,
    /// The criteria and the verdict so far.
    pub verdict: Verdict,
    /// How sure one may be, and why.
    pub confidence: Confidence,
    /// Where a fault would be: from this PC to the database.
    pub ladder: Vec<Rung>,
    /// The monitoring log.
    pub log: Vec<LogLine>,
    /// What people wrote down.
    pub notes: Vec<Note>,
    /// What was announced.
    pub announcements: Vec<Announcement>,
    /// What was told.
    pub notifications: Vec<NotificationRecord>,
    /// The decision.
    pub sign_off: Option<SignOff>,
    /// What is to be done now, soon, and at the end.
    pub next_steps: Vec<String>,
    /// The same as data, for those who speak another language. No part of what is published.
    #[serde(skip)]
    #[ts(skip)]
    pub next: Vec<NextStep>,
    /// The most frequent patterns of the logs, at most twenty.
    pub patterns: Vec<Pattern>,
    /// The application's container as last seen.
    pub container: Option<ContainerState>,
    /// The containers beside it that are watched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<BesideView>,
    /// The Engine as last seen.
    pub engine: Option<EngineAnswer>,
    /// How many readings there are.
    pub readings: u64,
    /// When the last reading came.
    pub last_reading: Option<WatchTime>,
    /// The readings that are sealed into the chain.
    pub sealed: Seal,
    /// The number and the hash of the last event.
    pub head: Head,
}

/// A container beside the application's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BesideView {
    /// Whose.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// As last seen.
    pub state: Option<ContainerState>,
    /// What it uses, as last seen.
    pub usage: Option<Usage>,
    /// Whether it runs, as far as is known.
    pub up: bool,
}

/// The end of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Head {
    /// The last event's number.
    pub seq: u64,
    /// Its hash.
    pub hash: crate::chain::Hash,
}

/// The next checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NextCheck {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: String,
    /// When, UTC.
    pub due: DateTime<Utc>,
    /// How long until then, in watch time.
    pub due_in: Span,
}

/// A checkpoint with its surroundings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CheckView {
    /// The checkpoint itself.
    #[serde(flatten)]
    pub check: Check,
    /// When it is due, UTC.
    pub due_utc: DateTime<Utc>,
    /// When its time ends: the next checkpoint's, UTC.
    pub until_utc: DateTime<Utc>,
    /// The lines with what people ticked laid over them.
    pub lines: Vec<ItemResult>,
    /// What was done since the check before it: acknowledgements, steps, ticks, notes, announcements, each with its time.
    pub actions: Vec<String>,
    /// Incidents that opened since the check before it, or lasted beyond that.
    pub issues: Vec<u32>,
    /// What was done since then, beside the newest check.
    pub actions_since: Vec<String>,
    /// Incidents that opened since then, beside the newest check.
    pub issues_since: Vec<u32>,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MatrixRow {
    /// Which.
    pub issue: Issue,
    /// How grave.
    pub severity: Severity,
    /// Its incidents, symptoms included.
    pub incidents: Vec<u32>,
    /// How many of them last.
    pub open: usize,
}

/// Where a step of the escalation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Done.
    Done,
    /// Its time is running.
    Due,
    /// Its time is over.
    Overdue,
    /// Made unnecessary by recovery before its time was over.
    NotNeeded,
    /// It cannot help against this.
    NotApplicable,
    /// Never done, and its time was over before recovery came.
    Missed,
    /// Without a clock, still to be done.
    Owed,
}

/// A step of the escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct StepView {
    /// Which.
    pub step: Step,
    /// Where it stands.
    pub state: StepState,
    /// When it is or was due, in watch time.
    pub due: Option<WatchTime>,
    /// When and by whom it was done.
    pub done: Option<(Moment, String, String)>,
    /// When the watch does it by itself, in watch time, unless somebody acknowledges the incident or it is over by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_itself: Option<WatchTime>,
}

/// Whether a roll back would work, and when that was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ReadinessView {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// What was found out.
    #[serde(flatten)]
    pub readiness: Readiness,
}

/// An incident with its escalation and its timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct IncidentView {
    /// The incident itself.
    #[serde(flatten)]
    pub incident: Incident,
    /// How grave.
    pub severity: Severity,
    /// The row's wording.
    pub title: String,
    /// The container that it lies with, by its name; `None` where there is only one, or it lies with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The steps of a critical one.
    pub escalation: Vec<StepView>,
    /// How long it lasted, or lasts.
    pub lasted: Span,
    /// Every line of the log about it.
    pub timeline: Vec<LogLine>,
}

impl View {
    /// The view of `session` at `now`.
    pub fn of(session: &Session, now: Moment) -> Self {
        let at = now.watch;
        let stage = stage(session);
        let verdict = session.verdict(at);
        let checks = checks(session);
        let next = outlook::next_steps(session, now, &checks);
        Self {
            now,
            opening: session.opening.clone(),
            started: session.opened.utc,
            planned_end: session.utc_of(session.end()),
            ended: session
                .signed_off
                .as_ref()
                .map(|s| s.moment.utc)
                .or_else(|| session.concluded.as_ref().map(|(m, _)| m.utc)),
            stage,
            tone: tone(session, stage),
            elapsed: at.elapsed().min(session.opening.plan.length),
            left: session.end().since(at),
            phase: session
                .phases_begun
                .checked_sub(1)
                .and_then(|i| session.opening.plan.phases.get(i))
                .map(|p| p.title.clone()),
            next_check: session.next_check().filter(|_| session.signed_off.is_none()).map(|c| NextCheck {
                id: c.id.clone(),
                title: c.title.clone(),
                due: session.utc_of(c.due),
                due_in: c.due.since(at),
            }),
            baselines: baseline::all(session, session.concluded.as_ref().map_or(at, |(m, _)| m.watch)),
            matrix: matrix(session),
            incidents: session.incidents.iter().map(|i| incident(session, i, at)).collect(),
            actions: session.actions.clone(),
            readiness: session
                .readiness()
                .zip(session.readiness_at())
                .map(|(readiness, at)| ReadinessView { at: session.utc_of(at), readiness }),
            gaps: session.gaps_at(at),
            coverage_percent: verdict.coverage_percent,
            confidence: outlook::confidence(session, &verdict),
            next_steps: next.iter().map(|step| step.text(session)).collect(),
            next,
            checks,
            verdict,
            ladder: ladder::of(session),
            log: session.log.clone(),
            notes: session.notes.clone(),
            announcements: session.announcements.clone(),
            notifications: session.notifications.clone(),
            sign_off: session.signed_off.clone(),
            patterns: session.observed.top_patterns(20).into_iter().cloned().collect(),
            container: session.observed.application.container.state.as_ref().map(|s| s.value.clone()),
            beside: beside(session),
            engine: session.observed.engine.clone(),
            readings: session.observed.count,
            last_reading: session.observed.last,
            sealed: session.sealed,
            head: Head { seq: session.seq, hash: session.head },
        }
    }

    /// The gravest open incident that nobody has acknowledged, of equals the oldest.
    pub fn waiting(&self) -> Option<u32> {
        let waits = |i: &&IncidentView| {
            i.incident.state == IncidentState::Open
                && i.incident.explained_by.is_none()
                && i.incident.acknowledged.is_none()
        };
        let gravest = self
            .incidents
            .iter()
            .filter(waits)
            .min_by_key(|i| (std::cmp::Reverse(i.severity), i.incident.id));
        gravest.map(|i| i.incident.id)
    }

    /// How many incidents of `severity` there were; symptoms and what a person dismissed are not counted.
    pub fn incidents_of(&self, severity: Severity) -> usize {
        let of_it =
            self.incidents.iter().filter(|i| i.severity == severity && i.incident.explained_by.is_none());
        of_it.filter(|i| i.incident.standing() != Standing::Dismissed).count()
    }

    /// How many suspicions a person has dismissed.
    pub fn dismissed(&self) -> usize {
        self.incidents.iter().filter(|i| i.incident.standing() == Standing::Dismissed).count()
    }
}

fn beside(session: &Session) -> Vec<BesideView> {
    let of = |(part, name): (Part, &str)| {
        let seen = session.observed.instance(part);
        BesideView {
            part,
            name: name.to_owned(),
            state: seen.and_then(|i| i.container.state.as_ref()).map(|s| s.value.clone()),
            usage: seen.and_then(|i| i.usage.as_ref()).map(|u| u.value),
            up: seen.is_some_and(|i| i.container.is_up()),
        }
    };
    session.opening.deployment.containers().filter(|(part, _)| !part.is_application()).map(of).collect()
}

const fn stage(session: &Session) -> Stage {
    if session.signed_off.is_some() {
        Stage::SignedOff
    } else if session.concluded.is_some() {
        Stage::Concluded
    } else if session.attended {
        Stage::InProgress
    } else {
        Stage::Interrupted
    }
}

fn tone(session: &Session, stage: Stage) -> Tone {
    let running = |severity| session.incidents.iter().any(|i| i.is_running() && i.severity() == severity);
    if stage != Stage::InProgress {
        Tone::Idle
    } else if running(Severity::Critical) {
        Tone::Critical
    } else if session.open_gap().is_some() {
        Tone::Gap
    } else if running(Severity::Major) || last_check_failed(session) {
        Tone::Warning
    } else {
        Tone::Ok
    }
}

/// Whether the newest checkpoint has a failed line.
fn last_check_failed(session: &Session) -> bool {
    let taken = session.checks.iter().filter(|c| c.result.is_some());
    let last = taken.max_by_key(|c| c.result.as_ref().map(|r| r.moment.watch));
    last.is_some_and(|c| c.items().iter().any(|i| i.outcome == ItemOutcome::Failed))
}

fn checks(session: &Session) -> Vec<CheckView> {
    let mut all: Vec<&Check> = session.checks.iter().collect();
    all.sort_by_key(|c| (c.due, c.phase.is_none()));
    // A check looks back to the one before it; what came after the last one belongs to the next, or to nobody.
    let looked = |c: &Check| c.result.as_ref().map_or(c.due, |r| r.moment.watch);
    let behind = |c: &Check| c.result.is_some() || c.status == CheckStatus::Missed;
    let last = all.iter().copied().filter(|c| behind(c)).max_by_key(|c| looked(c)).map(|c| c.id.clone());
    let mut before: Option<WatchTime> = None;
    all.iter()
        .map(|check| {
            let next = all.iter().filter(|c| c.phase.is_some()).map(|c| c.due).find(|due| *due > check.due);
            let until = next.unwrap_or_else(|| session.end().max(check.due));
            let to = looked(check);
            let from = before;
            let within = |at: WatchTime| behind(check) && at <= to && from.is_none_or(|from| at > from);
            let after = |at: WatchTime| last.as_ref() == Some(&check.id) && at > to;
            if behind(check) {
                before = before.max(Some(to));
            }
            // What opened in that time, and what lasted into it.
            let lasts_into = |i: &Incident| {
                let end = i.recovered.or(i.closed.as_ref().map(|(m, _, _)| *m)).map(|m| m.watch);
                let before = from.is_some_and(|from| i.opened.watch <= from);
                behind(check) && before && end.is_none_or(|end| from.is_some_and(|from| end > from))
            };
            CheckView {
                check: (*check).clone(),
                due_utc: session.utc_of(check.due),
                until_utc: session.utc_of(until),
                lines: check.items(),
                actions: actions(session, &within),
                issues: session
                    .incidents
                    .iter()
                    .filter(|i| within(i.opened.watch) || lasts_into(i))
                    .map(|i| i.id)
                    .collect(),
                actions_since: actions(session, &after),
                issues_since: session
                    .incidents
                    .iter()
                    .filter(|i| after(i.opened.watch))
                    .map(|i| i.id)
                    .collect(),
            }
        })
        .collect()
}

fn actions(session: &Session, within: &dyn Fn(WatchTime) -> bool) -> Vec<String> {
    let mut all: Vec<(WatchTime, String)> = Vec::new();
    for note in &session.notes {
        all.push((note.moment.watch, format!("{} noted: {}", note.by, note.text)));
    }
    for a in &session.announcements {
        let until = session.utc_of(a.until).format("%H:%M:%S UTC");
        all.push((a.from, format!("{} announced until {until}: {}", a.by, a.what)));
    }
    for check in &session.checks {
        for tick in &check.ticks {
            let how = if tick.outcome == ItemOutcome::Passed { "ticked" } else { "found wrong" };
            let what =
                format!("{} {how} “{}” of {}: {}", tick.by, tick.item.text(), check.title, tick.remark);
            all.push((tick.moment.watch, what));
        }
    }
    for incident in &session.incidents {
        if let Some((moment, by, reason)) = &incident.acknowledged {
            all.push((moment.watch, format!("{by} acknowledged {}: {reason}", incident.label())));
        }
        for step in &incident.steps {
            all.push((
                step.moment.watch,
                format!("{} — {} for {}: {}", step.by, step.step.label(), incident.label(), step.remark),
            ));
        }
        if let Some(j) = &incident.judged {
            let word = match j.judgement {
                Judgement::Confirmed => "confirmed",
                Judgement::Dismissed => "dismissed",
            };
            all.push((j.moment.watch, format!("{} {word} {}: {}", j.by, incident.label(), j.remark)));
        }
        let dismissed = incident.standing() == Standing::Dismissed;
        if let Some((moment, by, remark)) =
            incident.closed.as_ref().filter(|_| !dismissed).filter(|(_, by, _)| by != "watch")
        {
            all.push((moment.watch, format!("{by} closed {}: {remark}", incident.label())));
        }
    }
    all.retain(|(at, _)| within(*at));
    all.sort_by_key(|(at, _)| *at);
    all.into_iter()
        .map(|(at, text)| format!("{} {text}", session.utc_of(at).format("%H:%M:%S UTC")))
        .collect()
}

fn matrix(session: &Session) -> Vec<MatrixRow> {
    Issue::ALL
        .into_iter()
        .map(|issue| {
            let of_it: Vec<&Incident> =
                session.incidents.iter().filter(|i| i.problem.issue == issue).collect();
            MatrixRow {
                issue,
                severity: issue.severity(),
                incidents: of_it.iter().map(|i| i.id).collect(),
                open: of_it.iter().filter(|i| i.state == IncidentState::Open).count(),
            }
        })
        .collect()
}

fn incident(session: &Session, incident: &Incident, now: WatchTime) -> IncidentView {
    let end = incident.recovered.or(incident.closed.as_ref().map(|(m, _, _)| *m)).map_or(now, |m| m.watch);
    IncidentView {
        severity: incident.severity(),
        title: incident.problem.issue.title().into(),
        container: container_of(session, incident),
        escalation: if incident.is_critical() && incident.explained_by.is_none() {
            Step::ALL.into_iter().map(|step| step_view(session, incident, step, now)).collect()
        } else {
            Vec::new()
        },
        lasted: end.since(incident.opened.watch.min(incident.since)),
        timeline: session.log.iter().filter(|l| l.incident == Some(incident.id)).cloned().collect(),
        incident: incident.clone(),
    }
}

fn container_of(session: &Session, incident: &Incident) -> Option<String> {
    // What the application says of its database does not tell that its container is to blame.
    let with_one = match incident.place {
        Place::Nas | Place::DockerEngine => false,
        Place::Database => incident.problem.part() == Part::Database,
        _ => true,
    };
    let several = session.parts().len() > 1;
    let part = session.part_to_restart(incident);
    session.opening.deployment.container_of(part).filter(|_| several && with_one).map(str::to_owned)
}

fn step_view(session: &Session, incident: &Incident, step: Step, now: WatchTime) -> StepView {
    let due = incident.step_due(step, &session.opening.rules.escalation);
    let done = incident
        .steps
        .iter()
        .rev()
        .find(|s| s.step == step && s.moment.watch >= incident.found())
        .map(|s| (s.moment, s.by.clone(), s.remark.clone()));
    let over = incident.state != IncidentState::Open;
    let end = incident.recovered.or(incident.closed.as_ref().map(|(m, _, _)| *m)).map(|m| m.watch);
    let state = match (&done, due) {
        (Some(_), _) => StepState::Done,
        _ if !step.applies_to(&incident.problem) => StepState::NotApplicable,
        (None, Some(due)) if over && step.ends_with_recovery() && end.is_some_and(|end| end > due) => {
            StepState::Missed
        }
        (None, _) if over && step.ends_with_recovery() => StepState::NotNeeded,
        (None, Some(due)) if now > due => StepState::Overdue,
        (None, Some(_)) => StepState::Due,
        (None, None) if step == Step::PostMortem && incident.closed.is_some() => StepState::Done,
        (None, None) => StepState::Owed,
    };
    let by_itself = session.automatic_at(incident, step);
    StepView { step, state, due, done, by_itself }
}

/// Lines that wait for a person, as (check, item).
pub(crate) fn owed(checks: &[CheckView]) -> Vec<(&str, &ItemResult)> {
    checks
        .iter()
        .filter(|c| c.check.status != CheckStatus::Pending)
        .flat_map(|c| {
            c.lines.iter().filter(|i| i.outcome == ItemOutcome::Owed).map(|i| (c.check.id.as_str(), i))
        })
        .collect()
}
