//! The session: a fold of the journal's events and of the readings.
//!
//! [`decide()`] looks at the state, at an input and at the time and says which facts follow; [`Session::apply`] and
//! [`Session::observe`] take in what was committed. Nothing else changes a session, so that a session folded anew from
//! its journal is the session that was lost.

mod action;
mod apply;
mod breach;
mod check;
mod command;
mod due;
mod incident;
mod judge;
mod log_line;
mod orders;
mod read_back;
mod readiness;
mod signal;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    action::{HalfDone, Stage},
    chain::Hash,
    checklist::{Item, ItemOutcome, ItemResult},
    escalation::Step,
    event::{Announcement, ContainerChange, ContainerNews, Event, Fact, Opening},
    gap::{Gap, GapCause, coverage},
    notify::{NotifyReason, Urgency},
    observed::Observed,
    part::Part,
    reading::{Failure, Reading, Source},
    time::{Moment, Span, WatchTime},
    verdict::{Decision, Verdict},
};
pub use action::{Action, ActionState, StageRecord};
pub use check::{Check, CheckResult, CheckStatus, Tick};
pub use command::{Command, Refusal};
pub use incident::{EvidenceRecord, Incident, IncidentState, Judged, Standing, StepRecord};
pub use log_line::{LogKind, LogLine};
pub use signal::{Signal, SignalState};

/// One watch of one release on one deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// What it was opened with.
    pub opening: Opening,
    /// When it was opened.
    pub opened: Moment,
    /// The number of the last event.
    pub seq: u64,
    /// The hash of the last event.
    pub head: Hash,
    /// The time of the last event.
    pub last_event: Moment,
    /// Whether a program stands the watch.
    pub attended: bool,
    /// When a program last took the watch up.
    pub attended_since: WatchTime,
    /// The fold of the readings.
    pub observed: Observed,
    /// In the order of time, without overlap.
    pub gaps: Vec<Gap>,
    /// Steps of the PC's clock: when, and by how many milliseconds.
    pub clock_jumps: Vec<(WatchTime, i64)>,
    /// How many phases have begun.
    pub phases_begun: usize,
    /// The plan's checkpoints and the extra ones, in the order of time.
    pub checks: Vec<Check>,
    /// All incidents; number N stands at place N − 1.
    pub incidents: Vec<Incident>,
    /// All notifications; number N stands at place N − 1.
    pub notifications: Vec<NotificationRecord>,
    /// What was announced.
    pub announcements: Vec<Announcement>,
    /// What was done to the deployment; number N stands at place N − 1.
    pub actions: Vec<Action>,
    /// What somebody is to be told of it, in the order in which it happened.
    pub(crate) action_news: Vec<action::News>,
    /// What happened to the container, and whether it had been announced.
    pub changes: Vec<(ContainerNews, bool)>,
    /// What people wrote down.
    pub notes: Vec<Note>,
    /// The readings that are sealed into the chain.
    pub sealed: Seal,
    /// A check was done since the last seal.
    pub seal_owed: bool,
    /// The verdict at the plan's end.
    pub concluded: Option<(Moment, Verdict)>,
    /// The decision.
    pub signed_off: Option<SignOff>,
    /// The monitoring log.
    pub log: Vec<LogLine>,
}

/// A notification with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NotificationRecord {
    /// About which incident.
    pub incident: Option<u32>,
    /// Why.
    pub reason: NotifyReason,
    /// How urgent.
    pub urgency: Urgency,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// When it was decided.
    pub decided: Moment,
    /// Whether it arrived.
    pub sent: Delivery,
    /// Another one was sent in its place.
    pub replaced: bool,
}

/// Whether a notification arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It has not been handed over yet, or nothing is known of it.
    Pending,
    /// The desktop has taken it.
    Shown,
    /// It could not be shown, and why.
    Failed(String),
}

/// A person's note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Note {
    /// When.
    pub moment: Moment,
    /// Who.
    pub by: String,
    /// What.
    pub text: String,
}

/// The commitment to the readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct Seal {
    /// How many readings.
    pub count: u64,
    /// Their chained digest.
    pub digest: Hash,
}

