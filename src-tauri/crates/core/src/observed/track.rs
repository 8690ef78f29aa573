//! Series and streaks.

use std::collections::VecDeque;

use super::Failed;
use crate::{
    stats,
    time::{Span, WatchTime},
};

/// All values of a metric with their times, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series(Vec<(WatchTime, f32)>);

impl Series {
    /// The `p`-th percentile of those from `from` on, and how many they are.
    pub fn percentile_since(&self, p: f64, from: WatchTime) -> (Option<f32>, usize) {
        let recent = self.since(from);
        (stats::percentile(recent.iter().map(|(_, v)| *v), p), recent.len())
    }
    pub(crate) fn push(&mut self, at: WatchTime, value: f32) {
        self.0.push((at, value));
    }
    /// How many.
    pub const fn n(&self) -> usize {
        self.0.len()
    }
    /// The `p`-th percentile of all.
    pub fn percentile(&self, p: f64) -> Option<f32> {
        stats::percentile(self.0.iter().map(|(_, v)| *v), p)
    }
    /// The middle value.
    pub fn median(&self) -> Option<f32> {
        self.percentile(50.0)
    }
    /// The greatest value.
    pub fn max(&self) -> Option<f32> {
        self.0.iter().map(|(_, v)| *v).max_by(f32::total_cmp)
    }
    /// The last value.
    pub fn last(&self) -> Option<(WatchTime, f32)> {
        self.0.last().copied()
    }
    /// The values from `from` on.
    pub fn since(&self, from: WatchTime) -> &[(WatchTime, f32)] {
        let start = self.0.partition_point(|(at, _)| *at < from);
        self.0.get(start..).unwrap_or_default()
    }
    /// All values.
    pub fn all(&self) -> &[(WatchTime, f32)] {
        &self.0
    }
}

/// How often something happened, by its time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counts(Vec<(WatchTime, u32)>);

impl Counts {
    /// Notes `n` at `at`; spread evenly over the time from `from` where that is longer ago than one look at the log.
    pub(crate) fn add(&mut self, from: Option<WatchTime>, at: WatchTime, n: u32) {
        let Some(from) = from.filter(|_| n > 0) else {
            if n > 0 {
                self.0.push((at, n));
            }
            return;
        };
        let length = at.since(from).as_millis();
        let parts = u64::from(n).min(Self::MOST_PARTS);
        let mut noted = 0;
        for part in 1..=parts {
            let until = u32::try_from(u64::from(n) * part / parts).unwrap_or(n);
            self.0.push((from + Span::millis(length * part / parts), until - noted));
            noted = until;
        }
    }
    const MOST_PARTS: u64 = 200;

    /// How often in all.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, n)| u64::from(*n)).sum()
    }
    /// How often from `from` on.
    pub fn since(&self, from: WatchTime) -> u32 {
        let start = self.0.partition_point(|(at, _)| *at < from);
        self.0.get(start..).unwrap_or_default().iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }
    /// How often from `from` on and before `to`.
    pub fn between(&self, from: WatchTime, to: WatchTime) -> u32 {
        self.since(from).saturating_sub(self.since(to.max(from)))
    }
    /// When it happened last.
    pub fn last(&self) -> Option<WatchTime> {
        self.0.last().map(|(at, _)| *at)
    }
}

/// A long series thinned to the medians of its stretches, so that a trend over a day costs the same as one over an
/// hour.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thinned {
    /// One median per full stretch, with the time of the stretch's middle.
    points: Vec<(WatchTime, f32)>,
    stretch: Vec<(WatchTime, f32)>,
    n: usize,
    per_point: usize,
}

impl Thinned {
    const MOST_POINTS: usize = 256;

    pub(crate) fn push(&mut self, at: WatchTime, value: f32) {
        self.per_point = self.per_point.max(1);
        self.n += 1;
        self.stretch.push((at, value));
        if self.stretch.len() < self.per_point {
            return;
        }
        if let Some(point) = middle(&self.stretch) {
            self.points.push(point);
        }
        self.stretch.clear();
        if self.points.len() >= Self::MOST_POINTS {
            self.points = self.points.chunks(2).filter_map(middle).collect();
            self.per_point *= 2;
        }
    }
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
    /// How many values went in.
    pub const fn n(&self) -> usize {
        self.n
    }
    /// The trend, per hour of watch time.
    pub fn trend(&self) -> Option<stats::Trend> {
        let points: Vec<(f64, f64)> =
            self.points.iter().map(|(at, v)| (at.elapsed().as_hours_f64(), f64::from(*v))).collect();
        stats::Trend::of(&points)
    }
    /// The stretch of time that the points span.
    pub fn span(&self) -> Span {
        match (self.points.first(), self.points.last()) {
            (Some((from, _)), Some((to, _))) => to.since(*from),
            _ => Span::ZERO,
        }
    }
}

