//! The plan: phases, checkpoints and their checklists, as data.

mod toml_form;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    checklist::{HOUR_0, Item, PHASE_1, PHASE_2, PHASE_3},
    time::Span,
};
pub use toml_form::PlanError;

/// The schedule of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Plan {
    /// From the session's start to its planned end.
    pub length: Span,
    /// In the order of time.
    pub phases: Vec<Phase>,
}

/// A stretch of the session with a checklist of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Phase {
    /// Such as `Phase 1: First 4 Hours`.
    pub title: String,
    /// What it looks at, such as `Critical system health`.
    pub focus: String,
    /// Start, from the session's start.
    pub from: Span,
    /// End, from the session's start; equal to `from` for a phase of one check.
    pub to: Span,
    /// The distance of its checkpoints; `None` where there is one only.
    pub every: Option<Span>,
    /// What each of its checkpoints asks.
    pub items: Vec<Item>,
    /// Its checkpoints, in the order of time.
    pub checkpoints: Vec<Checkpoint>,
}

/// One scheduled check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Checkpoint {
    /// Unique in the plan: `hour-1`, `check-5`, `final`.
    pub id: String,
    /// For people: `Hour 1`, `Check 5`, `Final`.
    pub title: String,
    /// When, from the session's start.
    pub due: Span,
}

impl Plan {
    /// The plan of the written session log: Hour 0; Hours 1–4 at +0 … +3 h; Checks 1–5 at +4 … +20 h; Final at +24 h.
    pub fn standard() -> Self {
        let h = Span::hours;
        let series = |label: &str, from: u64, every: u64, n: u64| {
            (1..=n).map(|i| Checkpoint::new(&format!("{label} {i}"), h(from + every * (i - 1)))).collect()
        };
        Self {
            length: h(24),
            phases: vec![
                Phase {
                    title: "Hour 0: Initial Verification".into(),
                    focus: "Release and deployment are what they should be".into(),
                    from: h(0),
                    to: h(0),
                    every: None,
                    items: HOUR_0.to_vec(),
                    checkpoints: vec![Checkpoint::new("Hour 0", h(0))],
                },
                Phase {
                    title: "Phase 1: First 4 Hours".into(),
                    focus: "Critical system health".into(),
                    from: h(0),
                    to: h(4),
                    every: Some(h(1)),
                    items: PHASE_1.to_vec(),
                    checkpoints: series("Hour", 0, 1, 4),
                },
                Phase {
                    title: "Phase 2: Next 20 Hours".into(),
                    focus: "Stability and performance patterns".into(),
                    from: h(4),
                    to: h(24),
                    every: Some(h(4)),
                    items: PHASE_2.to_vec(),
                    checkpoints: series("Check", 4, 4, 5),
                },
                Phase {
                    title: "Phase 3: Final Validation".into(),
                    focus: "Overall stability assessment".into(),
                    from: h(24),
                    to: h(24),
                    every: None,
                    items: PHASE_3.to_vec(),
                    checkpoints: vec![Checkpoint::new("Final", h(24))],
                },
            ],
        }
    }

    /// Every checkpoint with its phase, in the order of time.
    pub fn checkpoints(&self) -> impl Iterator<Item = (&Phase, &Checkpoint)> {
        self.phases.iter().flat_map(|p| p.checkpoints.iter().map(move |c| (p, c)))
    }

    /// The checkpoint called `id`, with its phase.
    pub fn checkpoint(&self, id: &str) -> Option<(&Phase, &Checkpoint)> {
        self.checkpoints().find(|(_, c)| c.id == id)
    }
}

impl Checkpoint {
    /// A checkpoint whose id is its title in lower case with hyphens.
    pub fn new(title: &str, due: Span) -> Self {
        let id = title.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
        Self { id, title: title.into(), due }
    }
}
