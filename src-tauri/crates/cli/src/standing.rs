//! Standing the watch: the engine's actor with all that goes with it, from the inbox to the terminal.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use watchkeeper_core::{
    notify::Urgency,
    session::{Command, Session},
    view::View,
};
use watchkeeper_engine::{
    CommandError, Ended, Parts, Watch, WatchHandle,
    clock::Clock,
    ports::{Herald as _, Journal, Listen, Notification, Probe, Witness},
};
use watchkeeper_store::SessionJournal;

use crate::{
    args::PROGRAM,
    error::CliError,
    exit::Exit,
    herald::DeskHerald,
    inbox,
    lines::{Form, Lines, put},
    screen,
    signals::Signals,
    words,
};

/// Who is asked.
pub(crate) struct Asked {
    pub(crate) probes: Vec<Arc<dyn Probe>>,
    pub(crate) listener: Arc<dyn Listen>,
    pub(crate) witness: Arc<dyn Witness>,
}

/// How the watch is shown while it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// The live view.
    Screen {
        /// In colours.
        colour: bool,
    },
    /// Lines.
    Lines(Form),
    /// Not at all.
    Nothing,
}

/// A watch, put together.
pub(crate) struct Standing {
    pub(crate) session: Session,
    /// It had been left before.
    pub(crate) resumed: bool,
    pub(crate) journal: SessionJournal,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) asked: Asked,
    /// In percent of the cadence.
    pub(crate) jitter_percent: u8,
    /// Notifications on the desktop too.
    pub(crate) desktop: bool,
    pub(crate) show: Show,
    /// What is said to the session at its beginning.
    pub(crate) first: Option<Command>,
    /// Take one checkpoint, then stop.
    pub(crate) one_check: bool,
}

/// How a watch ended.
#[derive(Debug)]
pub(crate) struct Stood {
    pub(crate) ended: Ended,
    /// The session as it was then.
    pub(crate) view: View,
}

impl Standing {
    /// Stands the watch until the plan's end, the sign-off, or a stop.
    ///
    /// # Errors
    /// When the journal cannot be written, and when it is stopped a second time before it has stopped.
    pub(crate) async fn stand(self) -> Result<Stood, CliError> {
        let mut signals = Signals::new()?;
        let id = self.session.opening.session.clone();
        let resume = if self.session.opening.simulated.is_some() { "demo" } else { "watch" };
        let resume = format!("watchkeeper {resume} --resume {id}");
        let fast = words::is_fast(self.session.opening.pace);
        let printed = if self.resumed { self.session.seq } else { 0 };
        let journal = Arc::new(self.journal);
        let (herald, told) = DeskHerald::new(self.desktop);
        let desktop = self.desktop;
        let clock = self.clock.clone();
        let (watch, handle) = Watch::new(
            self.session,
            Parts {
                journal: Arc::clone(&journal) as Arc<dyn Journal>,
                clock: self.clock,
                probes: self.asked.probes,
                listeners: vec![self.asked.listener],
                witness: self.asked.witness,
                herald: Arc::new(herald),
                jitter_percent: self.jitter_percent,
                program: PROGRAM.into(),
            },
        );
        let mut standing = tokio::spawn(watch.stand(self.resumed));
        let every = Duration::from_millis(if fast { 200 } else { 1_000 });
        let (over, inbox_over) = oneshot::channel();
        let inbox = tokio::spawn(inbox::serve(journal, handle.clone(), every, inbox_over));
        let (wish, mut wishes) = mpsc::channel(4);
        // It ends by itself, at the latest with the watch.
        tokio::spawn(begin(handle.clone(), self.first, self.one_check, wish.clone()));
        let (end, shown) = show(self.show, &handle, told, wish, printed);

        let mut stopping = false;
        let stood = loop {
            let (reason, again) = tokio::select! {
                stood = &mut standing => break stood,
                Some(reason) = wishes.recv() => (reason, reason == screen::AGAIN),
                reason = signals.next() => (reason, stopping),
            };
            if again {
                return Err(CliError::could_not_run(
                    "the watch was ended before it had stopped",
                    format!("nothing that was recorded is lost: `{resume}` goes on"),
                ));
            }
            stopping = true;
            handle.stop(reason).await;
        };
        // Who signed the session off still waits for the answer; and the inbox holds the session's lock.
        let _ = over.send(());
        let _ = inbox.await;
        // Whoever shows has ended already where nobody takes this.
        let _ = end.send(());
        let lines = shown.await.ok().flatten();
        if let Ok(Err(e)) = &stood {
            last_words(desktop, &e.to_string()).await;
        }
        let (ended, session) = stood
            .map_err(|e| {
                CliError::could_not_run(
                    format!("the watch broke off: {e}"),
                    format!("tell the developers; go on with `{resume}`"),
                )
            })?
            .map_err(|e| CliError {
                what: format!("the watch has ended, because {e}"),
                help: Some(format!("mend that, then go on with `{resume}`")),
                exit: Exit::CouldNotRun,
            })?;
        let view = View::of(&session, clock.now());
        if let Some(mut lines) = lines {
            lines.print(&view);
        }
        Ok(Stood { ended, view })
    }
}

