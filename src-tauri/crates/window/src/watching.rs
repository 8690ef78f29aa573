//! The watches that this program stands: begun, gone on with, and tried again when they break off.

use std::{
    sync::{Arc, Weak, atomic::Ordering::SeqCst},
    time::{Duration, Instant},
};

use tokio::time::sleep;
use watchkeeper_core::notify::Urgency;
use watchkeeper_demo::serve::Served;
use watchkeeper_desk::{DeskError, Prepared, Stood, demo, watch};
use watchkeeper_engine::{
    Ended,
    ports::{About, Notification},
};
use watchkeeper_store::SessionState;

use crate::{
    charts::Charts,
    contract::{ErrorCode, RequestError},
    desktop::{Desktop, PROGRAM, Tries},
    host::Message,
    live::{ChartTap, Live},
    recorded::Recorded,
    tray::Words,
    words,
};

/// Between two pulses, while somebody looks. A reading is to show within 200 ms.
const PULSE: Duration = Duration::from_millis(150);
/// Between two looks at the tray, while nobody looks at the window.
const GLANCE: Duration = Duration::from_secs(1);
/// Before each new try to go on with a session.
const AGAIN: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
];
/// Before each try after these.
const LAST: Duration = Duration::from_secs(3_600);
/// A watch that has stood for so long stands well: when it breaks off then, that is another trouble.
const WELL: Duration = Duration::from_secs(300);

impl Desktop {
    /// Goes on with what was watched when the program ended, and shows what was shown. What cannot go on now is tried
    /// again, and told.
    pub async fn restore(&self) {
        if let Some(why) = self.files.forgotten() {
            // Nobody may be looking at the window, which says so, too.
            let (title, body) = forgotten(self.words(), &why);
            self.last_words("", title, body, Urgency::Critical).await;
        }
        let (watching, showing) = {
            let state = self.state();
            (state.remembered.watching.clone(), state.remembered.showing.clone())
        };
        for (session, deployment) in &watching {
            let gone_on = self.go_on(session, deployment.as_deref(), true).await;
            if self.is_ending() {
                // What does not go on now does at the next start.
                return;
            }
            let Err(e) = gone_on else { continue };
            tracing::warn!("session {session} does not go on: {}", e.message);
            if is_lasting(e.code) {
                self.give_up(session, &e).await;
                continue;
            }
            self.try_again(session.clone(), deployment.clone());
            if e.code != ErrorCode::InUse {
                let (title, body) = not_yet(self.words(), false, session, &e.message);
                self.last_words(session, title, body, Urgency::Critical).await;
            }
        }
        // What goes on is shown as it does; what else is shown by now the person has chosen meanwhile.
        let chosen = {
            let state = self.state();
            state
                .remembered
                .showing
                .clone()
                .filter(|now| Some(now) != showing.as_ref() && !watching.contains_key(now))
        };
        if let Some(session) = showing.filter(|_| chosen.is_none())
            && let Err(e) = self.open_session(&session).await
        {
            tracing::warn!("session {session} cannot be shown: {}", e.message);
            self.remember(|r| r.showing = None);
        }
    }

    /// Goes on with a session as soon as it can: the keychain may be locked still, the disk full, or the session held by
    /// another process.
    fn try_again(&self, session: String, deployment: Option<String>) {
        let me = Weak::clone(&self.me);
        tokio::spawn(async move {
            loop {
                let Some(desktop) = me.upgrade() else { return };
                let (pause, tries) = desktop.next_try(&session);
                drop(desktop);
                sleep(pause).await;
                let Some(desktop) = me.upgrade() else { return };
                if !desktop.is_to_be_tried(&session, tries) {
                    return;
                }
                // Nobody asked for it in this moment: who looks at another session goes on looking at that.
                let show = desktop.shown_id().map_or(true, |shown| shown == session);
                match desktop.go_on(&session, deployment.as_deref(), show).await {
                    Ok(()) => {
                        tracing::info!("session {session} goes on");
                        break;
                    }
                    Err(e) => {
                        tracing::warn!("session {session} still does not go on: {}", e.message);
                        if !desktop.is_to_be_tried(&session, tries) {
                            return;
                        }
                        // Whoever has the session for so long watches it.
                        let elsewhere = e.code == ErrorCode::InUse && tries.times > AGAIN.len();
                        if is_lasting(e.code) || elsewhere {
                            desktop.give_up(&session, &e).await;
                            return;
                        }
                    }
                }
            }
            sleep(WELL).await;
            if let Some(desktop) = me.upgrade() {
                desktop.stands_well(&session).await;
            }
        });
    }

