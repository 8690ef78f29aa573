//! The baselines: eight metrics against their targets, each with its n.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    matrix::{Issue, Severity},
    observed::{Container, Instance},
    part::Part,
    reading::Source,
    session::{Session, Standing},
    stats,
    time::{Span, WatchTime},
    verdict::Finding,
    words::counted,
};

macro_rules! metrics {
    ($( $name:ident, $text:literal; )*) => {
        /// A row of the table of baselines.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Metric { $( #[doc = $text] $name, )* }

        impl Metric {
            /// All eight, in the table's order.
            pub const ALL: [Self; 8] = [ $( Self::$name, )* ];
            /// As the table names it.
            pub const fn label(self) -> &'static str { match self { $( Self::$name => $text, )* } }
        }
    };
}

metrics! {
    Uptime, "Container Uptime";
    ApiP95, "API Response Time (p95)";
    DatabaseP95, "Database Query Time (p95)";
    Memory, "Memory Usage";
    Cpu, "CPU Usage";
    ErrorRate, "Error Rate";
    CriticalErrors, "Critical Errors";
    LogErrors, "Log Errors (total)";
}

/// A metric against its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Baseline {
    /// Which.
    pub metric: Metric,
    /// The target, for people: `< 500 ms`.
    pub target: String,
    /// The value now, for people; `—` without readings.
    pub current: String,
    /// How many readings it rests on.
    pub n: u64,
    /// Whether the target is met, not met, or not proven either way.
    pub finding: Finding,
    /// What else there is to say: bounds, trends, the source of the numbers.
    pub note: String,
}

/// The fewest readings from which a 95th percentile is more than the greatest value.
pub(crate) const LEAST_FOR_P95: usize = 20;

/// The share of the memory limit by which memory must have risen before its trend counts.
const VISIBLE_RISE: f64 = 0.01;

/// All eight rows at `now`.
pub fn all(session: &Session, now: WatchTime) -> Vec<Baseline> {
    vec![
        uptime(session, now),
        api(session),
        database(session),
        of_all(session, memory),
        of_all(session, cpu),
        error_rate(session),
        critical_errors(session),
        log_errors(session),
    ]
}

fn row(
    metric: Metric,
    target: String,
    current: Option<String>,
    n: usize,
    finding: Finding,
    note: String,
) -> Baseline {
    Baseline { metric, target, current: current.unwrap_or_else(|| "—".into()), n: n as u64, finding, note }
}

fn uptime(session: &Session, now: WatchTime) -> Baseline {
    let deployment = &session.opening.deployment;
    let containers: Vec<(Part, Option<&Container>)> = session
        .parts()
        .into_iter()
        .map(|part| (part, session.observed.instance(part).map(|i| &i.container)))
        .collect();
    let interruptions = session.interruptions();
    let planned =
        session.changes.iter().filter(|(news, announced)| news.change.is_bad() && *announced).count();
    let last = session.changes.iter().rev().find(|(news, _)| news.change.is_bad());
    let from = last.map_or(WatchTime::START, |(news, _)| news.seen);
    let length = session.opening.plan.length;
    let n = session.observed.track(Source::Inspect).total_ok as usize;
    let not_up: Vec<Part> = containers
        .iter()
        .filter(|(_, it)| !it.is_some_and(Container::is_up))
        .map(|(part, _)| *part)
        .collect();
    let up = not_up.is_empty();
    let seen = containers.iter().any(|(_, it)| it.is_some_and(|it| it.state.is_some()));
    let current = seen.then(|| match not_up.as_slice() {
        [] => format!("{} without interruption", now.since(from)),
        [Part::Application] if containers.len() == 1 => "not running".into(),
        parts => {
            let names: Vec<&str> = parts.iter().map(|part| deployment.called(*part)).collect();
            format!("not running: {}", names.join(", "))
        }
    });
    // An announced restart that did not come back is an incident of its own.
    let crashed = session
        .incidents
        .iter()
        .any(|i| i.problem.issue == Issue::ContainerCrash && i.explained_by.is_none());
    let finding = if interruptions > 0 || crashed || (n > 0 && !up) {
        Finding::Fail
    } else if up && now >= session.end() {
        Finding::Pass
    } else {
        Finding::Inconclusive
    };
    let mut note = format!("unannounced interruptions: {interruptions}, announced: {planned}");
    for (part, it) in &containers {
        let Some(state) = it.and_then(|it| it.state.as_ref()) else { continue };
        if containers.len() > 1 {
            note += &format!("; {}", deployment.called(*part));
        }
        note += &format!(", restart count {}", state.value.restart_count);
        if let Some(started) = state.value.started_at {
            note += &format!(", started {} UTC (NAS clock)", started.format("%Y-%m-%d %H:%M:%S"));
        }
    }
    row(Metric::Uptime, format!("{length} (the whole session)"), current, n, finding, note)
}

