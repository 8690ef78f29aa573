//! The system's own dialogs.

use std::{path::PathBuf, thread};

use rfd::{
    AsyncFileDialog, AsyncMessageDialog, FileHandle, MessageButtons, MessageDialog, MessageDialogResult,
    MessageLevel,
};
use tauri::{AppHandle, Manager, async_runtime};
use tokio::sync::oneshot;

use crate::shell::LABEL;

/// What kind of file may be chosen: its name for people, and the endings.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) endings: &'static [&'static str],
}

/// Tells of something that went wrong, while the program does not run yet; waits until it was read.
pub(crate) fn alarm_and_wait(title: &str, text: &str) {
    MessageDialog::new().set_level(MessageLevel::Error).set_title(title).set_description(text).show();
}

/// Tells something, while the program does not run yet; waits until it was read.
pub(crate) fn say_and_wait(text: &str) {
    MessageDialog::new()
        .set_level(MessageLevel::Info)
        .set_title("SMS Watchkeeper")
        .set_description(text)
        .show();
}

/// Tells of something that went wrong, then calls `read`. To be called on the main thread.
pub(crate) fn alarm(title: &str, text: &str, read: impl FnOnce() + Send + 'static) {
    let shown = AsyncMessageDialog::new()
        .set_level(MessageLevel::Error)
        .set_title(title)
        .set_description(text)
        .show();
    thread::spawn(move || {
        async_runtime::block_on(shown);
        read();
    });
}

/// Asks whether to do something; `yes` and `no` are the buttons. Where it cannot be asked, it is not done.
pub(crate) async fn confirm(
    app: &AppHandle,
    title: &'static str,
    text: &'static str,
    yes: &'static str,
    no: &'static str,
) -> bool {
    let (answer, answered) = oneshot::channel();
    let begun = app.run_on_main_thread(move || {
        let asked = AsyncMessageDialog::new()
            .set_level(MessageLevel::Warning)
            .set_title(title)
            .set_description(text)
            .set_buttons(MessageButtons::OkCancelCustom(yes.to_owned(), no.to_owned()))
            .show();
        async_runtime::spawn(async move {
            let said = asked.await;
            let meant =
                said == MessageDialogResult::Ok || said == MessageDialogResult::Custom(yes.to_owned());
            // Who asked may be gone.
            let _ = answer.send(meant);
        });
    });
    if let Err(e) = begun {
        tracing::warn!("a dialog could not be shown: {e}");
        return false;
    }
    answered.await.unwrap_or(false)
}

/// Asks where a file is to be saved.
pub(crate) async fn save(app: &AppHandle, title: &'static str, name: String, kind: Kind) -> Option<PathBuf> {
    ask(app, move |dialog| {
        dialog.set_title(title).set_file_name(name).add_filter(kind.name, kind.endings).save_file()
    })
    .await
}

/// Asks for a file.
pub(crate) async fn file(app: &AppHandle, title: &'static str, kind: Kind) -> Option<PathBuf> {
    ask(app, move |dialog| dialog.set_title(title).add_filter(kind.name, kind.endings).pick_file()).await
}

/// Asks for a file of any kind.
pub(crate) async fn any_file(app: &AppHandle, title: &'static str) -> Option<PathBuf> {
    ask(app, move |dialog| dialog.set_title(title).pick_file()).await
}

/// Asks for a folder.
pub(crate) async fn folder(app: &AppHandle, title: &'static str) -> Option<PathBuf> {
    ask(app, move |dialog| dialog.set_title(title).pick_folder()).await
}

/// Begins a dialog on the main thread, as the systems want it, and waits for its answer on none.
async fn ask<F>(app: &AppHandle, begin: impl FnOnce(AsyncFileDialog) -> F + Send + 'static) -> Option<PathBuf>
where
    F: Future<Output = Option<FileHandle>> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let window = app.get_webview_window(LABEL);
    let begun = app.run_on_main_thread(move || {
        let parent = window.filter(|w| w.is_visible().unwrap_or(false));
        let dialog = parent.iter().fold(AsyncFileDialog::new(), |dialog, w| dialog.set_parent(w));
        let chosen = begin(dialog);
        async_runtime::spawn(async move {
            // Who asked may be gone.
            let _ = answer.send(chosen.await);
        });
    });
    if let Err(e) = begun {
        tracing::warn!("a dialog could not be shown: {e}");
        return None;
    }
    answered.await.ok().flatten().map(|chosen| chosen.path().to_owned())
}