/// A person's decision on the verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SignOff {
    /// When.
    pub moment: Moment,
    /// Who.
    pub by: String,
    /// What.
    pub decision: Decision,
    /// In what words.
    pub remark: String,
    /// The verdict that they had before them.
    pub verdict: Verdict,
}

/// What comes to a session from outside, besides readings.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Time has passed, or readings were observed: see what follows.
    Settle,
    /// The program takes up a session that had been left.
    Resume {
        /// The program and its version.
        program: String,
    },
    /// The program is about to end.
    Pause {
        /// Why, for people.
        reason: String,
    },
    /// The PC's clock stepped against the monotonic one.
    ClockJumped {
        /// By how much, in milliseconds; positive is forward.
        by_ms: i64,
    },
    /// Every probe has answered for the checkpoint that began.
    CheckAnswered {
        /// Which.
        check: String,
    },
    /// A piece of evidence was stored, or could not be had.
    EvidenceKept {
        /// For which incident.
        incident: u32,
        /// `logs`, `inspect`, `health` or `readings`.
        kind: String,
        /// SHA-256 of its text.
        digest: Hash,
        /// Its size.
        bytes: u64,
        /// Why it could not be had.
        failure: Option<String>,
    },
    /// A notification was handed over, or could not be.
    NotificationShown {
        /// Which.
        notification: u32,
        /// Why not.
        failure: Option<String>,
    },
    /// A part of an action was done.
    ActionAdvanced {
        /// Which.
        action: u32,
        /// What.
        stage: Stage,
        /// How, for people.
        detail: String,
    },
    /// An action failed on the way, or could not be undone.
    ActionFailed {
        /// Which.
        action: u32,
        /// Why.
        failure: Failure,
    },
    /// An action was undone.
    ActionUndone {
        /// Which.
        action: u32,
    },
    /// An action that was interrupted was looked at.
    ActionExamined {
        /// Which.
        action: u32,
        /// How far it has come.
        found: HalfDone,
    },
    /// A person asks for something.
    Command(Command),
}

/// What is to be done about a fact once it is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask every probe, thoroughly, then answer with [`Input::CheckAnswered`].
    AskAll {
        /// For which checkpoint.
        check: String,
    },
    /// Take evidence, then answer with [`Input::EvidenceKept`] for each piece.
    Testify {
        /// For which incident.
        incident: u32,
    },
    /// Ask whether a roll back would work.
    AskReadiness,
    /// Restart or roll back, as the action's order says, or go on with it; then answer with [`Input::ActionAdvanced`] for
    /// each stage and [`Input::ActionFailed`] where it fails.
    Act {
        /// Which.
        action: u32,
    },
    /// Undo a roll back, then answer with [`Input::ActionUndone`] or [`Input::ActionFailed`].
    Undo {
        /// Which.
        action: u32,
    },
    /// See how far a roll back has come, as soon as that can be known, then answer with [`Input::ActionExamined`].
    Examine {
        /// Which.
        action: u32,
    },
    /// Show a notification, then answer with [`Input::NotificationShown`].
    Notify {
        /// Which.
        notification: u32,
    },
}

/// Which facts follow from `input` at `now`. Call it again with [`Input::Settle`] after each commit until nothing
/// follows: an incident's notification follows from the incident, not from the reading.
///
/// # Errors
/// A [`Refusal`] where a command cannot be carried out; nothing follows then.
pub fn decide(session: &Session, input: &Input, now: Moment) -> Result<Vec<Fact>, Refusal> {
    if session.signed_off.is_some() {
        return match input {
            Input::Command(_) => Err(Refusal::Closed),
            _ => Ok(Vec::new()),
        };
    }
    Ok(match input {
        Input::Settle => due::due(session, now),
        Input::Resume { program } => due::resume(session, program),
        Input::Pause { reason } => due::pause(session, reason),
        Input::ClockJumped { by_ms } => vec![Fact::ClockJumped { by_ms: *by_ms }],
        Input::CheckAnswered { check } => check::answered(session, check, now),
        Input::EvidenceKept { incident, kind, digest, bytes, failure } => vec![Fact::EvidenceStored {
            incident: *incident,
            kind: kind.clone(),
            digest: *digest,
            bytes: *bytes,
            failure: failure.clone(),
        }],
        Input::NotificationShown { notification, failure } => {
            vec![Fact::NotificationSent { notification: *notification, failure: failure.clone() }]
        }
        Input::ActionAdvanced { action, stage, detail } => session
            .action(*action)
            .filter(|a| a.is_open())
            .map(|_| Fact::ActionAdvanced { action: *action, stage: *stage, detail: detail.clone() })
            .into_iter()
            .collect(),
        Input::ActionFailed { action, failure } => action::failed(session, *action, failure),
        Input::ActionUndone { action } => action::undone(session, *action),
        Input::ActionExamined { action, found } => action::examined(session, *action, found),
        Input::Command(command) => command::carry_out(session, command, now)?,
    })
}

