//! Checkpoints: due, taken, late, missed; and what each line of the checklist answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Session, judge};
use crate::{
    checklist::{Item, ItemOutcome, ItemResult, PHASE_1},
    event::Fact,
    plan::Checkpoint,
    time::{Moment, Span, WatchTime},
};

/// Where a checkpoint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// Its time has not come.
    Pending,
    /// Being taken.
    Running,
    /// Taken in time.
    Done,
    /// Its time went by unseen; there may be a late one beside it.
    Missed,
}

/// A person's answer to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Tick {
    /// Which.
    pub item: Item,
    /// Passed or failed.
    pub outcome: ItemOutcome,
    /// Who.
    pub by: String,
    /// In what words.
    pub remark: String,
    /// When.
    pub moment: Moment,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CheckResult {
    /// When.
    pub moment: Moment,
    /// Taken after its time.
    pub late: bool,
    /// Each line with its answer.
    pub items: Vec<ItemResult>,
    /// What else was seen.
    pub observations: Vec<String>,
}

impl CheckResult {
    /// How many items have `outcome`.
    pub fn count(&self, outcome: ItemOutcome) -> usize {
        self.items.iter().filter(|i| i.outcome == outcome).count()
    }
}

/// One checkpoint of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Check {
    /// The plan's id, or `extra-N`.
    pub id: String,
    /// For people.
    pub title: String,
    /// The phase's place in the plan; `None` for an extra check.
    pub phase: Option<usize>,
    /// When it is due; for an extra check, when it was asked for.
    pub due: WatchTime,
    /// Where it stands.
    pub status: CheckStatus,
    /// When it began, and whether late.
    pub began: Option<(WatchTime, bool)>,
    /// Why it was missed.
    pub missed: Option<String>,
    /// What was found, in time or late.
    pub result: Option<CheckResult>,
    /// What people answered.
    pub ticks: Vec<Tick>,
}

impl Check {
    pub(super) fn planned(checkpoint: &Checkpoint, phase: usize, due: WatchTime) -> Self {
        Self {
            id: checkpoint.id.clone(),
            title: checkpoint.title.clone(),
            phase: Some(phase),
            due,
            status: CheckStatus::Pending,
            began: None,
            missed: None,
            result: None,
            ticks: Vec::new(),
        }
    }
    pub(super) fn extra(id: &str, at: WatchTime) -> Self {
        let title = id.replace("extra-", "Extra check ");
        Self { phase: None, ..Self::planned(&Checkpoint { id: id.into(), title, due: at.elapsed() }, 0, at) }
    }
    /// Neither taken nor missed.
    pub fn is_pending(&self) -> bool {
        self.status == CheckStatus::Pending
    }
    /// The items with what people answered laid over them.
    pub fn items(&self) -> Vec<ItemResult> {
        self.result.as_ref().map(|r| super::with_ticks(r, &self.ticks)).unwrap_or_default()
    }
}

impl Session {
    /// The checklist of `check`: its phase's, and Phase 1's for an extra check.
    pub fn items_of(&self, check: &Check) -> Vec<Item> {
        check
            .phase
            .and_then(|p| self.opening.plan.phases.get(p))
            .map_or_else(|| PHASE_1.to_vec(), |phase| phase.items.clone())
    }

    /// A checkpoint taken later than this after its time is missed.
    pub(super) fn late_after(&self) -> Span {
        self.opening.rules.late_after.max(self.gap_after())
    }

    /// Why `check` was not taken in time.
    pub(super) fn missed_because(&self, check: &Check) -> String {
        let gap = self.gaps.iter().find(|g| g.touches(check.due, check.due + self.late_after()));
        gap.map_or("the watch was busy elsewhere", |g| g.cause.label()).into()
    }

    /// When the check before `check` was taken; the start where there was none.
    pub(super) fn previous_check(&self, check: &Check) -> WatchTime {
        self.checks
            .iter()
            .filter(|c| c.id != check.id)
            .filter_map(|c| c.result.as_ref().map(|r| r.moment.watch))
            .filter(|at| check.began.is_none_or(|(began, _)| *at <= began))
            .max()
            .unwrap_or_default()
    }
}

/// The facts that follow when all probes have answered for `id`.
pub(super) fn answered(session: &Session, id: &str, now: Moment) -> Vec<Fact> {
    let Some(check) = session.check(id) else { return Vec::new() };
    let Some((began, late)) = check.began.filter(|_| check.result.is_none()) else { return Vec::new() };
    let since = session.previous_check(check);
    let mut items: Vec<ItemResult> = Vec::new();
    for item in session.items_of(check) {
        let judged =
            judge::item(session, item, &judge::Look { began, since, now: now.watch, so_far: &items });
        items.push(judged);
    }
    let observations = judge::observations(session, since, began, now.watch);
    let mut facts = Vec::new();
    // Begun in time and answered much later: the PC slept in between.
    let too_late = !late && check.phase.is_some() && now.watch.since(began) > session.late_after();
    if too_late {
        facts.push(Fact::CheckMissed { check: id.to_owned(), cause: session.missed_because(check) });
    }
    facts.push(Fact::CheckDone { check: id.to_owned(), late: late || too_late, items, observations });
    facts
}
