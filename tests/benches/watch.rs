//! `cargo xtask bench`: what the watch costs and how fast it tells, each figure with its n, median and spread.
//!
//! Figures are of this machine at this time; hold them against others of the same run only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on ends"
)]

mod common;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::Utc;
use watchkeeper_core::{
    event::{Opening, Pace},
    reading::Reading,
    rules::Rules,
    session::Session,
    time::{Moment, Span, WatchTime},
    view::View,
};
use watchkeeper_engine::{
    Parts, Watch,
    clock::WallClock,
    open,
    ports::{Herald, Journal, Notification},
};
use watchkeeper_probes::{Deployment, DeploymentConfig, DockerEndpoint, HttpTarget};
use watchkeeper_report::{Format, Report};
use watchkeeper_store::{Access, Entry, Store};
use watchkeeper_tests::day;
#[cfg(unix)]
use watchkeeper_tests::dockerd::{Dockerd, Door, SmsOptions};

use crate::common::{Figure, day_opening, healthy, leave, readings_at, record_a_day};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let quick = std::env::args().any(|a| a == "--quick");
    let mut figures = Vec::new();
    figures.extend(figures_of_a_standing_watch(
        if quick { 1 } else { 3 },
        Duration::from_secs(if quick { 20 } else { 60 }),
    ));
    figures.extend(kill_to_notification(if quick { 3 } else { 20 }).await);
    figures.extend(recording(if quick { 3 } else { 7 }).await);
    figures.extend(a_day_at_one_second(if quick { 1 } else { 3 }).await);
    leave("watch", &figures);
}

/// A child that ends with its owner.
struct Running(Child);
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn figures_of_a_standing_watch(runs: usize, lasts: Duration) -> Vec<Figure> {
    if !Path::new("/proc/self/stat").exists() {
        println!("SKIPPED: memory and CPU of a standing watch are read from /proc, which is not here");
        return Vec::new();
    }
    let program = watchkeeper_tests::program::watchkeeper().unwrap();
    let (mut rss, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let folder = tempfile::tempdir().unwrap();
        let mut serve = Command::new(&program)
            .args(["demo", "--serve", "--speed", "1", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .map(Running)
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(serve.0.stdout.take().unwrap());
        let (url, docker) = loop {
            said.clear();
            assert!(lines.read_line(&mut said).unwrap() > 0, "`demo --serve` ended");
            if let (Some(url), Some(docker)) = (word(&said, "http://"), word(&said, "tcp://")) {
                break (url, docker);
            }
        };
        let config = folder.path().join("watchkeeper.toml");
        let text = format!(
            "[deployment]\nname = \"Bench\"\nurl = \"{url}\"\ndocker = \"{docker}\"\n[release]\nversion = \"1.15.1\"\n\
             [watch]\nowner = \"bench\"\n"
        );
        std::fs::write(&config, text).unwrap();
        let watch = Command::new(&program)
            .arg("--data")
            .arg(folder.path())
            .args(["watch", "--plain", "--no-notify", "--config"])
            .arg(&config)
            .stdout(Stdio::null())
            .spawn()
            .map(Running)
            .unwrap();
        let pid = watch.0.id();
        // The first ten seconds are the start.
        std::thread::sleep(Duration::from_secs(10));
        let (begun, used) = (Instant::now(), ticks(pid));
        std::thread::sleep(lasts);
        cpu.push((ticks(pid) - used) / 100.0 / begun.elapsed().as_secs_f64() * 100.0);
        rss.push(resident_mib(pid));
    }
    vec![
        Figure::new("watch at the default cadence: resident memory", "MiB", rss).at_most(20.0),
        Figure::new("watch at the default cadence: CPU", "% of a core", cpu).at_most(0.1),
    ]
}

fn word(line: &str, start: &str) -> Option<String> {
    let from = line.find(start)?;
    let rest = line.get(from..)?;
    Some(rest.chars().take_while(|c| !c.is_whitespace() && !"\"',".contains(*c)).collect())
}

/// User and system time in clock ticks, a hundred a second.
fn ticks(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].iter().filter_map(|i| fields.get(*i)?.parse::<f64>().ok()).sum()
}

fn resident_mib(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).map_or(f64::NAN, |kb| kb / 1_024.0)
}

#[derive(Default)]
struct Heard(Mutex<Vec<(Instant, String)>>);

#[async_trait]
impl Herald for Heard {
    async fn show(&self, notification: &Notification) -> Result<(), String> {
        self.0.lock().unwrap().push((Instant::now(), notification.title.clone()));
        Ok(())
    }
}

#[cfg(not(unix))]
async fn kill_to_notification(_: usize) -> Option<Figure> {
    println!("SKIPPED: from `docker kill` to the notification: dockerd runs on Linux only");
    None
}

