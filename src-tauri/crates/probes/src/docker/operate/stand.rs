//! How far a roll back has come, as the containers on the Engine tell it, and what is to be done next. Pure.

use std::collections::BTreeSet;

use serde_json::Value;
use watchkeeper_core::{
    action::{RollBackPlan, Stage},
    reading::{ContainerHealth, ContainerState, ContainerStatus},
};

use super::{json::object, own::MARK, recreate::policy_text};
use crate::docker::container::read;

/// One container.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) state: ContainerState,
    pub(super) policy: String,
    pub(super) networks: BTreeSet<String>,
    /// Whose roll back made it.
    pub(super) mark: Option<String>,
    pub(super) created: String,
}

impl Seen {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let mark = value.pointer("/Config/Labels").and_then(|l| l.get(MARK)?.as_str().map(str::to_owned));
        Some(Self {
            state: read(value)?,
            policy: policy_text(value),
            networks: object(value, "/NetworkSettings/Networks").map(|(name, _)| name.clone()).collect(),
            mark,
            created: super::json::text(value, "/Created").chars().take(19).collect(),
        })
    }

    /// Whether its processes are there: it holds its ports, and its data open.
    pub(super) const fn lives(&self) -> bool {
        matches!(
            self.state.status,
            ContainerStatus::Running
                | ContainerStatus::Paused
                | ContainerStatus::Restarting
                | ContainerStatus::Unknown
        )
    }

    pub(super) fn short(&self) -> String {
        self.state.id.chars().take(12).collect()
    }

    /// For people: `sms-app (4f5c1a7de1b0, image sms:1.15.1, running)`.
    pub(super) fn words(&self) -> String {
        let state = &self.state;
        let health = match state.health {
            ContainerHealth::None => "",
            ContainerHealth::Starting => ", health not known yet",
            ContainerHealth::Healthy => ", healthy",
            ContainerHealth::Unhealthy => ", unhealthy",
        };
        let health = if self.lives() { health } else { "" };
        format!("{} ({}, image {}, {}{health})", state.name, self.short(), state.image, status(state))
    }
}

/// For people: `running`, `ended with exit code 3`.
pub(super) fn status(state: &ContainerState) -> String {
    match (state.status, state.exit_code) {
        (ContainerStatus::Exited | ContainerStatus::Dead, Some(code)) => {
            format!("ended with exit code {code}")
        }
        (ContainerStatus::Exited, None) => "ended".to_owned(),
        (ContainerStatus::Created, _) => "never started".to_owned(),
        (ContainerStatus::Running, _) => "running".to_owned(),
        (ContainerStatus::Paused, _) => "paused".to_owned(),
        (ContainerStatus::Restarting, _) => {
            "ended, and the Docker Engine starts it again and again".to_owned()
        }
        (ContainerStatus::Removing, _) => "being removed".to_owned(),
        (ContainerStatus::Dead, None) => "dead".to_owned(),
        (ContainerStatus::Unknown, _) => "in a state that is not known".to_owned(),
    }
}

/// All containers that a roll back is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Stand {
    /// The one that was there before.
    pub(super) old: Option<Seen>,
    /// The one that this roll back made.
    pub(super) new: Option<Seen>,
    /// Others that bear a name that is needed.
    pub(super) others: Vec<Seen>,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Make the new container.
    Create,
    /// Connect to this network the container with this id.
    Connect(String, String),
    /// Take out of this network the container with this id.
    Disconnect(String, String),
    /// Stop the container with this id.
    Stop(String),
    /// Give the container with this id this restart policy.
    Policy(String, String),
    /// Give the container with this id this name.
    Rename(String, String),
    /// Start the container with this id.
    Start(String),
    /// Remove the container with this id, but none of its volumes.
    Remove(String),
    /// Nothing but waiting until this container is healthy.
    Wait(String),
}

impl Stand {
    /// The next step towards the container of the previous image.
    ///
    /// # Errors
    /// What stands in the way, for people.
    pub(super) fn forward(&self, plan: &RollBackPlan) -> Result<Step, String> {
        let old = self.old(plan)?;
        if old.state.name != plan.container && old.state.name != plan.aside {
            return Err(format!(
                "{} was {} when the plan was made, and somebody renamed it. Give it the name back, or undo",
                old.words(),
                plan.container
            ));
        }
        self.free(plan, &plan.aside, old)?;
        let Some(new) = &self.new else {
            self.free(plan, &plan.made_as, old)?;
            self.free(plan, &plan.container, old)?;
            return Ok(Step::Create);
        };
        if new.state.image_id != plan.to.id {
            // Its name was given to another image in between.
            return Ok(Step::Remove(new.state.id.clone()));
        }
        if let Some(network) = old.networks.difference(&new.networks).next() {
            return Ok(Step::Connect(network.clone(), new.state.id.clone()));
        }
        if let Some(network) = new.networks.difference(&old.networks).next() {
            return Ok(Step::Disconnect(network.clone(), new.state.id.clone()));
        }
        if new.state.name != plan.container {
            self.free(plan, &plan.container, old)?;
        }
        if old.lives() {
            return Ok(Step::Stop(old.state.id.clone()));
        }
        if old.policy != "no" {
            return Ok(Step::Policy(old.state.id.clone(), "no".to_owned()));
        }
        if old.state.name != plan.aside {
            return Ok(Step::Rename(old.state.id.clone(), plan.aside.clone()));
        }
        if new.state.name != plan.container {
            return Ok(Step::Rename(new.state.id.clone(), plan.container.clone()));
        }
        if new.policy != plan.restart_policy {
            return Ok(Step::Policy(new.state.id.clone(), plan.restart_policy.clone()));
        }
        if !new.lives() {
            return Ok(Step::Start(new.state.id.clone()));
        }
        Ok(Step::Wait(new.state.id.clone()))
    }

