//! Where a fault would be: from this PC to the database, rung by rung.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    gap::GapCause,
    observed::Container,
    reading::{ContainerStatus, FailureKind, Place, Source},
    session::Session,
};

/// How a rung stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum RungState {
    /// It holds.
    Good,
    /// It is broken.
    Bad,
    /// It cannot be seen now.
    Unknown,
}

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Rung {
    /// Which.
    pub place: Place,
    /// How it stands.
    pub state: RungState,
    /// What is known of it.
    pub detail: String,
    /// In what way it failed, where a request did, for those who speak another language. No part of what is published.
    #[serde(skip)]
    #[ts(skip)]
    pub kind: Option<FailureKind>,
}

pub(super) fn of(session: &Session) -> Vec<Rung> {
    let seen = &session.observed;
    let gap = session.open_gap().map(|g| g.cause);
    let rung = |place, state, detail: String| Rung { place, state, detail, kind: None };
    let source = |place, source: Source| {
        let track = seen.track(source);
        match track.at {
            None => rung(place, RungState::Unknown, "not seen yet".into()),
            Some(_) if track.failed > 0 => {
                let failure = track.failure.as_ref().map(|f| &f.failure);
                let what = failure.map_or_else(String::new, |f| f.message.clone());
                Rung { kind: failure.map(|f| f.kind), ..rung(place, RungState::Bad, what) }
            }
            Some(_) => {
                let took = track.took_ms.map_or_else(|| "answers".into(), |ms| format!("{ms:.0} ms"));
                rung(place, RungState::Good, took)
            }
        }
    };
    let pc = match gap {
        Some(GapCause::Offline) => rung(Place::ThisPc, RungState::Bad, "offline".into()),
        Some(GapCause::Asleep | GapCause::Closed) => {
            rung(Place::ThisPc, RungState::Unknown, "not watching".into())
        }
        _ => rung(Place::ThisPc, RungState::Good, "online".into()),
    };
    let network = match gap {
        Some(GapCause::Network) => rung(Place::Network, RungState::Bad, "down".into()),
        Some(_) => rung(Place::Network, RungState::Unknown, "not seen".into()),
        None => rung(Place::Network, RungState::Good, "works".into()),
    };
    let nas = if gap.is_some() || seen.last_sight.is_none() {
        rung(Place::Nas, RungState::Unknown, "not seen".into())
    } else if seen.nas_failed > 0 {
        rung(Place::Nas, RungState::Bad, format!("{} failures in a row", seen.nas_failed))
    } else {
        rung(Place::Nas, RungState::Good, "answers".into())
    };
    let mut engine = source(Place::DockerEngine, Source::Inspect);
    if let (RungState::Good, Some(e)) = (engine.state, &seen.engine) {
        engine.detail = format!("{}, API {}", e.version, e.api_version);
    }
    let container = container(session);
    let database = match (seen.database_ok, seen.database_failed) {
        (0, 0) => rung(Place::Database, RungState::Unknown, "not seen yet".into()),
        (_, 0) => {
            let p95 = seen.database_ms.percentile(95.0);
            rung(
                Place::Database,
                RungState::Good,
                p95.map_or_else(|| "connected".into(), |p| format!("p95 ≤ {p:.0} ms")),
            )
        }
        _ => rung(Place::Database, RungState::Bad, seen.database_message.clone().unwrap_or_default()),
    };
    vec![pc, network, nas, engine, container, source(Place::Application, Source::Api), database]
}

/// The containers: the one that is alone in its own words, of several those that do not run, by name.
fn container(session: &Session) -> Rung {
    let deployment = &session.opening.deployment;
    let rung = |state, detail| Rung { place: Place::Container, state, detail, kind: None };
    let of = |part| session.observed.instance(part).map(|i| &i.container);
    let state = |it: Option<&Container>| match it {
        Some(it) if it.state.is_none() && it.down_since.is_none() => RungState::Unknown,
        Some(it) if it.is_up() => RungState::Good,
        Some(_) => RungState::Bad,
        None => RungState::Unknown,
    };
    let words = |it: Option<&Container>| {
        // One that was removed was running when it was last looked at.
        let gone = |it: &&Container| {
            it.down_since.is_some()
                && it.state.as_ref().is_some_and(|s| s.value.status == ContainerStatus::Running)
        };
        if it.filter(gone).is_some() {
            return "there is no such container".to_owned();
        }
        it.and_then(|it| it.state.as_ref()).map_or_else(
            || match it.and_then(|it| it.down_since) {
                Some(_) => "there is no such container".to_owned(),
                None => "not seen yet".to_owned(),
            },
            |s| format!("{:?}, health {:?}", s.value.status, s.value.health).to_lowercase(),
        )
    };
    let all: Vec<(&str, RungState, String)> =
        deployment.containers().map(|(part, name)| (name, state(of(part)), words(of(part)))).collect();
    if let [(_, state, words)] = all.as_slice() {
        return rung(*state, words.clone());
    }
    for wanted in [RungState::Bad, RungState::Unknown] {
        let those: Vec<String> = all
            .iter()
            .filter(|(_, state, _)| *state == wanted)
            .map(|(name, _, words)| format!("{name}: {words}"))
            .collect();
        if !those.is_empty() {
            return rung(wanted, those.join("; "));
        }
    }
    rung(RungState::Good, format!("{} containers running", all.len()))
}
