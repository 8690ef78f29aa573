//! Standing the watch: the engine's actor with all that goes with it, from the inbox to the terminal.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use watchkeeper_core::session::Command;
pub(crate) use watchkeeper_desk::Stood;
use watchkeeper_desk::{Prepared, herald::DeskHerald};
use watchkeeper_engine::{CommandError, WatchHandle, ports::Notification};

use crate::{
    error::CliError,
    lines::{Form, Lines, put},
    screen,
    signals::Signals,
};

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

/// A watch with how it is shown.
pub(crate) struct Standing {
    pub(crate) prepared: Prepared,
    /// Notifications on the desktop too.
    pub(crate) desktop: bool,
    pub(crate) show: Show,
    /// Take one checkpoint, then stop.
    pub(crate) one_check: bool,
}

impl Standing {
    /// Stands the watch until the plan's end, the sign-off, or a stop.
    ///
    /// # Errors
    /// When the journal cannot be written, and when it is stopped a second time before it has stopped.
    pub(crate) async fn stand(self) -> Result<Stood, CliError> {
        let mut signals = Signals::new()?;
        let session = &self.prepared.session;
        let printed = if self.prepared.resumed { session.seq } else { 0 };
        let (herald, told) = DeskHerald::new(self.desktop);
        let mut running = self.prepared.start(Arc::new(herald), None);
        let handle = running.handle().clone();
        let (wish, mut wishes) = mpsc::channel(4);
        if self.one_check {
            // It ends by itself, at the latest with the watch.
            tokio::spawn(take_one(handle.clone(), wish.clone()));
        }
        let (end, shown) = show(self.show, &handle, told, wish, printed);

        let mut stopping = false;
        let stood = loop {
            let (reason, again) = tokio::select! {
                stood = running.ended() => break stood,
                Some(reason) = wishes.recv() => (reason, reason == screen::AGAIN),
                reason = signals.next() => (reason, stopping),
            };
            if again {
                return Err(CliError::could_not_run(
                    "the watch was ended before it had stopped",
                    format!("nothing that was recorded is lost: `{}` goes on", running.resume()),
                ));
            }
            stopping = true;
            handle.stop(reason).await;
        };
        // Whoever shows has ended already where nobody takes this.
        let _ = end.send(());
        let lines = shown.await.ok().flatten();
        let stood = running.over(stood).await?;
        if let Some(mut lines) = lines {
            lines.print(&stood.view);
        }
        Ok(stood)
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

/// Takes one checkpoint, then wishes to stop.
async fn take_one(watch: WatchHandle, wish: mpsc::Sender<&'static str>) {
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
