//! The SMS's own limits are never provoked: it may limit reads to 60 a minute, and says with 429 when it has.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

/// Requests to one address within [`WINDOW`]: a little below what the SMS may allow, as others read too.
const MOST: usize = 55;
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
        let allowed = asked.len() < MOST;
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
        let allowed = (0..60).filter(|s| limits.allow("api", second(*s))).count();
        assert_eq!(allowed, MOST);
        assert!(limits.allow("health", second(59)), "each address by itself");
        assert!(limits.allow("api", second(60)), "the first of them is a minute old");
        limits.refused(Some(Duration::from_secs(10)), second(61));
        for (s, allowed) in [(62, false), (70, false), (71, true)] {
            assert_eq!(limits.allow("health", second(s)), allowed, "{s}");
        }
    }
}