    /// The next step back to the container that was there before.
    ///
    /// # Errors
    /// What stands in the way, for people.
    pub(super) fn back(&self, plan: &RollBackPlan) -> Result<Step, String> {
        let old = self.old(plan)?;
        if old.state.name != plan.container {
            self.free(plan, &plan.container, old)?;
        }
        if let Some(new) = &self.new {
            let id = new.state.id.clone();
            return Ok(if new.lives() { Step::Stop(id) } else { Step::Remove(id) });
        }
        if old.state.name != plan.container {
            return Ok(Step::Rename(old.state.id.clone(), plan.container.clone()));
        }
        if old.policy != plan.restart_policy {
            return Ok(Step::Policy(old.state.id.clone(), plan.restart_policy.clone()));
        }
        if !old.lives() {
            return Ok(Step::Start(old.state.id.clone()));
        }
        Ok(Step::Wait(old.state.id.clone()))
    }

    /// The last stage of a roll back that is done.
    pub(super) fn stage(&self, plan: &RollBackPlan) -> Option<Stage> {
        let (old, new) = (self.old.as_ref(), self.new.as_ref());
        let Some(new) = new else {
            return old.filter(|old| old.state.name == plan.aside).map(|_| Stage::Remove);
        };
        let Some(old) = old else {
            return Some(if new.lives() { Stage::Start } else { Stage::TakeName });
        };
        if new.state.image_id != plan.to.id || new.networks != old.networks {
            return None;
        }
        Some(if old.lives() {
            Stage::Create
        } else if old.state.name != plan.aside || old.policy != "no" {
            Stage::Stop
        } else if new.state.name != plan.container {
            Stage::SetAside
        } else if new.policy != plan.restart_policy || !new.lives() {
            Stage::TakeName
        } else if new.state.health != ContainerHealth::Healthy {
            Stage::Start
        } else {
            Stage::Healthy
        })
    }

    /// The last stage of a roll back that is done, as far as the start of the new container.
    pub(super) fn on_the_way(&self, plan: &RollBackPlan) -> Option<Stage> {
        self.stage(plan).filter(|stage| *stage <= Stage::Healthy).map(|stage| stage.min(Stage::Start))
    }

    /// For people: which containers there are and how they are.
    pub(super) fn words(&self, plan: &RollBackPlan) -> String {
        let short: String = plan.container_id.chars().take(12).collect();
        let old = self.old.as_ref().map_or_else(
            || format!("the container that was there before ({short}) is gone"),
            |old| format!("before: {}, restart policy {}", old.words(), old.policy),
        );
        let new = self.new.as_ref().map_or_else(
            || "no container of the previous image was made".to_owned(),
            |new| format!("of the previous image: {}, restart policy {}", new.words(), new.policy),
        );
        let others = self.others.iter().map(|o| format!("; made by somebody else: {}", o.words()));
        format!("{old}; {new}{}", others.collect::<String>())
    }

    fn old(&self, plan: &RollBackPlan) -> Result<&Seen, String> {
        self.old.as_ref().ok_or_else(|| {
            let short: String = plan.container_id.chars().take(12).collect();
            let left = self.new.as_ref().map_or_else(String::new, |new| format!("; left as it is: {}", new.words()));
            format!(
                "The container that {} was when the plan was made ({short}) is no longer there{left}. Make a new plan",
                plan.container
            )
        })
    }

    /// That `name` is borne by nobody but one of the two.
    fn free(&self, plan: &RollBackPlan, name: &str, old: &Seen) -> Result<(), String> {
        match self.others.iter().find(|other| other.state.name == name) {
            None => Ok(()),
            Some(other) => Err(format!(
                "The name {name} is taken by a container that somebody else made at {} (UTC): {}. It was not touched. \
                 Rename or remove it, then try again; the container that was {} is kept as {}",
                other.created,
                other.words(),
                plan.container,
                old.words()
            )),
        }
    }
}

#[cfg(test)]
mod tests;
