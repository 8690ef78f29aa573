//! What time it is in the simulated world.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use watchkeeper_core::time::Span;

/// A clock of the simulated world: the span since its start, and how fast it runs.
#[derive(Clone)]
pub struct SimTime {
    now: Arc<dyn Fn() -> Span + Send + Sync>,
    speed: f64,
}

impl SimTime {
    /// The clock that `now` tells, running `speed` times as fast as the one on the wall (1 where it stands still or
    /// jumps). Spans come from `now` alone; the speed decides whether latencies are slept.
    pub fn of(now: Arc<dyn Fn() -> Span + Send + Sync>, speed: f64) -> Self {
        Self { now, speed: if speed > 0.0 { speed } else { 1.0 } }
    }

    /// A clock that starts now and runs `speed` times as fast as the one on the wall.
    pub fn paced(speed: f64) -> Self {
        Self::paced_from(Span::ZERO, speed)
    }

    /// A clock that says `origin` now and runs `speed` times as fast as the one on the wall.
    pub fn paced_from(origin: Span, speed: f64) -> Self {
        let speed = if speed > 0.0 { speed } else { 1.0 };
        let begun = Instant::now();
        let now = move || {
            let ms = begun.elapsed().as_secs_f64() * 1_000.0 * speed;
            origin + Span::millis(ms as u64)
        };
        Self { now: Arc::new(now), speed }
    }

    /// The span since the start of the world.
    pub fn now(&self) -> Span {
        (self.now)()
    }

    /// Simulated seconds for each real one.
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// How long `span` takes on the wall's clock.
    pub fn real(&self, span: Span) -> Duration {
        Duration::from_secs_f64((span.as_secs_f64() / self.speed).min(86_400.0))
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimTime").field("now", &self.now()).field("speed", &self.speed).finish()
    }
}
