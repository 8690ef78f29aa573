//! The container and the Engine as `docker inspect`, `docker events` and `docker version` tell them.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    action::ImageRef,
    chain::Hash,
    part::Part,
    reading::{ContainerEvent, ContainerState, ContainerStatus, EngineAnswer},
    time::Span,
};

use super::World;
use crate::{
    random::Topic,
    timeline::{Happening, Ms, ms},
};

impl World {
    /// The application's container at `t`; `None` while there is none of its name.
    pub fn container(&self, t: Span) -> Option<ContainerState> {
        self.container_of(Part::Application, t)
    }

    /// The container of `part` at `t`; `None` while there is none of its name.
    pub fn container_of(&self, part: Part, t: Span) -> Option<ContainerState> {
        let (life, name) = (self.life_of(part)?, self.layout().name_of(part)?);
        let at = ms(t);
        let stay = life.at(at);
        stay.exists.then(|| ContainerState {
            id: self.container_id(part, stay.container),
            name: name.into(),
            image: self.image(part, stay.old),
            image_id: if stay.old { self.previous_image().id } else { self.image_id(part, stay.image) },
            status: stay.status,
            health: life.health_at(at),
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

    /// When the application's container of `t` was made, by the NAS's clock.
    pub fn created(&self, t: Span) -> DateTime<Utc> {
        self.utc_ms(self.timeline.at(ms(t)).created)
    }

    /// The same of the container of `part`, where there is one.
    pub fn created_of(&self, part: Part, t: Span) -> Option<DateTime<Utc>> {
        self.life_of(part).map(|life| self.utc_ms(life.at(ms(t)).created))
    }

    /// The Engine's events about the application's container in [`from`, `to`), in their order.
    pub fn events(&self, from: Span, to: Span) -> Vec<ContainerEvent> {
        self.events_of(Part::Application, ms(from), ms(to)).collect()
    }

    /// The Engine's events about every container in [`from`, `to`), in their order.
    pub(crate) fn told(&self, from: Ms, to: Ms) -> Vec<(Part, ContainerEvent)> {
        let parts = self.layout().containers();
        let mut told: Vec<(Part, ContainerEvent)> = parts
            .flat_map(|(part, _)| self.events_of(part, from, to).map(move |event| (part, event)))
            .collect();
        told.sort_by_key(|(_, event)| event.at);
        told
    }

    fn events_of(&self, part: Part, from: Ms, to: Ms) -> impl Iterator<Item = ContainerEvent> {
        let happenings = self.life_of(part).map_or(&[] as &[Happening], |life| life.happenings(from, to));
        happenings.iter().map(move |h| self.event(part, h))
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

    /// The image of the release, or of the one before it, as the application's container names it.
    pub(super) fn image_of(&self, old: bool) -> String {
        let mut name = String::from(if self.layout().is_one() { "sms-fullstack:" } else { "sms-backend:" });
        name.push_str(self.version_of(old));
        name
    }

    /// The image of the container of `part`; of the application's, that of the release or of the one before it.
    fn image(&self, part: Part, old: bool) -> String {
        match part {
            Part::Application => self.image_of(old),
            Part::FrontEnd => format!("sms-frontend:{}", self.version),
            Part::Database => "postgres:16-alpine".into(),
        }
    }

    /// The image to go back to.
    pub(super) fn previous_image(&self) -> ImageRef {
        let name = self.image_of(true);
        ImageRef { id: format!("sha256:{}", Hash::of(name.as_bytes())), name }
    }

    fn event(&self, part: Part, h: &Happening) -> ContainerEvent {
        ContainerEvent {
            at: self.utc_ms(h.at),
            action: h.action.clone(),
            id: self.container_id(part, h.container),
            image: self.image(part, h.old),
            exit_code: h.exit_code,
        }
    }

    pub(super) fn container_id(&self, part: Part, n: u32) -> String {
        self.hex(String::with_capacity(64), kind(part) + u64::from(n) * 2)
    }

    fn image_id(&self, part: Part, n: u32) -> String {
        let mut id = String::with_capacity(71);
        id.push_str("sha256:");
        self.hex(id, kind(part) + u64::from(n) * 2 + 1)
    }

    fn hex(&self, mut text: String, what: u64) -> String {
        for part in 0..4 {
            // Writing to a String cannot fail.
            let _ = write!(text, "{:016x}", self.draw(Topic::Identity, what, part));
        }
        text
    }
}

/// Keeps the identities of the parts apart.
const fn kind(part: Part) -> u64 {
    (part as u64) << 40
}
