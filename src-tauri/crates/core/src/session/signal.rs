//! The rules of the detection matrix: what the readings say of each row, with values.

use super::{Incident, IncidentState, Session, breach};
use crate::{
    matrix::{Issue, Problem},
    observed::{Level, Observed, Track},
    reading::{FailureKind, Place, Source},
    rules::Rules,
    time::{Span, WatchTime},
    words::{counted, counted_len},
};

/// What the readings say of a problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Which.
    pub problem: Problem,
    /// Where it lies.
    pub place: Place,
    /// There, gone, or neither.
    pub state: SignalState,
}

/// Between bad and good lies silence: the hysteresis.
#[derive(Debug, Clone, PartialEq)]
pub enum SignalState {
    /// It is there.
    Bad {
        /// When it began.
        since: WatchTime,
        /// The time of the newest evidence.
        at: WatchTime,
        /// The values.
        detail: String,
    },
    /// It is not there.
    Good {
        /// The values.
        detail: String,
    },
    /// Not there enough, or not gone enough.
    Silent,
}

/// Every rule's word at `now`, causes before their symptoms.
pub(super) fn all(session: &Session, now: WatchTime) -> Vec<Signal> {
    let seen = &session.observed;
    let rules = &session.opening.rules;
    let mut all = vec![nas(seen, rules, now), container(session), database(seen, rules, now)];
    all.extend(breach::all(session));
    all.push(logins(seen, rules, now));
    all.push(corruption(seen));
    all.push(rows(seen, rules));
    all.extend([
        feature(seen, rules, now, "api", &[Source::Api, Source::Live, Source::Health, Source::Ready]),
        feature(seen, rules, now, "frontend", &[Source::Page, Source::Asset]),
        login(seen),
        engine(seen, rules, now),
    ]);
    for source in [Source::Health, Source::Ready, Source::Live, Source::Page, Source::Asset, Source::Api] {
        all.push(intermittent(seen, rules, source));
    }
    all.push(slow_queries(seen, rules, now));
    all.extend(usage(seen, rules));
    all.push(log_errors(session, now));
    all.push(blip(seen, rules, now));
    all.push(warnings(seen, rules, now));
    all.push(dip(seen, rules, now));
    all.push(disk(seen));
    all
}

pub(super) fn signal(issue: Issue, subject: &str, place: Place, state: SignalState) -> Signal {
    Signal { problem: Problem::new(issue, subject), place, state }
}

pub(super) const fn bad(since: WatchTime, at: WatchTime, detail: String) -> SignalState {
    SignalState::Bad { since, at, detail }
}

fn good(detail: impl Into<String>) -> SignalState {
    SignalState::Good { detail: detail.into() }
}

/// The NAS: nothing gets through to it, from any source.
fn nas(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let failing: Vec<(WatchTime, &Track)> = seen
        .tracks
        .values()
        .filter(|t| t.failed > 0 && t.failure.as_ref().is_some_and(|f| f.failure.place == Place::Nas))
        .filter_map(|t| Some((t.failing_since?, t)))
        .collect();
    let since = failing.iter().map(|(since, _)| *since).min();
    let state = match since {
        Some(since)
            if seen.nas_failed >= rules.failures
                && !nas_answers(seen, rules, now)
                && now.since(since) >= rules.every.times(u64::from(rules.failures.saturating_sub(1))) =>
        {
            let last = failing.iter().filter_map(|(_, t)| t.failure.as_ref()).max_by_key(|f| f.at);
            bad(
                since,
                last.map_or(since, |f| f.at),
                format!(
                    "The NAS does not answer although the network does: {} failures in a row; {}",
                    seen.nas_failed,
                    last.map_or("", |f| f.failure.message.as_str())
                ),
            )
        }
        _ if seen.nas_ok >= rules.successes => good("The NAS answers again"),
        _ => SignalState::Silent,
    };
    signal(Issue::FeatureFailure, "nas", Place::Nas, state)
}

/// Failures in a row are as many turns, not as many quick repeats at a checkpoint. A little less than whole turns, as each
/// comes at its own time.
fn lasts(since: Option<WatchTime>, rules: &Rules, now: WatchTime) -> bool {
    let turns = rules.every.times(u64::from(rules.failures.saturating_sub(1)));
    since.is_some_and(|since| now.since(since) >= Span::millis(turns.as_millis() / 5 * 4))
}

/// Whether anything came from the NAS of late. Where it answers, an address of it that does not is no dead NAS.
fn nas_answers(seen: &Observed, rules: &Rules, now: WatchTime) -> bool {
    let of_late = rules.every.times(u64::from(rules.failures.saturating_sub(1).max(2)));
    seen.last_answer.is_some_and(|at| now.since(at) < of_late)
}