    /// It was not stopped meanwhile, does not go on already, and nobody else tries.
    fn is_to_be_tried(&self, session: &str, tries: Tries) -> bool {
        let state = self.state();
        state.remembered.watching.contains_key(session)
            && !state.live.contains_key(session)
            && state.tries.get(session) == Some(&tries)
            && !self.is_ending()
    }

    /// A watch that was tried again has stood for a while: what was told of its trouble no longer holds.
    async fn stands_well(&self, session: &str) {
        {
            let mut state = self.state();
            if state.live.get(session).is_none_or(|l| l.since.elapsed() < WELL)
                || state.tries.remove(session).is_none()
            {
                return;
            }
        }
        let (title, body) = stands_again(self.words(), session);
        self.last_words(session, title, body, Urgency::Normal).await;
    }

    /// A person has gone on with a session: what was tried before is settled.
    pub(crate) fn gone_on_by_hand(&self, session: &str) {
        self.state().tries.remove(session);
    }

    /// Nothing can be gone on with. What another process watches, or what has ended, nobody has to be woken for.
    async fn give_up(&self, session: &str, error: &RequestError) {
        self.remember(|r| _ = r.watching.remove(session));
        self.state().tries.remove(session);
        if !matches!(error.code, ErrorCode::InUse | ErrorCode::SignedOff | ErrorCode::Refused) {
            self.told_in_vain(session, error).await;
        }
    }

    /// How long to wait before the next try, and which it is.
    fn next_try(&self, session: &str) -> (Duration, Tries) {
        let turn = self.turns.fetch_add(1, SeqCst);
        let mut state = self.state();
        let tries = state.tries.entry(session.to_owned()).or_default();
        let pause = AGAIN.get(tries.times).copied().unwrap_or(LAST);
        *tries = Tries { times: tries.times + 1, turn };
        (pause, *tries)
    }

    /// A watch that does not go on is told on the desktop: nobody may be looking at the window.
    async fn told_in_vain(&self, session: &str, error: &RequestError) {
        let (title, body) = words::in_vain(self.words(), session, &error.message);
        self.last_words(session, title, body, Urgency::Critical).await;
    }

    async fn last_words(&self, session: &str, title: &str, body: String, urgency: Urgency) {
        let notification = Notification { title: title.into(), body, urgency, about: About::Watch };
        if let Err(e) = self.herald(session).show(&notification).await {
            tracing::warn!("how the watch of {session} stands could not be told: {e}");
        }
    }

