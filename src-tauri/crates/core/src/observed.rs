//! What the readings add up to: a fold, so that the same readings always give the same state.

mod container;
mod instance;
mod logs;
#[cfg(test)]
mod tests;
mod touches;
mod track;

use std::collections::BTreeMap;

use crate::{
    action::Readiness,
    chain::Hash,
    part::Part,
    reading::{
        Answer, EngineAnswer, Failure, FailureKind, FunctionsAnswer, HealthAnswer, Outcome, Place, Reading,
        Source, Statistics, Value,
    },
    rules::Rules,
    time::{Span, WatchTime},
};
pub use container::Container;
pub use instance::Instance;
pub use logs::{LogState, Pattern, ReadBack};
pub use track::{Counts, Series, Thinned, Track};

/// A failure with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    /// When.
    pub at: WatchTime,
    /// Of which part.
    pub part: Part,
    /// Of what.
    pub source: Source,
    /// What.
    pub failure: Failure,
}

/// A value with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen<T> {
    /// When.
    pub at: WatchTime,
    /// What.
    pub value: T,
}

/// All that is kept of the readings between one and the next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    /// How many readings there were.
    pub count: u64,
    /// Their chained digest.
    pub digest: Hash,
    /// When the last reading came, whatever it said.
    pub last: Option<WatchTime>,
    /// Stretches without any reading that are longer than a watch that runs would leave: from the last reading before
    /// to the first one after.
    pub silences: Vec<(WatchTime, WatchTime)>,
    /// When the deployment was last seen, well or ill.
    pub last_sight: Option<WatchTime>,
    /// When the PC or its network began to fail; `None` while they work.
    pub blind: Option<Seen<Place>>,
    /// The state of each source of each part.
    pub tracks: BTreeMap<(Part, Source), Track>,
    /// The application's container.
    pub application: Instance,
    /// The containers beside it that were heard of.
    pub beside: BTreeMap<Part, Instance>,
    /// `/health`, last.
    pub health: Option<Seen<HealthAnswer>>,
    /// The basic functionality test, last.
    pub functions: Option<Seen<FunctionsAnswer>>,
    /// How many functionality tests in a row went wrong.
    pub functions_failed: u32,
    /// When the first of them did.
    pub functions_failing_since: Option<WatchTime>,
    /// The Engine, last.
    pub engine: Option<EngineAnswer>,
    /// Whether a roll back would work, last.
    pub readiness: Option<Seen<Readiness>>,
    /// Answers in a row in which the application says that its database fails; both health checks count.
    pub database_failed: u32,
    /// The same for a working database.
    pub database_ok: u32,
    /// What it said of the database, last.
    pub database_message: Option<String>,
    /// When the deployment last answered anything.
    pub last_answer: Option<WatchTime>,
    /// Whether the functionality test ever worked.
    pub functions_worked: bool,
    /// Requests in a row that did not reach the NAS, over all sources.
    pub nas_failed: u32,
    /// Answers in a row that came from the NAS.
    pub nas_ok: u32,
    /// The most rows seen of each table, and the last count.
    pub rows_most: Statistics,
    /// Looks in a row at which more rows were gone than may be.
    pub rows_lost: u32,
    /// The rows at the first look.
    pub rows_first: Option<Statistics>,
    /// The rows at the last look.
    pub rows_last: Option<Statistics>,
    /// HTTP requests to the SMS that count.
    pub requests: u64,
    /// Those of them that failed.
    pub requests_failed: u64,
    /// API latency in milliseconds.
    pub api_ms: Series,
    /// Duration of `/health/ready` in milliseconds, an upper bound of a database query.
    pub database_ms: Series,
    /// The page's and its asset's latency in milliseconds.
    pub frontend_ms: Series,
    /// The last failures, oldest first, for evidence.
    pub failures: Vec<Failed>,
    /// The last short streak of failures of each source that ended by itself, with its length.
    pub blips: BTreeMap<Source, (Failed, u32)>,
}