/// What is to be done about `event` now that it is committed and applied. A fold at start-up does not ask, so no old
/// effect fires again.
pub fn effects_of(event: &Event, session: &Session) -> Vec<Effect> {
    match &event.fact {
        Fact::CheckBegan { check, .. } => vec![Effect::AskAll { check: check.clone() }],
        Fact::IncidentOpened { incident, .. } | Fact::IncidentReopened { incident, .. } => {
            let testifies = session.incident(*incident).is_some_and(Incident::relapse_testifies);
            if testifies { vec![Effect::Testify { incident: *incident }] } else { Vec::new() }
        }
        Fact::NotificationDecided { notification, .. } => {
            vec![Effect::Notify { notification: *notification }]
        }
        Fact::DryRunAsked { .. } => vec![Effect::AskReadiness],
        Fact::ActionBegan { action, .. } | Fact::ActionResumed { action, .. } => {
            vec![Effect::Act { action: *action }]
        }
        Fact::UndoBegan { action, .. } => vec![Effect::Undo { action: *action }],
        Fact::ActionInterrupted { action, found: None, .. } => vec![Effect::Examine { action: *action }],
        // Another container runs now, or the same one again: the plan of before holds no longer.
        Fact::ActionEnded { .. } => vec![Effect::AskReadiness],
        // What could not be had while it lasted may be there again.
        Fact::IncidentRecovered { incident, .. } => {
            let missed = session
                .incident(*incident)
                .filter(|i| i.is_critical())
                .is_some_and(|i| i.evidence_of("logs").is_some_and(|logs| logs.failure.is_some()));
            if missed { vec![Effect::Testify { incident: *incident }] } else { Vec::new() }
        }
        // What was under way when the program ended; late evidence is better than none, and bears its own time.
        Fact::Resumed { .. } => session
            .incidents
            .iter()
            .filter(|i| i.lacks_evidence())
            .map(|i| Effect::Testify { incident: i.id })
            .collect(),
        _ => Vec::new(),
    }
}

impl Session {
    /// The session that `event`, the first of its journal, opens; `None` where it is not an opening.
    pub fn open(event: &Event) -> Option<Self> {
        let Fact::Opened(opening) = &event.fact else { return None };
        let mut checks: Vec<Check> = Vec::new();
        for (index, phase) in opening.plan.phases.iter().enumerate() {
            for checkpoint in &phase.checkpoints {
                checks.push(Check::planned(checkpoint, index, WatchTime::START + checkpoint.due));
            }
        }
        let mut session = Self {
            opening: (**opening).clone(),
            opened: event.moment,
            seq: event.seq,
            head: event.hash,
            last_event: event.moment,
            attended: true,
            attended_since: event.moment.watch,
            observed: Observed::default(),
            gaps: Vec::new(),
            clock_jumps: Vec::new(),
            phases_begun: 0,
            checks,
            incidents: Vec::new(),
            notifications: Vec::new(),
            announcements: Vec::new(),
            actions: Vec::new(),
            action_news: Vec::new(),
            changes: Vec::new(),
            notes: Vec::new(),
            sealed: Seal::default(),
            seal_owed: false,
            concluded: None,
            signed_off: None,
            log: Vec::new(),
        };
        session.log.extend(log_line::of(&session, event));
        Some(session)
    }

    /// Takes a committed reading in. `record` is its exact JSON as stored.
    pub fn observe(&mut self, reading: &Reading, record: &str) {
        let gap_after = self.gap_after();
        self.observed.observe(reading, record, &self.opening.rules, gap_after);
    }

