//! What both sides of the served world share: the world as it is by now, its time, and the end of the play.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header::DATE};
use tokio::sync::watch;
use watchkeeper_core::time::Span;

use crate::{
    fault::{Fault, FaultKind},
    live::Live,
    sim_time::SimTime,
    world::{Reply, TIMEOUT_MS, World},
};

/// How often a held connection looks whether its cause is gone, on the wall's clock.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// For how long a connection is held at speed 1.
const HOLD: Duration = Duration::from_secs(60);

/// A world on stage: faults may be added while it runs.
#[derive(Debug)]
pub struct Stage {
    world: Live,
    time: SimTime,
    stop: watch::Sender<bool>,
}

impl Stage {
    /// `world` in the time that `time` tells.
    pub fn new(world: Arc<World>, time: SimTime) -> Self {
        Self { world: world.into(), time, stop: watch::Sender::new(false) }
    }

    /// The world as it is by now.
    pub fn world(&self) -> Arc<World> {
        self.world.world()
    }

    /// The same for those who change it.
    pub const fn live(&self) -> &Live {
        &self.world
    }

    /// The world with the span since its start.
    pub fn at(&self) -> (Arc<World>, Span) {
        self.world.at(&self.time)
    }

    /// Its clock.
    pub const fn time(&self) -> &SimTime {
        &self.time
    }

    /// The span since the start of the world.
    pub fn now(&self) -> Span {
        self.time.now()
    }

    /// Lets `fault` happen too, counted from the start of the world.
    pub fn inject(&self, fault: Fault) {
        self.world.change(&self.time, |world, _| world.with(fault));
    }

    /// Lets `kind` happen from now on, for `lasts`.
    pub fn inject_now(&self, kind: FaultKind, lasts: Option<Span>) {
        self.world.change(&self.time, |world, at| world.with(Fault { kind, at, lasts }));
    }

    /// Ends the play: listeners close, streams end, held connections are cut.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits for the end of the play.
    pub async fn stopped(&self) {
        // The sender lives as long as this does.
        let _ = self.stop.subscribe().wait_for(|s| *s).await;
    }

    /// Sleeps `duration`, or until the end of the play; whether the play goes on.
    pub(super) async fn sleep(&self, duration: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(duration) => true,
            () = self.stopped() => false,
        }
    }

    /// Sleeps a latency in milliseconds, if time is not compressed.
    pub(super) async fn linger(&self, took_ms: f64) {
        if self.time.speed() <= 1.0 {
            self.sleep(self.time.real(Span::millis(took_ms as u64))).await;
        }
    }

    /// Asks `question` now; while it times out the connection is held, and asked again. `None` when it fails.
    pub(super) async fn answered(
        &self,
        question: impl Fn(&World, Span) -> Reply,
    ) -> Option<(Span, f64, u16)> {
        let hold =
            if self.time.speed() > 1.0 { self.time.real(Span::millis(TIMEOUT_MS as u64)) } else { HOLD };
        let begun = tokio::time::Instant::now();
        loop {
            let (world, t) = self.at();
            match question(&world, t) {
                Reply::Answered { took_ms, status } => return Some((t, took_ms, status)),
                // Below ten simulated seconds the world knows at once.
                Reply::Failed { took_ms, .. } if took_ms < 1_000.0 => return None,
                Reply::Failed { .. } => {}
            }
            let left = hold.saturating_sub(begun.elapsed());
            if left.is_zero() || !self.sleep(LOOK_EVERY.min(left)).await {
                return None;
            }
        }
    }

    /// The headers that say that, when and how fast the world answered.
    pub(super) fn label(&self, headers: &mut HeaderMap, t: Span, took_ms: f64) {
        let utc = self.world().utc(t);
        let texts = [
            (HeaderName::from_static("x-simulated"), "true".to_owned()),
            (HeaderName::from_static("x-simulated-latency-ms"), format!("{took_ms:.1}")),
            (HeaderName::from_static("x-simulated-time"), crate::shape::stamp(utc)),
            (DATE, utc.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        ];
        for (name, text) in texts {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }
}
