//! A simulated SMS for a real container: its HTTP side on port 8000 in real time, its log on stdout and stderr.
//!
//! Environment: `PORT` (8000), `SMS_VERSION` (1.15.1), `SMS_ENVELOPE` (`1` wraps answers as newer versions do),
//! `SMS_EMAIL` and `SMS_PASSWORD` (the one account). Ends with 0 on SIGTERM, as uvicorn does.

mod control;
mod words;

use std::{env, net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use chrono::Utc;
use watchkeeper_demo::{
    Scenario, SimTime, World,
    serve::{Options, Served, SmsOptions, Stage},
    world::{VERSION, access_line, shutdown_lines, startup_lines},
};

/// How often the log is brought up to date with what the faults write.
const LOG_EVERY: Duration = Duration::from_millis(200);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            words::err(&message);
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let version = env::var("SMS_VERSION").unwrap_or_else(|_| VERSION.into());
    let port = match env::var("PORT") {
        Ok(text) => {
            text.parse().map_err(|_| format!("PORT is `{text}`: it has to be a number from 1 to 65535."))?
        }
        Err(_) => 8_000,
    };
    let scenario = Scenario::by_name("healthy").unwrap_or_else(|| Scenario::of("healthy", Vec::new()));
    let world = World::newborn(scenario, u64::from(std::process::id()), Utc::now()).with_version(&version);
    let stage = Arc::new(Stage::new(Arc::new(world), SimTime::paced(1.0)));
    let options = Options {
        sms: SocketAddr::from(([0, 0, 0, 0], port)),
        docker: None,
        shape: shape(),
        control: control::router(stage.clone()),
    };
    for line in startup_lines().take(4) {
        words::err(line);
    }
    words::python(
        "backend.main",
        "INFO",
        &format!("Student Management System v{version} starting (simulated)"),
    );
    let ended = ended()?;
    let served = Served::on(stage.clone(), options).await.map_err(|e| e.to_string())?;
    for line in startup_lines().skip(4) {
        words::err(line);
    }
    words::out(&format!("Simulated SMS on port {}: no real data, nothing is kept.", served.sms().port()));
    tokio::select! {
        () = follow(&stage) => {}
        () = ended => {}
    }
    let mut last = shutdown_lines();
    last.by_ref().take(1).for_each(words::err);
    // Requests that hang do not keep it from ending: the Engine would kill it after ten seconds.
    let _ = tokio::time::timeout(Duration::from_secs(3), served.shutdown()).await;
    last.for_each(words::err);
    Ok(())
}

fn shape() -> SmsOptions {
    let plain = SmsOptions::default();
    SmsOptions {
        envelope: env::var("SMS_ENVELOPE").is_ok_and(|v| v == "1" || v == "true"),
        email: env::var("SMS_EMAIL").unwrap_or(plain.email),
        password: env::var("SMS_PASSWORD").unwrap_or(plain.password),
        on_access: Some(Arc::new(|client, request, status| {
            words::out(&access_line(client, request, status))
        })),
    }
}

/// Writes what the faults write, as time goes by.
async fn follow(stage: &Stage) {
    let mut written = stage.now();
    loop {
        tokio::time::sleep(LOG_EVERY).await;
        let now = stage.now();
        for line in stage.world().fault_lines(written, now) {
            words::err(&line.text);
        }
        written = now;
    }
}

/// Waits for SIGTERM or Ctrl-C. As process 1 of a container it would otherwise not even notice them.
#[cfg(unix)]
fn ended() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|e| format!("Signals cannot be listened to: {e}."));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn ended() -> Result<impl Future<Output = ()>, String> {
    Ok(async {
        // Without a handler there is nothing to wait for.
        let _ = tokio::signal::ctrl_c().await;
    })
}