    /// When the watch was last known to see or at least to run.
    pub fn alive(&self) -> WatchTime {
        self.observed.last.unwrap_or_default().max(self.attended_since)
    }

    /// The longest time between two readings of a watch that sees.
    pub fn gap_after(&self) -> Span {
        self.opening.rules.gap_after(self.opening.pace.speed)
    }

    /// Up to when the session is judged: `now`, the plan's end or the sign-off, whichever comes first.
    pub fn judged_until(&self, now: WatchTime) -> WatchTime {
        let signed = self.signed_off.as_ref().map_or(now, |s| s.moment.watch);
        now.min(self.end()).min(signed)
    }

    /// The gaps up to `now`. A program that was killed wrote no farewell: the time since is one too.
    pub fn gaps_at(&self, now: WatchTime) -> Vec<Gap> {
        let mut gaps = self.gaps.clone();
        gaps.extend(self.unwritten_gap(now));
        gaps
    }

    /// The time at the end in which nothing was recorded, where it is too long and in no gap yet.
    fn unwritten_gap(&self, now: WatchTime) -> Option<Gap> {
        let until = self.judged_until(now);
        let from = self.alive().max(self.gaps.last().and_then(|g| g.to).unwrap_or_default());
        let unwritten = self.open_gap().is_none() && until.since(from) > self.gap_after();
        unwritten.then_some(Gap { cause: GapCause::Closed, from, to: None })
    }

    /// The share of the time up to `now`, or to the end, that was observed, 0 to 1.
    pub fn coverage(&self, now: WatchTime) -> f64 {
        coverage(&self.gaps_at(now), self.judged_until(now))
    }

    /// The gap that is open.
    pub fn open_gap(&self) -> Option<&Gap> {
        self.gaps.last().filter(|g| g.to.is_none())
    }

    /// The UTC time at which the watch time `at` was or will be, steps of the clock included.
    pub fn utc_of(&self, at: WatchTime) -> DateTime<Utc> {
        let jumps: i64 = self.clock_jumps.iter().filter(|(t, _)| *t <= at).map(|(_, ms)| *ms).sum();
        let passed = self.opening.pace.utc_span(at.elapsed()).to_chrono();
        self.opened
            .utc
            .checked_add_signed(passed)
            .and_then(|t| t.checked_add_signed(chrono::TimeDelta::milliseconds(jumps)))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The planned end in watch time.
    pub fn end(&self) -> WatchTime {
        WatchTime::START + self.opening.plan.length
    }

    /// The next checkpoint that is neither taken nor missed.
    pub fn next_check(&self) -> Option<&Check> {
        self.checks.iter().filter(|c| c.is_pending()).min_by_key(|c| c.due)
    }

    /// The next instant at which something follows from time alone.
    pub fn next_deadline(&self, now: WatchTime) -> WatchTime {
        let soon = now + self.opening.rules.every.min(Span::secs(15));
        let check = self.next_check().map(|c| c.due).filter(|due| *due > now);
        let rules = &self.opening.rules;
        let steps = self.incidents.iter().filter(|i| i.is_running()).flat_map(|i| {
            let by_itself = Step::ALL.into_iter().filter_map(|step| self.automatic_at(i, step));
            i.open_steps(rules)
                .into_iter()
                .flat_map(|(_, due)| [due, due.back(rules.notify.warn_before)])
                .chain(by_itself)
                .collect::<Vec<_>>()
        });
        let at =
            self.announcements.iter().map(|a| a.until).chain(steps).chain(check).filter(|t| *t > now).min();
        at.map_or(soon, |at| at.min(soon))
    }

    /// The announcement in force at `at`.
    pub fn announced_at(&self, at: WatchTime) -> Option<&Announcement> {
        self.announcements.iter().rev().find(|a| a.from <= at && a.until >= at)
    }

    /// Whether `news` had been announced, or is what the watch itself did: by when it happened where that is known, for it may have been learned later.
    pub(crate) fn was_announced(&self, news: &ContainerNews) -> bool {
        // The clocks of the NAS and of this PC are seldom together by more.
        const CLOCKS: Span = Span::mins(1);
        let at = match news.at {
            Some(there) if news.reconstructed => {
                let ahead =
                    self.observed.engine.as_ref().and_then(|engine| engine.clock_ahead_ms).unwrap_or(0);
                let here = there.checked_sub_signed(chrono::TimeDelta::milliseconds(ahead));
                self.watch_of(here.unwrap_or(there))
            }
            _ => news.seen,
        };
        self.announcements.iter().any(|a| a.from.back(CLOCKS) <= at && a.until + CLOCKS >= at)
            || self.was_our_doing(news.part, at)
    }

    /// The watch time of `utc`; the beginning for what was before it.
    fn watch_of(&self, utc: DateTime<Utc>) -> WatchTime {
        let jumps: i64 = self.clock_jumps.iter().map(|(_, ms)| *ms).sum();
        let passed = Span::between(self.opened.utc, utc - chrono::TimeDelta::milliseconds(jumps));
        let pace = self.opening.pace;
        let faster = if pace.utc_follows { 1.0 } else { pace.factor() };
        WatchTime::START + Span::millis((passed.as_millis() as f64 * faster) as u64)
    }

    /// The check called `id`.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|c| c.id == id)
    }