/// Whether the container is down, and an announcement that is in force, or what the watch itself is doing, excuses it.
pub(super) fn is_down_as_announced(session: &Session) -> bool {
    let it = &session.observed.container;
    let unannounced =
        session.changes.iter().rev().find(|(news, announced)| news.change.is_bad() && !announced);
    it.down_since.is_some()
        && (session.announced_at(session.last_seen()).is_some() || session.is_acting())
        && unannounced.is_none_or(|(news, _)| Some(news.seen) < it.down_since)
}

fn last_of(session: &Session, issue: Issue) -> Option<&Incident> {
    session.incidents.iter().rev().find(|i| i.problem.issue == issue)
}

/// The container: an interruption that nobody had announced, or one that lasts beyond its announcement.
fn container(session: &Session) -> Signal {
    let it = &session.observed.container;
    let rules = &session.opening.rules;
    let unannounced =
        session.changes.iter().rev().find(|(news, announced)| news.change.is_bad() && !announced);
    let last = session.changes.iter().rev().find(|(news, _)| news.change.is_bad());
    let known = last_of(session, Issue::ContainerCrash).map(|i| {
        let ends = [Some(i.opened), i.reopened, i.recovered, i.closed.as_ref().map(|(m, _, _)| *m)];
        ends.into_iter().flatten().map(|m| m.watch).max().unwrap_or_default()
    });
    // An interruption that is over before anybody could look is an interruption all the same.
    let lasts = last_of(session, Issue::ContainerCrash).is_some_and(|i| i.state == IncidentState::Open);
    let unheard = unannounced.filter(|(news, _)| !lasts && known.is_none_or(|at| news.seen > at));
    let state = if is_down_as_announced(session) {
        SignalState::Silent
    } else if let Some(since) = it.down_since {
        let what = last.map_or_else(
            || {
                it.state.as_ref().map_or_else(
                    || "There is no such container".into(),
                    |s| format!("Container does not run: {:?}", s.value.status).to_lowercase(),
                )
            },
            |(news, _)| news.change.describe(),
        );
        // Each look that shows it down is evidence anew.
        let looked = it.state.as_ref().map_or(since, |s| s.at);
        let at = last.map_or(since, |(news, _)| news.seen).max(since).max(looked);
        bad(since, at, format!("{what}; it is not running"))
    } else if let Some((news, _)) = unheard {
        bad(news.seen, news.seen, format!("{}; nobody had announced it", news.change.describe()))
    } else if let Some((news, _)) = unannounced
        && Some(news.seen) >= it.last_bad
        && it.good_looks < rules.successes
    {
        bad(news.seen, news.seen, format!("{}; nobody had announced it", news.change.describe()))
    } else if it.good_looks >= rules.successes && it.is_up() {
        let started = it.state.as_ref().and_then(|s| s.value.started_at);
        good(started.map_or_else(
            || "Container is running".into(),
            |t| format!("Container is running since {} UTC (NAS clock)", t.format("%Y-%m-%d %H:%M:%S")),
        ))
    } else {
        SignalState::Silent
    };
    signal(Issue::ContainerCrash, "container", Place::Container, state)
}

/// The database: the application says that it cannot reach it, or its log does.
fn database(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let five = now.back(Span::mins(5));
    let signs = seen.logs.database_signs.since(five);
    let failing = [Source::Health, Source::Ready].map(|s| seen.track(s));
    let since = failing.iter().filter_map(|t| t.failing_since).min();
    let state = if seen.database_failed >= rules.failures && lasts(since, rules, now) {
        let at = failing.iter().filter_map(|t| t.at).max().unwrap_or(now);
        bad(
            since.unwrap_or(at),
            at,
            format!(
                "{} health answers in a row say that the database fails: {}",
                seen.database_failed,
                seen.database_message.as_deref().unwrap_or("no message")
            ),
        )
    } else if signs >= rules.failures && seen.database_ok < rules.successes {
        let at = seen.logs.database_signs.last().unwrap_or(now);
        bad(at, at, format!("{signs} log records within 5 min say that the database cannot be reached"))
    } else if seen.database_ok >= rules.successes {
        good(format!("{} health answers in a row say that the database works", seen.database_ok))
    } else {
        SignalState::Silent
    };
    signal(Issue::DatabaseConnection, "database", Place::Database, state)
}