    /// Stands a watch, and shows it where that is wanted.
    pub(crate) async fn stand(
        &self,
        prepared: Prepared,
        deployment: Option<String>,
        served: Option<Served>,
        show: bool,
    ) -> Result<String, RequestError> {
        let id = prepared.session.opening.session.clone();
        let charts = if prepared.resumed {
            Arc::clone(&Recorded::read(&self.store, &id).await?.charts)
        } else {
            Arc::new(Charts::new(&prepared.session.opening.rules))
        };
        let herald = self.herald(&id);
        let tap = Arc::new(ChartTap(Arc::clone(&charts)));
        let (ended, over) = tokio::sync::watch::channel(false);
        let since = Instant::now();
        let (mut running, handle) = {
            let mut state = self.state();
            // Looked at with the lock held: who ends the program stops what is in the table by then.
            if self.is_ending() {
                return Err(RequestError::new(ErrorCode::CouldNot, "the program is about to end"));
            }
            let running = prepared.start(herald, Some(tap)).quietly();
            let handle = running.handle().clone();
            let live = Live { deployment: deployment.clone(), handle: handle.clone(), charts, over, since };
            state.live.insert(id.clone(), live);
            // From here on it is the watch that tells how the session stands.
            state.recorded = state.recorded.take().filter(|r| r.id() != id);
            (running, handle)
        };
        self.remember(|r| _ = r.watching.insert(id.clone(), deployment));
        if show {
            // Before it could have ended.
            self.show(Some(id.clone()));
        } else {
            self.host.tell(Message::Changed);
        }
        let (me, session) = (Weak::clone(&self.me), id.clone());
        tokio::spawn(async move {
            let stood = running.ended().await;
            let stood = running.over(stood).await;
            if let Some(served) = served {
                served.shutdown().await;
            }
            let desktop = me.upgrade();
            let why = desktop.as_ref().and_then(|desktop| desktop.left(&session, &stood));
            let _ = ended.send(true);
            if let Some(desktop) = desktop {
                if let Some(why) = why {
                    let (title, body) = not_yet(desktop.words(), true, &session, &why);
                    desktop.last_words(&session, title, body, Urgency::Critical).await;
                }
                desktop.glance().await;
                desktop.host.tell(Message::Changed);
            }
        });
        let (me, session) = (Weak::clone(&self.me), id.clone());
        let mut changes = handle.changes();
        tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let Some(desktop) = me.upgrade() else { return };
                if desktop.shown_id().is_ok_and(|shown| shown == session) {
                    let Some(view) = handle.view().await else { return };
                    desktop.tell(view);
                }
                let pause = if desktop.host.is_visible() { PULSE } else { GLANCE };
                drop(desktop);
                sleep(pause).await;
            }
        });
        self.glance().await;
        Ok(id)
    }

    /// A watch no longer stands. One that broke off while the program runs is tried again; gives why, where that is to be
    /// told.
    fn left(&self, id: &str, stood: &Result<Stood, DeskError>) -> Option<String> {
        let left = self.state().live.remove(id);
        let error = match stood {
            Ok(stood) => {
                self.state().tries.remove(id);
                // A watch that was stopped with the program goes on at the next start.
                if stood.ended != Ended::Stopped || !self.is_ending() {
                    self.remember(|r| _ = r.watching.remove(id));
                }
                return None;
            }
            Err(error) => error,
        };
        tracing::error!("the watch of {id} broke off: {error}");
        if self.is_ending() {
            return None;
        }
        let left = left?;
        let known = {
            let mut state = self.state();
            if left.since.elapsed() >= WELL {
                state.tries.remove(id);
            }
            state.tries.contains_key(id)
        };
        self.try_again(id.to_owned(), left.deployment);
        // Once for all the tries: what is told each time is not heard any more.
        (!known).then(|| error.what.clone())
    }

    /// Takes a deployment (or a simulated session) for a watch that is about to stand; it is given back with the guard.
    ///
    /// # Errors
    /// `in_use` when it is watched, or about to be.
    pub(crate) fn reserve(&self, deployment: &str) -> Result<Reserved<'_>, RequestError> {
        let mut state = self.state();
        let watched = state.live.values().any(|l| l.deployment.as_deref() == Some(deployment));
        if watched || !state.starting.insert(deployment.to_owned()) {
            return Err(RequestError::new(ErrorCode::InUse, "this deployment is being watched already"));
        }
        Ok(Reserved { desktop: self, deployment: deployment.to_owned() })
    }

    /// Goes on with a session that nobody watches. `deployment` says which configuration; without it the session is a
    /// simulated one, or the deployment of the same name.
    pub(crate) async fn go_on(
        &self,
        id: &str,
        deployment: Option<&str>,
        show: bool,
    ) -> Result<(), RequestError> {
        let summary = self.store.summary(id).await?;
        if summary.state != SessionState::Open {
            return Err(RequestError::new(ErrorCode::Refused, format!("session `{id}` has run to its end")));
        }
        if summary.simulated.is_some() {
            let _reserved = self.reserve(id)?;
            let staged = demo::go_on(&self.store, &summary, PROGRAM).await?;
            self.stand(staged.prepared, None, Some(staged.served), show).await?;
            return Ok(());
        }
        let deployment = match deployment {
            Some(deployment) => deployment.to_owned(),
            None => self.deployment_named(&summary.deployment).ok_or_else(|| {
                RequestError::new(
                    ErrorCode::NotFound,
                    format!("no deployment that is kept here is called {}", summary.deployment),
                )
                .help("set it up, with the same name, then resume")
            })?,
        };
        let _reserved = self.reserve(&deployment)?;
        self.resume_of(id, deployment, show).await
    }

    /// Goes on with a session of a deployment that is reserved.
    pub(crate) async fn resume_of(
        &self,
        id: &str,
        deployment: String,
        show: bool,
    ) -> Result<(), RequestError> {
        let configured = self.configured(&deployment).await?;
        let resumed = watch::resume(&self.store, &configured, id, PROGRAM).await?;
        self.stand(resumed.prepared, Some(deployment), None, show).await?;
        Ok(())
    }

    fn deployment_named(&self, name: &str) -> Option<String> {
        let all = self.deployments.ids();
        all.into_iter().find(|id| self.deployments.read(id).is_ok_and(|c| c.config.deployment.name == name))
    }
}

