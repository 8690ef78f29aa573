//! What a failure says, and what a container said last.

use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use watchkeeper_core::{
    action::{RollBackPlan, Stage},
    reading::{Failure, FailureKind, Place},
    redact::from_outside,
};

use super::{
    json::text,
    readiness::is_missing,
    stand::{Seen, Stand, Step},
};
use crate::docker::{Engine, Frames};

/// The lines of a log that are told, and the characters of them.
const LINES: usize = 8;
const MOST: usize = 500;
const CAP: usize = 64 * 1024;

/// Whether it is not known if the Engine did what it was asked for, or it may do it when it is asked again.
pub(super) const fn passes(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::Timeout
            | FailureKind::Refused
            | FailureKind::Unreachable
            | FailureKind::NameNotFound
            | FailureKind::Broken
            | FailureKind::Status(409 | 502..=504)
    )
}

/// A failure that was found by looking.
pub(super) fn in_the_way(message: &str) -> Failure {
    Failure {
        place: Place::DockerEngine,
        kind: FailureKind::BadAnswer,
        message: from_outside(message, Failure::MOST_OF_A_MESSAGE),
    }
}

/// What was done, for people.
pub(super) fn done(stage: Stage, stand: &Stand, plan: &RollBackPlan) -> String {
    let short = |one: &Option<Seen>| one.as_ref().map(Seen::short).unwrap_or_default();
    let (old, new) = (short(&stand.old), short(&stand.new));
    match stage {
        Stage::Create => format!("{} ({new}) from {}", plan.made_as, plan.to.name),
        Stage::Stop => format!("{} ({old})", plan.container),
        Stage::SetAside => format!("{} ({old}), restart policy no", plan.aside),
        Stage::TakeName => format!("{new} is {}", plan.container),
        _ => format!("{} ({new}), restart policy {}", plan.container, plan.restart_policy),
    }
}

/// What the Engine said, with what to do about it.
pub(super) fn explained(mut failure: Failure, step: &Step, plan: &RollBackPlan) -> Failure {
    if passes(&failure) || is_missing(&failure) {
        return failure;
    }
    let what = match step {
        Step::Create => format!("The container {} could not be made", plan.made_as),
        Step::Connect(network, _) => {
            format!("The new container could not be connected to the network {network}")
        }
        Step::Disconnect(network, _) => {
            format!("The new container could not be taken out of the network {network}")
        }
        Step::Stop(_) => "The container could not be stopped".to_owned(),
        Step::Policy(..) => "The container's restart policy could not be changed".to_owned(),
        Step::Rename(_, name) => format!("No container could be named {name}"),
        Step::Start(_) => {
            failure.place = Place::Container;
            format!("{} could not be started", plan.container)
        }
        Step::Remove(_) => "The container of the previous image could not be removed".to_owned(),
        Step::Wait(_) => String::new(),
    };
    failure.message = from_outside(&format!("{what}: {}", failure.message), Failure::MOST_OF_A_MESSAGE);
    failure
}

/// `; its last words: …`, or nothing where they cannot be had.
pub(super) async fn last_words(engine: &Engine, container: &Value) -> String {
    let tty = container.pointer("/Config/Tty").and_then(Value::as_bool).unwrap_or(false);
    let path = format!("/containers/{}/logs?stdout=true&stderr=true&tail={LINES}", text(container, "/Id"));
    let Ok(response) = engine.open(&path).await else { return String::new() };
    let deadline = Instant::now() + engine.patience();
    let (mut body, mut frames, mut said) = (response.into_body(), Frames::new(tty), Vec::new());
    while let Ok(Some(Ok(data))) = timeout_at(deadline, body.frame()).await {
        frames.push(&data.into_data().unwrap_or_default());
        while let Ok(Some(frame)) = frames.next() {
            said.extend_from_slice(&frame.bytes);
        }
        if said.len() > CAP {
            break;
        }
    }
    said.extend(frames.rest().map(|frame| frame.bytes).unwrap_or_default());
    let said = String::from_utf8_lossy(&said);
    let said = said.trim();
    if said.is_empty() { String::new() } else { format!("; its last words: {}", newest(said)) }
}

/// The last lines, redacted whole and then cut, on one line.
fn newest(said: &str) -> String {
    let clean = from_outside(said, CAP);
    let from = clean.chars().count().saturating_sub(MOST);
    let tail: String = clean.chars().skip(from).collect();
    tail.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_last_words_the_newest_are_told_without_secrets() {
        assert_eq!(newest("one\n\n two\npassword=hunter2"), "one / two / password=[redacted]");
        let long = format!("{}\nthe end", "x ".repeat(5_000));
        let told = newest(&long);
        assert!(told.ends_with(" / the end") && told.chars().count() < MOST + 10, "{told}");
    }
}