/// A flood of refused logins in the access log.
fn logins(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let n = seen.logs.refused_logins.since(now.back(Span::mins(5)));
    let limit = rules.matrix.refused_logins;
    let state = if n >= limit {
        let at = seen.logs.refused_logins.last().unwrap_or(now);
        bad(
            at,
            at,
            format!("{n} refused logins within 5 min (limit {limit}): somebody is guessing passwords"),
        )
    } else if n * 2 < limit {
        good(format!("{n} refused logins within 5 min"))
    } else {
        SignalState::Silent
    };
    signal(Issue::SecurityBreach, "logins", Place::Application, state)
}

/// A log record that says that data is damaged. A person has to look: it never turns good by itself.
fn corruption(seen: &Observed) -> Signal {
    let state = seen.logs.corruption.as_ref().map_or(SignalState::Silent, |(at, text)| {
        bad(*at, *at, format!("The log says that data is damaged: {text}"))
    });
    signal(Issue::DataCorruption, "log", Place::Database, state)
}

/// Rows that are gone.
fn rows(seen: &Observed, rules: &Rules) -> Signal {
    let limit = rules.matrix.lost_rows_percent;
    let at = seen.health.as_ref().map_or(WatchTime::START, |h| h.at);
    let state = match seen.lost_rows() {
        Some(lost) if seen.rows_lost >= rules.failures => bad(
            at,
            at,
            format!(
                "{}: {} rows, {} before ({:.1} % lost, limit {limit} %), in {} answers in a row",
                lost.table,
                lost.now,
                lost.most,
                lost.percent(),
                seen.rows_lost
            ),
        ),
        _ if seen.rows_last.is_some() && seen.rows_lost == 0 => good("The main tables have their rows"),
        _ => SignalState::Silent,
    };
    signal(Issue::DataCorruption, "rows", Place::Database, state)
}

/// A feature of which no request gets through: any of its sources fails over and over.
fn feature(seen: &Observed, rules: &Rules, now: WatchTime, subject: &str, sources: &[Source]) -> Signal {
    let nas_answers = nas_answers(seen, rules, now);
    let tracks: Vec<(Source, Track)> = sources.iter().map(|s| (*s, seen.track(*s))).collect();
    let worst = tracks
        .iter()
        .filter(|(_, t)| t.failed >= rules.failures && lasts(t.failing_since, rules, now))
        .filter(|(_, t)| nas_answers || t.failure.as_ref().is_some_and(|f| f.failure.place != Place::Nas))
        .max_by_key(|(_, t)| t.failed);
    let state = if let Some((source, track)) = worst {
        let at = track.at.unwrap_or_default();
        let (what, place) = track
            .failure
            .as_ref()
            .map_or(("", Place::Application), |f| (f.failure.message.as_str(), f.failure.place));
        return signal(
            Issue::FeatureFailure,
            subject,
            place,
            bad(
                track.failing_since.unwrap_or(at),
                at,
                format!("{} failed {} times in a row: {what}", source.name(), track.failed),
            ),
        );
    } else if tracks.iter().all(|(_, t)| t.succeeded >= rules.successes) {
        good(format!("{subject} answers"))
    } else {
        SignalState::Silent
    };
    signal(Issue::FeatureFailure, subject, Place::Application, state)
}

/// Log in and list students: tried at checkpoints, and again until it works.
fn login(seen: &Observed) -> Signal {
    let track = seen.track(Source::Functions);
    let state = if seen.functions_failed >= 2 {
        let at = track.at.unwrap_or_default();
        let remark = match (&seen.functions, &track.failure) {
            (_, Some(f)) if track.failed > 0 => f.failure.message.clone(),
            (Some(f), _) => f.value.remark.clone(),
            _ => String::new(),
        };
        let since = seen.functions_failing_since.unwrap_or(at);
        bad(
            since,
            at,
            format!("Log in and list students failed {} times in a row: {remark}", seen.functions_failed),
        )
    } else if seen.functions.as_ref().is_some_and(|f| f.value.works()) && track.failed == 0 {
        good("Log in and list students works")
    } else {
        SignalState::Silent
    };
    signal(Issue::FeatureFailure, "login", Place::Application, state)
}