#[cfg(unix)]
async fn kill_to_notification(kills: usize) -> Option<Figure> {
    let dockerd = Dockerd::start(Door::Socket).await.unwrap()?;
    let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut values = Vec::new();
    for kill in 0..kills {
        let start = Utc::now();
        let deployment = Deployment::connect(DeploymentConfig {
            http: HttpTarget::parse(&format!("http://{}", sms.address())).unwrap(),
            docker: DockerEndpoint::parse(&dockerd.socket(), None).unwrap(),
            containers: "sms-app".into(),
            docker_timeout: DeploymentConfig::DOCKER_TIMEOUT,
            references: Vec::new(),
            since: start,
            logs_recorded_to: std::collections::BTreeMap::new(),
        })
        .unwrap();
        let store = Store::open(&folder.path().join("watchkeeper.db"), Access::Write).await.unwrap();
        let session = format!("bench-{kill}");
        let opening =
            Opening { session, pace: Pace::REAL, simulated: None, ..day::opening(Rules::default()) };
        let journal = Arc::new(store.create_session(&opening, start).await.unwrap());
        let session = open(journal.as_ref(), opening, start).await.unwrap();
        let heard = Arc::new(Heard::default());
        let (watch, handle) = Watch::new(
            session,
            Parts {
                journal: journal as _,
                clock: Arc::new(WallClock::starting_at(
                    Moment { utc: start, watch: WatchTime::START },
                    Pace::REAL,
                )),
                probes: deployment.probes(),
                listeners: vec![deployment.listener()],
                witness: deployment.witness(),
                operator: None,
                herald: Arc::clone(&heard) as _,
                jitter_percent: 10,
                program: "bench".into(),
            },
        );
        let standing = tokio::spawn(watch.stand(false));
        let mut changes = handle.changes();
        while !handle.view().await.unwrap().log.iter().any(|l| l.text.contains("Hour 1 complete")) {
            changes.changed().await.unwrap();
        }
        let killed = Instant::now();
        sms.kill().await.unwrap();
        let told = loop {
            let first =
                heard.0.lock().unwrap().iter().find(|(_, t)| t.contains("Container")).map(|(at, _)| *at);
            match first {
                Some(at) => break at,
                None => changes.changed().await.unwrap(),
            }
        };
        values.push(told.saturating_duration_since(killed).as_secs_f64() * 1_000.0);
        handle.stop("next").await;
        standing.await.unwrap().unwrap();
        sms.start().await.unwrap();
    }
    Some(Figure::new("from `docker kill` to the notification call", "ms", values).at_most(300.0))
}

async fn recording(runs: usize) -> Vec<Figure> {
    let world = healthy();
    let mut values = Vec::new();
    for run in 0..runs {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("watchkeeper.db"), Access::Write).await.unwrap();
        let opening = day_opening(&format!("run-{run}"));
        let journal = store.create_session(&opening, day::start()).await.unwrap();
        let mut session = open(&journal, opening, day::start()).await.unwrap();
        let turns: Vec<Vec<Reading>> = (1..=1_000).map(|s| readings_at(&world, Span::secs(s))).collect();
        let n: usize = turns.iter().map(Vec::len).sum();
        let begun = Instant::now();
        for readings in &turns {
            journal.record(session.seq, readings).await.unwrap();
            for reading in readings {
                session.observe(reading, &reading.record().unwrap());
            }
        }
        values.push(n as f64 / begun.elapsed().as_secs_f64());
    }
    vec![Figure::new("readings that one session records, eleven a commit", "1/s", values)]
}

async fn a_day_at_one_second(runs: usize) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("watchkeeper.db"), Access::Write).await.unwrap();
    record_a_day(&store, "day").await;
    let (mut fold, mut view_ms, mut md, mut json) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let begun = Instant::now();
        let mut folded: Option<Session> = None;
        store
            .fold("day", |entry| match (entry, folded.as_mut()) {
                (Entry::Event(event), Some(session)) => session.apply(&event),
                (Entry::Event(event), None) => folded = Session::open(&event),
                (Entry::Reading(reading, text), Some(session)) => session.observe(&reading, text),
                (Entry::Reading(..), None) => {}
            })
            .await
            .unwrap();
        fold.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let session = folded.unwrap();
        assert!(session.observed.count > 900_000, "{} readings", session.observed.count);
        let begun = Instant::now();
        let now = Moment { utc: day::start() + Span::hours(24).to_chrono(), watch: session.end() };
        let view = View::of(&session, now);
        view_ms.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let report = Report::new(view, store.events("day").await.unwrap(), Vec::new());
        for (format, values) in [(Format::Markdown, &mut md), (Format::Json, &mut json)] {
            let begun = Instant::now();
            let text = format.render(&report).unwrap();
            values.push(begun.elapsed().as_secs_f64() * 1_000.0);
            assert!(!text.is_empty());
        }
    }
    vec![
        Figure::new("fold a day at 1 s cadence (950 400 readings) from SQLite", "ms", fold),
        Figure::new("its view", "ms", view_ms),
        Figure::new("its report in Markdown", "ms", md),
        Figure::new("its report in JSON", "ms", json),
    ]
}