/// How often in a row a value was over its threshold, and how often below it less the hysteresis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Level {
    /// Since when it is over the threshold.
    pub since: Option<WatchTime>,
    /// Over the threshold, in a row.
    pub over: u32,
    /// Below the threshold less the hysteresis, in a row.
    pub under: u32,
}

impl Level {
    fn note(&mut self, at: WatchTime, value: f64, threshold: f64, hysteresis: f64) {
        if value > threshold {
            let since = self.since.or(Some(at));
            *self = Self { since, over: self.over.saturating_add(1), under: 0 };
        } else if value < threshold - hysteresis {
            *self = Self { since: None, over: 0, under: self.under.saturating_add(1) };
        } else {
            // Between the two thresholds neither streak goes on.
            *self = Self::default();
        }
    }
}

const MOST_FAILURES: usize = 50;

impl Observed {
    /// Takes one reading in.
    ///
    /// `record` is the reading's exact JSON as it is stored; the digest chain is taken over it.
    /// `gap_after` is the longest silence of a watch that runs.
    pub fn observe(&mut self, reading: &Reading, record: &str, rules: &Rules, gap_after: Span) {
        self.count += 1;
        self.digest = self.digest.then(record.as_bytes());
        if let Some(last) = self.last.replace(reading.watch)
            && reading.watch.since(last) > gap_after
        {
            self.silences.push((last, reading.watch));
            self.break_off();
        }
        let answer = &reading.answer;
        let at = reading.watch;
        match &answer.outcome {
            Outcome::Failure(failure) if !failure.place.is_deployment() => {
                // Nothing is held against the deployment, and nothing is learned of it.
                self.blind.get_or_insert(Seen { at, value: failure.place });
            }
            Outcome::Failure(failure) => {
                self.see(at, gap_after);
                self.failed(at, answer.part, answer.source, failure);
            }
            Outcome::Value(value) => {
                if !matches!(value, Value::Network(_)) && !answer.reconstructed {
                    self.see(at, gap_after);
                }
                self.answered(at, answer, value, rules, gap_after);
            }
        }
    }

    /// The state of `source` of the application, which may never have been asked.
    pub fn track(&self, source: Source) -> Track {
        self.track_of(Part::Application, source)
    }

    /// The state of `source` of `part`, which may never have been asked.
    pub fn track_of(&self, part: Part, source: Source) -> Track {
        self.tracks.get(&(part, source)).cloned().unwrap_or_default()
    }

    /// The container of `part`, where it was heard of.
    pub fn instance(&self, part: Part) -> Option<&Instance> {
        if part.is_application() { Some(&self.application) } else { self.beside.get(&part) }
    }

    /// Every container that was heard of, the application's first.
    pub fn instances(&self) -> impl Iterator<Item = (Part, &Instance)> {
        let beside = self.beside.iter().map(|(part, instance)| (*part, instance));
        std::iter::once((Part::Application, &self.application)).chain(beside)
    }

    /// What the logs of all containers come to together.
    pub fn in_logs(&self, of: impl Fn(&LogState) -> u64) -> u64 {
        self.instances().map(|(_, instance)| of(&instance.logs)).sum()
    }

    /// The most frequent patterns of all logs, as [`LogState::top`] has them.
    pub fn top_patterns(&self, n: usize) -> Vec<&Pattern> {
        LogState::top_of(self.instances().flat_map(|(_, instance)| instance.logs.patterns.values()), n)
    }

    fn instance_mut(&mut self, part: Part) -> &mut Instance {
        match part {
            Part::Application => &mut self.application,
            _ => self.beside.entry(part).or_insert_with(|| Instance::of(part)),
        }
    }

    fn instances_mut(&mut self) -> impl Iterator<Item = &mut Instance> {
        std::iter::once(&mut self.application).chain(self.beside.values_mut())
    }

    fn see(&mut self, at: WatchTime, gap_after: Span) {
        if let Some(blind) = self.blind.take() {
            // However short it was: what the next look at the container shows was not seen to happen.
            self.instances_mut().for_each(Instance::look_away);
            if at.since(blind.at) > gap_after {
                self.break_off();
            }
        }
        self.last_sight = Some(at);
    }

