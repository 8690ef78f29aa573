//! The rules of the detection matrix: what the readings say of each row, with values.

use super::{Incident, IncidentState, Session, breach};
use crate::{
    event::ContainerNews,
    matrix::{Issue, Problem},
    observed::{Container, Instance, Level, Observed, Track},
    part::Part,
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
    let mut all = vec![nas(seen, rules, now)];
    // What others rest on first.
    all.extend(session.parts().into_iter().rev().map(|part| container(session, part)));
    all.push(database(seen, rules, now));
    all.extend(breach::all(session));
    all.push(logins(seen, rules, now));
    all.push(corruption(seen));
    all.push(rows(seen, rules));
    all.extend([
        feature(seen, rules, now, "api", &[Source::Api, Source::Live, Source::Health, Source::Ready]),
        feature(seen, rules, now, "frontend", &[Source::Page, Source::Asset]),
        login(seen),
        engine(session, now),
    ]);
    for source in [Source::Health, Source::Ready, Source::Live, Source::Page, Source::Asset, Source::Api] {
        all.push(intermittent(seen, rules, source));
    }
    all.push(slow_queries(seen, rules, now));
    all.extend(session.parts().into_iter().flat_map(|part| usage(session, part)));
    all.extend(session.parts().into_iter().map(|part| log_errors(session, part, now)));
    all.push(blip(seen, rules, now));
    all.extend(session.parts().into_iter().map(|part| warnings(session, part, now)));
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

/// Whether the container of `part` is down, and an announcement that is in force, or what the watch itself is doing to it,
/// excuses it.
pub(super) fn is_down_as_announced(session: &Session, part: Part) -> bool {
    let Some(it) = session.observed.instance(part).map(|i| &i.container) else { return false };
    let unannounced = last_interruption(session, part, |announced| !announced);
    it.down_since.is_some()
        && (session.announced_at(session.last_seen()).is_some() || session.is_acting_on(part))
        && unannounced.is_none_or(|news| Some(news.seen) < it.down_since)
}

/// The newest change for the worse of the container of `part`, of those announced or not.
fn last_interruption(session: &Session, part: Part, of: impl Fn(bool) -> bool) -> Option<&ContainerNews> {
    let found = |(news, announced): &&(ContainerNews, bool)| {
        news.part == part && news.change.is_bad() && of(*announced)
    };
    session.changes.iter().rev().find(found).map(|(news, _)| news)
}

fn last_of<'a>(session: &'a Session, problem: &Problem) -> Option<&'a Incident> {
    session.incidents.iter().rev().find(|i| i.problem == *problem)
}

/// A container: an interruption that nobody had announced, or one that lasts beyond its announcement.
fn container(session: &Session, part: Part) -> Signal {
    let problem = Problem::container(part);
    let state = session
        .observed
        .instance(part)
        .map_or(SignalState::Silent, |instance| running(session, part, &instance.container, &problem));
    Signal { problem, place: Place::Container, state }
}

fn running(session: &Session, part: Part, it: &Container, problem: &Problem) -> SignalState {
    let rules = &session.opening.rules;
    let deployment = &session.opening.deployment;
    let name = deployment.called(part);
    let unannounced = last_interruption(session, part, |announced| !announced);
    let last = last_interruption(session, part, |_| true);
    let incident = last_of(session, problem);
    let known = incident.map(|i| {
        let ends = [Some(i.opened), i.reopened, i.recovered, i.closed.as_ref().map(|(m, _, _)| *m)];
        ends.into_iter().flatten().map(|m| m.watch).max().unwrap_or_default()
    });
    // An interruption that is over before anybody could look is an interruption all the same.
    let lasts = incident.is_some_and(|i| i.state == IncidentState::Open);
    let unheard = unannounced.filter(|news| !lasts && known.is_none_or(|at| news.seen > at));
    if is_down_as_announced(session, part) {
        SignalState::Silent
    } else if let Some(since) = it.down_since {
        let what = last.map_or_else(
            || {
                it.state.as_ref().map_or_else(
                    || {
                        deployment
                            .container_of(part)
                            .map_or_else(String::new, |n| format!("There is no container {n}"))
                    },
                    |s| format!("{name} does not run: {}", format!("{:?}", s.value.status).to_lowercase()),
                )
            },
            |news| deployment.told(news),
        );
        // Each look that shows it down is evidence anew.
        let looked = it.state.as_ref().map_or(since, |s| s.at);
        let at = last.map_or(since, |news| news.seen).max(since).max(looked);
        bad(since, at, format!("{what}; it is not running"))
    } else if let Some(news) = unheard {
        bad(news.seen, news.seen, format!("{}; nobody had announced it", deployment.told(news)))
    } else if let Some(news) = unannounced
        && Some(news.seen) >= it.last_bad
        && it.good_looks < rules.successes
    {
        bad(news.seen, news.seen, format!("{}; nobody had announced it", deployment.told(news)))
    } else if it.good_looks >= rules.successes && it.is_up() {
        let started = it.state.as_ref().and_then(|s| s.value.started_at);
        good(started.map_or_else(
            || format!("{name} is running"),
            |t| format!("{name} is running since {} UTC (NAS clock)", t.format("%Y-%m-%d %H:%M:%S")),
        ))
    } else {
        SignalState::Silent
    }
}

