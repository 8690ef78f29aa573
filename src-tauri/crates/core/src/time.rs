//! The two times of a watch: UTC for what is stored, watch time for what is scheduled.

use std::{
    fmt,
    ops::{Add, Sub},
    str::FromStr,
};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

/// A length of time in whole milliseconds. Written `30s`, `1h30m`, `250ms` or `2d` in configuration; a JSON number
/// of milliseconds in the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(type = "number")]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `ms` milliseconds.
    pub const fn millis(ms: u64) -> Self {
        Self(ms)
    }
    /// A span of `s` seconds.
    pub const fn secs(s: u64) -> Self {
        Self(s.saturating_mul(1_000))
    }
    /// A span of `m` minutes.
    pub const fn mins(m: u64) -> Self {
        Self::secs(m.saturating_mul(60))
    }
    /// A span of `h` hours.
    pub const fn hours(h: u64) -> Self {
        Self::mins(h.saturating_mul(60))
    }
    /// The length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }
    /// The length in seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1_000.0
    }
    /// The length in hours.
    pub fn as_hours_f64(self) -> f64 {
        self.as_secs_f64() / 3_600.0
    }
    /// The span `n` times over, at most `u64::MAX` milliseconds.
    pub const fn times(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n))
    }
    /// What is left of this span after `other`, or nothing.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
    /// As a standard-library duration.
    pub const fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0)
    }
    /// As a chrono duration; spans beyond chrono's range are cut to it.
    pub fn to_chrono(self) -> chrono::TimeDelta {
        i64::try_from(self.0)
            .ok()
            .and_then(chrono::TimeDelta::try_milliseconds)
            .unwrap_or(chrono::TimeDelta::MAX)
    }
    /// The span from `from` to `to`, or nothing when `to` comes first.
    pub fn between(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self(u64::try_from((to - from).num_milliseconds()).unwrap_or(0))
    }
}

impl From<std::time::Duration> for Span {
    fn from(d: std::time::Duration) -> Self {
        Self(u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Span {
    /// For people: `450 ms`, `4.2 s`, `45 s`, `5 min`, `1 h 30 min`, `2 d 3 h`. At most two units.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0;
        if ms < 1_000 {
            return write!(f, "{ms} ms");
        }
        if ms < 10_000 && !ms.is_multiple_of(1_000) {
            return write!(f, "{:.1} s", ms as f64 / 1_000.0);
        }
        let s = ms / 1_000;
        // A watch of a day is one of 24 h, and a little more than that is still told in hours.
        let days = if s < 2 * 86_400 { 0 } else { s / 86_400 };
        let (d, h, m, s) = (days, s / 3_600 - days * 24, s / 60 % 60, s % 60);
        match (d, h, m, s) {
            (0, 0, 0, s) => write!(f, "{s} s"),
            (0, 0, m, 0) => write!(f, "{m} min"),
            (0, 0, m, s) => write!(f, "{m} min {s} s"),
            (0, h, 0, _) => write!(f, "{h} h"),
            (0, h, m, _) => write!(f, "{h} h {m} min"),
            (d, 0, _, _) => write!(f, "{d} d"),
            (d, h, _, _) => write!(f, "{d} d {h} h"),
        }
    }
}

/// Why a text is not a [`Span`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a length of time: write a number and a unit, such as `30s`, `5m`, `1h30m` or `500ms`"
)]
pub struct SpanError {
    text: String,
}

impl FromStr for Span {
    type Err = SpanError;
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let bad = || SpanError { text: text.chars().take(40).collect() };
        let mut rest = text.trim();
        let mut total: u64 = 0;
        if rest.is_empty() {
            return Err(bad());
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
            let (number, tail) = rest.split_at(digits);
            let tail = tail.trim_start();
            let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(letters);
            let factor: u64 = match unit {
                "ms" => 1,
                "s" | "sec" => 1_000,
                "m" | "min" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => return Err(bad()),
            };
            let part = number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)).ok_or_else(bad)?;
            total = total.checked_add(part).ok_or_else(bad)?;
            rest = tail.trim_start();
        }
        Ok(Self(total))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visit;
        impl serde::de::Visitor<'_> for Visit {
            type Value = Span;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as \"30s\" or \"1h30m\"")
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Span, E> {
                v.parse().map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Span, E> {
                Ok(Span(v))
            }
            fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Span, E> {
                if v == 0 {
                    return Ok(Span(0));
                }
                // TOML integers arrive here: a bare number says no unit.
                Err(E::custom(format!("{v} has no unit: write \"{v}s\" or \"{v}m\"")))
            }
        }
        d.deserialize_any(Visit)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Span".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 0, "description": "A length of time in milliseconds." })
    }
}

/// Time since the session began, on a clock that counts sleep and never steps, in milliseconds. Everything that is
/// scheduled is scheduled on it. In a rehearsal at speed N it runs N times as fast as the clock on the wall.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(transparent)]
pub struct WatchTime(pub u64);

impl WatchTime {
    /// The session's first instant.
    pub const START: Self = Self(0);

    /// The span from `earlier` to here, or nothing when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
    /// The span since the session began.
    pub const fn elapsed(self) -> Span {
        Span(self.0)
    }
    /// The instant `span` before here, at the earliest the start.
    pub const fn back(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add<Span> for WatchTime {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for WatchTime {
    type Output = Span;
    fn sub(self, earlier: Self) -> Span {
        self.since(earlier)
    }
}

/// One instant on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Moment {
    /// The PC's clock, in UTC. Known to be wrong at times; see the clock jumps in the journal.
    pub utc: DateTime<Utc>,
    /// Milliseconds since the session began, on the clock that counts sleep.
    pub watch: WatchTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, ms) in [
            ("30s", 30_000),
            ("1h30m", 5_400_000),
            ("1 h 30 min", 5_400_000),
            ("250ms", 250),
            ("2d", 172_800_000),
            ("0s", 0),
        ] {
            assert_eq!(text.parse(), Ok(Span::millis(ms)), "{text}");
        }
        for text in ["", "30", "s", "-5s", "5x", "99999999999999999999h", "1.5h", "5s5", "ώρα"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn spans_are_shown_with_two_units_at_most() {
        for (ms, text) in [
            (450, "450 ms"),
            (4_200, "4.2 s"),
            (45_000, "45 s"),
            (300_000, "5 min"),
            (192_000, "3 min 12 s"),
            (5_400_000, "1 h 30 min"),
            (86_400_000, "24 h"),
            (183_600_000, "2 d 3 h"),
        ] {
            assert_eq!(Span::millis(ms).to_string(), text);
        }
    }
}
