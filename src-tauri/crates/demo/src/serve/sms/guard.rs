//! The SMS's own limits: five failed logins in 300 s lock an account and an address, and reads are 60 a minute.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use watchkeeper_core::time::Span;

const FAILURES: usize = 5;
const FAILURE_WINDOW: Span = Span::secs(300);
const READS: usize = 60;
const READ_WINDOW: Span = Span::mins(1);

/// Counts what each account and each address did, in simulated time.
#[derive(Debug, Default)]
pub(super) struct Guard {
    failures: Mutex<HashMap<String, VecDeque<Span>>>,
    reads: Mutex<HashMap<IpAddr, VecDeque<Span>>>,
}

impl Guard {
    /// For how long `email` or `from` is still locked out.
    pub(super) fn locked(&self, email: &str, from: IpAddr, t: Span) -> Option<Span> {
        let mut failures = lock(&self.failures);
        let left = keys(email, from).into_iter().filter_map(|key| {
            let times = failures.get_mut(&key)?;
            forget(times, t, FAILURE_WINDOW);
            let fifth = times.len().checked_sub(FAILURES).and_then(|n| times.get(n))?;
            Some((*fifth + FAILURE_WINDOW).saturating_sub(t))
        });
        left.max()
    }

    /// A wrong password.
    pub(super) fn failed(&self, email: &str, from: IpAddr, t: Span) {
        let mut failures = lock(&self.failures);
        for key in keys(email, from) {
            failures.entry(key).or_default().push_back(t);
        }
    }

    /// A right one: all is forgotten.
    pub(super) fn succeeded(&self, email: &str, from: IpAddr) {
        let mut failures = lock(&self.failures);
        for key in keys(email, from) {
            failures.remove(&key);
        }
    }

    /// Whether `from` may read once more within the minute; counts it if so.
    pub(super) fn may_read(&self, from: IpAddr, t: Span) -> bool {
        let mut reads = lock(&self.reads);
        let times = reads.entry(from).or_default();
        forget(times, t, READ_WINDOW);
        let may = times.len() < READS;
        if may {
            times.push_back(t);
        }
        may
    }
}

fn keys(email: &str, from: IpAddr) -> [String; 2] {
    [format!("account {}", email.to_lowercase()), format!("address {from}")]
}

fn forget(times: &mut VecDeque<Span>, t: Span, window: Span) {
    while times.front().is_some_and(|first| *first + window <= t) {
        times.pop_front();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_lock_account_and_address_for_a_while() {
        let (guard, here) = (Guard::default(), IpAddr::from([127, 0, 0, 1]));
        for n in 0..5 {
            assert_eq!(guard.locked("a@b", here, Span::secs(n)), None);
            guard.failed("a@b", here, Span::secs(n));
        }
        for (email, from, t, left) in [
            ("a@b", here, 10, Some(290)),
            ("A@B", IpAddr::from([10, 0, 0, 1]), 10, Some(290)),
            ("other@b", here, 10, Some(290)),
            ("other@b", IpAddr::from([10, 0, 0, 1]), 10, None),
            ("a@b", here, 301, None),
        ] {
            assert_eq!(guard.locked(email, from, Span::secs(t)), left.map(Span::secs), "{email} {from} {t}");
        }
    }

    #[test]
    fn a_right_password_forgets_the_wrong_ones() {
        let (guard, here) = (Guard::default(), IpAddr::from([127, 0, 0, 1]));
        for _ in 0..4 {
            guard.failed("a@b", here, Span::ZERO);
        }
        guard.succeeded("a@b", here);
        guard.failed("a@b", here, Span::ZERO);
        assert_eq!(guard.locked("a@b", here, Span::ZERO), None);
    }

    #[test]
    fn sixty_reads_a_minute() {
        let (guard, here) = (Guard::default(), IpAddr::from([127, 0, 0, 1]));
        assert_eq!((0..70).filter(|_| guard.may_read(here, Span::secs(5))).count(), 60);
        assert!(guard.may_read(here, Span::secs(65)));
    }
}
