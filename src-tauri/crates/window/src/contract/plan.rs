//! The plan of a deployment, as the settings show and change it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use watchkeeper_core::{checklist::Item, plan::Plan, time::Span};

/// The plan by which a deployment's next session is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlanPage {
    /// The deployment.
    pub deployment: String,
    /// The file as the configuration names it; `None` for the built-in plan.
    pub file: Option<String>,
    /// Where that is.
    pub path: Option<String>,
    /// Where a plan goes that is saved here.
    pub own: String,
    /// Its text, the built-in plan's where no file is named; `None` where it cannot be shown.
    pub text: Option<String>,
    /// Why it cannot be shown, and what to do.
    pub unreadable: Option<String>,
    /// What the text says.
    pub check: PlanCheck,
    /// Stands for all of this as it is now: what is saved or taken back is held against it.
    pub mark: String,
    /// The text of the built-in plan, to begin with.
    pub built_in: String,
    /// Every line that a checklist may have.
    pub items: Vec<PlanItem>,
    /// What was written and not saved.
    pub draft: Option<PlanDraft>,
    /// The session of the deployment that this program watches now.
    pub running: Option<RunningPlan>,
}

/// What a plan's text says: the plan, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlanCheck {
    /// The plan.
    pub plan: Option<Plan>,
    /// The first thing that is wrong.
    pub fault: Option<PlanFault>,
}

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlanFault {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there, with its key, and what would be right.
    pub message: String,
}

/// A line that a checklist may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct PlanItem {
    /// Which.
    pub item: Item,
    /// A person answers it; else the readings do.
    pub by_person: bool,
}

/// What was written and not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PlanDraft {
    /// The text.
    pub text: String,
    /// The mark of the plan that it began from.
    pub mark: String,
}

/// The plan of a session that runs. It was fixed when the session began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunningPlan {
    /// The session.
    pub session: String,
    /// It is the one that stands in the configuration.
    pub same: bool,
    /// How long it is.
    pub length: Span,
    /// How many checkpoints it has.
    pub checkpoints: u32,
}

/// What became of a plan that was to be saved or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlanSaved {
    /// It was; else another program had changed the plan meanwhile, and nothing was written.
    pub saved: bool,
    /// How it is now.
    pub page: PlanPage,
}
