//! What an operator has done to the world: from then on it is another one, and what was before stays as it was.

use watchkeeper_core::{
    action::{HalfDone, Stage},
    part::Part,
    reading::{ContainerHealth, ContainerStatus},
    time::Span,
};

use super::{PREVIOUS, World};
use crate::{
    fault::Fault,
    timeline::{Ms, end, ms},
};

/// A stage of an action, done in an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// When, counted from the start of the world.
    pub at: Span,
    /// To whose container.
    pub part: Part,
    /// What. [`Stage::Healthy`] and [`Stage::Verify`] do nothing.
    pub stage: Stage,
}

/// What is found of a roll back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// The container of the previous image is made, under a name of its own.
    pub(crate) made: bool,
    /// The other container was stopped by hand.
    pub(crate) stopped: bool,
    /// It was set aside.
    pub(crate) aside: bool,
    /// The container of the previous image has its name.
    pub(crate) in_place: bool,
    /// The container of the name runs.
    pub(crate) runs: bool,
}

impl Standing {
    /// Whether anything was done.
    pub(crate) const fn begun(self) -> bool {
        self.made || self.stopped || self.aside || self.in_place
    }
}

impl World {
    /// The same world in which an operator has done `act`, which comes after all that was done in it before. What was
    /// before `act` stays as it was.
    #[must_use]
    pub fn acted(&self, act: Act) -> Self {
        let mut acts = self.acts.clone();
        acts.push(act);
        Self::lived(
            self.scenario.clone(),
            self.seed,
            self.start,
            self.version.clone(),
            self.born,
            self.boot,
            acts,
        )
    }

    /// The version of the SMS that the container of `t` has, without `v`.
    pub fn version_at(&self, t: Span) -> &str {
        self.version_of(self.timeline.at(ms(t)).old)
    }

    pub(super) fn version_of(&self, old: bool) -> &str {
        if old { PREVIOUS } else { &self.version }
    }

    /// What there is at `t`, which is not before the last act.
    pub(crate) fn standing(&self, t: Span) -> Standing {
        let (hands, stay) = (self.timeline.hands(), self.timeline.at(ms(t)));
        Standing {
            made: hands.made.is_some(),
            stopped: hands.stopped,
            aside: hands.aside.is_some(),
            in_place: stay.exists && stay.old,
            runs: stay.exists && stay.status == ContainerStatus::Running,
        }
    }

    /// How far a roll back has come by `t`, which is not before the last act.
    pub fn half_done(&self, t: Span) -> HalfDone {
        let (hands, found, container) = (self.timeline.hands(), self.standing(t), self.container(t));
        let healthy = container.as_ref().is_some_and(|c| c.health == ContainerHealth::Healthy);
        let created = container.as_ref().is_some_and(|c| c.status == ContainerStatus::Created);
        let stage = match found {
            Standing { in_place: true, .. } if created => Some(Stage::TakeName),
            Standing { in_place: true, runs: true, .. } if healthy => Some(Stage::Healthy),
            Standing { in_place: true, .. } => Some(Stage::Start),
            Standing { aside: true, .. } => Some(Stage::SetAside),
            Standing { stopped: true, .. } => Some(Stage::Stop),
            Standing { made: true, .. } => Some(Stage::Create),
            _ => None,
        };
        let name = self.layout().application();
        let mut words = vec![match container {
            Some(c) => format!(
                "{name} is {}, a container of {}, {}",
                short(&c.id),
                c.image,
                if c.status == ContainerStatus::Exited {
                    format!("exited with code {}", c.exit_code.unwrap_or(0))
                } else {
                    crate::shape::status(c.status).to_owned()
                }
            ),
            None => format!("there is no container named {name}"),
        }];
        if let Some((made, _)) = hands.made {
            let (id, image) = (self.container_id(Part::Application, made), self.image_of(true));
            words.push(format!("{}, a container of {image}, is made and not started", short(&id)));
        }
        if let Some(aside) = hands.aside {
            let (id, image) =
                (self.container_id(Part::Application, aside.container), self.image_of(aside.old));
            words.push(format!("{}, a container of {image}, is set aside and stopped", short(&id)));
        }
        HalfDone { stage, detail: words.join("; ") }
    }
}

/// What goes wrong when: `faults`, without the time in which an operator's doing has ended them.
///
/// The first piece of each keeps its place, so that what is drawn for it stays the same.
pub(super) fn pieces(faults: &[Fault], acts: &[Act]) -> Vec<Fault> {
    let mut first = faults.to_vec();
    let mut later = Vec::new();
    for fault in &mut first {
        // What happens to the container happens at once; its life tells how it goes on.
        if acts.is_empty() || fault.kind.is_of_container() {
            continue;
        }
        let whole = *fault;
        let mut at = Some(fault.at);
        let mut is_first = true;
        let mut tell = |from: Span, to: Option<Span>| {
            let piece = Fault { at: from, lasts: to.map(|to| to.saturating_sub(from)), ..whole };
            if is_first {
                *fault = piece;
            } else {
                later.push(piece);
            }
            is_first = false;
        };
        for act in acts.iter().filter(|a| ms(a.at) < end(&whole)) {
            let ends = match act.stage {
                Stage::TakeName => whole.kind.comes_with_the_release(),
                Stage::Restart | Stage::Start => whole.kind.ends_with_the_process() && act.at > whole.at,
                _ => false,
            };
            let returns = act.stage == Stage::Remove && whole.kind.comes_with_the_release();
            match at {
                Some(from) if ends => {
                    tell(from.min(act.at), Some(act.at));
                    at = None;
                }
                // The process that had it is gone; one that it would have come to later is not.
                None if returns && (!whole.kind.ends_with_the_process() || whole.at > act.at) => {
                    at = Some(act.at.max(whole.at));
                }
                _ => {}
            }
        }
        if let Some(from) = at {
            tell(from, whole.end());
        }
    }
    first.append(&mut later);
    first
}

/// An id as `docker ps` shows it.
pub(crate) fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

/// For what is drawn for the fault number `n` of the `pieces` of a scenario with `whole` faults.
pub(super) fn key(n: usize, whole: usize, begin: Ms) -> u64 {
    if n < whole { n as u64 } else { begin.cast_unsigned() }
}
