//! The ten success criteria, the verdict that they make together, and the sign-off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Pass, fail, or not proven either way.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The evidence says yes.
    Pass,
    /// The evidence is not enough. Not a pass.
    Inconclusive,
    /// The evidence says no.
    Fail,
}

impl Finding {
    /// `pass`, `inconclusive`, `fail`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}

macro_rules! criteria {
    ($( $name:ident, $text:literal; )*) => {
        /// A success criterion.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Criterion { $( #[doc = $text] $name, )* }

        impl Criterion {
            /// All ten, in their order.
            pub const ALL: [Self; 10] = [ $( Self::$name, )* ];
            /// As the session log words it.
            pub const fn text(self) -> &'static str { match self { $( Self::$name => $text, )* } }
        }
    };
}

criteria! {
    KeepsRunning, "Container remains running for the entire session";
    NoCriticalErrors, "Zero critical errors during the session";
    AllChecksPass, "All health checks pass (all phases)";
    NoDataLoss, "No data loss or corruption";
    FeaturesAtEnd, "All features functional at the end of the session";
    MetricsStable, "Performance metrics stable";
    NoSecurityIncidents, "No security incidents";
    DatabaseNormal, "Database operations normal";
    FrontendStable, "Frontend stable and responsive";
    ApiConsistent, "API endpoints responding consistently";
}

/// A criterion with its finding and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CriterionResult {
    /// Which.
    pub criterion: Criterion,
    /// Pass, fail or inconclusive.
    pub finding: Finding,
    /// The evidence, with its numbers.
    pub evidence: String,
}

/// The criteria together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Verdict {
    /// Fail if one fails, else inconclusive if one is, else pass.
    pub finding: Finding,
    /// Why, in a sentence.
    pub reason: String,
    /// The ten.
    pub criteria: Vec<CriterionResult>,
    /// The share of the session that was observed, in percent.
    pub coverage_percent: f64,
    /// Whether the plan had run to its end.
    pub complete: bool,
}

/// A person's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The release stays in production.
    Approved,
    /// It does not.
    Rejected,
}

impl Decision {
    /// Whether the decision goes against `finding`: approving what did not pass, rejecting what did.
    pub const fn against(self, finding: Finding) -> bool {
        matches!(
            (self, finding),
            (Self::Approved, Finding::Fail | Finding::Inconclusive) | (Self::Rejected, Finding::Pass)
        )
    }
    /// `approved`, `rejected`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}
