//! Who tells the person at the desk: the desktop's notifications, and the terminal that the watch runs in.

use std::time::Duration;

use async_trait::async_trait;
use tokio::{sync::mpsc, time::timeout};
use watchkeeper_core::notify::Urgency;
use watchkeeper_engine::ports::{Herald, Notification};

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
        match timeout(PATIENCE, show(notification)).await {
            Ok(shown) => shown.map_err(|e| format!("the desktop shows no notifications ({e})")),
            Err(_) => Err(format!("the desktop did not answer within {} s", PATIENCE.as_secs())),
        }
    }
}

fn words(notification: &Notification) -> notify_rust::Notification {
    let mut shown = notify_rust::Notification::new();
    shown.appname(NAME).summary(&notification.title).body(&notification.body);
    shown
}

#[cfg(all(unix, not(target_os = "macos")))]
async fn show(notification: &Notification) -> Result<(), String> {
    let mut shown = words(notification);
    shown.urgency(match notification.urgency {
        Urgency::Low => notify_rust::Urgency::Low,
        Urgency::Normal => notify_rust::Urgency::Normal,
        Urgency::Critical => notify_rust::Urgency::Critical,
    });
    shown.show_async().await.map(|_| ()).map_err(|e| e.to_string())
}

#[cfg(windows)]
async fn show(notification: &Notification) -> Result<(), String> {
    let mut shown = words(notification);
    shown.app_id(crate::IDENTIFIER);
    if notification.urgency == Urgency::Critical {
        // Without a sound's name Windows is silent.
        shown.sound_name("Default").timeout(notify_rust::Timeout::Never);
    }
    blocking(shown).await
}

#[cfg(target_os = "macos")]
async fn show(notification: &Notification) -> Result<(), String> {
    blocking(words(notification)).await
}

#[cfg(any(windows, target_os = "macos"))]
async fn blocking(shown: notify_rust::Notification) -> Result<(), String> {
    tokio::task::spawn_blocking(move || shown.show().map(|_| ()).map_err(|e| e.to_string()))
        .await
        .unwrap_or_else(|e| Err(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_terminal_is_told_each_notification() {
        let (herald, mut told) = DeskHerald::new(false);
        let sent = Notification {
            title: "Critical".into(),
            body: "crash".into(),
            urgency: Urgency::Critical,
            incident: None,
        };
        assert_eq!(herald.show(&sent).await, Ok(()));
        assert_eq!(told.recv().await, Some(sent.clone()));
        drop(told);
        assert!(herald.show(&sent).await.is_err());
    }
}
