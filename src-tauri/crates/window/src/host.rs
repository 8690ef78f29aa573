//! Each effect on the desktop, so that everything else runs and is tested without one.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use watchkeeper_engine::ports::Notification;

use crate::{
    contract::{Go, Pick, Pulse, Told},
    tray::Tray,
};

/// What the window is told without having asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// `pulse`: something was recorded.
    Pulse(Box<Pulse>),
    /// `told`: a notification was given.
    Told(Told),
    /// `go`: show this.
    Go(Go),
    /// `changed`: sessions, deployments or settings are not as they were.
    Changed,
    /// `asked_to_quit`: a watch stands; is it to be stopped?
    AskedToQuit,
}

impl Message {
    /// The event's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pulse(_) => "pulse",
            Self::Told(_) => "told",
            Self::Go(_) => "go",
            Self::Changed => "changed",
            Self::AskedToQuit => "asked_to_quit",
        }
    }
}

/// The desktop, as far as the program touches it.
#[async_trait]
pub trait Host: Send + Sync {
    /// Tells the window, if there is one.
    fn tell(&self, message: Message);

    /// Whether somebody may be looking at the window.
    fn is_visible(&self) -> bool;

    /// Brings the window to the front; makes it anew where it was dropped.
    fn show_window(&self);

    /// Brings the window to the front as [`Host::show_window`] does, and waits for its page to answer. Not for long: a
    /// window that cannot be made has no page, and one whose process is gone does not answer.
    async fn page_answers(&self) -> bool;

    /// Asks by a dialog of the system's whether the watch is to be stopped and the program ended.
    async fn confirm_quit(&self) -> bool;

    /// Shows the tray as it is to be now.
    fn show_tray(&self, tray: &Tray);

    /// Shows a notification on the desktop. A click on it leads to its incident, see [`crate::Desktop::clicked`].
    ///
    /// # Errors
    /// Why it could not be shown, for people.
    async fn notify(&self, session: &str, notification: &Notification) -> Result<(), String>;

    /// Asks where a file is to be saved; `None` when the person thinks better of it.
    async fn ask_where(&self, suggested: &str) -> Option<PathBuf>;

    /// Asks for a file or a folder.
    async fn pick(&self, what: Pick) -> Option<PathBuf>;

    /// Opens the folder that holds `path` in the system's file manager.
    ///
    /// # Errors
    /// Why not, for people.
    fn reveal(&self, path: &Path) -> Result<(), String>;

    /// Whether the program starts with the PC, from now on.
    ///
    /// # Errors
    /// Why not, for people.
    fn set_autostart(&self, on: bool) -> Result<(), String>;

    /// The system's language, such as `el-GR`.
    fn locale(&self) -> Option<String>;

    /// Ends the program.
    fn exit(&self);
}

/// Where secrets are kept. Calls block, for ever where the system's service hangs; they are made one after the other, on
/// a thread that does nothing else.
pub trait Keychain: Send + Sync {
    /// The password of `account`, if there is one.
    ///
    /// # Errors
    /// Why the keychain cannot be used, for people.
    fn password(&self, account: &str) -> Result<Option<String>, String>;

    /// Keeps the password of `account`, in place of the one before.
    ///
    /// # Errors
    /// Why the keychain cannot be used, for people.
    fn remember(&self, account: &str, password: &str) -> Result<(), String>;

    /// Forgets it.
    ///
    /// # Errors
    /// Why the keychain cannot be used, for people.
    fn forget(&self, account: &str) -> Result<(), String>;
}
