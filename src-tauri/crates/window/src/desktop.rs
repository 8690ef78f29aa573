//! The program behind the window: which session is shown, which are watched, and what became of them.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use chrono::Utc;
use tokio::{task::AbortHandle, time::sleep};
use watchkeeper_core::{session::Session, view::View};
use watchkeeper_demo::serve::Served;
use watchkeeper_desk::{DeskError, Prepared, Stood, demo, files::journal_in, watch};
use watchkeeper_engine::{
    Ended, moment_of,
    ports::{Herald, Notification},
};
use watchkeeper_store::{Access, Counts, SessionState, Store};

use crate::{
    charts::Charts,
    contract::{AppSettings, ErrorCode, RequestError},
    deployments::Deployments,
    files::{Files, Remembered},
    host::{Host, Keychain, Message},
    live::{ChartTap, Live, WindowHerald, folded, pulse},
    tray::Tray,
};

/// The program and its version, for the journal.
pub const PROGRAM: &str = concat!("SMS Watchkeeper ", env!("CARGO_PKG_VERSION"));
/// Between two pulses, while somebody looks. A reading is to show within 200 ms.
const PULSE: Duration = Duration::from_millis(150);
/// Between two looks at the tray, while nobody looks at the window.
const GLANCE: Duration = Duration::from_secs(1);
/// Before each new try to go on with a session.
const AGAIN: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
    Duration::from_secs(3_600),
];
/// Between two looks at a session that another process writes.
const FOLLOW: Duration = Duration::from_secs(1);

/// The program behind the window. Its methods are what the window's commands do.
pub struct Desktop {
    me: Weak<Self>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) keychain: Arc<dyn Keychain>,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) deployments: Deployments,
    state: Mutex<State>,
    /// Held while what is remembered is written, so that the newest is what stays.
    writing: Mutex<()>,
    /// Counts the looks at a set-up: only the newest one is of use.
    pub(crate) looks: AtomicU64,
    /// The program is about to end: what is watched is to go on at the next start.
    ending: AtomicBool,
}

/// What changes.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) settings: AppSettings,
    pub(crate) remembered: Remembered,
    pub(crate) live: HashMap<String, Live>,
    /// The deployments (or, of a simulated one, the sessions) whose watch is about to stand.
    starting: HashSet<String>,
    /// The session that is shown.
    pub(crate) shown: Option<String>,
    /// The shown session as it was last read, where it is not watched here.
    recorded: Option<Arc<Recorded>>,
    /// What was exported, and so may be revealed.
    pub(crate) exported: Vec<PathBuf>,
}

/// A session as it was last read.
pub(crate) struct Recorded {
    pub(crate) session: Session,
    pub(crate) charts: Arc<Charts>,
    /// Looks for what another process writes; ends with this.
    follow: Option<AbortHandle>,
}

impl Drop for Recorded {
    fn drop(&mut self) {
        if let Some(follow) = &self.follow {
            follow.abort();
        }
    }
}

