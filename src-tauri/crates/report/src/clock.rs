//! Times for people: UTC throughout, with the date where the day changes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use watchkeeper_core::{
    event::{Fact, Pace},
    time::WatchTime,
};

use crate::Report;

/// Turns watch time into UTC, as the session does, and UTC into words.
#[derive(Debug)]
pub(crate) struct Clock {
    started: DateTime<Utc>,
    pace: Pace,
    /// Steps of the PC's clock, in milliseconds.
    pub(crate) jumps: Vec<(WatchTime, i64)>,
}

impl Clock {
    pub(crate) fn of(report: &Report) -> Self {
        let jump = |e: &watchkeeper_core::event::Event| match &e.fact {
            Fact::ClockJumped { by_ms } => Some((e.moment.watch, *by_ms)),
            _ => None,
        };
        Self {
            started: report.view.started,
            pace: report.view.opening.pace,
            jumps: report.events.iter().filter_map(jump).collect(),
        }
    }

    /// As `Session::utc_of`.
    pub(crate) fn utc(&self, at: WatchTime) -> DateTime<Utc> {
        let stepped = self.jumps.iter().filter(|(t, _)| *t <= at).fold(0_i64, |sum, (_, ms)| sum.saturating_add(*ms));
        let passed = self.pace.utc_span(at.elapsed()).to_chrono();
        TimeDelta::try_milliseconds(stepped)
            .and_then(|stepped| self.started.checked_add_signed(passed)?.checked_add_signed(stepped))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// A planned time. In a rehearsal on the wall's clock hours pass in seconds, so seconds are told.
    fn planned(&self) -> &'static str {
        if self.pace.utc_follows || self.pace.speed <= 1.0 { "%H:%M" } else { "%H:%M:%S" }
    }

    /// `Jan 10, 16:30 UTC`.
    pub(crate) fn minute(&self, t: DateTime<Utc>) -> String {
        format!("{}, {} UTC", day(t), t.format(self.planned()))
    }

    /// `Jan 10 16:30 - 20:30 UTC`, with the second date where it is another one; one time where they are the same.
    pub(crate) fn range(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
        let time = |t: DateTime<Utc>| t.format(self.planned()).to_string();
        if from == to {
            format!("{} {} UTC", day(from), time(from))
        } else if from.date_naive() == to.date_naive() {
            format!("{} {} - {} UTC", day(from), time(from), time(to))
        } else {
            format!("{} {} - {} {} UTC", day(from), time(from), day(to), time(to))
        }
    }
}

/// `Jan 10`.
pub(crate) fn day(t: DateTime<Utc>) -> String {
    t.format("%b %-d").to_string()
}

/// `January 10, 2026`.
pub(crate) fn date(t: DateTime<Utc>) -> String {
    t.format("%B %-d, %Y").to_string()
}

/// `Jan 10, 16:30:05 UTC`.
pub(crate) fn exact(t: DateTime<Utc>) -> String {
    format!("{}, {} UTC", day(t), t.format("%H:%M:%S"))
}

/// Times one after another: the first and each of a new day with its date.
#[derive(Debug, Default)]
pub(crate) struct Days(Option<NaiveDate>);

impl Days {
    /// `Jan 10 16:30:05`, then `16:31:00`.
    pub(crate) fn stamp(&mut self, t: DateTime<Utc>) -> String {
        let time = t.format("%H:%M:%S");
        if self.0.replace(t.date_naive()) == Some(t.date_naive()) {
            time.to_string()
        } else {
            format!("{} {time}", day(t))
        }
    }
}
