//! What is done to the deployment: restart, roll back, undo, finish, take over. Whoever watches it does it; here it is
//! asked for, and its stages are told as they come.

use std::time::Duration;

use serde_json::json;
use watchkeeper_core::{
    action::{ActionOutcome, Met, Readiness, Requirement},
    session::{Action, ActionState, Command, Refusal, Session},
    time::Moment,
};
use watchkeeper_desk::{choose, files::person, folding, people};
use watchkeeper_store::Store;

use crate::{
    args::{FinishArgs, RestartArgs, RollBackArgs, TakeOverArgs, UndoArgs, Who},
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, ask, say, say_json},
};

/// Between two looks at what is being done.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A session that something is asked of.
struct At<'a> {
    here: &'a Surroundings,
    store: Store,
    id: String,
    by: String,
}

impl<'a> At<'a> {
    async fn of(here: &'a Surroundings, who: Who) -> Result<Self, CliError> {
        let store = here.store().await?;
        let session = choose::session(&store, who.session.as_deref()).await?;
        let by = who.by.unwrap_or_else(|| {
            if session.owner.trim().is_empty() { person() } else { session.owner.clone() }
        });
        Ok(Self { here, store, id: session.id, by })
    }

    async fn folded(&self) -> Result<Session, CliError> {
        Ok(folding::fold(&self.store, &self.id).await?.session)
    }

    async fn ask(&self, command: &Command) -> Result<(), CliError> {
        Ok(people::carry_out(&self.store, &self.id, command).await?)
    }

    /// Whether the person at the terminal agrees, or has said beforehand that they do.
    fn agreed(&self, yes: bool, question: &str) -> Result<bool, CliError> {
        if yes {
            return Ok(true);
        }
        if !self.here.interactive {
            return Err(CliError::usage(
                "nobody can be asked here, as this is no terminal",
                "say --yes to do it without being asked",
            ));
        }
        let answer = ask(question)?.unwrap_or_default();
        let agreed = matches!(answer.to_lowercase().as_str(), "y" | "yes");
        if !agreed {
            say("Nothing was done.")?;
        }
        Ok(agreed)
    }

