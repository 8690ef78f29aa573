//! A watch that this program stands: what it tells the person, and what is kept of its readings for the charts.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use tokio::time::timeout;
use watchkeeper_core::{event::Event, reading::Reading, roll_back::RollBack, view::View};
use watchkeeper_desk::Tap;
use watchkeeper_engine::{
    WatchHandle,
    ports::{Herald, Notification},
};

use crate::{
    charts::Charts,
    contract::{Glance, Pulse, ShownView, Told},
    desktop::Desktop,
    host::{Host, Message},
    tray::Words,
    words,
};

/// A watch that is being stopped may not say any more what its notification is about: then it is told in English.
const WORDS: Duration = Duration::from_secs(2);

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
    pub(crate) desktop: Weak<Desktop>,
}

impl WindowHerald {
    /// The notification in the language of the window, and whether that is not English. What is recorded is English.
    async fn in_words(&self, notification: &Notification) -> (Notification, bool) {
        let Some(desktop) = self.desktop.upgrade() else { return (notification.clone(), true) };
        let words = desktop.words();
        if words == Words::En {
            return (notification.clone(), false);
        }
        let view = timeout(WORDS, desktop.view_of(&self.session)).await.ok().flatten();
        match view.and_then(|view| words::notification(&view, notification)) {
            Some((title, body)) => (Notification { title, body, ..notification.clone() }, false),
            None => (notification.clone(), !words::is_greek(&notification.title)),
        }
    }
}

#[async_trait]
impl Herald for WindowHerald {
    async fn show(&self, notification: &Notification) -> Result<(), String> {
        let (notification, english) = self.in_words(notification).await;
        self.host.tell(Message::Told(Told {
            session: self.session.clone(),
            title: notification.title.clone(),
            body: notification.body.clone(),
            urgency: notification.urgency,
            incident: notification.incident(),
            english,
        }));
        if self.desktop.upgrade().is_some_and(|d| !d.state().settings.notify_desktop) {
            return Err("notifications on the desktop are switched off in the settings".into());
        }
        self.host.notify(&self.session, &notification).await
    }
}

/// The view with what stands behind its English words.
pub(crate) fn shown(mut view: View) -> ShownView {
    ShownView {
        log_kinds: view.log.iter().map(|line| line.kind).collect(),
        rung_kinds: view.ladder.iter().map(|rung| rung.kind).collect(),
        next: std::mem::take(&mut view.next),
        built_in_plan: words::is_built_in(&view),
        roll_back: RollBack::of(&view.opening.deployment, view.container.as_ref()),
        view,
    }
}

/// What changes of `view` with every reading.
pub(crate) fn pulse(view: View) -> Pulse {
    Pulse {
        session: view.opening.session,
        seq: view.head.seq,
        readings: view.readings,
        readiness_at: view.readiness.map(|readiness| readiness.at),
        glance: Glance {
            now: view.now,
            stage: view.stage,
            tone: view.tone,
            elapsed: view.elapsed,
            left: view.left,
            next_check: view.next_check,
            baselines: view.baselines,
            rung_kinds: view.ladder.iter().map(|rung| rung.kind).collect(),
            ladder: view.ladder,
            coverage_percent: view.coverage_percent,
            verdict: view.verdict,
            confidence: view.confidence,
            next: view.next,
            next_steps: view.next_steps,
            last_reading: view.last_reading,
            container: view.container,
            beside: view.beside,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page lays a pulse over the view that it has: beside each other stands what is of one moment.
    #[test]
    fn a_pulse_says_what_its_view_says() {
        let day = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/tests/recorded/day.json");
        let view: View = serde_json::from_str(&std::fs::read_to_string(day).unwrap()).unwrap();
        let whole = serde_json::to_value(shown(view.clone())).unwrap();
        let glance = serde_json::to_value(pulse(view).glance).unwrap();
        let glance = glance.as_object().unwrap();
        // What the view leaves out where there is none of it.
        let none = serde_json::json!([]);
        for (key, value) in glance {
            let said = whole.get(key).or_else(|| (key == "beside").then_some(&none));
            assert_eq!(Some(value), said, "{key}");
        }
        for key in ["coverage_percent", "verdict", "confidence", "next", "next_steps"] {
            assert!(glance.contains_key(key), "no {key}");
        }
    }
}