/// A watch that ends by itself at night is told on the desktop, as its terminal is not looked at.
async fn last_words(desktop: bool, why: &str) {
    let (herald, _told) = DeskHerald::new(desktop);
    let body = format!("{why}. Nobody watches until it is resumed.");
    let notification = Notification { title: "The watch has ended".into(), body, urgency: Urgency::Critical };
    if let Err(e) = herald.show(&notification).await {
        tracing::warn!("the end of the watch could not be told: {e}");
    }
}

/// Begins to show; gives what ends it.
fn show(
    how: Show,
    watch: &WatchHandle,
    mut told: mpsc::UnboundedReceiver<Notification>,
    wish: mpsc::Sender<&'static str>,
    printed: u64,
) -> (oneshot::Sender<()>, JoinHandle<Option<Lines>>) {
    let (end, ended) = oneshot::channel();
    let watch = watch.clone();
    let shown = match how {
        Show::Lines(form) => {
            tokio::spawn(async move { Some(Lines::new(form, printed).follow(watch, told, ended).await) })
        }
        Show::Screen { colour } => tokio::spawn(async move {
            if let Err(e) = screen::show(watch, told, wish, ended, colour).await {
                put(&format!("The view has ended: {e}. The watch goes on; `watchkeeper status` shows it."));
            }
            None
        }),
        Show::Nothing => tokio::spawn(async move {
            tokio::select! {
                _ = ended => {}
                () = async { while told.recv().await.is_some() {} } => {}
            }
            None
        }),
    };
    (end, shown)
}

/// Says what there is to say at the beginning; then, where one check is wanted, takes it and wishes to stop.
async fn begin(
    watch: WatchHandle,
    first: Option<Command>,
    one_check: bool,
    wish: mpsc::Sender<&'static str>,
) {
    if let Some(command) = first
        && let Err(e) = watch.command(command).await
    {
        tracing::warn!("a remark could not be written: {e}");
    }
    if !one_check {
        return;
    }
    let mut changes = watch.changes();
    let mut check: Option<String> = None;
    loop {
        changes.mark_unchanged();
        match &check {
            None => match watch.command(Command::CheckNow).await {
                Ok(events) => {
                    check = events.iter().find_map(|e| match &e.fact {
                        watchkeeper_core::event::Fact::CheckBegan { check, .. } => Some(check.clone()),
                        _ => None,
                    });
                }
                // One is being taken already: the next change may be its end.
                Err(CommandError::Refused(_)) => {}
                Err(_) => return,
            },
            Some(id) => {
                let Some(view) = watch.view().await else { return };
                if view.checks.iter().any(|c| c.check.id == *id && c.check.result.is_some()) {
                    // Somebody else's wish serves as well.
                    let _ = wish.send("one checkpoint was taken").await;
                    return;
                }
            }
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}