    /// Tells the stages of the newest action until it is over or half done.
    async fn follow(&self) -> Result<Exit, CliError> {
        let mut told = 0;
        loop {
            let session = self.folded().await?;
            let Some(action) = session.actions.last() else { return Ok(Exit::Inconclusive) };
            if !self.here.json {
                for stage in action.stages.iter().skip(told) {
                    let detail =
                        if stage.detail.is_empty() { String::new() } else { format!(": {}", stage.detail) };
                    say(format!("  {}  {}{detail}", clock(stage.moment), stage.stage.label()))?;
                }
            }
            told = action.stages.len();
            if let Some(exit) = self.settled(action)? {
                return Ok(exit);
            }
            if !self.store.writer_of(&self.id)? {
                return Err(CliError::could_not_run(
                    format!("nobody watches session `{}` any more: {} is half done", self.id, action.label()),
                    format!("go on with `watchkeeper watch --resume {}`; it finds how far it came", self.id),
                ));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn settled(&self, action: &Action) -> Result<Option<Exit>, CliError> {
        let (exit, what, detail) = match (&action.ended, action.state, &action.interrupted) {
            (Some((_, outcome, detail)), _, _) => {
                let exit = if *outcome == ActionOutcome::Done { Exit::Pass } else { Exit::Fail };
                (exit, outcome.label(), detail.clone())
            }
            (None, ActionState::Interrupted, Some((_, why, Some(found)))) => {
                (Exit::Inconclusive, "half done", format!("{why}; {}", found.detail))
            }
            _ => return Ok(None),
        };
        if self.here.json {
            say_json(&json!({
                "session": self.id, "action": action.id, "kind": action.order.kind, "outcome": what, "detail": detail,
            }))?;
        } else {
            say(format!("{}: {what}. {detail}", action.label()))?;
            if exit == Exit::Inconclusive {
                say("Go on with `watchkeeper finish`, or go back with `watchkeeper undo --reason TEXT`.")?;
            }
        }
        Ok(Some(exit))
    }
}

pub(super) async fn restart(args: RestartArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let RestartArgs { incident, part, reason, yes, who } = args;
    let at = At::of(here, who).await?;
    let session = at.folded().await?;
    let lies_with = incident.and_then(|id| session.incident(id)).map(|i| session.part_to_restart(i));
    let whose = part.or(lies_with).unwrap_or_default();
    let container = session.opening.deployment.container_of(whose).unwrap_or(whose.label());
    if !at.agreed(yes, &format!("Restart {container} now? Users are cut off for a moment. [y/N]"))? {
        return Ok(Exit::Inconclusive);
    }
    at.ask(&Command::Restart { part, incident, by: at.by.clone(), reason }).await?;
    at.follow().await
}

pub(super) async fn roll_back(args: RollBackArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let RollBackArgs { incident, dry_run, reason, accept_schema, yes, who } = args;
    let at = At::of(here, who).await?;
    let readiness = dry(&at).await?;
    if dry_run && here.json {
        say_json(&readiness)?;
    } else if !here.json {
        show(&readiness)?;
    }
    let Some(plan) = &readiness.plan else { return Ok(Exit::Fail) };
    let Some(reason) = reason.filter(|_| !dry_run) else { return Ok(Exit::Pass) };
    if let Some(risk) = readiness
        .conditions
        .iter()
        .find(|c| c.requirement == Requirement::SchemaFits && c.met != Met::Yes && !accept_schema)
    {
        let refusal = Refusal::SchemaRisk { why: risk.detail.clone() };
        return Err(CliError::usage(refusal.to_string(), "say --accept-schema where you accept that"));
    }
    let question =
        format!("Roll {} back from {} to {} now? [y/N]", plan.container, plan.from.name, plan.to.name);
    if !at.agreed(yes, &question)? {
        return Ok(Exit::Inconclusive);
    }
    let by = at.by.clone();
    at.ask(&Command::RollBack { incident, by, reason, plan: plan.digest, accept_schema }).await?;
    at.follow().await
}

/// Has the Engine asked anew, and waits for what it says.
async fn dry(at: &At<'_>) -> Result<Readiness, CliError> {
    let before = at.folded().await?.readiness_at();
    at.ask(&Command::DryRun { by: at.by.clone() }).await?;
    let until = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let session = at.folded().await?;
        if let Some(readiness) = session.readiness().filter(|_| session.readiness_at() > before) {
            return Ok(readiness);
        }
        let failed = session.observed.track(watchkeeper_core::reading::Source::Readiness);
        if let Some(failure) = failed.failure.filter(|f| Some(f.at) > before && failed.failed > 0) {
            return Err(CliError::could_not_run(
                format!("the dry run failed: {}", failure.failure.message),
                "look at the way to the Docker Engine with `watchkeeper doctor`",
            ));
        }
        if tokio::time::Instant::now() > until {
            return Err(CliError::could_not_run(
                "the Docker Engine has not answered the dry run within 30 s",
                "look at the way to it with `watchkeeper doctor`",
            ));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn show(readiness: &Readiness) -> Result<(), CliError> {
    for condition in &readiness.conditions {
        let mark = match condition.met {
            Met::Yes => "yes",
            Met::No => "NO",
            Met::Unknown => "?",
        };
        say(format!("  {mark:<4} {}: {}", condition.requirement.label(), condition.detail))?;
    }
    let Some(plan) = &readiness.plan else { return say("A roll back is not possible.") };
    say(format!("\nThe plan, nothing of which is done yet (digest {}):", plan.digest.short()))?;
    say(format!("  {} goes from {} back to {}", plan.container, plan.from.name, plan.to.name))?;
    say(format!("  {} is made as {}", plan.to.id, plan.made_as))?;
    say(format!(
        "  the present container is stopped ({} to end) and kept as {}",
        plan.stop_timeout, plan.aside
    ))?;
    for line in &plan.settings {
        say(format!("  {}: {}", line.what, line.value))?;
    }
    Ok(())
}

pub(super) async fn undo(args: UndoArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let at = At::of(here, args.who).await?;
    let action = newest(&at).await?;
    at.ask(&Command::Undo { action, by: at.by.clone(), reason: args.reason }).await?;
    // To be undone is what was asked for.
    Ok(match at.follow().await? {
        Exit::Fail => {
            let session = at.folded().await?;
            let ended = session.action(action).and_then(|a| a.ended.as_ref()).map(|(_, outcome, _)| *outcome);
            if ended == Some(ActionOutcome::Undone) { Exit::Pass } else { Exit::Fail }
        }
        other => other,
    })
}

pub(super) async fn finish(args: FinishArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let at = At::of(here, args.who).await?;
    let action = newest(&at).await?;
    at.ask(&Command::Finish { action, by: at.by.clone() }).await?;
    at.follow().await
}

pub(super) async fn take_over(args: TakeOverArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let at = At::of(here, args.who).await?;
    let action = newest(&at).await?;
    at.ask(&Command::TakeOver { action, by: at.by.clone(), remark: args.remark }).await?;
    if here.json {
        say_json(&json!({ "session": at.id, "action": action, "by": at.by }))?;
    } else {
        say(format!("Action #{action} is taken over by {}: the watch leaves it alone.", at.by))?;
    }
    Ok(Exit::Pass)
}

async fn newest(at: &At<'_>) -> Result<u32, CliError> {
    let session = at.folded().await?;
    session.actions.last().map(|a| a.id).ok_or_else(|| {
        CliError::usage(
            format!("nothing was done to the deployment in session `{}`", at.id),
            "name another session with --session",
        )
    })
}

fn clock(moment: Moment) -> String {
    moment.utc.format("%H:%M:%S UTC").to_string()
}
