//! The live view on a terminal: calm, drawn at most four times a second and only where something changed.

mod bar;
mod draw;
mod keys;

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use ratatui::DefaultTerminal;
use tokio::{
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval, timeout},
};
use watchkeeper_core::{notify::Urgency, time::Span, view::View};
use watchkeeper_engine::{WatchHandle, ports::Notification};

use keys::{Key, Keys};

/// At most this often it is drawn.
const FRAME: Duration = Duration::from_millis(250);
/// The countdowns go on although nothing happens: so often while something is near …
const NEAR: Duration = Duration::from_secs(1);
/// … and so often while the picture only shows minutes.
const FAR: Duration = Duration::from_secs(10);
/// For how long a notification stands in the last line.
const TOLD_FOR: Duration = Duration::from_secs(60);

/// What is drawn.
pub(crate) struct Picture<'a> {
    /// The session as it was last asked for.
    pub(crate) view: &'a View,
    /// How much watch time has passed since.
    pub(crate) ahead: Span,
    /// Whether the terminal may be coloured.
    pub(crate) colour: bool,
    /// What stands in the last line.
    pub(crate) foot: Foot,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Foot {
    /// How to stop.
    Hint,
    /// What was told last.
    Told(String),
    /// Stop, or not?
    Confirm,
    /// It is being stopped.
    Stopping,
}

/// The terminal, taken over until this is dropped, also by a panic.
struct Taken {
    terminal: DefaultTerminal,
}

impl Drop for Taken {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// How long a view is waited for before keys are looked at again.
const VIEW_WAITS: Duration = Duration::from_millis(500);
/// The wish of somebody who will not wait for the watch to stop.
pub(crate) const AGAIN: &str = "stopped again at the keyboard";

/// Shows the watch until `end` comes. A wish to stop is sent to `stop`.
///
/// # Errors
/// When the terminal cannot be taken over or drawn on; it is given back then.
pub(crate) async fn show(
    watch: WatchHandle,
    mut told: mpsc::UnboundedReceiver<Notification>,
    stop: mpsc::Sender<&'static str>,
    mut end: oneshot::Receiver<()>,
    colour: bool,
) -> io::Result<()> {
    let mut taken = Taken { terminal: ratatui::try_init()? };
    let mut keys = Keys::read()?;
    let mut changes = watch.changes();
    let mut ticks = interval(FRAME);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut view: Option<(View, Instant)> = None;
    let mut foot = Foot::Hint;
    let mut said: Option<(String, Instant)> = None;
    let mut drawn: Option<Instant> = None;
    let mut dirty = true;
    loop {
        tokio::select! {
            _ = &mut end => return Ok(()),
            Some(key) = keys.next() => {
                dirty = true;
                foot = match (key, foot) {
                    (Key::Interrupt, Foot::Stopping) => {
                        let _ = stop.try_send(AGAIN);
                        Foot::Stopping
                    }
                    (_, Foot::Stopping) => Foot::Stopping,
                    (Key::Interrupt, _) | (Key::Quit, Foot::Confirm) => {
                        // Whoever stops it otherwise was faster.
                        let _ = stop.try_send("stopped at the keyboard");
                        Foot::Stopping
                    }
                    (Key::Quit, _) => Foot::Confirm,
                    (Key::Resized, foot) => foot,
                    (Key::Other, _) => Foot::Hint,
                };
                continue;
            }
            Some(notification) = told.recv() => {
                if notification.urgency == Urgency::Critical {
                    ring()?;
                }
                said = Some((words(&notification), Instant::now()));
                dirty = true;
                continue;
            }
            _ = ticks.tick() => {}
        }
        if view.is_none() || changes.has_changed().unwrap_or(false) {
            changes.mark_unchanged();
            // While the watch waits for its journal the keys are still heard.
            if let Ok(Some(now)) = timeout(VIEW_WAITS, watch.view()).await {
                view = Some((now, Instant::now()));
                dirty = true;
            }
        }
        let Some((view, asked)) = view.as_ref() else { continue };
        let wait = if draw::is_near(view) { NEAR } else { FAR };
        if !dirty && drawn.is_some_and(|at| at.elapsed() < wait) {
            continue;
        }
        let ahead = Span::from(asked.elapsed().mul_f64(view.opening.pace.factor()));
        let last_said = said.as_ref().filter(|(_, at)| at.elapsed() < TOLD_FOR);
        let shown = match (&foot, last_said) {
            (Foot::Hint, Some((text, _))) => Foot::Told(text.clone()),
            (foot, _) => foot.clone(),
        };
        let picture = Picture { view, ahead, colour, foot: shown };
        taken.terminal.draw(|frame| draw::draw(frame, &picture))?;
        drawn = Some(Instant::now());
        dirty = false;
    }
}

/// The notification in a line.
fn words(notification: &Notification) -> String {
    match notification.body.trim() {
        "" => notification.title.clone(),
        body => format!("{} — {}", notification.title, body.replace('\n', " ")),
    }
}

fn ring() -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(b"\x07")?;
    out.flush()
}
