//! A watch that this program stands: what it tells the person, and what is kept of its readings for the charts.

use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use watchkeeper_core::{event::Event, reading::Reading, view::View};
use watchkeeper_desk::Tap;
use watchkeeper_engine::{
    WatchHandle,
    ports::{Herald, Notification},
};

use crate::{
    charts::Charts,
    contract::{Glance, Pulse, Told},
    host::{Host, Message},
};

/// A watch that stands.
#[derive(Clone)]
pub(crate) struct Live {
    /// The deployment's id; `None` for the simulated one.
    pub(crate) deployment: Option<String>,
    pub(crate) handle: WatchHandle,
    pub(crate) charts: Arc<Charts>,
    /// Turns true when the watch no longer stands and its session is free.
    pub(crate) over: tokio::sync::watch::Receiver<bool>,
    /// Since when it stands.
    pub(crate) since: Instant,
}

/// Takes the readings into the charts as soon as they are stored.
pub(crate) struct ChartTap(pub(crate) Arc<Charts>);

impl Tap for ChartTap {
    fn recorded(&self, readings: &[Reading]) {
        readings.iter().for_each(|r| self.0.take(r));
    }
    fn appended(&self, _: &[Event]) {}
}

/// Tells the window, and the desktop where that is wanted.
pub(crate) struct WindowHerald {
    pub(crate) session: String,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) desktop: Arc<dyn Fn() -> bool + Send + Sync>,
}

#[async_trait]
impl Herald for WindowHerald {
    async fn show(&self, notification: &Notification) -> Result<(), String> {
        self.host.tell(Message::Told(Told {
            session: self.session.clone(),
            title: notification.title.clone(),
            body: notification.body.clone(),
            urgency: notification.urgency,
            incident: notification.incident,
        }));
        if !(self.desktop)() {
            return Err("notifications on the desktop are switched off in the settings".into());
        }
        self.host.notify(&self.session, notification).await
    }
}

/// What changes of `view` with every reading.
pub(crate) fn pulse(view: View) -> Pulse {
    Pulse {
        session: view.opening.session,
        seq: view.head.seq,
        readings: view.readings,
        glance: Glance {
            now: view.now,
            stage: view.stage,
            tone: view.tone,
            elapsed: view.elapsed,
            left: view.left,
            next_check: view.next_check,
            baselines: view.baselines,
            ladder: view.ladder,
            coverage_percent: view.coverage_percent,
            verdict: view.verdict,
            last_reading: view.last_reading,
            container: view.container,
        },
    }
}
