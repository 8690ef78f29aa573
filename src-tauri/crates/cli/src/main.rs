//! The watch in a terminal: only wiring, words and the terminal's view live here.

mod args;
mod commands;
mod error;
mod exit;
mod fit;
mod lines;
mod paint;
mod screen;
mod signals;
mod standing;
mod status;
mod surroundings;
mod words;

#[cfg(test)]
mod fixture;

use std::{io, process::ExitCode, time::Duration};

use clap::{Parser, error::ErrorKind};
use tracing_subscriber::EnvFilter;

use args::Args;
use error::CliError;
use exit::Exit;
use surroundings::{Surroundings, remark};

fn main() -> ExitCode {
    // One provider for all of TLS. It can only be there already if this was called twice.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => return refused(&e).into(),
    };
    match run(args) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let text = error.to_string();
            if !text.is_empty() {
                remark(text);
            }
            error.exit.into()
        }
    }
}

fn run(args: Args) -> Result<Exit, CliError> {
    if let Some(filter) = &args.global.log {
        let filter = EnvFilter::try_new(filter).map_err(|e| {
            CliError::usage(
                format!("`{filter}` is no log level: {e}"),
                "write error, warn, info, debug or trace",
            )
        })?;
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(|e| {
            CliError::could_not_run(format!("the program could not start: {e}"), "close other programs")
        })?;
    let here = Surroundings::new(&args.global);
    let done = runtime.block_on(commands::run(args.command, &here));
    // What still hangs in a name look-up does not hold the end up.
    runtime.shutdown_timeout(Duration::from_millis(500));
    done
}

/// Help and version are no errors; everything else on the command line is.
fn refused(error: &clap::Error) -> Exit {
    // Where it cannot be printed there is nobody to tell.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Pass,
        _ => Exit::Usage,
    }
}
