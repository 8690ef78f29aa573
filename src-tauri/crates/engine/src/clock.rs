//! Clocks: UTC for what is stored, and one that counts sleep for what is scheduled.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use watchkeeper_core::{
    event::Pace,
    time::{Moment, Span, WatchTime},
};

/// Tells the time of a session, on both clocks.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;

    /// Waits until `at`. After the PC has slept it returns within seconds of its waking.
    async fn sleep_until(&self, at: WatchTime);
}

/// The PC's clocks, at the session's pace.
#[derive(Debug, Clone)]
pub struct WallClock {
    anchor: Moment,
    boot: Duration,
    pace: Pace,
}

/// The timers of the runtime stand still while the PC sleeps; a longer wait is made of such pieces.
const PIECE: Duration = Duration::from_secs(5);

impl WallClock {
    /// A clock that shows `anchor` now and runs at `pace` from there.
    pub fn starting_at(anchor: Moment, pace: Pace) -> Self {
        Self { anchor, boot: since_boot(), pace }
    }

    fn speed(&self) -> f64 {
        self.pace.factor()
    }
}

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> Moment {
        let real = since_boot().saturating_sub(self.boot);
        let watch = Span::from(real.mul_f64(self.speed()));
        let utc = if self.pace.utc_follows { self.anchor.utc + watch.to_chrono() } else { Utc::now() };
        Moment { utc, watch: self.anchor.watch + watch }
    }

    async fn sleep_until(&self, at: WatchTime) {
        loop {
            let left = at.since(self.now().watch);
            if left == Span::ZERO {
                return;
            }
            let real = left.to_std().div_f64(self.speed()).max(Duration::from_millis(1));
            tokio::time::sleep(real.min(PIECE)).await;
        }
    }
}

/// Time since the PC was started, its sleep included.
#[cfg(unix)]
fn since_boot() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let id = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let id = rustix::time::ClockId::Monotonic;
    let t = rustix::time::clock_gettime(id);
    Duration::new(u64::try_from(t.tv_sec).unwrap_or(0), u32::try_from(t.tv_nsec).unwrap_or(0))
}

/// Time since the program was started. On Windows the performance counter goes on while the PC sleeps.
#[cfg(not(unix))]
fn since_boot() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// A clock on the runtime's own time, which tests pause and let run on by itself.
#[derive(Debug, Clone)]
pub struct RuntimeClock {
    start: tokio::time::Instant,
    anchor: Moment,
    /// What is added to UTC: tests step it.
    step_ms: Arc<std::sync::atomic::AtomicI64>,
}

impl RuntimeClock {
    /// A clock that shows `anchor` now.
    pub fn starting_at(anchor: Moment) -> Self {
        Self { start: tokio::time::Instant::now(), anchor, step_ms: Arc::default() }
    }
    /// Steps the PC's clock by `ms` milliseconds.
    pub fn step(&self, ms: i64) {
        self.step_ms.fetch_add(ms, std::sync::atomic::Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for RuntimeClock {
    fn now(&self) -> Moment {
        let watch = Span::from(self.start.elapsed());
        let step = chrono::TimeDelta::milliseconds(self.step_ms.load(std::sync::atomic::Ordering::Relaxed));
        Moment { utc: self.anchor.utc + watch.to_chrono() + step, watch: self.anchor.watch + watch }
    }

    async fn sleep_until(&self, at: WatchTime) {
        let left = at.since(self.now().watch);
        tokio::time::sleep(left.to_std()).await;
    }
}

/// By how much UTC has stepped against watch time between two moments; `None` where it is within two seconds.
pub(crate) fn jump(before: Moment, now: Moment, pace: Pace) -> Option<i64> {
    const TOLERATED_MS: i64 = 2_000;
    let expected = pace.utc_span(now.watch.since(before.watch)).to_chrono();
    let by = ((now.utc - before.utc) - expected).num_milliseconds();
    (by.abs() > TOLERATED_MS).then_some(by)
}

/// The moment at which a session that was left at `last` is taken up again: watch time has passed as UTC has. Where
/// UTC has gone back in between, the time that passed is unknown, and watch time stands still.
pub fn taken_up(last: Moment, utc: DateTime<Utc>, pace: Pace) -> Moment {
    if pace.utc_follows {
        // A simulated day waits for its watchkeeper.
        return last;
    }
    let passed = Span::between(last.utc, utc).to_std().mul_f64(pace.factor());
    Moment { utc, watch: last.watch + Span::from(passed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_step_is_a_jump() {
        let at = |s: i64, watch| Moment {
            utc: DateTime::from_timestamp(1_000 + s, 0).unwrap(),
            watch: WatchTime(watch),
        };
        let fast = Pace { speed: 720.0, utc_follows: false };
        for (name, before, now, pace, expected) in [
            ("steady", at(0, 0), at(60, 60_000), Pace::REAL, None),
            ("slow", at(0, 0), at(61, 60_000), Pace::REAL, None),
            ("forward", at(0, 0), at(3_660, 60_000), Pace::REAL, Some(3_600_000)),
            ("back", at(0, 0), at(-3_540, 60_000), Pace::REAL, Some(-3_600_000)),
            ("rehearsal", at(0, 0), at(10, 7_200_000), fast, None),
        ] {
            assert_eq!(jump(before, now, pace), expected, "{name}");
        }
    }

    #[test]
    fn a_session_is_taken_up_where_utc_says() {
        let last = Moment { utc: DateTime::from_timestamp(1_000, 0).unwrap(), watch: WatchTime(5_000) };
        let utc = |s| DateTime::from_timestamp(s, 0).unwrap();
        assert_eq!(taken_up(last, utc(1_060), Pace::REAL).watch, WatchTime(65_000));
        assert_eq!(taken_up(last, utc(900), Pace::REAL).watch, WatchTime(5_000));
        assert_eq!(
            taken_up(last, utc(1_001), Pace { speed: 60.0, utc_follows: false }).watch,
            WatchTime(65_000)
        );
    }
}
