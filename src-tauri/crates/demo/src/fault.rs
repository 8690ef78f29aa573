//! What can go wrong in the simulated world.

use serde::{Deserialize, Serialize};
use watchkeeper_core::{
    matrix::Issue,
    part::Part,
    reading::{Place, Source},
    time::Span,
};

/// One thing that goes wrong, once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// When, counted from the start of the world.
    #[serde(default)]
    pub at: Span,
    /// For how long; `None` is to the end. For what ends the container it is how long the container is down, and
    /// `None` there means that it stays down; see [`FaultKind`] for the exceptions.
    #[serde(default)]
    pub lasts: Option<Span>,
}

impl Fault {
    /// `kind` from `at` for `lasts`.
    pub const fn new(kind: FaultKind, at: Span, lasts: Span) -> Self {
        Self { kind, at, lasts: Some(lasts) }
    }

    /// `kind` from `at` to the end.
    pub const fn lasting(kind: FaultKind, at: Span) -> Self {
        Self { kind, at, lasts: None }
    }

    /// The first instant after it, if there is one.
    pub fn end(&self) -> Option<Span> {
        self.kind.length(self.lasts).map(|l| self.at + l)
    }

    /// Whether it is there at `t`.
    pub fn active(&self, t: Span) -> bool {
        t >= self.at && self.end().is_none_or(|end| t < end)
    }
}

/// In what way something goes wrong. In JSON `"database_down"`, or `{"slow_database": {"ms": 1500}}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The process ends by itself. The restart policy starts it again after `lasts`; with `None` it has given up.
    ContainerCrash {
        /// Its exit code.
        exit_code: i64,
    },
    /// The kernel kills it for lack of memory. `lasts` as for a crash.
    OomKill,
    /// `docker restart`: asked to stop, ends with 0, starts again after `lasts` (a second when `None`).
    OperatorRestart,
    /// `docker stop`, and `docker start` after `lasts`.
    ContainerStopped,
    /// `docker pause`, and `docker unpause` after `lasts`.
    ContainerPaused,
    /// Removed and made again under the same name from the same image, within `lasts` (three seconds when `None`).
    ContainerRecreated,
    /// The same from another image under the same tag.
    ImageSwapped,
    /// The database refuses connections.
    DatabaseDown,
    /// Somebody tries passwords.
    FailedLoginFlood {
        /// Refused logins a minute.
        per_minute: u32,
    },
    /// Rows vanish from the main tables.
    DataLoss {
        /// Of every table, in percent.
        percent: f64,
    },
    /// The database finds damaged pages and says so in the log, at once and every five minutes.
    CorruptionInLog,
    /// Nobody can log in: HTTP 500.
    LoginBroken,
    /// The page and its assets answer HTTP 500.
    FrontendDown,
    /// The whole API answers HTTP 500; page and health do not.
    ApiDown,
    /// One endpoint answers HTTP 500 now and then.
    FlakyEndpoint {
        /// Which; one of the HTTP sources.
        source: Source,
        /// The share of requests that fail, 0 to 1.
        share: f64,
    },
    /// Every database query takes long.
    SlowDatabase {
        /// How long, in milliseconds.
        ms: u32,
    },
    /// Memory grows, up to the limit, where the kernel kills the container; then from the beginning.
    MemoryLeak {
        /// How fast, in MiB an hour.
        mib_per_hour: f64,
    },
    /// Memory is high.
    HighMemory {
        /// In percent of the limit.
        percent: f64,
    },
    /// The CPU is busy.
    HighCpu {
        /// In percent of all cores.
        percent: f64,
    },
    /// Errors in the log.
    LogErrors {
        /// How many an hour, evenly spread with some jitter.
        per_hour: u32,
    },
    /// Requests to one endpoint time out for `lasts` (thirty seconds when `None`: one turn of the default cadence).
    OneTimeout {
        /// Which; one of the HTTP sources.
        source: Source,
    },
    /// Warnings in the log.
    WarningLogs {
        /// How many an hour, evenly spread with some jitter.
        per_hour: u32,
    },
    /// Page and API answer slower.
    PerformanceDip {
        /// By how much: 2 is twice as slow.
        factor: f64,
    },
    /// Memory is well used, as may be expected.
    CapacityUse {
        /// In percent of the limit, such as 70.
        percent: f64,
    },
    /// The disk fills up, to 99 %.
    DiskFilling {
        /// How fast, in percentage points an hour.
        percent_per_hour: f64,
    },
    /// This PC has no network.
    PcOffline,
    /// The network between this PC and the NAS is gone.
    NetworkDown,
    /// The NAS does not answer.
    NasDown,
    /// The Docker Engine does not answer; the SMS does.
    EngineDown,
    /// One endpoint never answers.
    HungEndpoint {
        /// Which; one of the HTTP sources.
        source: Source,
    },
    /// The front end's container ends by itself, `lasts` as for a crash of the application's. Nothing where the layout has no
    /// such container.
    FrontEndCrash {
        /// Its exit code.
        exit_code: i64,
    },
    /// The same with the database's container.
    DatabaseCrash {
        /// Its exit code.
        exit_code: i64,
    },
}

