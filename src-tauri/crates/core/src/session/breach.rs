//! What looks like a breach: hands laid on the container, rights that it gained, another container under its name.
//!
//! The watch sees that it was done and never by whom, so it suspects and a person judges: [`super::Command::Confirm`] or
//! [`super::Command::Dismiss`]. What was announced is nobody's secret and no suspicion. The watch itself only ever reads from
//! the Engine: it runs no command in the container and copies nothing, so that none of this is its own doing.

use super::{Incident, Session, Signal, SignalState, signal::bad};
use crate::{
    event::{ContainerChange, ContainerNews, Touch},
    matrix::{Issue, Problem},
    part::Part,
    reading::Place,
    time::WatchTime,
};

/// Notes on one incident; the log has a line for each all the same.
const MOST_NOTES: usize = 20;

/// Every suspicion. None turns good by itself, and each cause makes one.
///
/// A container made anew from the same image is one too, beside the interruption that it is: the watch does not see with which
/// command and environment it was started, so only a person can say that it was their redeploy. Where it gained rights, that
/// is the suspicion, and not a second one.
pub(super) fn all(session: &Session) -> Vec<Signal> {
    session.parts().into_iter().flat_map(|part| of(session, part)).collect()
}

fn of(session: &Session, part: Part) -> [Signal; 5] {
    use ContainerChange::{ImageChanged, ReachChanged, Recreated, Touched};
    let touched = |of: fn(Touch) -> bool| {
        last(session, part, move |n| matches!(&n.change, Touched { touch, .. } if of(*touch)))
    };
    let gained = |n: &ContainerNews| matches!(n.change, ReachChanged { grave: true, .. });
    let redeployed = |n: &ContainerNews| {
        let same = |other: &ContainerNews| other.part == part && other.seen == n.seen;
        let with_rights = session.changes.iter().any(|(other, _)| same(other) && gained(other));
        n.change == Recreated && !with_rights
    };
    let copied = |t| matches!(t, Touch::CopyOut | Touch::CopyIn | Touch::Export | Touch::Commit);
    let signal = |subject: &str, state| Signal {
        problem: Problem::of(Issue::SecurityBreach, part, subject),
        place: Place::Container,
        state,
    };
    [
        signal("exec", touched(|t| t == Touch::Exec)),
        signal("copy", touched(copied)),
        signal("privileges", last(session, part, gained)),
        signal("image", last(session, part, |n| matches!(n.change, ImageChanged { .. }))),
        signal("redeploy", last(session, part, redeployed)),
    ]
}

/// The newest such news of `part` that nobody had announced.
fn last(session: &Session, part: Part, of: impl Fn(&ContainerNews) -> bool) -> SignalState {
    let is_it = |(news, announced): &&(ContainerNews, bool)| news.part == part && !announced && of(news);
    session.changes.iter().rev().find(is_it).map_or(SignalState::Silent, |(news, _)| {
        let told = session.opening.deployment.told(news);
        bad(news.seen, news.seen, format!("{told}; nobody had announced it: confirm or dismiss it"))
    })
}

/// Whether evidence of `at` is more of what the open `incident` waits to be judged for.
pub(super) fn is_more_of(incident: &Incident, at: WatchTime) -> bool {
    let heard = incident.notes.last().map_or(incident.opened, |(moment, _)| *moment);
    incident.problem.issue == Issue::SecurityBreach
        && incident.waits_for_a_person()
        && at > heard.watch
        && incident.notes.len() < MOST_NOTES
}