    /// The incident number `id`.
    pub fn incident(&self, id: u32) -> Option<&Incident> {
        self.incidents.get((id as usize).checked_sub(1)?)
    }

    /// The parts whose containers are watched, the application first.
    pub fn parts(&self) -> Vec<Part> {
        self.opening.deployment.containers().map(|(part, _)| part).collect()
    }

    /// The parts that are asked for `source`.
    pub(crate) fn parts_asked_for(&self, source: Source) -> Vec<Part> {
        if source.is_of_containers() { self.parts() } else { vec![Part::Application] }
    }

    /// How often a container was interrupted without having been announced.
    pub fn interruptions(&self) -> usize {
        self.parts().into_iter().map(|part| self.interruptions_of(part)).sum()
    }

    /// How often the container of `part` was interrupted without having been announced. A crash, the restart after it and the
    /// late news of either are one interruption, whatever the order in which they were learned.
    fn interruptions_of(&self, part: Part) -> usize {
        let mut changes: Vec<&(ContainerNews, bool)> =
            self.changes.iter().filter(|(news, _)| news.part == part).collect();
        changes.sort_by_key(|(news, _)| news.at.unwrap_or_else(|| self.utc_of(news.seen)));
        let (mut count, mut down) = (0, false);
        for (news, announced) in changes {
            if news.change.is_bad() && !down && !announced {
                count += 1;
            }
            down = match news.change {
                ContainerChange::Started | ContainerChange::Unpaused => false,
                // These tell of an end and of a new beginning at once.
                ContainerChange::Restarted { .. }
                | ContainerChange::Recreated
                | ContainerChange::ImageChanged { .. } => false,
                ContainerChange::Healthy | ContainerChange::Unhealthy => down,
                ref change if change.is_of_security() => down,
                _ => true,
            };
        }
        count
    }

    /// The verdict as it stands at `now`. Once the plan has run to its end only what people still tick can change it.
    pub fn verdict(&self, now: WatchTime) -> Verdict {
        self.signed_off
            .as_ref()
            .map(|s| s.verdict.clone())
            .or_else(|| self.concluded.as_ref().map(|(_, v)| judge::reconsidered(self, v)))
            .unwrap_or_else(|| judge::verdict(self, now))
    }

    /// The answers to a person's items, over all checks, newest last.
    pub fn ticks(&self) -> BTreeMap<(String, Item), (ItemOutcome, String)> {
        self.checks
            .iter()
            .flat_map(|c| c.ticks.iter().map(|t| ((c.id.clone(), t.item), (t.outcome, t.by.clone()))))
            .collect()
    }
}

/// The items of a check's result with the ticks of people laid over them.
pub fn with_ticks(result: &CheckResult, ticks: &[Tick]) -> Vec<ItemResult> {
    let mut items = result.items.clone();
    for tick in ticks {
        if let Some(item) = items.iter_mut().find(|i| i.item == tick.item) {
            item.outcome = tick.outcome;
            let how = if tick.outcome == ItemOutcome::Passed { "ticked" } else { "found wrong" };
            let at = tick.moment.utc.format("%H:%M UTC");
            item.evidence = format!("{} — {how} by {}, {at}", tick.remark, tick.by);
        }
    }
    items
}