    /// A time without sight lies between what was and what comes: no streak goes through it.
    fn break_off(&mut self) {
        self.tracks.values_mut().for_each(Track::break_off);
        self.instances_mut().for_each(Instance::break_off);
        (self.database_failed, self.database_ok) = (0, 0);
        (self.nas_failed, self.nas_ok) = (0, 0);
    }

    fn failed(&mut self, at: WatchTime, part: Part, source: Source, failure: &Failure) {
        if source.is_http() {
            self.requests += 1;
            self.requests_failed += 1;
        }
        if failure.place == Place::Nas {
            self.nas_failed = self.nas_failed.saturating_add(1);
            self.nas_ok = 0;
        }
        if source == Source::Inspect {
            self.instance_mut(part).not_seen(at, failure.kind);
        }
        if source == Source::Functions {
            self.requests += 1;
            self.requests_failed += 1;
            self.functions_fail(at);
        }
        let failed = Failed { at, part, source, failure: failure.clone() };
        self.tracks.entry((part, source)).or_default().fail(at, failed.clone());
        if self.failures.len() >= MOST_FAILURES {
            self.failures.remove(0);
        }
        self.failures.push(failed);
    }

    fn answered(&mut self, at: WatchTime, answer: &Answer, value: &Value, rules: &Rules, gap_after: Span) {
        let (part, source, took, again) = (answer.part, answer.source, answer.took_ms, answer.reconstructed);
        if !matches!(value, Value::Network(_)) {
            if !again {
                self.last_answer = Some(at);
            }
            self.nas_ok = self.nas_ok.saturating_add(1);
            self.nas_failed = 0;
        }
        match value {
            Value::Health(answer) if answer.http_status >= 500 => {
                self.failed(at, part, source, &unwell(source, answer));
            }
            // One event of many says nothing of the stream's streak.
            _ if source == Source::Events => {}
            _ => self.succeeded(at, (part, source), took, rules, gap_after),
        }
        let ms = took.map(|ms| ms as f32);
        match value {
            Value::Http(_) => match (source, ms) {
                (Source::Api, Some(ms)) => self.api_ms.push(at, ms),
                (Source::Page | Source::Asset, Some(ms)) => self.frontend_ms.push(at, ms),
                _ => {}
            },
            Value::Health(answer) => self.health(at, source, ms, answer, rules),
            Value::Functions(answer) => {
                // A test that was not made is no request.
                self.requests += u64::from(answer.login.is_some());
                self.requests_failed += u64::from(answer.login.is_some() && !answer.works());
                if answer.works() {
                    self.functions_failed = 0;
                    self.functions_failing_since = None;
                    self.functions_worked = true;
                } else if answer.login == Some(true) || (answer.login == Some(false) && self.functions_worked)
                {
                    // An account that was never taken is as likely wrong in the configuration as at the deployment.
                    self.functions_fail(at);
                }
                // A test that was not made says nothing of the streak.
                self.functions = Some(Seen { at, value: answer.clone() });
            }
            Value::Engine(answer) => self.engine = Some(answer.clone()),
            Value::Container(state) => self.instance_mut(part).inspected(at, state, again),
            Value::Usage(usage) => self.instance_mut(part).used(at, usage, rules),
            Value::Logs(batch) => self.instance_mut(part).logged(at, batch, gap_after),
            Value::Event(event) => self.instance_mut(part).told(at, event, again),
            Value::Network(_) => {}
            Value::Readiness(found) => {
                self.readiness = Some(Seen { at, value: (**found).clone() });
            }
        }
    }

    fn functions_fail(&mut self, at: WatchTime) {
        self.functions_failed = self.functions_failed.saturating_add(1);
        self.functions_failing_since.get_or_insert(at);
    }

