//! A simulated SMS for a real container: its HTTP side on port 8000 in real time, its log on stdout and stderr.
//!
//! `sms-demo --help` says what it goes by. Ends with 0 on SIGTERM, as uvicorn does.

mod control;
mod healthy;
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
    if let Some(argument) = env::args_os().nth(1) {
        if argument == "--help" || argument == "-h" {
            words::out(&help());
            return ExitCode::SUCCESS;
        }
        if argument == "--healthy" {
            return healthy::check(port()).await;
        }
        words::err(&format!(
            "sms-demo takes no such argument as `{}`. See `sms-demo --help`.",
            argument.display()
        ));
        return ExitCode::from(2);
    }
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
    let port = port()?;
    let count_every = count_every()?;
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
        () = count(count_every) => {}
        () = ended => {}
    }
    let mut last = shutdown_lines();
    last.by_ref().take(1).for_each(words::err);
    // Requests that hang do not keep it from ending: the Engine would kill it after ten seconds.
    let _ = tokio::time::timeout(Duration::from_secs(3), served.shutdown()).await;
    last.for_each(words::err);
    Ok(())
}

fn port() -> Result<u16, String> {
    match env::var("PORT") {
        Ok(text) => {
            text.parse().map_err(|_| format!("PORT is `{text}`: it has to be a number from 1 to 65535."))
        }
        Err(_) => Ok(8_000),
    }
}

fn count_every() -> Result<Option<Duration>, String> {
    let Ok(text) = env::var("SMS_COUNT_EVERY_MS") else { return Ok(None) };
    match text.parse() {
        Ok(0) | Err(_) => {
            Err(format!("SMS_COUNT_EVERY_MS is `{text}`: it has to be a number of milliseconds, from 1 on."))
        }
        Ok(ms) => Ok(Some(Duration::from_millis(ms))),
    }
}

/// Writes numbered warnings, from 1 on: in a log that was read whole, none of them is missing and none is there twice.
async fn count(every: Option<Duration>) {
    let Some(every) = every else { return std::future::pending().await };
    for n in 1_u64.. {
        words::python("backend.count", "WARNING", &format!("number {n} (simulated)"));
        tokio::time::sleep(every).await;
    }
}

fn help() -> String {
    let plain = SmsOptions::default();
    format!(
        "\
A simulated Student Management System (SMS), for a container that is to be watched: its HTTP side in real time, its log
on standard output and standard error. It keeps nothing and knows nobody.

Usage: sms-demo [--healthy]

  --healthy      asks the one that runs on PORT how it is, as a HEALTHCHECK does: ends with 0, or with 1

It goes by the environment:
  PORT           where it listens, on all addresses [8000]
  SMS_VERSION    the version that it says it is [{VERSION}]
  SMS_ENVELOPE   1: answers are wrapped as newer versions wrap them [0]
  SMS_EMAIL      the one account [{}]
  SMS_PASSWORD   its password
  SMS_COUNT_EVERY_MS
                 writes a numbered warning this often, so that a reader of the log can be held against it [never]

It ends on SIGTERM or Ctrl-C with 0; with 1 where it could not begin, with 2 for an argument.",
        plain.email
    )
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