fn p95(metric: Metric, series: &crate::observed::Series, target: f64, source: &str) -> Baseline {
    let p = series.percentile(95.0).map(f64::from);
    let n = series.n();
    let finding = match p {
        Some(p) if p >= target && n >= LEAST_FOR_P95 => Finding::Fail,
        Some(p) if p < target && n >= LEAST_FOR_P95 => Finding::Pass,
        _ => Finding::Inconclusive,
    };
    let note = match (series.median(), series.max()) {
        (Some(median), Some(max)) => format!("median {median:.0} ms, longest {max:.0} ms; {source}"),
        _ => source.to_owned(),
    };
    row(metric, format!("< {target:.0} ms"), p.map(|p| format!("{p:.0} ms")), n, finding, note)
}

fn api(session: &Session) -> Baseline {
    let seen = &session.observed;
    p95(Metric::ApiP95, &seen.api_ms, session.opening.rules.targets.api_p95_ms, "source: GET /api")
}

fn database(session: &Session) -> Baseline {
    let target = session.opening.rules.targets.database_p95_ms;
    let source = "source: the whole of GET /health/ready with its SELECT 1, an upper bound of the query";
    let mut row = p95(Metric::DatabaseP95, &session.observed.database_ms, target, source);
    // An upper bound below the target proves it; one above the target proves nothing of the query alone.
    if row.finding == Finding::Fail
        && !session.incidents.iter().any(|i| i.problem.issue == Issue::SlowQueries)
    {
        row.finding = Finding::Inconclusive;
        row.note += "; the bound is over the target, the query itself may not be";
    }
    row
}

/// The row of the application with those of the containers beside it: it holds only where it holds for all of them.
fn of_all(session: &Session, of: fn(&Session, &Instance) -> Baseline) -> Baseline {
    let mut row = of(session, &session.observed.application);
    for part in session.parts().into_iter().filter(|part| !part.is_application()) {
        let name = session.opening.deployment.called(part);
        let Some(instance) = session.observed.instance(part) else {
            row.note += &format!("; {name}: not seen yet");
            row.finding = worse(row.finding, Finding::Inconclusive);
            continue;
        };
        let beside = of(session, instance);
        row.note += &format!("; {name}: {}", beside.current);
        if beside.finding == Finding::Fail {
            row.note += &format!(", {}", beside.note);
        }
        row.finding = worse(row.finding, beside.finding);
    }
    row
}

const fn worse(a: Finding, b: Finding) -> Finding {
    match (a, b) {
        (Finding::Fail, _) | (_, Finding::Fail) => Finding::Fail,
        (Finding::Inconclusive, _) | (_, Finding::Inconclusive) => Finding::Inconclusive,
        (Finding::Pass, Finding::Pass) => Finding::Pass,
    }
}

fn memory(session: &Session, seen: &Instance) -> Baseline {
    let n = seen.memory.n();
    let usage = seen.usage.as_ref().map(|u| u.value);
    let mib = |bytes: f64| bytes / 1_048_576.0;
    let current = usage.map(|u| {
        u.memory_percent().map_or_else(
            || format!("{:.0} MiB (no limit set)", mib(u.memory_bytes as f64)),
            |p| format!("{:.0} MiB, {p:.0} % of limit", mib(u.memory_bytes as f64)),
        )
    });
    let trend = seen.memory.trend();
    let (finding, note) = match (trend, usage) {
        (Some(trend), Some(usage)) => {
            let slope = trend.slope_per_hour;
            // Without a limit, growth is held against what is used: that is what it adds to.
            let whole = usage.memory_limit.unwrap_or(usage.memory_bytes).max(1) as f64;
            let per_day = slope * 24.0 / whole * 100.0;
            let sign = if slope < 0.0 { "−" } else { "+" };
            let mut note = format!(
                "trend {sign}{:.2} MiB/h (Theil–Sen over {} points in {}, p {})",
                mib(slope.abs()),
                trend.n,
                seen.memory.span(),
                if trend.p_value < 0.001 { "< 0.001".into() } else { format!("= {:.3}", trend.p_value) }
            );
            let rising = trend.is_significant() && slope > 0.0;
            if let (true, Some(limit)) = (rising, usage.memory_limit) {
                let hours = (limit as f64 - usage.memory_bytes as f64).max(0.0) / slope;
                note += &format!(", {hours:.0} hours until the limit at this pace");
            }
            let too_much = per_day > session.opening.rules.targets.memory_growth_percent_per_day;
            // A day's growth reckoned from an hour's noise is noise: what counts has risen visibly already.
            let risen = slope * seen.memory.span().as_hours_f64() >= whole * VISIBLE_RISE;
            // Minutes after a start every process grows; a trend of them says nothing of a day.
            let long_enough = seen.memory.span()
                >= Span::hours(1).min(Span::millis(session.opening.plan.length.as_millis() / 2));
            if rising {
                let target = session.opening.rules.targets.memory_growth_percent_per_day;
                let of = if usage.memory_limit.is_some() { "the limit" } else { "what is used" };
                note += &format!("; {per_day:.1} % of {of} a day, up to {target} % is stable");
            }
            let finding = match (rising && too_much && risen, long_enough) {
                (_, false) => Finding::Inconclusive,
                (true, true) => Finding::Fail,
                (false, true) => Finding::Pass,
            };
            (finding, note)
        }
        _ => (Finding::Inconclusive, "too few readings since the last start for a trend".into()),
    };
    row(Metric::Memory, "Stable".into(), current, n, finding, note)
}

