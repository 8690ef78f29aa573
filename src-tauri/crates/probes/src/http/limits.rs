//! The SMS's own limits are never provoked: it may limit reads to 60 a minute, and says with 429 when it has.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

/// Requests to one address within [`WINDOW`]: a little below what the SMS may allow, as others read too.
const MOST: usize = 55;
/// From so many on they are [`APART`], so that no silence comes at the end of each minute and checkpoints have room.
const MANY: usize = 40;
const APART: Duration = Duration::from_millis(1_500);
const WINDOW: Duration = Duration::from_secs(60);
/// For a 429 that does not say how long.
const WAIT: Duration = Duration::from_secs(60);

/// What was asked of late, and until when nothing is.
#[derive(Debug, Default)]
pub(super) struct Limits {
    asked: HashMap<&'static str, VecDeque<Instant>>,
    silent_until: Option<Instant>,
}

impl Limits {
    /// Whether `path` may be asked now; if so, it counts as asked.
    pub(super) fn allow(&mut self, path: &'static str, now: Instant) -> bool {
        if self.silent_until.is_some_and(|until| now < until) {
            return false;
        }
        let asked = self.asked.entry(path).or_default();
        while asked.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
            asked.pop_front();
        }
        let apart = asked.back().is_none_or(|last| now.duration_since(*last) >= APART);
        let allowed = asked.len() < MANY || (asked.len() < MOST && apart);
        if allowed {
            asked.push_back(now);
        }
        allowed
    }

    /// The SMS answered 429: nothing is asked for as long as it says.
    pub(super) fn refused(&mut self, retry_after: Option<Duration>, now: Instant) {
        self.silent_until = Some(now + retry_after.unwrap_or(WAIT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_slides_and_a_refusal_is_waited_for() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let second = |s: u64| start + Duration::from_secs(s);
        // Ten minutes at one a second, and a checkpoint now and then.
        let mut taken: Vec<u64> = Vec::new();
        for s in 0..600 {
            let asked = if s % 97 == 0 { 2 } else { 1 };
            taken.extend((0..asked).filter(|_| limits.allow("api", second(s))).map(|_| s));
        }
        for s in 0..540 {
            let within = taken.iter().filter(|t| (s..s + 60).contains(*t)).count();
            assert!((30..=MOST).contains(&within), "{within} from {s} s on");
        }
        assert!(taken.windows(2).all(|w| w[1] - w[0] <= 2), "no long silence");
        assert!(limits.allow("health", second(59)), "each address by itself");
        limits.refused(Some(Duration::from_secs(10)), second(601));
        for (s, allowed) in [(602, false), (610, false), (611, true)] {
            assert_eq!(limits.allow("health", second(s)), allowed, "{s}");
        }
    }
}