impl FaultKind {
    /// One of each kind, with ordinary numbers: for tables of tests and for help texts.
    pub const EXAMPLES: [Self; 32] = [
        Self::ContainerCrash { exit_code: 3 },
        Self::OomKill,
        Self::OperatorRestart,
        Self::ContainerStopped,
        Self::ContainerPaused,
        Self::ContainerRecreated,
        Self::ImageSwapped,
        Self::DatabaseDown,
        Self::FailedLoginFlood { per_minute: 120 },
        Self::DataLoss { percent: 30.0 },
        Self::CorruptionInLog,
        Self::LoginBroken,
        Self::FrontendDown,
        Self::ApiDown,
        Self::FlakyEndpoint { source: Source::Api, share: 0.4 },
        Self::SlowDatabase { ms: 1_600 },
        Self::MemoryLeak { mib_per_hour: 60.0 },
        Self::HighMemory { percent: 88.0 },
        Self::HighCpu { percent: 95.0 },
        Self::LogErrors { per_hour: 60 },
        Self::OneTimeout { source: Source::Api },
        Self::WarningLogs { per_hour: 12 },
        Self::PerformanceDip { factor: 8.0 },
        Self::CapacityUse { percent: 70.0 },
        Self::DiskFilling { percent_per_hour: 10.0 },
        Self::PcOffline,
        Self::NetworkDown,
        Self::NasDown,
        Self::EngineDown,
        Self::HungEndpoint { source: Source::Api },
        Self::FrontEndCrash { exit_code: 1 },
        Self::DatabaseCrash { exit_code: 1 },
    ];

