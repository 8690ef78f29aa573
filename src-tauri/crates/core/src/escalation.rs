//! The clock of a critical incident: logs at once, restart by 5 min, roll back by 15 min, report, notify, post-mortem.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    matrix::{Issue, Problem},
    rules::EscalationRules,
    time::Span,
};

/// A step of the escalation procedure.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Look at the recent logs for the root cause: at once.
    CheckLogs,
    /// Tell the development team: at once.
    Notify,
    /// Try a restart of the container: within five minutes.
    Restart,
    /// Go back to the previous version: within fifteen minutes, if not resolved.
    RollBack,
    /// Write the full incident report with times.
    Document,
    /// Find the root cause.
    PostMortem,
}

impl Step {
    /// All steps, in the order of their due times.
    pub const ALL: [Self; 6] =
        [Self::CheckLogs, Self::Notify, Self::Restart, Self::RollBack, Self::Document, Self::PostMortem];

    /// How long after the incident's opening it is due; `None` where there is no clock on it.
    pub const fn within(self, rules: &EscalationRules) -> Option<Span> {
        match self {
            Self::CheckLogs | Self::Notify => Some(Span::ZERO),
            Self::Restart => Some(rules.restart_within),
            Self::RollBack => Some(rules.roll_back_within),
            Self::Document | Self::PostMortem => None,
        }
    }

    /// Whether it can help against `problem`: no restart brings lost rows back, and none keeps strangers out.
    pub fn applies_to(self, problem: &Problem) -> bool {
        match (self, problem.issue) {
            (Self::Restart, Issue::SecurityBreach | Issue::DataCorruption) => false,
            // The old version in the same container keeps nobody out; only a strange image is gone with it.
            (Self::RollBack, Issue::SecurityBreach) => problem.subject == "image",
            // Another version of the application brings back neither a database nor a web server that does not run.
            (Self::RollBack, Issue::ContainerCrash) => problem.part().is_application(),
            _ => true,
        }
    }

    /// Whether recovery makes it unnecessary.
    pub const fn ends_with_recovery(self) -> bool {
        matches!(self, Self::Restart | Self::RollBack)
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::CheckLogs => "check recent logs",
            Self::Notify => "notify",
            Self::Restart => "restart the container",
            Self::RollBack => "roll back",
            Self::Document => "document the incident",
            Self::PostMortem => "post-mortem",
        }
    }

    /// The name used on the command line and in the journal.
    pub const fn id(self) -> &'static str {
        match self {
            Self::CheckLogs => "check_logs",
            Self::Notify => "notify",
            Self::Restart => "restart",
            Self::RollBack => "roll_back",
            Self::Document => "document",
            Self::PostMortem => "post_mortem",
        }
    }
}
