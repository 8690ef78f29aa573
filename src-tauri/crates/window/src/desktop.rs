//! The program behind the window: which session is shown, which are watched, and what became of them.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64},
    },
};

use chrono::Utc;
use tokio::time::Instant;
use watchkeeper_core::view::View;
use watchkeeper_desk::files::journal_in;
use watchkeeper_engine::ports::Herald;
use watchkeeper_store::{Access, Store};

use crate::{
    charts::Charts,
    contract::{AppSettings, ErrorCode, RequestError, ShownView},
    deployments::Deployments,
    files::{Files, Remembered},
    host::{Host, Keychain, Message},
    live::{Live, WindowHerald, pulse, shown},
    recorded::Recorded,
    secrets::Secrets,
    tray::Tray,
};

/// The program and its version, for the journal.
pub const PROGRAM: &str = concat!("SMS Watchkeeper ", env!("CARGO_PKG_VERSION"));

/// The program behind the window. Its methods are what the window's commands do.
pub struct Desktop {
    pub(crate) me: Weak<Self>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) secrets: Secrets,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) deployments: Deployments,
    state: Mutex<State>,
    /// Held while what is remembered is written, so that the newest is what stays.
    writing: Mutex<()>,
    /// Held while the settings are changed, which is more than one step.
    pub(crate) setting: tokio::sync::Mutex<()>,
    /// Counts the looks at a set-up: only the newest one is of use.
    pub(crate) looks: AtomicU64,
    /// Counts the tries to go on with a session.
    pub(crate) turns: AtomicU64,
    /// The person is being asked whether to quit, by a dialog of the system's.
    pub(crate) asking: AtomicBool,
    /// Until when the watches are waited for, once the program is about to end: they go on at the next start.
    pub(crate) parting: OnceLock<Instant>,
}

/// What changes.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) settings: AppSettings,
    pub(crate) remembered: Remembered,
    pub(crate) live: HashMap<String, Live>,
    /// The deployments (or, of a simulated one, the sessions) whose watch is about to stand.
    pub(crate) starting: HashSet<String>,
    /// The sessions whose watch broke off, until it stands well again.
    pub(crate) tries: HashMap<String, Tries>,
    /// The session that is shown.
    pub(crate) shown: Option<String>,
    /// The shown session as it was last read, where it is not watched here.
    pub(crate) recorded: Option<Arc<Recorded>>,
    /// What was exported, and so may be revealed.
    pub(crate) exported: Vec<PathBuf>,
}

/// How a session is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tries {
    /// How often.
    pub(crate) times: usize,
    /// Whose turn it is: what waits for an earlier one is not meant any more.
    pub(crate) turn: u64,
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
        let secrets = Secrets::new(keychain, &data);
        let files = Files::new(data);
        let state = State { settings: files.settings(), remembered: files.remembered(), ..State::default() };
        let desktop = Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            host,
            secrets,
            store,
            deployments: Deployments::new(files.deployments()),
            files,
            state: Mutex::new(state),
            writing: Mutex::new(()),
            setting: tokio::sync::Mutex::default(),
            looks: AtomicU64::new(0),
            turns: AtomicU64::new(0),
            asking: AtomicBool::new(false),
            parting: OnceLock::new(),
        });
        desktop.show_tray(None);
        Ok(desktop)
    }

    /// Whether this program stands a watch.
    pub fn is_watching(&self) -> bool {
        let state = self.state();
        !state.live.is_empty() || !state.starting.is_empty()
    }

    /// Shows a session: one that is watched here, or as it is recorded.
    ///
    /// # Errors
    /// When there is no such session, or it cannot be read.
    pub async fn open_session(&self, session: &str) -> Result<(), RequestError> {
        if !self.state().live.contains_key(session) {
            let known = self.state().recorded.clone().filter(|r| r.id() == session);
            match known {
                Some(known) => _ = known.catch_up().await?,
                None => {
                    let recorded = self.recorded(session).await?;
                    self.state().recorded = Some(recorded);
                }
            }
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

    pub(crate) fn show(&self, shown: Option<String>) {
        {
            let mut state = self.state();
            state.recorded = state.recorded.take().filter(|r| Some(r.id()) == shown.as_deref());
            state.shown.clone_from(&shown);
        }
        self.remember(|r| r.showing = shown);
        self.host.tell(Message::Changed);
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
        let recorded = self.shown_as_recorded(&id).await?;
        if let Err(e) = recorded.catch_up().await {
            // It is shown as it was last read; what follows it tells the person.
            tracing::debug!("session {id} is shown as it was: {}", e.message);
        }
        Ok(recorded.view(Utc::now()))
    }

    /// The view of the session that is shown, with what stands behind its English words.
    ///
    /// # Errors
    /// As [`Desktop::view`].
    pub async fn shown_view(&self) -> Result<ShownView, RequestError> {
        Ok(shown(self.view().await?))
    }

    /// The view of a session that is watched here.
    pub(crate) async fn view_of(&self, session: &str) -> Option<View> {
        let handle = self.state().live.get(session).map(|l| l.handle.clone())?;
        handle.view().await
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
    pub(crate) async fn glance(&self) {
        match self.view().await {
            Ok(view) => self.tell(view),
            Err(_) => self.show_tray(None),
        }
    }

    pub(crate) fn tell(&self, view: View) {
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

    pub(crate) fn herald(&self, session: &str) -> Arc<dyn Herald> {
        Arc::new(WindowHerald {
            session: session.to_owned(),
            host: Arc::clone(&self.host),
            desktop: Weak::clone(&self.me),
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
