//! The issue detection matrix: fourteen rows in three severities.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::part::Part;

/// How grave an issue is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Log and continue.
    Minor,
    /// Document and plan a fix.
    Major,
    /// Stop the deployment: the escalation clock runs.
    Critical,
}

impl Severity {
    /// `critical`, `major`, `minor`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

/// A row of the matrix.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Issue {
    /// Container crashes/restarts.
    ContainerCrash,
    /// Database connection failures.
    DatabaseConnection,
    /// Security breach detected.
    SecurityBreach,
    /// Data corruption identified.
    DataCorruption,
    /// Complete feature failure.
    FeatureFailure,
    /// Intermittent endpoint failures.
    IntermittentFailures,
    /// Slow database queries.
    SlowQueries,
    /// High memory usage.
    HighMemory,
    /// High CPU usage.
    HighCpu,
    /// Log errors accumulating.
    LogErrors,
    /// Occasional timeout.
    OccasionalTimeout,
    /// Non-critical warning logs.
    WarningLogs,
    /// Minor performance dip.
    PerformanceDip,
    /// Expected capacity usage.
    CapacityUsage,
}

impl Issue {
    /// All rows, in the matrix's order.
    pub const ALL: [Self; 14] = [
        Self::ContainerCrash,
        Self::DatabaseConnection,
        Self::SecurityBreach,
        Self::DataCorruption,
        Self::FeatureFailure,
        Self::IntermittentFailures,
        Self::SlowQueries,
        Self::HighMemory,
        Self::HighCpu,
        Self::LogErrors,
        Self::OccasionalTimeout,
        Self::WarningLogs,
        Self::PerformanceDip,
        Self::CapacityUsage,
    ];

    /// The row's severity.
    pub const fn severity(self) -> Severity {
        match self {
            Self::ContainerCrash
            | Self::DatabaseConnection
            | Self::SecurityBreach
            | Self::DataCorruption
            | Self::FeatureFailure => Severity::Critical,
            Self::IntermittentFailures
            | Self::SlowQueries
            | Self::HighMemory
            | Self::HighCpu
            | Self::LogErrors => Severity::Major,
            Self::OccasionalTimeout | Self::WarningLogs | Self::PerformanceDip | Self::CapacityUsage => {
                Severity::Minor
            }
        }
    }

    /// The row as the matrix words it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ContainerCrash => "Container crashes/restarts",
            Self::DatabaseConnection => "Database connection failures",
            Self::SecurityBreach => "Security breach detected",
            Self::DataCorruption => "Data corruption identified",
            Self::FeatureFailure => "Complete feature failure",
            Self::IntermittentFailures => "Intermittent endpoint failures",
            Self::SlowQueries => "Slow database queries",
            Self::HighMemory => "High memory usage",
            Self::HighCpu => "High CPU usage",
            Self::LogErrors => "Log errors accumulating",
            Self::OccasionalTimeout => "Occasional timeout (rare)",
            Self::WarningLogs => "Non-critical warning logs",
            Self::PerformanceDip => "Minor performance dip",
            Self::CapacityUsage => "Expected capacity usage",
        }
    }
}

/// What is wrong, with what: two incidents are the same problem exactly when these agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
pub struct Problem {
    /// The row of the matrix.
    pub issue: Issue,
    /// With what: `container`, `nas`, `api`, `page`, `database`, …; of a container beside the application's with its part
    /// before it: `front end container`, `database memory`.
    pub subject: String,
}

impl Problem {
    /// The problem `issue` with `subject`.
    pub fn new(issue: Issue, subject: &str) -> Self {
        Self { issue, subject: subject.into() }
    }

    /// The problem `issue` with `subject` of the container of `part`. That of the application needs no more words.
    pub fn of(issue: Issue, part: Part, subject: &str) -> Self {
        if part.is_application() {
            Self::new(issue, subject)
        } else {
            Self { issue, subject: format!("{} {subject}", part.word()) }
        }
    }

    /// That the container of `part` does not run, or did not.
    pub fn container(part: Part) -> Self {
        Self::of(Issue::ContainerCrash, part, "container")
    }

    /// The part that it is about: the one whose container a restart would restart.
    pub fn part(&self) -> Part {
        let is_of =
            |part: &Part| self.subject.strip_prefix(part.word()).is_some_and(|rest| rest.starts_with(' '));
        match self.subject.as_str() {
            "frontend" | "page" | "asset" => Part::FrontEnd,
            _ => [Part::FrontEnd, Part::Database].into_iter().find(is_of).unwrap_or_default(),
        }
    }
}