impl Desktop {
    /// Opens the journal in `data` and reads what the program remembers. Watches nothing yet: see
    /// [`Desktop::restore`].
    ///
    /// # Errors
    /// When the folder or the journal cannot be used; what to do stands in it.
    pub async fn open(
        host: Arc<dyn Host>,
        keychain: Arc<dyn Keychain>,
        data: PathBuf,
    ) -> Result<Arc<Self>, RequestError> {
        let store = Store::open(&journal_in(&data), Access::Write).await?;
        let files = Files::new(data);
        let state = State { settings: files.settings(), remembered: files.remembered(), ..State::default() };
        let desktop = Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            host,
            keychain,
            store,
            deployments: Deployments::new(files.deployments()),
            files,
            state: Mutex::new(state),
            writing: Mutex::new(()),
            looks: AtomicU64::new(0),
            ending: AtomicBool::new(false),
        });
        desktop.show_tray(None);
        Ok(desktop)
    }

    /// Goes on with what was watched when the program ended, and shows what was shown. What cannot go on now is tried
    /// again, and told.
    pub async fn restore(&self) {
        let (watching, showing) = {
            let state = self.state();
            (state.remembered.watching.clone(), state.remembered.showing.clone())
        };
        for (session, deployment) in &watching {
            if let Err(e) = self.go_on(session, deployment.as_deref()).await {
                tracing::warn!("session {session} does not go on: {}", e.message);
                if is_lasting(e.code) {
                    self.remember(|r| _ = r.watching.remove(session));
                } else {
                    self.try_again(session.clone(), deployment.clone());
                }
                // What another process watches, or what has ended, nobody has to be woken for.
                if !matches!(e.code, ErrorCode::InUse | ErrorCode::SignedOff | ErrorCode::Refused) {
                    self.told_in_vain(session, &e).await;
                }
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

    /// Goes on with a session as soon as it can: the keychain may be locked still, or the disk full.
    fn try_again(&self, session: String, deployment: Option<String>) {
        let me = Weak::clone(&self.me);
        tokio::spawn(async move {
            for pause in AGAIN {
                sleep(pause).await;
                let Some(desktop) = me.upgrade() else { return };
                let wanted = desktop.state().remembered.watching.contains_key(&session);
                if !wanted || desktop.state().live.contains_key(&session) {
                    return;
                }
                match desktop.go_on(&session, deployment.as_deref()).await {
                    Ok(()) => return,
                    Err(e) => {
                        tracing::warn!("session {session} still does not go on: {}", e.message);
                        if is_lasting(e.code) {
                            desktop.remember(|r| _ = r.watching.remove(&session));
                            return;
                        }
                    }
                }
            }
        });
    }

    /// A watch that does not go on is told on the desktop: nobody may be looking at the window.
    async fn told_in_vain(&self, session: &str, error: &RequestError) {
        let body = format!("{}. Nobody watches {session} until it is resumed.", error.message);
        let notification = Notification {
            title: "The watch could not go on".into(),
            body,
            urgency: watchkeeper_core::notify::Urgency::Critical,
            incident: None,
        };
        if let Err(e) = self.herald(session).show(&notification).await {
            tracing::warn!("that the watch does not go on could not be told: {e}");
        }
    }

    /// Whether this program stands a watch.
    pub fn is_watching(&self) -> bool {
        let state = self.state();
        !state.live.is_empty() || !state.starting.is_empty()
    }

    /// Stops every watch, so that each goes on when the program starts again. For the program's end.
    pub async fn stop_all(&self) {
        self.ending.store(true, SeqCst);
        let live: Vec<Live> = self.state().live.values().cloned().collect();
        for watch in &live {
            watch.handle.stop("the program was ended").await;
        }
        for mut watch in live {
            // The sender goes with the watch's own task: then it is over as well.
            let _ = watch.over.wait_for(|over| *over).await;
        }
    }

    /// Shows a session: one that is watched here, or as it is recorded.
    ///
    /// # Errors
    /// When there is no such session, or it cannot be read.
    pub async fn open_session(&self, session: &str) -> Result<(), RequestError> {
        if !self.state().live.contains_key(session) {
            let recorded = self.recorded(session).await?;
            self.state().recorded = Some(recorded);
        }
        self.show(Some(session.to_owned()));
        self.glance().await;
        Ok(())
    }

    /// Shows no session.
    pub async fn close_session(&self) {
        self.show(None);
        self.glance().await;
    }

    fn show(&self, shown: Option<String>) {
        {
            let mut state = self.state();
            state.recorded = state.recorded.take().filter(|r| Some(r.id()) == shown.as_deref());
            state.shown.clone_from(&shown);
        }
        self.remember(|r| r.showing = shown);
        self.host.tell(Message::Changed);
    }

    /// A session as it is recorded now. Boxed, because what follows it calls this again.
    fn recorded<'a>(
        &'a self,
        id: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Arc<Recorded>, RequestError>> + Send + 'a>> {
        Box::pin(async move {
            let elsewhere = self.store.writer_of(id)?;
            let seen = self.store.counts(id).await?;
            let (mut session, charts) = folded(&self.store, id).await?;
            // A program that was killed wrote no farewell; its lock tells that nobody watches.
            session.attended &= elsewhere;
            let open = session.signed_off.is_none();
            let follow = open.then(|| self.follow(id.to_owned(), seen, elsewhere));
            Ok(Arc::new(Recorded { session, charts, follow }))
        })
    }

    /// Looks for what another process writes from now on.
    fn follow(&self, id: String, seen: Counts, elsewhere: bool) -> AbortHandle {
        let me = Weak::clone(&self.me);
        let following = tokio::spawn(async move {
            loop {
                sleep(FOLLOW).await;
                let Some(desktop) = me.upgrade() else { return };
                let counts = desktop.store.counts(&id).await.ok();
                let writer = desktop.store.writer_of(&id).unwrap_or(false);
                if counts.is_some_and(|c| c != seen) || writer != elsewhere {
                    // What is shown anew brings its own follower, and this one ends with what it followed.
                    tokio::spawn(async move { desktop.read_again(&id).await });
                    return;
                }
            }
        });
        following.abort_handle()
    }

    /// Reads the shown session again, as another process has written it.
    async fn read_again(&self, id: &str) {
        match self.recorded(id).await {
            Ok(recorded) => {
                {
                    let mut state = self.state();
                    // The person may look at another one by now.
                    if state.shown.as_deref() != Some(id) || state.recorded.is_none() {
                        return;
                    }
                    state.recorded = Some(recorded);
                }
                self.glance().await;
            }
            Err(e) => tracing::warn!("session {id} could not be read again: {}", e.message),
        }
    }

    /// The id of the session that is shown.
    pub(crate) fn shown_id(&self) -> Result<String, RequestError> {
        self.state().shown.clone().ok_or_else(RequestError::nothing_shown)
    }

    /// Refuses what is meant for another session than the one that is shown: the page may be behind.
    pub(crate) fn is_shown(&self, session: &str) -> Result<(), RequestError> {
        if self.shown_id()? == session {
            Ok(())
        } else {
            Err(RequestError::new(
                ErrorCode::NothingShown,
                "another session is shown by now; nothing was done",
            ))
        }
    }

    /// The shown session as it is recorded; read where that was not done yet.
    async fn shown_as_recorded(&self, id: &str) -> Result<Arc<Recorded>, RequestError> {
        let known = self.state().recorded.clone().filter(|r| r.id() == id);
        if let Some(known) = known {
            return Ok(known);
        }
        let recorded = self.recorded(id).await?;
        let mut state = self.state();
        if state.shown.as_deref() == Some(id) && !state.live.contains_key(id) {
            state.recorded = Some(Arc::clone(&recorded));
        }
        Ok(recorded)
    }

    /// The view of the session that is shown.
    ///
    /// # Errors
    /// When none is shown, or it cannot be read.
    pub async fn view(&self) -> Result<View, RequestError> {
        let id = self.shown_id()?;
        let live = self.state().live.get(&id).cloned();
        // One that has ended in this moment is recorded.
        if let Some(live) = live
            && let Some(view) = live.handle.view().await
        {
            return Ok(view);
        }
        Ok(self.shown_as_recorded(&id).await?.view())
    }

    pub(crate) async fn charts(&self) -> Result<Arc<Charts>, RequestError> {
        let id = self.shown_id()?;
        let live = self.state().live.get(&id).map(|l| Arc::clone(&l.charts));
        match live {
            Some(charts) => Ok(charts),
            None => Ok(Arc::clone(&self.shown_as_recorded(&id).await?.charts)),
        }
    }

    /// Tells window and tray how the shown session stands.
    async fn glance(&self) {
        match self.view().await {
            Ok(view) => self.tell(view),
            Err(_) => self.show_tray(None),
        }
    }

    fn tell(&self, view: View) {
        self.show_tray(Some(&view));
        if self.host.is_visible() {
            self.host.tell(Message::Pulse(Box::new(pulse(view))));
        }
    }

    pub(crate) fn show_tray(&self, view: Option<&View>) {
        let here = {
            let state = self.state();
            state.shown.as_ref().is_some_and(|id| state.live.contains_key(id))
        };
        self.host.show_tray(&Tray::of(view, here, self.words()));
    }

    /// Stands a watch, and shows it.
    pub(crate) async fn stand(
        &self,
        prepared: Prepared,
        deployment: Option<String>,
        served: Option<Served>,
    ) -> Result<String, RequestError> {
        let id = prepared.session.opening.session.clone();
        if self.ending.load(SeqCst) {
            return Err(RequestError::new(ErrorCode::CouldNot, "the program is about to end"));
        }
        let charts = if prepared.resumed {
            folded(&self.store, &id).await?.1
        } else {
            Arc::new(Charts::new(&prepared.session.opening.rules))
        };
        let herald = self.herald(&id);
        let mut running = prepared.start(herald, Some(Arc::new(ChartTap(Arc::clone(&charts)))));
        let handle = running.handle().clone();
        let (ended, over) = tokio::sync::watch::channel(false);
        let live = Live { deployment: deployment.clone(), handle: handle.clone(), charts, over };
        self.state().live.insert(id.clone(), live);
        self.remember(|r| _ = r.watching.insert(id.clone(), deployment));
        // Shown before it could have ended.
        self.show(Some(id.clone()));
        let (me, session) = (Weak::clone(&self.me), id.clone());
        tokio::spawn(async move {
            let stood = running.ended().await;
            let stood = running.over(stood).await;
            if let Some(served) = served {
                served.shutdown().await;
            }
            let desktop = me.upgrade();
            if let Some(desktop) = &desktop {
                desktop.left(&session, &stood);
            }
            let _ = ended.send(true);
            if let Some(desktop) = desktop {
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

    /// A watch no longer stands.
    fn left(&self, id: &str, stood: &Result<Stood, DeskError>) {
        if let Err(e) = stood {
            tracing::error!("the watch of {id} has ended: {e}");
        }
        // A watch that was stopped with the program, or broke off, goes on at the next start.
        let goes_on = match stood {
            Ok(stood) => stood.ended == Ended::Stopped && self.ending.load(SeqCst),
            Err(_) => true,
        };
        if !goes_on {
            self.remember(|r| _ = r.watching.remove(id));
        }
        self.state().live.remove(id);
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
    pub(crate) async fn go_on(&self, id: &str, deployment: Option<&str>) -> Result<(), RequestError> {
        let summary = self.store.summary(id).await?;
        if summary.state != SessionState::Open {
            return Err(RequestError::new(ErrorCode::Refused, format!("session `{id}` has run to its end")));
        }
        if summary.simulated.is_some() {
            let _reserved = self.reserve(id)?;
            let staged = demo::go_on(&self.store, &summary, PROGRAM).await?;
            self.stand(staged.prepared, None, Some(staged.served)).await?;
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
        self.resume_of(id, deployment).await
    }

    /// Goes on with a session of a deployment that is reserved.
    pub(crate) async fn resume_of(&self, id: &str, deployment: String) -> Result<(), RequestError> {
        let configured = self.configured(&deployment).await?;
        let resumed = watch::resume(&self.store, &configured, id, PROGRAM).await?;
        self.stand(resumed.prepared, Some(deployment), None).await?;
        Ok(())
    }

    fn deployment_named(&self, name: &str) -> Option<String> {
        let all = self.deployments.ids();
        all.into_iter().find(|id| self.deployments.read(id).is_ok_and(|c| c.config.deployment.name == name))
    }

    pub(crate) fn herald(&self, session: &str) -> Arc<dyn Herald> {
        let me = Weak::clone(&self.me);
        Arc::new(WindowHerald {
            session: session.to_owned(),
            host: Arc::clone(&self.host),
            desktop: Arc::new(move || me.upgrade().is_none_or(|d| d.state().settings.notify_desktop)),
        })
    }

    /// Changes what is remembered, and keeps it.
    pub(crate) fn remember(&self, change: impl FnOnce(&mut Remembered)) {
        let _in_order = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = {
            let mut state = self.state();
            let before = state.remembered.clone();
            change(&mut state.remembered);
            if state.remembered == before {
                return;
            }
            state.remembered.clone()
        };
        if let Err(e) = self.files.keep_remembered(&remembered) {
            // It is of use at the next start only, and no record.
            tracing::warn!("{}", e.message);
        }
    }

    /// No value of the state is ever left half-changed.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Whether another try cannot help: there is nothing to go on with.
const fn is_lasting(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::NotFound | ErrorCode::SignedOff | ErrorCode::Refused | ErrorCode::InUse)
}

impl Recorded {
    fn id(&self) -> &str {
        &self.session.opening.session
    }

    fn view(&self) -> View {
        View::of(&self.session, moment_of(&self.session, Utc::now()))
    }
}