    fn succeeded(
        &mut self,
        at: WatchTime,
        (part, source): (Part, Source),
        took: Option<f64>,
        rules: &Rules,
        gap_after: Span,
    ) {
        if source.is_http() {
            self.requests += 1;
        }
        let ended = self.tracks.entry((part, source)).or_default().succeed(at, took, gap_after);
        if let Some((last, n)) = ended
            && n < rules.failures
            && source.is_http()
        {
            self.blips.insert(source, (last, n));
        }
    }

    fn health(
        &mut self,
        at: WatchTime,
        source: Source,
        ms: Option<f32>,
        answer: &HealthAnswer,
        rules: &Rules,
    ) {
        if let Some(ok) = answer.database_ok {
            if ok {
                self.database_ok = self.database_ok.saturating_add(1);
                self.database_failed = 0;
            } else {
                self.database_failed = self.database_failed.saturating_add(1);
                self.database_ok = 0;
                self.database_message.clone_from(&answer.database_message);
            }
        }
        if let (Source::Ready, Some(ms), true) = (source, ms, answer.http_status < 500) {
            self.database_ms.push(at, ms);
        }
        if source == Source::Health {
            if let Some(rows) = answer.statistics {
                self.rows_first.get_or_insert(rows);
                self.rows_last = Some(rows);
                let most = |a: &mut Option<u64>, b: Option<u64>| *a = (*a).max(b);
                most(&mut self.rows_most.students, rows.students);
                most(&mut self.rows_most.courses, rows.courses);
                most(&mut self.rows_most.grades, rows.grades);
                most(&mut self.rows_most.enrollments, rows.enrollments);
                let lost =
                    self.lost_rows().is_some_and(|lost| lost.percent() >= rules.matrix.lost_rows_percent);
                self.rows_lost = if lost { self.rows_lost.saturating_add(1) } else { 0 };
            }
            self.health = Some(Seen { at, value: answer.clone() });
        }
    }

    /// From now on the rows that there are count as all there were: a person has looked at what is missing.
    pub(crate) fn accept_rows(&mut self) {
        if let Some(rows) = self.rows_last {
            self.rows_most = rows;
        }
        self.rows_lost = 0;
    }

    /// The gravest loss of rows since the most that was seen.
    pub fn lost_rows(&self) -> Option<LostRows> {
        let last = self.rows_last?;
        [
            ("students", self.rows_most.students, last.students),
            ("courses", self.rows_most.courses, last.courses),
            ("grades", self.rows_most.grades, last.grades),
            ("enrollments", self.rows_most.enrollments, last.enrollments),
        ]
        .into_iter()
        .filter_map(|(table, most, now)| Some(LostRows { table, most: most?, now: now? }))
        .filter(|lost| lost.now < lost.most)
        .max_by(|a, b| a.percent().total_cmp(&b.percent()))
    }

    /// Readings of `series` in the `window` before `now` that are over `limit`, with how many there are in all.
    pub fn over(series: &Series, now: WatchTime, window: Span, limit: f64) -> (usize, usize) {
        let recent = series.since(now.back(window));
        (recent.iter().filter(|(_, ms)| f64::from(*ms) > limit).count(), recent.len())
    }
}

/// Rows of a table that are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostRows {
    /// The table.
    pub table: &'static str,
    /// The most rows that it had.
    pub most: u64,
    /// The rows that it has now, fewer.
    pub now: u64,
}

impl LostRows {
    /// How much is gone, in percent of the most.
    pub fn percent(&self) -> f64 {
        (self.most - self.now) as f64 / self.most as f64 * 100.0
    }
}

/// A health check that answers with 503: the request failed, and where it failed is in the answer.
fn unwell(source: Source, answer: &HealthAnswer) -> Failure {
    let (place, what) = if answer.database_ok == Some(false) {
        (Place::Database, "the database fails")
    } else {
        (Place::Application, "unhealthy")
    };
    Failure {
        place,
        kind: FailureKind::Status(answer.http_status),
        message: format!("{} says: {what} (HTTP {})", source.name(), answer.http_status),
    }
}
