//! Who acts on the simulated deployment: it becomes another world by each stage, from the stage's own instant on.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use watchkeeper_core::{
    action::{HalfDone, RollBackPlan, Stage},
    part::Part,
    reading::{ContainerHealth, ContainerStatus, Failure, FailureKind, Outcome, Place, Source},
    time::{Span, WatchTime},
};
use watchkeeper_engine::ports::{Operator, Progress};

use crate::{
    live::Live,
    sim_time::SimTime,
    world::{Act, World, short, unreachable},
};

/// How long a container has to become healthy.
const HEALTHY_WITHIN: Span = Span::mins(5);

/// Between two looks at a container or at the way to it.
const LOOK_EVERY: Span = Span::secs(1);

/// How long `docker restart` takes in this world.
const RESTARTS: Span = Span::secs(2);

/// Behind the time of a stage, in the words about it.
const BY_ITS_CLOCK: &str = " by the NAS's clock";

/// An operator of a world, in whatever time its clock tells: nothing takes longer on the wall than it has to.
#[derive(Debug)]
pub struct SimulatedOperator {
    world: Live,
    time: SimTime,
}

impl SimulatedOperator {
    /// Acts on `world`; `time` has to go on.
    pub fn new(world: impl Into<Live>, time: SimTime) -> Self {
        Self { world: world.into(), time }
    }

    /// Waits for `span` of the world's time, as long as there is a way to the Engine.
    async fn pass(&self, span: Span) -> Result<(), Failure> {
        let until = self.time.now() + span;
        loop {
            let (world, now) = self.world.at(&self.time);
            reach(&world, now)?;
            if now >= until {
                return Ok(());
            }
            let left = until.saturating_sub(now).min(LOOK_EVERY);
            tokio::time::sleep(self.time.real(left).max(Duration::from_millis(1))).await;
        }
    }

    async fn stage(
        &self,
        part: Part,
        stage: Stage,
        plan: Option<&RollBackPlan>,
        told: &mpsc::Sender<Progress>,
    ) -> Result<(), Failure> {
        self.pass(takes(stage)).await?;
        let at = self.world.change(&self.time, |world, at| world.acted(Act { at, part, stage }));
        let world = self.world.world();
        let detail = stamped(&detail(name_of(&world, part), stage, plan), world.utc(at));
        // Nobody listens any more: the watch has ended, and what is found at its next start tells the rest.
        let _ = told.send(Progress { stage, detail }).await;
        Ok(())
    }

    /// Waits until the container of `part` is healthy.
    async fn healthy(&self, part: Part, told: &mpsc::Sender<Progress>) -> Result<(), Failure> {
        let begun = self.time.now();
        loop {
            let (world, now) = self.world.at(&self.time);
            reach(&world, now)?;
            let waited = now.saturating_sub(begun);
            let name = name_of(&world, part);
            let container = world.container_of(part, now).ok_or_else(|| absent(name))?;
            let id = short(&container.id);
            match (container.status, container.health) {
                (ContainerStatus::Running, ContainerHealth::Healthy) => {
                    let detail = format!("{name} ({id}) of {}, after {waited}", container.image);
                    let _ = told.send(Progress { stage: Stage::Healthy, detail }).await;
                    return Ok(());
                }
                (ContainerStatus::Running, ContainerHealth::Unhealthy) => {
                    return Err(failed(format!("{name} ({id}) runs, and its HEALTHCHECK says unhealthy")));
                }
                (ContainerStatus::Exited | ContainerStatus::Restarting | ContainerStatus::Dead, _) => {
                    let code = container.exit_code.unwrap_or(0);
                    return Err(failed(format!(
                        "{name} ({id}) does not come up: it ended with exit code {code}"
                    )));
                }
                _ if waited >= HEALTHY_WITHIN => {
                    return Err(failed(format!("{name} ({id}) is not healthy after {waited}")));
                }
                _ => self.pass(LOOK_EVERY).await?,
            }
        }
    }
}

#[async_trait]
impl Operator for SimulatedOperator {
    async fn restart(&self, part: Part, told: mpsc::Sender<Progress>) -> Result<(), Failure> {
        let (world, now) = self.world.at(&self.time);
        reach(&world, now)?;
        world.container_of(part, now).ok_or_else(|| absent(name_of(&world, part)))?;
        self.stage(part, Stage::Restart, None, &told).await?;
        self.pass(RESTARTS).await?;
        self.healthy(part, &told).await
    }

    async fn roll_back(&self, plan: &RollBackPlan, told: mpsc::Sender<Progress>) -> Result<(), Failure> {
        let (world, now) = self.world.at(&self.time);
        reach(&world, now)?;
        let name = name_of(&world, Part::Application);
        let found = world.standing(now);
        if !found.begun() {
            let would = world.readiness(now).ok_or_else(|| absent(name))?.plan;
            if would.is_none_or(|would| would.digest != plan.digest) {
                return Err(failed(format!("{name} is not the container any more that the plan is for")));
            }
        }
        let todo = [
            (Stage::Create, !found.made && !found.in_place),
            (Stage::Stop, !found.stopped && !found.aside),
            (Stage::SetAside, !found.aside),
            (Stage::TakeName, !found.in_place),
            (Stage::Start, !(found.in_place && found.runs)),
        ];
        for (stage, _) in todo.into_iter().filter(|(_, todo)| *todo) {
            self.stage(Part::Application, stage, Some(plan), &told).await?;
        }
        self.healthy(Part::Application, &told).await
    }

