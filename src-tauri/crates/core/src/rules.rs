//! The thresholds, with the defaults of the written session log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{matrix::Severity, time::Span};

/// Every threshold of a session. All have defaults; a configuration names only what it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// How often each source is asked between checkpoints, 1 s to 15 min.
    pub every: Span,
    /// Failures in a row before a source counts as failing.
    pub failures: u32,
    /// Successes in a row before it counts as recovered.
    pub successes: u32,
    /// A checkpoint taken later than this after its time is missed.
    pub late_after: Span,
    /// The least share of the session, in percent, that must have been observed for a pass.
    pub coverage_percent: f64,
    /// The baselines' targets.
    pub targets: Targets,
    /// The matrix' thresholds.
    pub matrix: MatrixRules,
    /// The escalation's times.
    pub escalation: EscalationRules,
    /// Who is told what.
    pub notify: NotifyRules,
}

/// The targets of the baselines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Targets {
    /// API response time, 95th percentile, in milliseconds: below this.
    pub api_p95_ms: f64,
    /// Database query time, 95th percentile, in milliseconds: below this.
    pub database_p95_ms: f64,
    /// CPU in percent of all cores, 95th percentile: below this.
    pub cpu_percent: f64,
    /// Failed requests in percent of all: below this, with 95 % confidence.
    pub error_rate_percent: f64,
    /// Memory growth, in percent of the limit a day, up to which a significant trend still counts as stable.
    pub memory_growth_percent_per_day: f64,
    /// Log errors in the whole session up to which they are « minimal ».
    pub log_errors: u32,
}

/// The thresholds of the issue detection matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct MatrixRules {
    /// A query slower than this is slow, in milliseconds.
    pub slow_query_ms: f64,
    /// Slow queries within `slow_query_window` that make the major issue.
    pub slow_queries: u32,
    /// The window for slow queries.
    pub slow_query_window: Span,
    /// Memory in percent of the limit above which it is high.
    pub memory_percent: f64,
    /// CPU in percent of all cores above which it is high.
    pub cpu_percent: f64,
    /// Memory, CPU or disk in percent above which their use is worth a line.
    pub capacity_percent: f64,
    /// How far a value must fall below its threshold to count as recovered, in percentage points.
    pub hysteresis_percent: f64,
    /// Error records within `log_window` that count as accumulating.
    pub log_errors: u32,
    /// Warning records within `log_window` that are worth a line.
    pub log_warnings: u32,
    /// The window for log records.
    pub log_window: Span,
    /// Failures among the last twenty requests to one endpoint that count as intermittent.
    pub intermittent_failures: u32,
    /// An API answer slower than this many times the session's median is a dip, if it is also over the target.
    pub dip_factor: f64,
    /// Refused logins within five minutes that look like an attack.
    pub refused_logins: u32,
    /// Rows lost from a main table, in percent, that count as a loss of data.
    pub lost_rows_percent: f64,
}

/// The times of the escalation procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct EscalationRules {
    /// A restart is tried within this time.
    pub restart_within: Span,
    /// The roll back is executed within this time.
    pub roll_back_within: Span,
    /// A recovered major or minor incident closes after this time without a relapse.
    pub close_after: Span,
}

/// When somebody is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct NotifyRules {
    /// Incidents below this severity are only logged.
    pub from_severity: Severity,
    /// An unacknowledged critical incident is repeated this often.
    pub remind_every: Span,
    /// A step's due time is announced this long before.
    pub warn_before: Span,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            every: Span::secs(30),
            failures: 3,
            successes: 2,
            late_after: Span::mins(5),
            coverage_percent: 95.0,
            targets: Targets::default(),
            matrix: MatrixRules::default(),
            escalation: EscalationRules::default(),
            notify: NotifyRules::default(),
        }
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            api_p95_ms: 500.0,
            database_p95_ms: 100.0,
            cpu_percent: 60.0,
            error_rate_percent: 0.1,
            memory_growth_percent_per_day: 10.0,
            log_errors: 10,
        }
    }
}

impl Default for MatrixRules {
    fn default() -> Self {
        Self {
            slow_query_ms: 1_000.0,
            slow_queries: 3,
            slow_query_window: Span::mins(5),
            memory_percent: 80.0,
            cpu_percent: 90.0,
            capacity_percent: 60.0,
            hysteresis_percent: 5.0,
            log_errors: 10,
            log_warnings: 1,
            log_window: Span::mins(30),
            intermittent_failures: 3,
            dip_factor: 2.0,
            refused_logins: 50,
            lost_rows_percent: 10.0,
        }
    }
}

impl Default for EscalationRules {
    fn default() -> Self {
        Self { restart_within: Span::mins(5), roll_back_within: Span::mins(15), close_after: Span::mins(30) }
    }
}

impl Default for NotifyRules {
    fn default() -> Self {
        Self { from_severity: Severity::Major, remind_every: Span::mins(15), warn_before: Span::mins(1) }
    }
}

impl Rules {
    /// How long without a reading the watch counts as not seeing: three turns, and at least ten seconds.
    ///
    /// `speed` is the rehearsal's: a second of the wall clock in which a busy PC does nothing is `speed` seconds of
    /// watch time, and says nothing about the deployment.
    pub fn gap_after(&self, speed: f64) -> Span {
        let turns = self.every.times(3) + Span::secs(10);
        let stall = if speed > 1.0 { Span::millis((5_000.0 * speed) as u64) } else { Span::ZERO };
        turns.max(stall)
    }
}
