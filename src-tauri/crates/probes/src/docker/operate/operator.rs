//! Restart, roll back and the way back on a Docker Engine.
//!
//! Nothing is remembered here: each step is found by looking at the containers, taken, and looked at again. So it makes
//! no difference whether the one before was taken a moment ago, by a program that was killed since, or by a request
//! whose answer was lost.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use hyper::Method;
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use url::form_urlencoded::byte_serialize;
use watchkeeper_core::{
    action::{HalfDone, RollBackPlan, Stage},
    part::Part,
    reading::{Failure, FailureKind, Place},
    redact::from_outside,
};
use watchkeeper_engine::ports::{Operator, Progress};

use super::{
    images,
    json::{items, text},
    own::MARK,
    progress::{PAUSE, TRIES, Teller, Tries},
    readiness::is_missing,
    recreate::{Recreation, policy_value},
    stand::{Seen, Stand, Step},
    wait::healthy,
    words::{done, explained, in_the_way, passes},
};
use crate::{
    containers::Containers,
    docker::{Engine, container::inspect},
};

/// What a busy NAS may take for anything but stopping.
const PATIENCE: Duration = Duration::from_secs(60);
/// Beyond a container's own grace period.
const MARGIN: Duration = Duration::from_secs(30);
/// For a request to arrive at the Engine and be carried out after nobody waits for it any more.
const LATE: Duration = Duration::from_secs(3);

/// Acts on the containers of one deployment on one Engine.
pub struct DockerOperator {
    engine: Arc<Engine>,
    containers: Containers,
    owner: String,
}

impl DockerOperator {
    /// For these containers. `owner` is the session on whose behalf it acts: what it makes bears that name,
    /// and it touches nothing that another session made.
    pub const fn new(engine: Arc<Engine>, containers: Containers, owner: String) -> Self {
        Self { engine, containers, owner }
    }

    fn mark(&self, plan: &RollBackPlan) -> String {
        format!("{}/{}", plan.container_id, self.owner)
    }