    async fn undo(&self, plan: &RollBackPlan, told: mpsc::Sender<Progress>) -> Result<(), Failure> {
        let (world, now) = self.world.at(&self.time);
        reach(&world, now)?;
        let found = world.standing(now);
        let todo = [
            (Stage::Remove, found.made || found.in_place),
            (Stage::GiveBack, found.aside),
            (Stage::Start, found.aside || !found.runs),
        ];
        for (stage, _) in todo.into_iter().filter(|(_, todo)| *todo) {
            self.stage(Part::Application, stage, Some(plan), &told).await?;
        }
        self.healthy(Part::Application, &told).await
    }

    async fn examine(&self, _plan: &RollBackPlan) -> Result<HalfDone, Failure> {
        let (world, now) = self.world.at(&self.time);
        reach(&world, now)?;
        Ok(world.half_done(now))
    }
}

/// `world` after what was `done` in it: each stage with whose container it was of, and when and with which words it was
/// written down.
pub fn replayed<'a>(
    world: World,
    done: impl IntoIterator<Item = (Part, Stage, WatchTime, &'a str)>,
) -> World {
    done.into_iter().fold(world, |world, (part, stage, written, detail)| {
        let written = written.elapsed();
        let at = stamp_of(detail, world.utc(written)).map_or(written, |utc| world.span(utc));
        world.acted(Act { at, part, stage })
    })
}

fn reach(world: &World, now: Span) -> Result<(), Failure> {
    match unreachable(world, Source::Engine, now).map(|answer| answer.outcome) {
        Some(Outcome::Failure(failure)) => Err(failure),
        Some(Outcome::Value(_)) | None => Ok(()),
    }
}

fn failed(message: String) -> Failure {
    Failure { place: Place::Container, kind: FailureKind::BadAnswer, message }
}

fn name_of(world: &World, part: Part) -> &'static str {
    world.layout().name_of(part).unwrap_or(part.id())
}

fn absent(name: &str) -> Failure {
    let message = format!("There is no container named {name}.");
    Failure { place: Place::Container, kind: FailureKind::NoContainer, message }
}

/// How long a stage takes.
const fn takes(stage: Stage) -> Span {
    match stage {
        Stage::Create | Stage::Stop | Stage::Remove => Span::secs(2),
        _ => Span::secs(1),
    }
}

/// What was done, for people.
fn detail(name: &str, stage: Stage, plan: Option<&RollBackPlan>) -> String {
    let Some(plan) = plan else { return name.into() };
    let (name, aside, made_as) = (&plan.container, &plan.aside, &plan.made_as);
    match stage {
        Stage::Create => format!("{made_as} of {}", plan.to.name),
        Stage::Stop => format!("{name} ({}) of {}", short(&plan.container_id), plan.from.name),
        Stage::SetAside => format!("{name} is {aside} now"),
        Stage::TakeName => format!("{made_as} is {name} now"),
        Stage::GiveBack => format!("{aside} is {name} again"),
        _ => name.clone(),
    }
}

fn stamped(detail: &str, at: DateTime<Utc>) -> String {
    format!("{detail}, at {}{BY_ITS_CLOCK}", at.format("%H:%M:%S%.3f"))
}

/// The instant in words that were written down at `written` or shortly afterwards.
fn stamp_of(detail: &str, written: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (_, time) = detail.strip_suffix(BY_ITS_CLOCK)?.rsplit_once(" at ")?;
    let time = NaiveTime::parse_from_str(time, "%H:%M:%S%.3f").ok()?;
    let days =
        [-1, 0, 1].into_iter().filter_map(|d| written.date_naive().checked_add_signed(TimeDelta::days(d)));
    days.map(|day| day.and_time(time).and_utc()).min_by_key(|at| (*at - written).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_stage_is_read_back_from_its_words() {
        let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (acted, written) in [
            ("2026-01-10T16:30:05.250Z", "2026-01-10T16:30:05.250Z"),
            ("2026-01-10T16:30:05.250Z", "2026-01-10T16:30:21.007Z"),
            ("2026-01-10T23:59:59.999Z", "2026-01-11T00:00:03.000Z"),
        ] {
            let words = stamped("sms-app is sms-app-aside-0123 now", utc(acted));
            assert_eq!(stamp_of(&words, utc(written)), Some(utc(acted)), "{words}");
        }
        for other in ["", "sms-app, at noon by the NAS's clock", "sms-app, at 16:30:05.250"] {
            assert_eq!(stamp_of(other, utc("2026-01-10T16:30:00Z")), None, "{other}");
        }
    }
}