fn cpu(session: &Session, seen: &Instance) -> Baseline {
    let series = &seen.cpu_percent;
    let target = session.opening.rules.targets.cpu_percent;
    let p = series.percentile(95.0).map(f64::from);
    let finding = match p {
        Some(p) if series.n() >= LEAST_FOR_P95 => {
            if p < target {
                Finding::Pass
            } else {
                Finding::Fail
            }
        }
        _ => Finding::Inconclusive,
    };
    let note = match (series.median(), series.max()) {
        (Some(median), Some(max)) => {
            format!("median {median:.1} %, highest {max:.1} %; of all cores, p95 judged")
        }
        _ => "of all cores".into(),
    };
    row(Metric::Cpu, format!("< {target:.0} %"), p.map(|p| format!("{p:.1} %")), series.n(), finding, note)
}

fn error_rate(session: &Session) -> Baseline {
    let (failed, n) = (session.observed.requests_failed, session.observed.requests);
    let target = session.opening.rules.targets.error_rate_percent;
    let upper = stats::rate_upper_95(failed, n) * 100.0;
    let lower = stats::rate_lower_95(failed, n) * 100.0;
    let rate = if n == 0 { 0.0 } else { failed as f64 / n as f64 * 100.0 };
    let finding = if n > 0 && upper < target {
        Finding::Pass
    } else if lower >= target {
        Finding::Fail
    } else {
        Finding::Inconclusive
    };
    row(
        Metric::ErrorRate,
        format!("< {target} %"),
        (n > 0).then(|| format!("{rate:.3} %")),
        usize::try_from(n).unwrap_or(usize::MAX),
        finding,
        format!(
            "{failed} of {n} requests of the watch failed; 95 % upper bound {upper:.3} %, lower {lower:.3} %"
        ),
    )
}

fn critical_errors(session: &Session) -> Baseline {
    let n = session
        .incidents
        .iter()
        .filter(|i| i.severity() == Severity::Critical && i.explained_by.is_none())
        .filter(|i| i.standing() == Standing::Counts)
        .count();
    let logged = session.observed.in_logs(|logs| logs.critical.total());
    let seen = session.observed.count;
    let finding = match (n, logged, seen) {
        (0, 0, 0) => Finding::Inconclusive,
        (0, 0, _) => Finding::Pass,
        _ => Finding::Fail,
    };
    row(
        Metric::CriticalErrors,
        "0".into(),
        Some(n.to_string()),
        usize::try_from(seen).unwrap_or(usize::MAX),
        finding,
        format!("incidents; {} of level critical", counted(logged, "log record")),
    )
}

fn log_errors(session: &Session) -> Baseline {
    let seen = &session.observed;
    let total = seen.in_logs(|logs| logs.errors.total());
    let lines = seen.in_logs(|logs| logs.lines);
    let limit = session.opening.rules.targets.log_errors;
    let read =
        session.parts().into_iter().map(|part| seen.track_of(part, Source::Logs).total_ok).min().unwrap_or(0);
    let finding = if read == 0 {
        Finding::Inconclusive
    } else if total <= u64::from(limit) {
        Finding::Pass
    } else {
        Finding::Fail
    };
    row(
        Metric::LogErrors,
        format!("Minimal (≤ {limit})"),
        (read > 0).then(|| total.to_string()),
        usize::try_from(lines).unwrap_or(usize::MAX),
        finding,
        format!(
            "in {}, {}, {}",
            counted(lines, "line"),
            counted(seen.in_logs(|logs| logs.warnings.total()), "warning"),
            counted(seen.in_logs(|logs| logs.patterns.len() as u64), "pattern")
        ),
    )
}
