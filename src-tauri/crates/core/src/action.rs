//! What the watch does to the deployment: a restart, a roll back, and the way back from one that failed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{chain::Hash, escalation::Step, part::Part, time::Span};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// The container is restarted.
    Restart,
    /// A container of the previous image takes the container's place.
    RollBack,
}

impl ActionKind {
    /// The step of the escalation that it is.
    pub const fn step(self) -> Step {
        match self {
            Self::Restart => Step::Restart,
            Self::RollBack => Step::RollBack,
        }
    }
    /// For people: `restart`, `roll back`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::RollBack => "roll back",
        }
    }
}

/// Who decides that it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// A person, each time.
    #[default]
    Ask,
    /// The watch, by itself, when its time has come.
    Auto,
    /// Nobody: the watch does not touch the deployment.
    Never,
}

impl Policy {
    /// As the configuration writes it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Auto => "auto",
            Self::Never => "never",
        }
    }
}

/// Who decides, and when the watch does where it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ActionRules {
    /// Who decides on a restart: `ask` a person, `auto` for the watch itself, `never`.
    pub restart: Policy,
    /// Who decides on a roll back to `release.previous`: `ask` a person, `auto` for the watch itself, `never`.
    pub roll_back: Policy,
    /// How long a critical incident lasts before the watch restarts the container by itself. Docker's own restart policy
    /// and whoever acknowledges the incident come first.
    pub restart_after: Span,
    /// How long it lasts before the watch rolls back by itself.
    pub roll_back_after: Span,
    /// How many restarts by the watch itself there may be within an hour.
    pub restarts_per_hour: u32,
}

impl Default for ActionRules {
    fn default() -> Self {
        Self {
            restart: Policy::Ask,
            roll_back: Policy::Ask,
            restart_after: Span::mins(1),
            roll_back_after: Span::mins(10),
            restarts_per_hour: 2,
        }
    }
}

impl ActionRules {
    /// Whether they are what is not written down.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
    /// Who decides on `kind`.
    pub const fn policy(&self, kind: ActionKind) -> Policy {
        match kind {
            ActionKind::Restart => self.restart,
            ActionKind::RollBack => self.roll_back,
        }
    }
    /// How long after an incident's opening the watch does it by itself.
    pub const fn after(&self, kind: ActionKind) -> Span {
        match kind {
            ActionKind::Restart => self.restart_after,
            ActionKind::RollBack => self.roll_back_after,
        }
    }
}

/// What was decided: committed before anything is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Order {
    /// What.
    pub kind: ActionKind,
    /// To whose container.
    #[serde(default, skip_serializing_if = "Part::is_application")]
    pub part: Part,
    /// Because of which incident.
    pub incident: Option<u32>,
    /// Who decided: a person, or `watch`.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What a roll back does.
    pub plan: Option<Box<RollBackPlan>>,
    /// That the database may be newer than the previous version knows, where somebody accepted that: what they had before
    /// their eyes.
    pub accepted: Option<String>,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionOutcome {
    /// Done, and verified.
    Done,
    /// A restart that failed, or after which the deployment does not work.
    Failed,
    /// A roll back that was undone: the deployment is as it was before.
    Undone,
    /// A person has taken it over, and mends by hand what is half done.
    TakenOver,
}

impl ActionOutcome {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Done => "done and verified",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::TakenOver => "taken over by hand",
        }
    }
}

/// A part of an action, in the order in which they are done. Each is told once it is done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ActionStage")]
#[ts(rename = "ActionStage")]
pub enum Stage {
    /// The container of the previous image is made under a name of its own. Nothing has been stopped yet.
    Create,
    /// The running container is stopped, with its own grace period.
    Stop,
    /// It is given another name, and no restart policy, so that no start of the NAS brings it up beside the other.
    SetAside,
    /// The new container takes its name.
    TakeName,
    /// The container is started.
    Start,
    /// The container is restarted.
    Restart,
    /// Its HEALTHCHECK says healthy; without one, it runs.
    Healthy,
    /// The full checklist was gone through.
    Verify,
    /// Undoing: the container of the previous image is stopped and removed.
    Remove,
    /// Undoing: the container that was set aside has its name and its restart policy again.
    GiveBack,
}

