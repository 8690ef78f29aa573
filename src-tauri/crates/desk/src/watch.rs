//! A watch of a real deployment: a new session, or one that was left open.

use std::sync::Arc;

use chrono::Utc;
use watchkeeper_core::{
    event::Release,
    plan::Plan,
    session::{Command, Session},
    time::{Moment, Span, WatchTime},
};
use watchkeeper_engine::{clock::WallClock, moment_of};
use watchkeeper_store::{Pruned, SessionSummary, Store, StoreError};

use crate::{
    DeskError, Help, Prepared,
    choose::{self, Kind},
    deployment::Configured,
    folding::{self, Recorded},
    standing::Asked,
};

/// A session that goes on.
pub struct Resumed {
    /// The watch, put together again.
    pub prepared: Prepared,
    /// For how long nobody watched.
    pub away: Span,
    /// What else there is to say of it.
    pub told: Vec<String>,
}

/// Opens a new session of `plan`.
///
/// # Errors
/// What in the configuration can never work, and that the journal cannot be written.
pub async fn begin(
    store: &Store,
    configured: &Configured,
    sessions: &[SessionSummary],
    plan: Plan,
    speed: f64,
    kind: Kind,
    program: &'static str,
) -> Result<Prepared, DeskError> {
    let now = Utc::now();
    let id = choose::new_id(sessions, now, &configured.config.release.version, kind);
    let asked = configured.connect(None, now, store, &id).await?;
    let opening = configured.opening(id, plan, speed, program);
    let journal = store.create_session(&opening, now).await?;
    let pace = opening.pace;
    let session = watchkeeper_engine::open(&journal, opening, now).await?;
    let clock = WallClock::starting_at(Moment { utc: now, watch: WatchTime::START }, pace);
    Ok(prepared(configured, session, journal, clock, asked, program))
}

/// Puts the watch of a session that was left together again.
///
/// # Errors
/// When another process watches it, it has run to its end, or its journal cannot be read.
pub async fn resume(
    store: &Store,
    configured: &Configured,
    id: &str,
    program: &'static str,
) -> Result<Resumed, DeskError> {
    let journal = store.session(id).await.map_err(|e| match e {
        StoreError::InUse { .. } => DeskError::could_not_run(
            format!("session `{id}` is being watched by another process already"),
            Help::Elsewhere { session: id.to_owned() },
        )
        .coded(crate::Code::InUse),
        other => other.into(),
    })?;
    if store.summary(id).await?.readings_pruned.is_some() {
        return Err(DeskError::usage(
            format!(
                "the readings of session `{id}` were removed by the retention: it cannot be gone on with"
            ),
            Help::Anew,
        ));
    }
    let recorded = folding::fold(store, id).await?;
    if recorded.session.concluded.is_some() {
        return Err(DeskError::usage(
            format!("session `{id}` has run to its end"),
            Help::SignOff { session: id.to_owned() },
        ));
    }
    let asked = configured.connect(Some(&recorded), Utc::now(), store, id).await?;
    let Recorded { session, .. } = recorded;
    let now = moment_of(&session, Utc::now());
    let away = now.watch.since(session.alive());
    let mut told = Vec::new();
    if now.watch > session.end() {
        told.push("The plan's end has passed meanwhile: the last checkpoint is taken late, then the session concludes.".into());
    }
    let (first, changed) = differences(configured, &session);
    told.extend(changed);
    let clock = WallClock::starting_at(now, session.opening.pace);
    let mut prepared = prepared(configured, session, journal, clock, asked, program);
    prepared.resumed = true;
    prepared.first = first;
    Ok(Resumed { prepared, away, told })
}

/// Applies the retention of the configuration.
///
/// # Errors
/// Why readings could not be removed now; they are another time.
pub async fn prune(store: &Store, configured: &Configured) -> Result<Pruned, StoreError> {
    let retention = configured.config.retention;
    store.prune(retention.sessions, retention.max_size_mb.saturating_mul(1_000_000)).await
}

/// What the configuration says otherwise than the session's opening: a note for the log where it is another address,
/// and a word to the person.
fn differences(configured: &Configured, session: &Session) -> (Option<Command>, Option<String>) {
    let config = &configured.config;
    let (was, is) = (&session.opening.deployment, config.deployment.facts());
    let mut changed = Vec::new();
    for (what, was, is) in [
        ("URL", Some(&was.url), Some(&is.url)),
        ("Docker Engine", Some(&was.docker), Some(&is.docker)),
        ("container", Some(&was.container), Some(&is.container)),
        ("front end's container", was.front_end_container.as_ref(), is.front_end_container.as_ref()),
        ("database's container", was.database_container.as_ref(), is.database_container.as_ref()),
    ] {
        if was != is {
            let named = |name: Option<&String>| name.map_or_else(|| "none".to_owned(), Clone::clone);
            changed.push(format!("{what} {} (was {})", named(is), named(was)));
        }
    }
    let note = (!changed.is_empty()).then(|| Command::Note {
        by: "watchkeeper".into(),
        text: format!("Resumed with a configuration that differs: {}", changed.join("; ")),
    });
    let Release { previous, .. } = &session.opening.release;
    let rules =
        configured.opening(String::new(), session.opening.plan.clone(), session.opening.pace.speed, "").rules;
    let other_rules = session.opening.rules != rules || *previous != config.release.previous;
    let told = other_rules.then(|| {
        "The session keeps the thresholds that it began with; the configuration has others by now.".to_owned()
    });
    (note, told)
}

fn prepared(
    configured: &Configured,
    session: Session,
    journal: watchkeeper_store::SessionJournal,
    clock: WallClock,
    asked: Asked,
    program: &'static str,
) -> Prepared {
    Prepared {
        session,
        resumed: false,
        journal,
        clock: Arc::new(clock),
        asked,
        jitter_percent: configured.config.watch.jitter_percent.clamp(0.0, 100.0) as u8,
        first: None,
        program,
    }
}