/// The database: the application says that it cannot reach it, or its log does.
fn database(seen: &Observed, rules: &Rules, now: WatchTime) -> Signal {
    let five = now.back(Span::mins(5));
    let signs = seen.application.logs.database_signs.since(five);
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
        let at = seen.application.logs.database_signs.last().unwrap_or(now);
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
    let n = seen.application.logs.refused_logins.since(now.back(Span::mins(5)));
    let limit = rules.matrix.refused_logins;
    let state = if n >= limit {
        let at = seen.application.logs.refused_logins.last().unwrap_or(now);
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
    let last = seen.instances().filter_map(|(_, i)| i.logs.corruption.as_ref()).max_by_key(|(at, _)| *at);
    let state = last.map_or(SignalState::Silent, |(at, text)| {
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
fn engine(session: &Session, now: WatchTime) -> Signal {
    let (seen, rules) = (&session.observed, &session.opening.rules);
    let nas_answers = nas_answers(seen, rules, now);
    let of = |part| [Source::Inspect, Source::Logs].map(|s| (s, seen.track_of(part, s)));
    let tracks: Vec<(Source, Track)> = session.parts().into_iter().flat_map(of).collect();
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
    let logged = seen.application.logs.slow_queries.since(now.back(window)) as usize;
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

/// Memory, CPU, and the use of capacity short of them, of the container of `part`.
fn usage(session: &Session, part: Part) -> Vec<Signal> {
    let Some(seen) = session.observed.instance(part) else { return Vec::new() };
    let rules = &session.opening.rules;
    let at = seen.usage.as_ref().map_or(WatchTime::START, |u| u.at);
    let usage = seen.usage.as_ref().map(|u| u.value);
    let memory = usage.and_then(|u| u.memory_percent()).unwrap_or(0.0);
    let cpu = usage.and_then(|u| u.cpu_share()).unwrap_or(0.0);
    let most = if memory >= cpu { "memory" } else { "CPU" };
    let whose = whose(session, part);
    let level = |issue: Issue, subject: &str, level: Level, threshold: f64, what: String| {
        let state = if level.over >= rules.failures {
            let since = level.since.unwrap_or(at);
            bad(since, at, format!("{whose}{what}, over {threshold:.0} % {} times in a row", level.over))
        } else if level.under >= rules.successes {
            good(format!("{whose}{what}"))
        } else {
            SignalState::Silent
        };
        Signal { problem: Problem::of(issue, part, subject), place: Place::Container, state }
    };
    let m = &rules.matrix;
    let memory_text = format!("memory at {memory:.1} % of its limit");
    vec![
        level(Issue::HighMemory, "memory", seen.memory_level, m.memory_percent, memory_text),
        level(
            Issue::HighCpu,
            "cpu",
            seen.cpu_level,
            m.cpu_percent,
            format!("CPU at {cpu:.1} % of all cores"),
        ),
        level(
            Issue::CapacityUsage,
            "capacity",
            seen.capacity_level,
            m.capacity_percent,
            format!("{most} at {:.1} %", memory.max(cpu)),
        ),
    ]
}

/// Errors in the log of `part`, one after the other.
fn log_errors(session: &Session, part: Part, now: WatchTime) -> Signal {
    let every = session.opening.rules.every;
    let rules = &session.opening.rules.matrix;
    let problem = Problem::of(Issue::LogErrors, part, "log");
    let place = place_of(part);
    let Some(logs) = session.observed.instance(part).map(|i| &i.logs) else {
        return Signal { problem, place, state: SignalState::Silent };
    };
    // What an incident brought about and is over with is no reason for another one.
    let grace = every.times(u64::from(session.opening.rules.failures));
    let from = now.back(rules.log_window);
    let explained = session.incidents.iter().filter(|i| i.explains(&problem)).filter_map(|i| {
        let to = i.recovered?.watch + grace;
        Some(logs.errors.between(i.since.back(grace).max(from), to))
    });
    let n = logs.errors.since(from).saturating_sub(explained.sum());
    let whose = whose(session, part);
    let state = if n >= rules.log_errors {
        let at = logs.errors.last().unwrap_or(now);
        let top = logs.top(1);
        bad(
            at,
            at,
            format!(
                "{whose}{n} error records within {} in {}, most often: {}",
                rules.log_window,
                counted_len(logs.patterns.len(), "pattern"),
                top.first().map_or("", |p| p.text.as_str())
            ),
        )
    } else if n * 2 < rules.log_errors {
        good(format!("{whose}{n} error records within {}", rules.log_window))
    } else {
        SignalState::Silent
    };
    Signal { problem, place, state }
}

/// Where what the log of `part` tells of lies.
const fn place_of(part: Part) -> Place {
    match part {
        Part::Database => Place::Database,
        Part::Application | Part::FrontEnd => Place::Application,
    }
}

/// The name before what is found with a container that is not alone.
fn whose(session: &Session, part: Part) -> String {
    if session.parts().len() > 1 {
        format!("{}: ", session.opening.deployment.called(part))
    } else {
        String::new()
    }
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

/// Warnings in the log of `part`.
fn warnings(session: &Session, part: Part, now: WatchTime) -> Signal {
    let rules = &session.opening.rules.matrix;
    let whose = whose(session, part);
    let state = session.observed.instance(part).map_or(SignalState::Silent, |Instance { logs, .. }| {
        let n = logs.warnings.since(now.back(rules.log_window));
        if n >= rules.log_warnings {
            let at = logs.warnings.last().unwrap_or(now);
            bad(at, at, format!("{whose}{} in the log within {}", counted(n, "warning"), rules.log_window))
        } else {
            good(format!("{whose}no warnings in the log for {}", rules.log_window))
        }
    });
    Signal { problem: Problem::of(Issue::WarningLogs, part, "log"), place: place_of(part), state }
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
