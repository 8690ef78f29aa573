//! The system's wishes that the program end.

use tauri::{AppHandle, async_runtime};

/// Ends the program at the first one; what is watched ends with it, in order.
#[cfg(unix)]
pub(crate) fn exit_on_each(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    async_runtime::spawn(async move {
        let on = |kind| signal(kind).inspect_err(|e| tracing::warn!("a signal cannot be listened to: {e}"));
        let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up)) =
            (on(SignalKind::interrupt()), on(SignalKind::terminate()), on(SignalKind::hangup()))
        else {
            return;
        };
        let what = tokio::select! {
            _ = interrupt.recv() => "Ctrl-C",
            _ = terminate.recv() => "SIGTERM",
            _ = hang_up.recv() => "SIGHUP",
        };
        tracing::info!("ends: {what}");
        app.exit(0);
    });
}

/// Ends the program at Ctrl-C, where it was started from a console. The end of the session comes by the window's own
/// loop.
#[cfg(windows)]
pub(crate) fn exit_on_each(app: AppHandle) {
    async_runtime::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            tracing::info!("ends: Ctrl-C");
            app.exit(0);
        }
    });
}