/// The Docker Engine: without it the watch is half blind, though the SMS may well work.
fn engine(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let nas_answers = nas_answers(seen, rules, now);
    let tracks = [Source::Inspect, Source::Logs].map(|s| (s, seen.track(s)));
    let engine_failed = |t: &Track| {
        t.failure.as_ref().is_some_and(|f| {
            // 501: a log driver that keeps nothing to be read. That is how it is set up, and not that it fails.
            (nas_answers || f.failure.place != Place::Nas)
                && !matches!(f.failure.kind, FailureKind::NoContainer | FailureKind::Status(501))
        })
    };
    let failing = tracks
        .iter()
        .find(|(_, t)| t.failed >= rules.failures && lasts(t.failing_since, rules, now) && engine_failed(t));
    let state = if let Some((source, track)) = failing {
        let at = track.at.unwrap_or_default();
        let what = track.failure.as_ref().map_or("", |f| f.failure.message.as_str());
        bad(
            track.failing_since.unwrap_or(at),
            at,
            format!("The Docker Engine failed {} times in a row ({}): {what}", track.failed, source.name()),
        )
    } else if tracks.iter().all(|(_, t)| t.succeeded >= rules.successes) {
        good("The Docker Engine answers")
    } else {
        SignalState::Silent
    };
    signal(Issue::IntermittentFailures, "docker", Place::DockerEngine, state)
}

/// An endpoint that fails now and then.
fn intermittent(seen: &Observed, rules: &Rules, source: Source) -> Signal {
    let track = seen.track(source);
    let limit = rules.matrix.intermittent_failures;
    let n = track.recent_failures(rules.failures);
    let at = track.failure.as_ref().map_or(WatchTime::START, |f| f.at);
    let state = if n >= limit && track.failed < rules.failures {
        let what = track.failure.as_ref().map_or("", |f| f.failure.message.as_str());
        bad(at, at, format!("{n} of the last 20 requests to {} failed now and then: {what}", source.name()))
    } else if n * 2 < limit {
        good(format!("{n} of the last 20 requests to {} failed", source.name()))
    } else {
        SignalState::Silent
    };
    signal(Issue::IntermittentFailures, source.name(), Place::Application, state)
}

/// Database queries over a second, again and again.
fn slow_queries(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let (every, rules) = (rules.every, &rules.matrix);
    // At a slow cadence a window of some minutes would never hold as many probes as it takes.
    let window = rules.slow_query_window.max(every.times(u64::from(rules.slow_queries) + 1));
    let (slow, n) = Observed::over(&seen.database_ms, now, window, rules.slow_query_ms);
    let logged = seen.logs.slow_queries.since(now.back(window)) as usize;
    let recent = seen.database_ms.since(now.back(window));
    let state = if slow + logged >= rules.slow_queries as usize {
        let first = recent.iter().find(|(_, ms)| f64::from(*ms) > rules.slow_query_ms).map(|(at, _)| *at);
        let at = seen.database_ms.last().map_or(now, |(at, _)| at);
        let worst = recent.iter().map(|(_, ms)| *ms).fold(0.0_f32, f32::max);
        bad(
            first.unwrap_or(at),
            at,
            format!(
                "{slow} of {n} database probes within {} took over {:.0} ms (longest {worst:.0} ms); \
                 slow in the log: {logged}",
                window, rules.slow_query_ms
            ),
        )
    } else if slow == 0 && logged == 0 && n > 0 {
        good(format!("{n} database probes within {}, none over {:.0} ms", window, rules.slow_query_ms))
    } else {
        SignalState::Silent
    };
    signal(Issue::SlowQueries, "database", Place::Database, state)
}

/// Memory, CPU, and the use of capacity short of them.
fn usage(seen: &Observed, rules: &Rules) -> [Signal; 3] {
    let at = seen.usage.as_ref().map_or(WatchTime::START, |u| u.at);
    let usage = seen.usage.as_ref().map(|u| u.value);
    let memory = usage.and_then(|u| u.memory_percent()).unwrap_or(0.0);
    let cpu = usage.and_then(|u| u.cpu_share()).unwrap_or(0.0);
    let most = if memory >= cpu { "memory" } else { "CPU" };
    let level = |level: Level, threshold: f64, what: String| {
        if level.over >= rules.failures {
            let since = level.since.unwrap_or(at);
            bad(since, at, format!("{what}, over {threshold:.0} % {} times in a row", level.over))
        } else if level.under >= rules.successes {
            good(what)
        } else {
            SignalState::Silent
        }
    };
    let m = &rules.matrix;
    [
        signal(
            Issue::HighMemory,
            "memory",
            Place::Container,
            level(seen.memory_level, m.memory_percent, format!("memory at {memory:.1} % of its limit")),
        ),
        signal(
            Issue::HighCpu,
            "cpu",
            Place::Container,
            level(seen.cpu_level, m.cpu_percent, format!("CPU at {cpu:.1} % of all cores")),
        ),
        signal(
            Issue::CapacityUsage,
            "capacity",
            Place::Container,
            level(seen.capacity_level, m.capacity_percent, format!("{most} at {:.1} %", memory.max(cpu))),
        ),
    ]
}

