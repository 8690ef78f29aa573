//! The watch in a window: only wiring, and what touches the desktop. What the window asks for is done in
//! `watchkeeper-window`.

mod args;
mod autostart;
mod commands;
mod dialogs;
mod host;
#[cfg(windows)]
mod identity;
mod instance;
mod keychain;
mod panel;
mod place;
mod problem;
mod shell;
mod signals;
mod traces;
mod tray;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::Parser;
use tauri::{AppHandle, Manager, RunEvent, WindowEvent, async_runtime};
use watchkeeper_desk::files;
use watchkeeper_window::Desktop;

use crate::{
    args::Args, host::DesktopHost, instance::Instance, keychain::SystemKeychain, problem::Problem,
    shell::Shell,
};

/// The day that `--demo` shows.
const DEMO: &str = "day";
/// It takes ten minutes.
const DEMO_SPEED: f64 = 144.0;
/// The system ends the program some five seconds after it has said that the session ends. Who quits by hand has waited
/// before, and longer.
const FAREWELL: Duration = Duration::from_secs(4);

/// Runs the program until it is ended; gives its exit code.
pub fn main() -> ExitCode {
    // One provider for all of TLS. It can only be there already if this was called twice.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => return problem::of_arguments(&e),
    };
    run(args).unwrap_or_else(|problem| problem.tell())
}

fn run(args: Args) -> Result<ExitCode, Problem> {
    let data = data_folder(args.data.as_deref())?;
    problem::need_a_screen()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| {
        Problem::new(format!("the program could not start: {e}"), "close other programs, then start again")
    })?;
    async_runtime::set(runtime.handle().clone());

    let mut context = tauri::generate_context!();
    context.config_mut().identifier = instance::identity(&data);
    let begin = (args, data);
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            if let Some(shell) = Shell::of(app)
                && !arguments.iter().any(|a| a == args::HIDDEN)
            {
                shell.show();
            }
        }))
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let (args, data) = begin;
            if let Err(problem) = set_up(app.handle(), &args, data) {
                problem.tell_and_exit(app.handle());
            }
            Ok(())
        })
        .build(context)
        .map_err(|e| {
            Problem::new(
                format!("the program could not start: {e}"),
                "start it again; where that does not help, install it anew",
            )
        })?;
    let code = app.run_return(happened);
    // What still hangs in a name look-up does not hold the end up.
    runtime.shutdown_timeout(Duration::from_millis(500));
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Opens the journal, shows tray and window, and goes on with what was watched.
fn set_up(app: &AppHandle, args: &Args, data: PathBuf) -> Result<(), Problem> {
    app.manage(Instance::of(&data)?);
    traces::begin(&data, &args.log)?;
    tracing::info!("{} begins", watchkeeper_window::PROGRAM);
    #[cfg(windows)]
    identity::register(&data);
    let shell = Shell::new(app.clone(), data.clone());
    app.manage(Arc::clone(&shell));
    let host = Arc::new(DesktopHost::new(app.clone(), Arc::clone(&shell), args.data.clone()));
    let desktop = async_runtime::block_on(Desktop::open(host, Arc::new(SystemKeychain::default()), data))
        .map_err(Problem::from)?;
    app.manage(Arc::clone(&desktop));
    if args.hidden {
        shell.show_unless_in_tray();
    } else {
        shell.show();
    }
    shell.look_after_the_page();
    let demo = args.demo;
    async_runtime::spawn(async move {
        desktop.restore().await;
        if demo
            && !desktop.is_watching()
            && let Err(e) = desktop.start_demo(DEMO, DEMO_SPEED).await
        {
            tracing::error!("the simulated day could not be shown: {}", e.message);
        }
    });
    signals::exit_on_each(app.clone());
    Ok(())
}

fn happened(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent { label, event, .. } if label == shell::LABEL => {
            let Some(shell) = Shell::of(app) else { return };
            match event {
                WindowEvent::CloseRequested { api, .. } => {
                    api.prevent_close();
                    shell.close();
                }
                WindowEvent::Destroyed => shell.is_gone(),
                WindowEvent::Resized(_) | WindowEvent::Moved(_) | WindowEvent::Focused(_) => shell.look(),
                _ => {}
            }
        }
        // Without its window the program goes on in the tray.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => farewell(app),
        _ => {}
    }
}

/// Whatever ends the program, each watch ends with a word in its journal, as long as the system leaves the time.
fn farewell(app: &AppHandle) {
    if let Some(shell) = Shell::of(app) {
        shell.keep_place();
    }
    let Some(desktop) = app.try_state::<Arc<Desktop>>() else { return };
    let given_up = async_runtime::block_on(desktop.stop_all(FAREWELL));
    if given_up.is_empty() {
        tracing::info!("ended");
    }
}

/// The folder that everything is kept in, made where it is missing.
fn data_folder(named: Option<&Path>) -> Result<PathBuf, Problem> {
    let folder = match named.filter(|d| !d.as_os_str().is_empty()) {
        Some(folder) => std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()),
        None => files::data_folder().ok_or_else(|| {
            Problem::new(
                "there is no home folder to keep the journal in",
                "name a folder with --data or the environment variable WATCHKEEPER_DATA",
            )
        })?,
    };
    fs::create_dir_all(&folder).map_err(|e| {
        Problem::new(
            format!("the folder {} cannot be made: {e}", folder.display()),
            "see to it that it can be written, or name another one with --data",
        )
    })?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use watchkeeper_desk::IDENTIFIER;

    use super::*;

    fn config() -> serde_json::Value {
        serde_json::from_str(include_str!("../tauri.conf.json")).unwrap()
    }

    #[test]
    fn everything_hangs_on_one_identifier() {
        assert_eq!(config()["identifier"], IDENTIFIER);
    }

    #[test]
    fn the_window_may_hear_events_and_call_our_commands_and_nothing_else() {
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/window.json")).unwrap();
        assert_eq!(capability["windows"], serde_json::json!([shell::LABEL]));
        assert_eq!(
            capability["permissions"],
            serde_json::json!(["core:event:allow-listen", "core:event:allow-unlisten"])
        );
        let security = &config()["app"]["security"];
        assert_eq!(security["capabilities"], serde_json::json!([capability["identifier"]]));
        let csp = security["csp"].to_string();
        assert_eq!(security["csp"]["default-src"], "'none'");
        assert!(!csp.contains("unsafe") && !csp.contains("https:") && !csp.contains('*'), "{csp}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let problem = data_folder(Some(&file.join("data"))).unwrap_err().to_string();
        assert!(problem.contains("file") && problem.contains("--data"), "{problem}");
        assert!(data_folder(Some(&folder.path().join("a/b"))).unwrap().is_dir());
    }
}