    /// How things are; asked again where the Engine does not answer.
    async fn look(&self, plan: &RollBackPlan) -> Result<Stand, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.look_once(plan).await {
                Err(failure) if passes(&failure) && tries < TRIES => sleep(PAUSE).await,
                other => return other,
            }
        }
    }

    async fn look_once(&self, plan: &RollBackPlan) -> Result<Stand, Failure> {
        let mut stand = Stand { old: self.seen(&plan.container_id).await?, ..Stand::default() };
        let filter = json!({ "label": [MARK] }).to_string();
        let filter: String = byte_serialize(filter.as_bytes()).collect();
        let (marked, _) = self.engine.json(&format!("/containers/json?all=true&filters={filter}")).await?;
        let (mark, of_this) = (self.mark(plan), format!("{}/", plan.container_id));
        for listed in items(&marked) {
            let label =
                listed.get("Labels").and_then(|labels| labels.get(MARK)?.as_str()).unwrap_or_default();
            if !label.starts_with(&of_this) {
                continue;
            }
            let Some(seen) = self.seen(text(listed, "/Id")).await? else { continue };
            if label != mark {
                return Err(in_the_way(&format!(
                    "Another watch ({}) is rolling {} back: {}. Finish or undo it there",
                    label.trim_start_matches(&of_this),
                    plan.container,
                    seen.words()
                )));
            }
            stand.new = Some(seen);
        }
        for name in [&plan.container, &plan.aside, &plan.made_as] {
            // The Engine takes the beginning of an id for a name.
            let Some(seen) = self.seen(name).await?.filter(|seen| seen.state.name == *name) else { continue };
            let is = |one: &Option<Seen>| one.as_ref().is_some_and(|one| one.state.id == seen.state.id);
            if !is(&stand.old) && !is(&stand.new) {
                stand.others.push(seen);
            }
        }
        Ok(stand)
    }

    async fn seen(&self, container: &str) -> Result<Option<Seen>, Failure> {
        match inspect(&self.engine, container).await {
            Ok((value, _)) => Seen::read(&value)
                .map(Some)
                .ok_or_else(|| self.engine.bad_answer("the container's state", "it has no Id or no State")),
            Err(failure) if is_missing(&failure) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The requests of `plan`, made anew from the container as it is now.
    async fn recreation(&self, plan: &RollBackPlan) -> Result<Recreation, Failure> {
        let container = match inspect(&self.engine, &plan.container_id).await {
            Err(failure) if is_missing(&failure) => {
                return Err(in_the_way(&format!(
                    "The container that {} was when the plan was made is no longer there. Make a new plan",
                    plan.container
                )));
            }
            other => other?.0,
        };
        let image = images::inspect(&self.engine, text(&container, "/Image")).await?;
        let Some(image) = image else {
            return Err(in_the_way(&format!(
                "The image of {} ({}) is not on the NAS any more: what of its settings is its own cannot be told",
                plan.container, plan.from.name
            )));
        };
        match images::inspect(&self.engine, &plan.to.name).await? {
            None => return Err(self.no_image(plan)),
            Some(to) if text(&to, "/Id") != plan.to.id => {
                return Err(in_the_way(&format!(
                    "{} is another image now ({}) than when the plan was made ({}). Nothing was touched. Make a new plan",
                    plan.to.name,
                    text(&to, "/Id"),
                    plan.to.id
                )));
            }
            Some(_) => {}
        }
        let recreation = Recreation::of(&container, &image, &plan.to.name, &plan.restart_policy);
        if recreation.digest() != plan.digest {
            return Err(in_the_way(&format!(
                "{} was changed since the plan was made: its settings give {} and not {}. Nothing was touched. Make a \
                 new plan",
                plan.container,
                recreation.digest().short(),
                plan.digest.short()
            )));
        }
        Ok(recreation)
    }

    fn no_image(&self, plan: &RollBackPlan) -> Failure {
        in_the_way(&format!(
            "The image {} is not on the NAS any more: it was removed after the plan was made. Load or pull it again",
            plan.to.name
        ))
    }

    async fn act(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        patience: Duration,
    ) -> Result<(), Failure> {
        self.engine.act(method, path, body, patience).await.map(|_| ())
    }

    async fn take(
        &self,
        step: &Step,
        plan: &RollBackPlan,
        recreation: Option<&Recreation>,
    ) -> Result<(), Failure> {
        let new = |id: &str, what: &str| format!("/containers/{id}{what}");
        match step {
            Step::Create => {
                let Some(recreation) = recreation else { return Ok(()) };
                let body = recreation.body(&self.mark(plan));
                let path = format!("/containers/create?name={}", plan.made_as);
                self.act(Method::POST, &path, Some(&body), PATIENCE).await
            }
            Step::Connect(network, id) => {
                let settings = recreation.and_then(|r| r.networks.get(network)).cloned().unwrap_or_default();
                let settings = if settings.is_null() { json!({}) } else { settings };
                let body = json!({ "Container": id, "EndpointConfig": settings });
                self.act(Method::POST, &format!("/networks/{network}/connect"), Some(&body), PATIENCE).await
            }
            Step::Disconnect(network, id) => {
                let body = json!({ "Container": id, "Force": false });
                self.act(Method::POST, &format!("/networks/{network}/disconnect"), Some(&body), PATIENCE)
                    .await
            }
            Step::Stop(id) => {
                let patience = plan.stop_timeout.to_std() + MARGIN;
                self.act(Method::POST, &new(id, "/stop"), None, patience).await
            }
            Step::Policy(id, policy) => {
                let body = json!({ "RestartPolicy": policy_value(policy) });
                self.act(Method::POST, &new(id, "/update"), Some(&body), PATIENCE).await
            }
            Step::Rename(id, name) => {
                self.act(Method::POST, &new(id, &format!("/rename?name={name}")), None, PATIENCE).await
            }
            Step::Start(id) => self.act(Method::POST, &new(id, "/start"), None, PATIENCE).await,
            Step::Remove(id) => {
                self.act(Method::DELETE, &new(id, "?v=false&force=false"), None, PATIENCE).await
            }
            Step::Wait(_) => Ok(()),
        }
    }
}

#[async_trait]
impl Operator for DockerOperator {
    async fn restart(&self, part: Part, told: mpsc::Sender<Progress>) -> Result<(), Failure> {
        let mut teller = Teller::new(told);
        let container = self.containers.of(part).ok_or_else(|| {
            in_the_way(&format!("There is no container of {} that is watched", part.label()))
        })?;
        let (before, _) = inspect(&self.engine, container).await?;
        let (id, started) = (text(&before, "/Id"), text(&before, "/State/StartedAt"));
        let grace = before.pointer("/Config/StopTimeout").and_then(Value::as_u64).unwrap_or(10).min(600);
        let patience = Duration::from_secs(grace) + MARGIN;
        let mut tries = 0;
        loop {
            tries += 1;
            let result = self.act(Method::POST, &format!("/containers/{id}/restart"), None, patience).await;
            match result {
                Ok(()) => break,
                // The Engine may be at it all the same.
                Err(failure) if passes(&failure) => {
                    if self.restarted(id, started, patience).await? {
                        break;
                    }
                    if tries == TRIES {
                        return Err(failure);
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        teller.tell(Stage::Restart, &format!("{container} was restarted")).await;
        let how = healthy(&self.engine, id).await?;
        teller.tell(Stage::Healthy, &how).await;
        Ok(())
    }

    async fn roll_back(&self, plan: &RollBackPlan, told: mpsc::Sender<Progress>) -> Result<(), Failure> {
        let mut teller = Teller::new(told);
        let recreation = self.recreation(plan).await?;
        let mut tries = Tries::default();
        let mut reached = self.look(plan).await?.on_the_way(plan);
        let mut started = false;
        let id = loop {
            let stand = self.look(plan).await?;
            let now = stand.on_the_way(plan);
            for stage in Stage::ROLL_BACK.iter().filter(|s| Some(**s) > reached && Some(**s) <= now) {
                teller.tell(*stage, &done(*stage, &stand, plan)).await;
            }
            reached = reached.max(now);
            let step = stand.forward(plan).map_err(|why| in_the_way(&why))?;
            match &step {
                Step::Wait(id) => break id.clone(),
                // It has ended again already: the waiting tells how.
                Step::Start(id) if started => break id.clone(),
                _ => tries.count(&step)?,
            }
            let result = self.take(&step, plan, Some(&recreation)).await;
            match (&step, &result) {
                (Step::Create, Err(failure)) if failure.kind == FailureKind::Status(404) => {
                    return Err(self.no_image(plan));
                }
                (Step::Remove(_), Ok(())) => {
                    return Err(in_the_way(&format!(
                        "{} is another image now than when the plan was made. What was made of it was removed, and \
                         nothing was stopped. Make a new plan",
                        plan.to.name
                    )));
                }
                (Step::Start(_), Ok(())) => started = true,
                _ => {}
            }
            tries.note(result.map_err(|failure| explained(failure, &step, plan))).await;
        };
        let how = healthy(&self.engine, &id).await?;
        teller.tell(Stage::Healthy, &how).await;
        Ok(())
    }

    async fn undo(&self, plan: &RollBackPlan, told: mpsc::Sender<Progress>) -> Result<(), Failure> {
        let mut teller = Teller::new(told);
        let mut tries = Tries::default();
        let mut before = self.look(plan).await?;
        let given_back = |stand: &Stand| {
            stand
                .old
                .as_ref()
                .is_some_and(|o| o.state.name == plan.container && o.policy == plan.restart_policy)
        };
        let lives = |stand: &Stand| stand.old.as_ref().is_some_and(Seen::lives);
        let (gave, lived) = (given_back(&before), lives(&before));
        let (mut told_gave, mut started) = (gave, false);
        // The one that runs may be about to be stopped, and the other one about to be made.
        let late = Instant::now() + if lived { plan.stop_timeout.to_std() + LATE } else { Duration::ZERO };
        let how = loop {
            let id = loop {
                let stand = self.look(plan).await?;
                if let (Some(new), None) = (&before.new, &stand.new) {
                    let detail =
                        format!("{} ({}) was removed, its volumes were not", new.state.name, new.short());
                    teller.tell(Stage::Remove, &detail).await;
                }
                if !told_gave && stand.new.is_none() && given_back(&stand) {
                    told_gave = true;
                    let detail = format!("{} again, restart policy {}", plan.container, plan.restart_policy);
                    teller.tell(Stage::GiveBack, &detail).await;
                }
                let step = stand.back(plan).map_err(|why| in_the_way(&why))?;
                before = stand;
                match &step {
                    // A request that was on its way when the link broke may be carried out only now.
                    Step::Wait(_) if Instant::now() < late => {
                        sleep(PAUSE).await;
                        continue;
                    }
                    Step::Wait(id) => break id.clone(),
                    Step::Start(id) if started => break id.clone(),
                    _ => tries.count(&step)?,
                }
                let result = self.take(&step, plan, None).await;
                started |= matches!(step, Step::Start(_)) && result.is_ok();
                tries.note(result.map_err(|failure| explained(failure, &step, plan))).await;
            };
            let how = match healthy(&self.engine, &id).await {
                Ok(how) => how,
                // It is as it was: that it fails is what it was to be rolled back for.
                Err(failure) if failure.place == Place::Container && !is_missing(&failure) => {
                    format!("{}. It is there again as it was, and it was failing before", failure.message)
                }
                Err(failure) => return Err(failure),
            };
            let step = self.look(plan).await?.back(plan).map_err(|why| in_the_way(&why))?;
            if matches!(step, Step::Wait(_) | Step::Start(_)) {
                break how;
            }
        };
        if !lived || started {
            teller.tell(Stage::Start, &format!("{} was started", plan.container)).await;
        }
        teller.tell(Stage::Healthy, &how).await;
        Ok(())
    }

    async fn examine(&self, plan: &RollBackPlan) -> Result<HalfDone, Failure> {
        let stand = self.look(plan).await?;
        let detail = from_outside(&stand.words(plan), Failure::MOST_OF_A_MESSAGE);
        Ok(HalfDone { stage: stand.stage(plan), detail })
    }
}

impl DockerOperator {
    /// Whether the container runs since another time than `started`, looked at for as long as a restart may take.
    async fn restarted(&self, id: &str, started: &str, patience: Duration) -> Result<bool, Failure> {
        let until = Instant::now() + patience;
        loop {
            match inspect(&self.engine, id).await {
                Ok((now, _)) => {
                    let runs = now.pointer("/State/Running").and_then(Value::as_bool) == Some(true);
                    if runs && text(&now, "/State/StartedAt") != started {
                        return Ok(true);
                    }
                }
                Err(failure) if !passes(&failure) => return Err(failure),
                Err(failure) if Instant::now() >= until => return Err(failure),
                Err(_) => {}
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            sleep(PAUSE).await;
        }
    }
}