/// Errors in the log, one after the other.
fn log_errors(session: &Session, now: WatchTime) -> Signal {
    let (seen, every) = (&session.observed, session.opening.rules.every);
    let rules = &session.opening.rules.matrix;
    let problem = Problem::new(Issue::LogErrors, "log");
    // What an incident brought about and is over with is no reason for another one.
    let grace = every.times(u64::from(session.opening.rules.failures));
    let from = now.back(rules.log_window);
    let explained = session.incidents.iter().filter(|i| i.explains(&problem)).filter_map(|i| {
        let to = i.recovered?.watch + grace;
        Some(seen.logs.errors.between(i.since.back(grace).max(from), to))
    });
    let n = seen.logs.errors.since(from).saturating_sub(explained.sum());
    let state = if n >= rules.log_errors {
        let at = seen.logs.errors.last().unwrap_or(now);
        let top = seen.logs.top(1);
        bad(
            at,
            at,
            format!(
                "{n} error records within {} in {}, most often: {}",
                rules.log_window,
                counted_len(seen.logs.patterns.len(), "pattern"),
                top.first().map_or("", |p| p.text.as_str())
            ),
        )
    } else if n * 2 < rules.log_errors {
        good(format!("{n} error records within {}", rules.log_window))
    } else {
        SignalState::Silent
    };
    signal(Issue::LogErrors, "log", Place::Application, state)
}

/// A request or two that failed, and then it went on.
fn blip(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let quiet = rules.every.times(10);
    let last = seen.blips.values().max_by_key(|(f, _)| f.at);
    let state = match last {
        Some((failed, n)) if now.since(failed.at) < quiet => bad(
            failed.at,
            failed.at,
            format!(
                "{} to {} failed, then it went on: {}",
                counted(*n, "request"),
                failed.source.name(),
                failed.failure.message
            ),
        ),
        _ => good(format!("no request failed for {quiet}")),
    };
    signal(Issue::OccasionalTimeout, "requests", Place::Application, state)
}

/// Warnings in the log.
fn warnings(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let rules = &rules.matrix;
    let n = seen.logs.warnings.since(now.back(rules.log_window));
    let state = if n >= rules.log_warnings {
        let at = seen.logs.warnings.last().unwrap_or(now);
        bad(at, at, format!("{} in the log within {}", counted(n, "warning"), rules.log_window))
    } else {
        good(format!("no warnings in the log for {}", rules.log_window))
    };
    signal(Issue::WarningLogs, "log", Place::Application, state)
}

/// An API answer, or a few, slower than is usual and than the target.
fn dip(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let window = rules.every.times(10);
    let recent = seen.api_ms.since(now.back(window));
    let target = rules.targets.api_p95_ms;
    // The median over the whole session is worth its cost only where something is slow at all.
    let suspicious = recent.iter().any(|(_, ms)| f64::from(*ms) > target);
    let usual = if suspicious { f64::from(seen.api_ms.median().unwrap_or(0.0)) } else { 0.0 };
    let limit = target.max(usual * rules.matrix.dip_factor);
    let slow: Vec<(WatchTime, f32)> =
        recent.iter().filter(|(_, ms)| f64::from(*ms) > limit).copied().collect();
    let state = match (slow.first(), slow.last()) {
        (Some((since, _)), Some((at, _))) => {
            let worst = slow.iter().map(|(_, ms)| *ms).fold(0.0_f32, f32::max);
            bad(
                *since,
                *at,
                format!(
                    "{} of {} API answers within {window} took over {limit:.0} ms (longest {worst:.0} ms, median \
                     {usual:.0} ms)",
                    slow.len(),
                    recent.len()
                ),
            )
        }
        _ if !recent.is_empty() => {
            good(format!("{} API answers within {window}, all under {limit:.0} ms", recent.len()))
        }
        _ => SignalState::Silent,
    };
    signal(Issue::PerformanceDip, "api", Place::Application, state)
}

/// The disk as the health check tells it.
fn disk(seen: &Observed) -> Signal {
    const FULL: f64 = 85.0;
    const ENOUGH: f64 = 80.0;
    let state = match seen.health.as_ref().and_then(|h| Some((h.at, h.value.disk_percent?))) {
        Some((at, percent)) if percent > FULL => bad(at, at, format!("the disk is {percent:.0} % full")),
        Some((_, percent)) if percent < ENOUGH => good(format!("the disk is {percent:.0} % full")),
        _ => SignalState::Silent,
    };
    signal(Issue::CapacityUsage, "disk", Place::Nas, state)
}

impl Session {
    /// The last instant of which anything is known.
    pub(super) fn last_seen(&self) -> WatchTime {
        self.observed.last.unwrap_or_default().max(self.last_event.watch)
    }
}
