//! Standing the watch: the engine's actor, and the inbox that other processes leave their requests in.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::{sync::oneshot, task::JoinHandle};
use watchkeeper_core::{
    event::Pace,
    notify::Urgency,
    session::{Command, Session},
    view::View,
};
use watchkeeper_engine::{
    Ended, Parts, Watch, WatchHandle,
    clock::Clock,
    ports::{About, Herald, Journal, JournalError, Listen, Notification, Operator, Probe, Witness},
};
use watchkeeper_store::SessionJournal;

use crate::{DeskError, Tap, inbox, tap::Tapped};

/// Who is asked.
pub struct Asked {
    /// The probes.
    pub probes: Vec<Arc<dyn Probe>>,
    /// The Engine's event stream.
    pub listener: Arc<dyn Listen>,
    /// Who fetches evidence.
    pub witness: Arc<dyn Witness>,
    /// Who acts on the deployment.
    pub operator: Option<Arc<dyn Operator>>,
}

/// A watch, put together.
pub struct Prepared {
    /// As it is folded from the journal.
    pub session: Session,
    /// It had been left before.
    pub resumed: bool,
    /// Where it is written down; holds the session's lock.
    pub journal: SessionJournal,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who is asked.
    pub asked: Asked,
    /// In percent of the cadence.
    pub jitter_percent: u8,
    /// What is said to the session at its beginning.
    pub first: Option<Command>,
    /// The program and its version, for the journal.
    pub program: &'static str,
}

/// How a watch ended.
#[derive(Debug)]
pub struct Stood {
    /// By what.
    pub ended: Ended,
    /// The session as it was then.
    pub view: View,
}

/// A watch that stands.
pub struct Running {
    handle: WatchHandle,
    clock: Arc<dyn Clock>,
    standing: JoinHandle<Result<(Ended, Session), JournalError>>,
    inbox: JoinHandle<()>,
    inbox_over: oneshot::Sender<()>,
    resume: String,
    /// Told when it breaks off, as nobody may be looking; `None` where whoever stands the watch tells it.
    herald: Option<Arc<dyn Herald>>,
    /// The moment in which it was started, UTC.
    pub since: DateTime<Utc>,
}

impl Prepared {
    /// Stands the watch. `herald` tells the person at the desk; `tap` is told what has been recorded.
    pub fn start(self, herald: Arc<dyn Herald>, tap: Option<Arc<dyn Tap>>) -> Running {
        let id = &self.session.opening.session;
        let command = if self.session.opening.simulated.is_some() { "demo" } else { "watch" };
        let resume = format!("watchkeeper {command} --resume {id}");
        let every = Duration::from_millis(if is_fast(self.session.opening.pace) { 200 } else { 1_000 });
        let stored = Arc::new(self.journal);
        let plain = Arc::clone(&stored) as Arc<dyn Journal>;
        let journal = match tap {
            Some(tap) => Arc::new(Tapped { journal: plain, tap }) as Arc<dyn Journal>,
            None => plain,
        };
        let (watch, handle) = Watch::new(
            self.session,
            Parts {
                journal,
                clock: Arc::clone(&self.clock),
                probes: self.asked.probes,
                listeners: vec![self.asked.listener],
                witness: self.asked.witness,
                operator: self.asked.operator,
                herald: Arc::clone(&herald),
                jitter_percent: self.jitter_percent,
                program: self.program.into(),
            },
        );
        let standing = tokio::spawn(watch.stand(self.resumed));
        let (inbox_over, over) = oneshot::channel();
        let inbox = tokio::spawn(inbox::serve(stored, handle.clone(), every, over));
        if let Some(first) = self.first {
            // It ends by itself, at the latest with the watch.
            tokio::spawn(said_first(handle.clone(), first));
        }
        let herald = Some(herald);
        Running { handle, clock: self.clock, standing, inbox, inbox_over, resume, herald, since: Utc::now() }
    }
}

async fn said_first(watch: WatchHandle, command: Command) {
    if let Err(e) = watch.command(command).await {
        tracing::warn!("a remark could not be written: {e}");
    }
}

/// Whether the plan runs faster than the clock on the wall.
pub fn is_fast(pace: Pace) -> bool {
    pace.speed > 1.0
}

impl Running {
    /// The way to it.
    pub const fn handle(&self) -> &WatchHandle {
        &self.handle
    }

    /// With nobody told when it breaks off: whoever stands it knows what is done then, and tells it.
    #[must_use]
    pub fn quietly(mut self) -> Self {
        self.herald = None;
        self
    }

    /// Its clock.
    pub const fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// How a terminal goes on with the session.
    pub fn resume(&self) -> &str {
        &self.resume
    }

    /// Waits until the watch no longer stands. May be dropped and called again; then [`Running::over`].
    pub async fn ended(&mut self) -> Result<Result<(Ended, Session), JournalError>, tokio::task::JoinError> {
        (&mut self.standing).await
    }

    /// Ends what stood beside the watch; `stood` is what [`Running::ended`] gave.
    ///
    /// # Errors
    /// When the journal could not be written, which the person is told as well, unless it runs
    /// [quietly](Running::quietly).
    pub async fn over(
        self,
        stood: Result<Result<(Ended, Session), JournalError>, tokio::task::JoinError>,
    ) -> Result<Stood, DeskError> {
        // Who signed the session off still waits for the answer; and the inbox holds the session's lock.
        let _ = self.inbox_over.send(());
        let _ = self.inbox.await;
        if let Some(herald) = &self.herald {
            match &stood {
                Ok(Ok(_)) => {}
                Ok(Err(e)) => last_words(herald.as_ref(), &e.to_string()).await,
                Err(e) => last_words(herald.as_ref(), &format!("the program has a fault ({e})")).await,
            }
        }
        let resume = &self.resume;
        let (ended, session) = stood
            .map_err(|e| {
                DeskError::could_not_run(
                    format!("the watch broke off: {e}"),
                    format!("tell the developers; go on with `{resume}`"),
                )
            })?
            .map_err(|e| {
                DeskError::could_not_run(
                    format!("the watch has ended, because {e}"),
                    format!("mend that, then go on with `{resume}`"),
                )
            })?;
        Ok(Stood { ended, view: View::of(&session, self.clock.now()) })
    }
}

/// A watch that ends by itself at night is told on the desktop, as nobody looks at its terminal or its window.
async fn last_words(herald: &dyn Herald, why: &str) {
    let body = format!("{why}. Nobody watches until it is resumed.");
    let notification = Notification {
        title: "The watch has ended".into(),
        body,
        urgency: Urgency::Critical,
        about: About::Watch,
    };
    if let Err(e) = herald.show(&notification).await {
        tracing::warn!("the end of the watch could not be told: {e}");
    }
}
