//! Gaps: time in which the watch itself did not see. Never counted for or against the deployment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::time::{Span, WatchTime};

/// Why the watch did not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum GapCause {
    /// No reading came although the program ran: the PC slept or stood still.
    Asleep,
    /// The program was not running.
    Closed,
    /// The PC had no network.
    Offline,
    /// The network between the PC and the NAS was down.
    Network,
}

impl GapCause {
    /// For people: `PC asleep`, …
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asleep => "PC asleep or standing still",
            Self::Closed => "watch not running",
            Self::Offline => "PC offline",
            Self::Network => "network down",
        }
    }
}

/// One stretch without sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Gap {
    /// Why.
    pub cause: GapCause,
    /// Since when.
    pub from: WatchTime,
    /// Until when; `None` while it lasts.
    pub to: Option<WatchTime>,
}

impl Gap {
    /// How much of the time up to `now` it takes.
    pub fn length(&self, now: WatchTime) -> Span {
        self.to.unwrap_or(now).min(now).since(self.from)
    }
    /// Whether it covers any of the time from `from` to `to`.
    pub fn touches(&self, from: WatchTime, to: WatchTime) -> bool {
        self.from < to && self.to.is_none_or(|end| end > from)
    }
}

/// The time up to `now` that lies in gaps. They do not overlap: one opens only when none is open.
pub fn unseen(gaps: &[Gap], now: WatchTime) -> Span {
    gaps.iter().fold(Span::ZERO, |sum, gap| sum + gap.length(now))
}

/// The share of the session up to `now` that was observed, 0 to 1; 1 at its first instant.
pub fn coverage(gaps: &[Gap], now: WatchTime) -> f64 {
    let all = now.elapsed().as_millis();
    if all == 0 { 1.0 } else { (1.0 - unseen(gaps, now).as_millis() as f64 / all as f64).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_what_lies_outside_of_gaps() {
        let gap = |from, to| Gap { cause: GapCause::Asleep, from: WatchTime(from), to };
        for (gaps, now, expected) in [
            (vec![], 0, 1.0),
            (vec![], 100, 1.0),
            (vec![gap(10, Some(WatchTime(30)))], 100, 0.8),
            (vec![gap(90, None)], 100, 0.9),
            (vec![gap(0, None)], 100, 0.0),
            (vec![gap(90, Some(WatchTime(900)))], 100, 0.9),
            (vec![gap(200, Some(WatchTime(900)))], 100, 1.0),
        ] {
            assert!((coverage(&gaps, WatchTime(now)) - expected).abs() < 1e-9, "{gaps:?}");
        }
    }
}
