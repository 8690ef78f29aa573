//! What the SMS answers over HTTP, and how long it takes.

use watchkeeper_core::{
    reading::{ContainerStatus, FailureKind, HealthAnswer, HealthStatus, Place, Source, Statistics},
    time::Span,
};

use super::World;
use crate::{
    fault::FaultKind,
    random::{Topic, normal, unit},
    timeline::ms,
};

/// After how long the in-memory probes give up, in milliseconds.
pub const TIMEOUT_MS: f64 = 10_000.0;

/// What a front end in a container of its own answers while the application behind it does not.
pub(crate) const BAD_GATEWAY: u16 = 502;

/// The newest schema version.
pub const SCHEMA: &str = "9f3a1c7e52d0";

/// What psycopg says while the database is down.
pub(crate) const REFUSED: &str = "(psycopg.OperationalError) connection failed: connection to server at \
    \"172.20.0.2\", port 5432 failed: Connection refused";

/// What one request comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reply {
    /// An answer.
    Answered {
        /// How long it took, in milliseconds.
        took_ms: f64,
        /// The HTTP status.
        status: u16,
    },
    /// None.
    Failed {
        /// How long it took to find out, in milliseconds; [`TIMEOUT_MS`] for a time-out.
        took_ms: f64,
        /// Where it lies, as far as the one who asks can tell.
        place: Place,
        /// In what way.
        kind: FailureKind,
    },
}

impl World {
    /// What a request to `source`, which is one of the HTTP sources or [`Source::Functions`], comes to at `t`.
    pub fn reply(&self, source: Source, t: Span) -> Reply {
        self.reply_to(source, source == Source::Functions, t)
    }

    /// What one request of the basic functionality test comes to at `t`: the log-in, or one that reads data.
    pub fn step(&self, login: bool, t: Span) -> Reply {
        match self.reply_to(Source::Functions, login, t) {
            Reply::Answered { took_ms, status } => {
                // A password takes long to check, by design.
                Reply::Answered { took_ms: took_ms * if login { 0.75 } else { 0.25 }, status }
            }
            failed @ Reply::Failed { .. } => failed,
        }
    }

    fn reply_to(&self, source: Source, login: bool, t: Span) -> Reply {
        if let Some(place) = self.blocked(t) {
            return blocked(place);
        }
        let failed = |took_ms, place, kind| Reply::Failed { took_ms, place, kind };
        let timed_out = failed(TIMEOUT_MS, Place::Application, FailureKind::Timeout);
        let refused = failed(2.0, Place::Container, FailureKind::Refused);
        let stay = self.timeline.at(ms(t));
        let up = stay.exists && stay.status == ContainerStatus::Running;
        // The Engine's proxy takes the connection before the application listens.
        let boots = up && ms(t) < stay.started + self.boot;
        match self.front_end_runs(ms(t)) {
            Some(false) => return refused,
            // It hands out the page, whatever is behind it.
            Some(true) if matches!(source, Source::Page | Source::Asset) => {}
            _ if stay.status == ContainerStatus::Paused => return timed_out,
            Some(true) if !up || boots => return Reply::Answered { took_ms: 3.0, status: BAD_GATEWAY },
            None if !up => return refused,
            None if boots => return failed(3.0, Place::Application, FailureKind::Broken),
            _ => {}
        }
        let mut took_ms = self.latency(source, t);
        let mut status = 200;
        for fault in self.active(t) {
            match fault.kind {
                FaultKind::HungEndpoint { source: s } | FaultKind::OneTimeout { source: s }
                    if s == source =>
                {
                    return timed_out;
                }
                FaultKind::DatabaseDown if matches!(source, Source::Health | Source::Ready) => status = 503,
                FaultKind::DatabaseDown if source == Source::Functions => status = 500,
                FaultKind::SlowDatabase { ms } if asks_database(source) => {
                    // Functions: the user, the password, the count and the page.
                    let queries = if source == Source::Functions { 4.0 } else { 1.0 };
                    let jitter = unit(self.draw(Topic::Latency, 99, t.as_millis()));
                    took_ms += f64::from(ms) * queries * (0.9 + 0.4 * jitter);
                }
                FaultKind::LoginBroken if login => status = 500,
                FaultKind::FrontendDown if matches!(source, Source::Page | Source::Asset) => status = 500,
                FaultKind::ApiDown if matches!(source, Source::Api | Source::Functions) => status = 500,
                FaultKind::FlakyEndpoint { source: s, share }
                    if s == source && unit(self.draw(Topic::Flaky, source as u64, t.as_millis())) < share =>
                {
                    status = 500;
                }
                FaultKind::PerformanceDip { factor }
                    if matches!(source, Source::Page | Source::Asset | Source::Api | Source::Functions) =>
                {
                    took_ms *= factor;
                }
                _ => {}
            }
        }
        if source == Source::Ready && self.disk_percent(t) >= 90.0 {
            status = 503;
        }
        if took_ms >= TIMEOUT_MS { timed_out } else { Reply::Answered { took_ms, status } }
    }