/// A deployment whose watch is about to stand.
pub(crate) struct Reserved<'a> {
    desktop: &'a Desktop,
    deployment: String,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.desktop.state().starting.remove(&self.deployment);
    }
}

/// A watch that broke off (`stood`), or could not go on, and is tried again. `why` comes from the program, in English.
fn not_yet(words: Words, stood: bool, session: &str, why: &str) -> (&'static str, String) {
    match words {
        Words::En => (
            if stood { "The watch broke off" } else { "The watch could not go on" },
            format!(
                "{why}. Nobody watches {session} now; it is tried again by itself, first in a few seconds."
            ),
        ),
        Words::El => (
            if stood {
                "Η βάρδια διακόπηκε"
            } else {
                "Η βάρδια δεν συνεχίστηκε"
            },
            format!(
                "Κανείς δεν παρακολουθεί τώρα τη συνεδρία {session}. Το πρόγραμμα δοκιμάζει μόνο του να τη συνεχίσει, \
                 πρώτα σε λίγα δευτερόλεπτα.{}",
                words::cause(why)
            ),
        ),
    }
}

/// What was watched is not known any more. `why` comes from the program, in English.
fn forgotten(words: Words, why: &str) -> (&'static str, String) {
    match words {
        Words::En => (
            "Look whether the watch stands",
            format!(
                "What was watched is not remembered, and does not go on by itself: open the window and resume it. {why}."
            ),
        ),
        Words::El => (
            "Δείτε αν γίνεται βάρδια",
            format!(
                "Το πρόγραμμα δεν θυμάται τι παρακολουθούσε και δεν το συνεχίζει μόνο του: ανοίξτε το παράθυρο και \
                 συνεχίστε τη βάρδια.{}",
                words::cause(why)
            ),
        ),
    }
}

/// A watch that was tried again and stands.
fn stands_again(words: Words, session: &str) -> (&'static str, String) {
    match words {
        Words::En => ("The watch goes on", format!("{session} is watched again; the gap is in its log.")),
        Words::El => (
            "Η βάρδια συνεχίζεται",
            format!("Η συνεδρία {session} παρακολουθείται ξανά· το κενό φαίνεται στο ημερολόγιό της."),
        ),
    }
}

/// Whether another try cannot help: there is nothing to go on with.
const fn is_lasting(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::NotFound | ErrorCode::SignedOff | ErrorCode::Refused)
}
