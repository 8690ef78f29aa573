//! The system's wishes that the program end.

use crate::error::CliError;

/// Ctrl-C, the end of the session at the PC, a closed terminal.
pub(crate) struct Signals {
    #[cfg(unix)]
    all: [(tokio::signal::unix::Signal, &'static str); 3],
    #[cfg(windows)]
    all: (
        tokio::signal::windows::CtrlC,
        tokio::signal::windows::CtrlBreak,
        tokio::signal::windows::CtrlClose,
        tokio::signal::windows::CtrlLogoff,
        tokio::signal::windows::CtrlShutdown,
    ),
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on; until then a signal ends the program at once.
    ///
    /// # Errors
    /// When the system does not let it.
    pub(crate) fn new() -> Result<Self, CliError> {
        use tokio::signal::unix::{SignalKind, signal};
        let on = |kind| signal(kind).map_err(|e| failed(&e));
        Ok(Self {
            all: [
                (on(SignalKind::interrupt())?, "stopped with Ctrl-C"),
                (on(SignalKind::terminate())?, "stopped by the system (SIGTERM)"),
                (on(SignalKind::hangup())?, "the terminal was closed (SIGHUP)"),
            ],
        })
    }

    /// Waits for the next one; gives the words for the journal.
    pub(crate) async fn next(&mut self) -> &'static str {
        let [(int, a), (term, b), (hup, c)] = &mut self.all;
        tokio::select! {
            _ = int.recv() => a,
            _ = term.recv() => b,
            _ = hup.recv() => c,
        }
    }
}

#[cfg(windows)]
impl Signals {
    /// Listens from now on; until then a signal ends the program at once.
    ///
    /// # Errors
    /// When the system does not let it.
    pub(crate) fn new() -> Result<Self, CliError> {
        use tokio::signal::windows;
        let all = (|| {
            Ok((
                windows::ctrl_c()?,
                windows::ctrl_break()?,
                windows::ctrl_close()?,
                windows::ctrl_logoff()?,
                windows::ctrl_shutdown()?,
            ))
        })();
        Ok(Self { all: all.map_err(|e: std::io::Error| failed(&e))? })
    }

    /// Waits for the next one; gives the words for the journal.
    pub(crate) async fn next(&mut self) -> &'static str {
        let (c, brk, close, logoff, shutdown) = &mut self.all;
        tokio::select! {
            _ = c.recv() => "stopped with Ctrl-C",
            _ = brk.recv() => "stopped with Ctrl-Break",
            _ = close.recv() => "the terminal was closed",
            _ = logoff.recv() => "the user logged off",
            _ = shutdown.recv() => "the PC was shut down",
        }
    }
}

fn failed(error: &std::io::Error) -> CliError {
    CliError::could_not_run(format!("Ctrl-C cannot be listened to: {error}"), "start the program again")
}