fn middle(stretch: &[(WatchTime, f32)]) -> Option<(WatchTime, f32)> {
    let at = stretch.get(stretch.len() / 2)?.0;
    Some((at, stats::median(stretch.iter().map(|(_, v)| *v))?))
}

/// The streaks of one source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Track {
    /// When it was asked last.
    pub at: Option<WatchTime>,
    /// Failures in a row.
    pub failed: u32,
    /// Successes in a row.
    pub succeeded: u32,
    /// When the present streak of failures began.
    pub failing_since: Option<WatchTime>,
    /// The last failure of the present or the last streak.
    pub failure: Option<Failed>,
    /// The last answer's time in milliseconds.
    pub took_ms: Option<f64>,
    /// How many succeeded in all.
    pub total_ok: u64,
    /// How many failed in all.
    pub total_failed: u64,
    /// When it last succeeded.
    pub last_ok: Option<WatchTime>,
    /// The stretches between two successes that are longer than a watch that sees would leave.
    silences: Vec<(WatchTime, WatchTime)>,
    /// The last twenty: whether each succeeded.
    recent: VecDeque<bool>,
}

impl Track {
    const RECENT: usize = 20;

    pub(super) fn fail(&mut self, at: WatchTime, failed: Failed) {
        self.at = Some(at);
        // A health answer with 503 arrives as an answer first; the streak before it goes on.
        self.failed = self.failed.saturating_add(1);
        self.succeeded = 0;
        self.failing_since.get_or_insert(at);
        self.failure = Some(failed);
        self.total_failed += 1;
        self.remember(false);
    }

    /// Notes a success; gives the streak of failures that it ended.
    /// `gap_after` is the longest time between two answers of a source that is seen.
    pub(super) fn succeed(
        &mut self,
        at: WatchTime,
        took_ms: Option<f64>,
        gap_after: Span,
    ) -> Option<(Failed, u32)> {
        let ended = (self.failed > 0).then(|| self.failure.clone().map(|f| (f, self.failed))).flatten();
        let before = self.last_ok.replace(at).unwrap_or_default();
        if at.since(before) > gap_after {
            self.silences.push((before, at));
        }
        self.at = Some(at);
        self.failed = 0;
        self.succeeded = self.succeeded.saturating_add(1);
        self.failing_since = None;
        self.took_ms = took_ms;
        self.total_ok += 1;
        self.remember(true);
        ended
    }

    /// How much of the time up to `now` it gave no good answer, gaps of the whole watch included.
    pub fn unseen(&self, now: WatchTime, gap_after: Span) -> Span {
        let last = (self.last_ok.unwrap_or_default(), now);
        let open = Some(last).filter(|(from, to)| to.since(*from) > gap_after);
        let all = self.silences.iter().copied().chain(open);
        all.fold(Span::ZERO, |sum, (from, to)| sum + to.min(now).since(from))
    }

    /// After a time in which nothing was seen, what was before it makes no streak with what comes after it.
    pub(super) fn break_off(&mut self) {
        self.failed = 0;
        self.succeeded = 0;
        self.failing_since = None;
    }

    /// Failures among the last twenty that came now and then. `outage` of them or more in a row were one, and so were
    /// those whose beginning is no longer among the twenty.
    pub fn recent_failures(&self, outage: u32) -> u32 {
        let (mut all, mut row) = (0, 0);
        let mut cut = self.recent.len() >= Self::RECENT;
        for ok in &self.recent {
            if !ok {
                row += 1;
                continue;
            }
            if !cut && row < outage {
                all += row;
            }
            (row, cut) = (0, false);
        }
        // Those that go on count until they are an outage.
        if !cut && row < outage { all + row } else { all }
    }

    fn remember(&mut self, ok: bool) {
        if self.recent.len() >= Self::RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(ok);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_not_now_and_then() {
        for (requests, expected) in [
            ("", 0),
            ("....", 0),
            (".x.x..x.", 3),
            (".xx.x", 3),
            // Three in a row are an outage, also while its end is all that is left of it.
            (".xxx.x.", 1),
            ("xxxxxxxxxxxxxxxxxxx.", 0),
            ("xx..................", 0),
            ("xx..", 2),
            (".....xxx", 0),
            ("xxxxxxxxxxxxxxxxxxxxxxx", 0),
        ] {
            let mut track = Track::default();
            requests.chars().for_each(|request| track.remember(request == '.'));
            assert_eq!(track.recent_failures(3), expected, "{requests}");
        }
    }
}
