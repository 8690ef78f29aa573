//! Who tells the person at the desk: the desktop's notifications, and the terminal that the watch runs in.

use std::time::Duration;

use async_trait::async_trait;
use tokio::{sync::mpsc, time::timeout};
use watchkeeper_core::notify::Urgency;
use watchkeeper_engine::ports::{Herald, Notification};

#[cfg(all(unix, not(target_os = "macos")))]
use crate::shown::{Shown, Spot};

/// As the notifications are signed.
const NAME: &str = "SMS Watchkeeper";
/// A desktop that does not answer must not hold the watch up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells in the terminal, and on the desktop where that is wanted.
pub struct DeskHerald {
    desktop: bool,
    terminal: mpsc::UnboundedSender<Notification>,
}

impl DeskHerald {
    /// A herald; what it tells can be read from the receiver too.
    pub fn new(desktop: bool) -> (Self, mpsc::UnboundedReceiver<Notification>) {
        let (terminal, told) = mpsc::unbounded_channel();
        (Self { desktop, terminal }, told)
    }
}

#[async_trait]
impl Herald for DeskHerald {
    async fn show(&self, notification: &Notification) -> Result<(), String> {
        // The terminal may be gone by now; the journal has it all the same.
        let terminal = self.terminal.send(notification.clone());
        if !self.desktop {
            return terminal.map_err(|_| "the terminal is closed".into());
        }
        show_on_desktop("", notification, || {}).await
    }
}

/// Shows `notification` of `session` on the desktop, in place of what was shown about the same before. A critical
/// one is urgent and stays until it is seen, and so does what takes its place; a click on it calls `clicked`, as long as
/// the program runs.
///
/// # Errors
/// Why it could not be shown, for people.
pub async fn show_on_desktop(
    session: &str,
    notification: &Notification,
    clicked: impl FnOnce() + Send + 'static,
) -> Result<(), String> {
    match timeout(PATIENCE, show(session, notification, clicked)).await {
        Ok(shown) => shown.map_err(|e| format!("the desktop shows no notifications ({e})")),
        Err(_) => Err(format!("the desktop did not answer within {} s", PATIENCE.as_secs())),
    }
}

fn words(notification: &Notification) -> notify_rust::Notification {
    let mut shown = notify_rust::Notification::new();
    shown.appname(NAME).summary(&notification.title).body(&notification.body);
    if notification.urgency == Urgency::Critical {
        shown.timeout(notify_rust::Timeout::Never);
    }
    shown
}

/// What a click on the notification itself is called by the desktop's protocol.
#[cfg(all(unix, not(target_os = "macos")))]
const CLICK: &str = "default";

#[cfg(all(unix, not(target_os = "macos")))]
async fn show(
    session: &str,
    notification: &Notification,
    clicked: impl FnOnce() + Send + 'static,
) -> Result<(), String> {
    let spot = Spot::of(session, notification);
    let kept = Shown::here().is_kept(&spot, notification.urgency);
    let mut shown = words(notification);
    if kept {
        shown.timeout(notify_rust::Timeout::Never);
    }
    shown.action(CLICK, "Open").urgency(match notification.urgency {
        Urgency::Low => notify_rust::Urgency::Low,
        Urgency::Normal => notify_rust::Urgency::Normal,
        Urgency::Critical => notify_rust::Urgency::Critical,
    });
    let handle = shown.show_async().await.map_err(|e| e.to_string())?;
    // What it takes the place of goes once it is there, so that there is always one.
    let (number, close) = Shown::here().put(spot, kept);
    // The connection stays open while the notification is shown; some desktops take it away with its sender.
    tokio::spawn(async move {
        let answered = handle.wait_for_action_async(|response| {
            if matches!(response, notify_rust::NotificationResponse::Default) {
                clicked();
            }
        });
        tokio::select! {
            () = answered => Shown::here().gone(number),
            closed = close => if closed.is_ok() {
                handle.close_async().await;
            },
        }
    });
    Ok(())
}

#[cfg(windows)]
async fn show(
    _session: &str,
    notification: &Notification,
    clicked: impl FnOnce() + Send + 'static,
) -> Result<(), String> {
    let mut shown = words(notification);
    shown.app_id(crate::IDENTIFIER);
    if notification.urgency == Urgency::Critical {
        // Without a sound's name Windows is silent.
        shown.sound_name("Default");
    }
    blocking(shown, clicked).await
}

#[cfg(target_os = "macos")]
async fn show(
    _session: &str,
    notification: &Notification,
    clicked: impl FnOnce() + Send + 'static,
) -> Result<(), String> {
    blocking(words(notification), clicked).await
}

/// Shows by a call that blocks; who clicks is waited for on a thread of its own.
#[cfg(any(windows, target_os = "macos"))]
async fn blocking(
    shown: notify_rust::Notification,
    clicked: impl FnOnce() + Send + 'static,
) -> Result<(), String> {
    let handle = tokio::task::spawn_blocking(move || shown.show().map_err(|e| e.to_string()))
        .await
        .unwrap_or_else(|e| Err(e.to_string()))?;
    std::thread::spawn(move || {
        let _ = handle.wait_for_response(|response: &notify_rust::NotificationResponse| {
            if matches!(response, notify_rust::NotificationResponse::Default) {
                clicked();
            }
        });
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use watchkeeper_engine::ports::About;

    use super::*;

    #[tokio::test]
    async fn the_terminal_is_told_each_notification() {
        let (herald, mut told) = DeskHerald::new(false);
        let sent = Notification {
            title: "Critical".into(),
            body: "crash".into(),
            urgency: Urgency::Critical,
            about: About::Other,
        };
        assert_eq!(herald.show(&sent).await, Ok(()));
        assert_eq!(told.recv().await, Some(sent.clone()));
        drop(told);
        assert!(herald.show(&sent).await.is_err());
    }
}