    /// Its name, as JSON has it: `container_crash`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContainerCrash { .. } => "container_crash",
            Self::OomKill => "oom_kill",
            Self::OperatorRestart => "operator_restart",
            Self::ContainerStopped => "container_stopped",
            Self::ContainerPaused => "container_paused",
            Self::ContainerRecreated => "container_recreated",
            Self::ImageSwapped => "image_swapped",
            Self::DatabaseDown => "database_down",
            Self::FailedLoginFlood { .. } => "failed_login_flood",
            Self::DataLoss { .. } => "data_loss",
            Self::CorruptionInLog => "corruption_in_log",
            Self::LoginBroken => "login_broken",
            Self::FrontendDown => "frontend_down",
            Self::ApiDown => "api_down",
            Self::FlakyEndpoint { .. } => "flaky_endpoint",
            Self::SlowDatabase { .. } => "slow_database",
            Self::MemoryLeak { .. } => "memory_leak",
            Self::HighMemory { .. } => "high_memory",
            Self::HighCpu { .. } => "high_cpu",
            Self::LogErrors { .. } => "log_errors",
            Self::OneTimeout { .. } => "one_timeout",
            Self::WarningLogs { .. } => "warning_logs",
            Self::PerformanceDip { .. } => "performance_dip",
            Self::CapacityUse { .. } => "capacity_use",
            Self::DiskFilling { .. } => "disk_filling",
            Self::PcOffline => "pc_offline",
            Self::NetworkDown => "network_down",
            Self::NasDown => "nas_down",
            Self::EngineDown => "engine_down",
            Self::HungEndpoint { .. } => "hung_endpoint",
            Self::FrontEndCrash { .. } => "front_end_crash",
            Self::DatabaseCrash { .. } => "database_crash",
        }
    }

    /// Where it truly lies. A probe may know less.
    pub const fn place(self) -> Place {
        match self {
            Self::PcOffline => Place::ThisPc,
            Self::NetworkDown => Place::Network,
            Self::NasDown | Self::DiskFilling { .. } => Place::Nas,
            Self::EngineDown => Place::DockerEngine,
            Self::DatabaseDown
            | Self::DataLoss { .. }
            | Self::CorruptionInLog
            | Self::SlowDatabase { .. } => Place::Database,
            kind if kind.part_that_ends().is_some() => Place::Container,
            _ => Place::Application,
        }
    }

    /// The row of the matrix that it belongs to; `None` where it is no fault of the deployment, or nothing that the
    /// users of the SMS could notice. Others may be opened beside it: a dead database fills the log with errors.
    pub const fn issue(self) -> Option<Issue> {
        Some(match self {
            Self::DatabaseDown => Issue::DatabaseConnection,
            Self::FailedLoginFlood { .. } => Issue::SecurityBreach,
            Self::DataLoss { .. } | Self::CorruptionInLog => Issue::DataCorruption,
            Self::LoginBroken
            | Self::FrontendDown
            | Self::ApiDown
            | Self::NasDown
            | Self::HungEndpoint { .. } => Issue::FeatureFailure,
            Self::FlakyEndpoint { .. } => Issue::IntermittentFailures,
            Self::SlowDatabase { .. } => Issue::SlowQueries,
            Self::HighMemory { .. } | Self::MemoryLeak { .. } => Issue::HighMemory,
            Self::HighCpu { .. } => Issue::HighCpu,
            Self::LogErrors { .. } => Issue::LogErrors,
            Self::OneTimeout { .. } => Issue::OccasionalTimeout,
            Self::WarningLogs { .. } => Issue::WarningLogs,
            Self::PerformanceDip { .. } => Issue::PerformanceDip,
            Self::CapacityUse { .. } | Self::DiskFilling { .. } => Issue::CapacityUsage,
            Self::PcOffline | Self::NetworkDown | Self::EngineDown => return None,
            _ => Issue::ContainerCrash,
        })
    }

    /// Whether it is something that happens to the application's container as a whole.
    pub const fn is_of_container(self) -> bool {
        matches!(
            self,
            Self::ContainerCrash { .. }
                | Self::OomKill
                | Self::OperatorRestart
                | Self::ContainerStopped
                | Self::ContainerPaused
                | Self::ContainerRecreated
                | Self::ImageSwapped
        )
    }

    /// The part whose container does not run because of it.
    pub const fn part_that_ends(self) -> Option<Part> {
        match self {
            Self::FrontEndCrash { .. } => Some(Part::FrontEnd),
            Self::DatabaseCrash { .. } => Some(Part::Database),
            kind if kind.is_of_container() => Some(Part::Application),
            _ => None,
        }
    }

    /// Whether it is of a container beside the application's, which not every layout has.
    pub const fn is_beside(self) -> bool {
        matches!(self, Self::FrontEndCrash { .. } | Self::DatabaseCrash { .. })
    }

    /// Whether it is the release's doing: the previous version does not have it.
    pub const fn comes_with_the_release(self) -> bool {
        matches!(
            self,
            Self::ContainerCrash { .. }
                | Self::OomKill
                | Self::LoginBroken
                | Self::FrontendDown
                | Self::ApiDown
                | Self::FlakyEndpoint { .. }
                | Self::HungEndpoint { .. }
                | Self::SlowDatabase { .. }
                | Self::MemoryLeak { .. }
                | Self::HighMemory { .. }
                | Self::HighCpu { .. }
                | Self::LogErrors { .. }
                | Self::WarningLogs { .. }
        )
    }

    /// Whether it ends with the process that has it: a fresh one does not. A leak goes on from the beginning, and a
    /// container that has ended or was frozen is started by it.
    pub const fn ends_with_the_process(self) -> bool {
        matches!(
            self,
            Self::HungEndpoint { .. }
                | Self::OneTimeout { .. }
                | Self::HighMemory { .. }
                | Self::HighCpu { .. }
        )
    }

    /// How long it is there, given the fault's `lasts`.
    pub(crate) fn length(self, lasts: Option<Span>) -> Option<Span> {
        lasts.or(match self {
            Self::OperatorRestart => Some(Span::secs(1)),
            Self::ContainerRecreated | Self::ImageSwapped => Some(Span::secs(3)),
            Self::OneTimeout { .. } => Some(Span::secs(30)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_matrix_has_a_fault() {
        for issue in Issue::ALL {
            assert!(FaultKind::EXAMPLES.iter().any(|k| k.issue() == Some(issue)), "{issue:?}");
        }
    }

    #[test]
    fn json_names_are_the_names() {
        for kind in FaultKind::EXAMPLES {
            let json = serde_json::to_value(kind).unwrap();
            let name = json.as_str().or_else(|| json.as_object()?.keys().next().map(String::as_str));
            assert_eq!(name, Some(kind.name()));
            assert_eq!(serde_json::from_value::<FaultKind>(json).unwrap(), kind);
        }
    }

    #[test]
    fn a_fault_is_read_as_a_person_writes_it() {
        for (json, fault) in [
            (
                r#"{"kind":"database_down","lasts":"2m"}"#,
                Fault::new(FaultKind::DatabaseDown, Span::ZERO, Span::mins(2)),
            ),
            (
                r#"{"kind":{"slow_database":{"ms":1500}},"at":"1h"}"#,
                Fault::lasting(FaultKind::SlowDatabase { ms: 1_500 }, Span::hours(1)),
            ),
        ] {
            assert_eq!(serde_json::from_str::<Fault>(json).unwrap(), fault);
        }
    }

    #[test]
    fn a_fault_is_active_from_its_begin_to_its_end() {
        let fault = Fault::new(FaultKind::DatabaseDown, Span::secs(10), Span::secs(5));
        for (t, active) in [(9_999, false), (10_000, true), (14_999, true), (15_000, false)] {
            assert_eq!(fault.active(Span::millis(t)), active, "{t}");
        }
        assert!(Fault::lasting(FaultKind::DatabaseDown, Span::ZERO).active(Span::hours(1_000)));
    }
}