impl Stage {
    /// Those of a restart.
    pub const RESTART: &'static [Self] = &[Self::Restart, Self::Healthy, Self::Verify];
    /// Those of a roll back.
    pub const ROLL_BACK: &'static [Self] =
        &[Self::Create, Self::Stop, Self::SetAside, Self::TakeName, Self::Start, Self::Healthy, Self::Verify];
    /// Those of the way back from a roll back.
    pub const UNDO: &'static [Self] = &[Self::Remove, Self::GiveBack, Self::Start, Self::Healthy];

    /// For people, as something that was done.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Create => "made the container of the previous image",
            Self::Stop => "stopped the container",
            Self::SetAside => "set the container aside under another name",
            Self::TakeName => "gave the new container its name",
            Self::Start => "started the container",
            Self::Restart => "restarted the container",
            Self::Healthy => "the container is healthy",
            Self::Verify => "went through the checklist",
            Self::Remove => "removed the container of the previous image",
            Self::GiveBack => "gave the container its name back",
        }
    }
}

/// An image on the NAS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ImageRef {
    /// As it is named, such as `sms-fullstack:1.14.3`.
    pub name: String,
    /// Its digest (`sha256:…`).
    pub id: String,
}

/// One line of what a container is made with, for people. Values that may be secrets are not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PlanLine {
    /// `environment`, `mounts`, `ports`, `networks`, `restart policy`, `health check`, `labels`, …
    pub what: String,
    /// What it is.
    pub value: String,
}

/// What a roll back would do, all of it: made before anything happens, shown to who decides, and what is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RollBackPlan {
    /// The name that both containers bear, one after the other.
    pub container: String,
    /// The id of the container that runs now.
    pub container_id: String,
    /// The image that it runs.
    pub from: ImageRef,
    /// The image to go back to.
    pub to: ImageRef,
    /// The name under which the present container is kept.
    pub aside: String,
    /// The name under which the new container is made, until the other has been set aside.
    pub made_as: String,
    /// The present container's restart policy, as `docker run --restart` takes it; what undoing gives back to it.
    pub restart_policy: String,
    /// How long the container has to end by itself.
    pub stop_timeout: Span,
    /// With what the new container is made: what `docker inspect` says of the present one, no more and no less.
    pub settings: Vec<PlanLine>,
    /// SHA-256 of the whole request that makes the new container. What is carried out has the same, or is refused.
    pub digest: Hash,
}

/// What must be so before a roll back can work.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// It is known which version to go back to.
    PreviousNamed,
    /// Its image is on the NAS.
    ImagePresent,
    /// Its digest is known.
    DigestKnown,
    /// It bears a name, so that `docker image prune` leaves it alone.
    NotPruned,
    /// A container like the present one can be made from it.
    PlanValid,
    /// There is room on the disk.
    DiskFree,
    /// The old version can read the database as it is.
    SchemaFits,
}

impl Requirement {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::PreviousNamed => "the previous version is named",
            Self::ImagePresent => "its image is on the NAS",
            Self::DigestKnown => "its digest is known",
            Self::NotPruned => "it is not about to be pruned",
            Self::PlanValid => "the plan is valid",
            Self::DiskFree => "there is room on the disk",
            Self::SchemaFits => "the database fits the previous version",
        }
    }
}

/// How it is with a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It is so.
    Yes,
    /// It is not so: no roll back is possible.
    No,
    /// It cannot be known. A roll back is possible, by who accepts that.
    Unknown,
}

/// One requirement with what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Condition {
    /// Which.
    pub requirement: Requirement,
    /// How it is.
    pub met: Met,
    /// What was found; where it is not met, also what to do.
    pub detail: String,
}

/// Whether the deployment can be rolled back now, as the Docker Engine was asked: a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Readiness {
    /// What was looked at, in the order of [`Requirement`].
    pub conditions: Vec<Condition>,
    /// What a roll back would do; `None` where a condition stands in its way.
    pub plan: Option<Box<RollBackPlan>>,
}

/// How far a roll back that was interrupted has come, as it is found on the Docker Engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct HalfDone {
    /// The last stage that was done; `None` where nothing was.
    pub stage: Option<Stage>,
    /// What was found, for people: which containers there are and how they are.
    pub detail: String,
}
