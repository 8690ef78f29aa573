//! Times for people: UTC throughout, with the date where the day changes.

use chrono::{DateTime, DurationRound as _, NaiveDate, TimeDelta, Utc};
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
        let stepped =
            self.jumps.iter().filter(|(t, _)| *t <= at).fold(0_i64, |sum, (_, ms)| sum.saturating_add(*ms));
        let passed = self.pace.utc_span(at.elapsed()).to_chrono();
        TimeDelta::try_milliseconds(stepped)
            .and_then(|stepped| self.started.checked_add_signed(passed)?.checked_add_signed(stepped))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// A planned time to the minute, counted from the one in which the session began, so that neither its seconds nor a
    /// clock that stepped by some leave their mark on the schedule. In a rehearsal on the
    /// wall's clock hours pass in seconds, so seconds are told.
    fn planned(&self, t: DateTime<Utc>) -> (String, String) {
        let (unit, format) = if self.pace.utc_follows || self.pace.speed <= 1.0 {
            (TimeDelta::minutes(1), "%H:%M")
        } else {
            (TimeDelta::seconds(1), "%H:%M:%S")
        };
        let whole = self.started.duration_trunc(unit).unwrap_or(self.started);
        let t = t.checked_sub_signed(self.started - whole).unwrap_or(t);
        let t = t.duration_round(unit).unwrap_or(t);
        (day(t), t.format(format).to_string())
    }

    /// `Jan 10, 16:30 UTC`.
    pub(crate) fn minute(&self, t: DateTime<Utc>) -> String {
        let (day, time) = self.planned(t);
        format!("{day}, {time} UTC")
    }

    /// `Jan 10 16:30 - 20:30 UTC`, with the second date where it is another one; one time where they are the same.
    pub(crate) fn range(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
        span(self.planned(from), self.planned(to))
    }
}

fn span(from: (String, String), to: (String, String)) -> String {
    let ((day, time), (last_day, last_time)) = (from, to);
    if day != last_day {
        format!("{day} {time} - {last_day} {last_time} UTC")
    } else if time != last_time {
        format!("{day} {time} - {last_time} UTC")
    } else {
        format!("{day} {time} UTC")
    }
}

/// `Jan 10 23:12:00 - 23:17:00 UTC`.
pub(crate) fn exact_range(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let exact = |t: DateTime<Utc>| (day(t), t.format("%H:%M:%S").to_string());
    span(exact(from), exact(to))
}

/// `January 10, 2026 16:30:00 UTC`.
pub(crate) fn full(t: DateTime<Utc>) -> String {
    format!("{} {} UTC", date(t), t.format("%H:%M:%S"))
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
