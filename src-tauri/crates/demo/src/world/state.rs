//! The container and the Engine as `docker inspect`, `docker events` and `docker version` tell them.

use std::fmt::Write;

use watchkeeper_core::{
    action::ImageRef,
    chain::Hash,
    reading::{ContainerEvent, ContainerState, ContainerStatus, EngineAnswer},
    time::Span,
};

use super::{CONTAINER, World};
use crate::{
    random::Topic,
    timeline::{Happening, Ms, ms},
};

impl World {
    /// The container at `t`; `None` while there is none of its name.
    pub fn container(&self, t: Span) -> Option<ContainerState> {
        let at = ms(t);
        let stay = self.timeline.at(at);
        stay.exists.then(|| ContainerState {
            id: self.container_id(stay.container),
            name: CONTAINER.into(),
            image: self.image_of(stay.old),
            image_id: if stay.old { self.previous_image().id } else { self.image_id(stay.image) },
            status: stay.status,
            health: self.timeline.health_at(at),
            started_at: (stay.status != ContainerStatus::Created).then(|| self.utc_ms(stay.started)),
            finished_at: stay.finished.map(|f| self.utc_ms(f)),
            restart_count: stay.restarts,
            oom_killed: stay.oom,
            exit_code: Some(stay.exit_code),
            reach: None,
            named_image: None,
            failed_health_runs: Vec::new(),
        })
    }

    /// When the container of `t` was made, by the NAS's clock.
    pub fn created(&self, t: Span) -> chrono::DateTime<chrono::Utc> {
        self.utc_ms(self.timeline.at(ms(t)).created)
    }

    /// The Engine's events in [`from`, `to`), in their order.
    pub fn events(&self, from: Span, to: Span) -> Vec<ContainerEvent> {
        self.events_ms(ms(from), ms(to)).map(|(_, e)| e).collect()
    }

    /// The Engine's events from the container's creation up to `to`: what `docker events --since` can still tell.
    pub fn events_before(&self, to: Span) -> Vec<ContainerEvent> {
        self.events_ms(self.born, ms(to)).map(|(_, e)| e).collect()
    }

    pub(crate) fn events_ms(&self, from: Ms, to: Ms) -> impl Iterator<Item = (Ms, ContainerEvent)> {
        self.timeline.happenings(from, to).iter().map(|h| (h.at, self.event(h)))
    }

    /// The Engine's version.
    pub fn engine(&self) -> EngineAnswer {
        EngineAnswer {
            version: "20.10.24".into(),
            api_version: "1.41".into(),
            platform: "linux/amd64".into(),
            clock_ahead_ms: None,
        }
    }

    /// The image of the release, or of the one before it, as a container names it.
    pub(super) fn image_of(&self, old: bool) -> String {
        let mut name = String::from("sms-fullstack:");
        name.push_str(self.version_of(old));
        name
    }

    /// The image to go back to.
    pub(super) fn previous_image(&self) -> ImageRef {
        let name = self.image_of(true);
        ImageRef { id: format!("sha256:{}", Hash::of(name.as_bytes())), name }
    }

    fn event(&self, h: &Happening) -> ContainerEvent {
        ContainerEvent {
            at: self.utc_ms(h.at),
            action: h.action.clone(),
            id: self.container_id(h.container),
            image: self.image_of(h.old),
            exit_code: h.exit_code,
        }
    }

    pub(super) fn container_id(&self, n: u32) -> String {
        self.hex(String::with_capacity(64), u64::from(n) * 2)
    }

    fn image_id(&self, n: u32) -> String {
        let mut id = String::with_capacity(71);
        id.push_str("sha256:");
        self.hex(id, u64::from(n) * 2 + 1)
    }

    fn hex(&self, mut text: String, what: u64) -> String {
        for part in 0..4 {
            // Writing to a String cannot fail.
            let _ = write!(text, "{:016x}", self.draw(Topic::Identity, what, part));
        }
        text
    }
}