    /// What `/health` says at `t` to one who gets an answer.
    pub fn health(&self, t: Span) -> HealthAnswer {
        let database = self.database_up(t);
        let disk = self.disk_percent(t);
        let status = match (database, disk >= 90.0) {
            (false, _) => HealthStatus::Unhealthy,
            (true, true) => HealthStatus::Degraded,
            (true, false) => HealthStatus::Healthy,
        };
        HealthAnswer {
            http_status: if database { 200 } else { 503 },
            status,
            version: Some(self.version_at(t).to_owned()),
            uptime_seconds: Some(self.uptime_seconds(t) as f64),
            database_ok: Some(database),
            database_message: Some(database_message(database)),
            disk_percent: Some((disk * 100.0).round() / 100.0),
            migrations_at_head: database.then_some(true),
            migration_version: database.then(|| SCHEMA.into()),
            statistics: database.then(|| self.statistics(t)),
        }
    }

    /// What `/health/ready` says at `t` to one who gets an answer. The disk counts here too.
    pub fn ready(&self, t: Span) -> HealthAnswer {
        let database = self.database_up(t);
        let disk = self.disk_percent(t);
        let ready = database && disk < 90.0;
        HealthAnswer {
            http_status: if ready { 200 } else { 503 },
            status: if ready { HealthStatus::Healthy } else { HealthStatus::Unhealthy },
            version: None,
            uptime_seconds: None,
            database_ok: Some(database),
            database_message: Some(database_message(database)),
            disk_percent: Some((disk * 100.0).round() / 100.0),
            migrations_at_head: None,
            migration_version: None,
            statistics: None,
        }
    }

    /// The size of a good answer's body, in bytes.
    pub(crate) const fn body_bytes(source: Source) -> u64 {
        match source {
            Source::Page => 1_046,
            Source::Asset => 214_830,
            Source::Live => 91,
            _ => 412,
        }
    }

    /// The rows of the main tables. Grades are entered now and then, nothing else changes by itself.
    pub fn statistics(&self, t: Span) -> Statistics {
        let lost: f64 = self
            .active(t)
            .filter_map(|f| match f.kind {
                FaultKind::DataLoss { percent } => Some(percent),
                _ => None,
            })
            .fold(0.0, f64::max);
        let left = |rows: u64| Some((rows as f64 * (1.0 - lost / 100.0)).round() as u64);
        Statistics {
            students: left(412),
            courses: left(38),
            grades: left(5_120 + t.as_millis() / 420_000),
            enrollments: left(1_963),
        }
    }

    /// Whether the database answers at `t`.
    pub fn database_up(&self, t: Span) -> bool {
        !self.active(t).any(|f| f.kind == FaultKind::DatabaseDown)
    }

    /// Seconds since the application began to start; 0 where it does not run.
    pub fn uptime_seconds(&self, t: Span) -> u64 {
        let begun = self.timeline.at(ms(t)).started + self.boot.min(2_000);
        u64::try_from((ms(t) - begun).max(0) / 1_000).unwrap_or(0)
    }

    /// Whether the application serves at `at`, by itself: a fault of the way to it changes nothing here.
    pub(super) fn serving(&self, at: crate::timeline::Ms) -> bool {
        let stay = self.timeline.at(at);
        stay.exists && stay.status == ContainerStatus::Running && at >= stay.started + self.boot
    }

    /// How long `source` takes at `t` on a good day, in milliseconds.
    pub(crate) fn latency(&self, source: Source, t: Span) -> f64 {
        // Median, deviation of the logarithm, and a cap in deviations that keeps a good day within its baselines.
        let (median, deviation, cap) = match source {
            Source::Api => (70.0, 0.575, 3.2),
            Source::Ready => (15.0, 0.58, 3.0),
            Source::Health => (350.0, 0.18, 3.0),
            Source::Live => (8.0, 0.4, 3.0),
            Source::Page => (14.0, 0.4, 3.0),
            Source::Asset => (22.0, 0.4, 3.0),
            Source::Functions => (640.0, 0.2, 3.0),
            Source::Engine => (12.0, 0.3, 3.0),
            Source::Inspect => (18.0, 0.3, 3.0),
            Source::Stats => (58.0, 0.2, 3.0),
            Source::Logs => (35.0, 0.4, 3.0),
            Source::Events | Source::Network => (1.0, 0.2, 3.0),
            Source::Readiness => (30.0, 0.2, 3.0),
        };
        let z: f64 = normal(self.draw(Topic::Latency, source as u64, t.as_millis()), cap);
        median * (z * deviation).exp()
    }
}

/// What a request comes to when it does not reach the NAS.
pub(crate) fn blocked(place: Place) -> Reply {
    let (took_ms, kind) = match place {
        Place::ThisPc => (1.0, FailureKind::Unreachable),
        Place::Network => (3_000.0, FailureKind::Unreachable),
        _ => (TIMEOUT_MS, FailureKind::Timeout),
    };
    Reply::Failed { took_ms, place, kind }
}

fn asks_database(source: Source) -> bool {
    matches!(source, Source::Health | Source::Ready | Source::Functions)
}

pub(crate) fn database_message(up: bool) -> String {
    if up {
        "Database connection successful".into()
    } else {
        format!("Database connection failed: {REFUSED}")
    }
}
