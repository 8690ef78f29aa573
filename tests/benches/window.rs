//! `cargo xtask bench`: what the window costs and how soon it shows what was recorded, in the real app on a screen of
//! its own. Nothing here draws with a graphics card, so frames are slower than on a desk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on ends"
)]

mod common;

use std::time::Duration;

use chrono::{DateTime, Utc};
use fantoccini::Client;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use watchkeeper_store::{Access, Entry, Store};
use watchkeeper_tests::window::{
    app::App,
    desk::Desk,
    notifications::Daemon,
    page::{find, says},
    processes,
    screen::Screen,
    tray::Panel,
};

use crate::common::{Figure, leave, record_a_day};

/// A hidden window is dropped after a minute.
const DROPPED_WITHIN: Duration = Duration::from_secs(120);
/// A day in two minutes.
const SPEED: f64 = 720.0;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let quick = std::env::args().any(|a| a == "--quick");
    let desk = Desk::new(1400, 900);
    let _daemon = Daemon::start(&desk.bus).await;
    let panel = Panel::start(&desk.bus).await;
    let mut figures = vec![starts(&desk, if quick { 3 } else { 10 }).await];
    figures.push(reading_to_shown(&desk, Duration::from_secs(if quick { 60 } else { 180 })).await);
    figures.extend(a_day_streams(&desk, &panel).await);
    figures.extend(a_day_at_one_second(&desk, if quick { 3 } else { 10 }).await);
    leave("window", &figures);
}

/// From the start of the process to the first words of the page.
async fn starts(desk: &Desk, runs: usize) -> Figure {
    let mut values = Vec::new();
    for _ in 0..runs {
        let data = tempfile::tempdir().unwrap();
        let app = App::start(desk, data.path(), &[]).await;
        let begun = Utc::now().timestamp_millis() as f64 - processes::age_ms(app.pid);
        says(&app.page, "Try the demo day").await;
        let painted = script(
            &app.page,
            "const paint = performance.getEntriesByName('first-contentful-paint')[0];
             return paint ? performance.timeOrigin + paint.startTime : null",
        );
        values.push(painted.await.as_f64().expect("this WebKit tells of no first paint") - begun);
        app.end().await;
    }
    Figure::new("the app from its start to the first paint of its page", "ms", values)
}

/// From the arrival of an answer to its being drawn: the recording lies between.
async fn reading_to_shown(desk: &Desk, lasts: Duration) -> Figure {
    let data = tempfile::tempdir().unwrap();
    let app = App::start(desk, data.path(), &[]).await;
    begin(&app.page, 1.0).await;
    script(
        &app.page,
        "const count = () => Number(document.querySelector('footer').textContent.match(/([\\d,]+) readings/)[1].replaceAll(',', ''));
         window.seen = [];
         let before = count();
         new MutationObserver(() => {
           const n = count();
           if (n === before) return;
           before = n;
           requestAnimationFrame(() => requestAnimationFrame(() => window.seen.push([n, Date.now()])));
         }).observe(document.querySelector('footer'), { subtree: true, childList: true, characterData: true });",
    )
    .await;
    // The cadence is that of a real night.
    sleep(lasts).await;
    let seen = script(&app.page, "return window.seen").await;
    let store = Store::open(&data.path().join("watchkeeper.db"), Access::ReadOnly).await.unwrap();
    let session = store.sessions().await.unwrap().remove(0).id;
    let mut arrived: Vec<DateTime<Utc>> = Vec::new();
    store
        .fold(&session, |entry| {
            if let Entry::Reading(reading, _) = entry {
                arrived.push(reading.utc);
            }
        })
        .await
        .unwrap();
    app.end().await;
    let mut values = Vec::new();
    let mut shown_before = None;
    for pair in seen.as_array().unwrap() {
        let (n, at) = (pair[0].as_u64().unwrap() as usize, pair[1].as_f64().unwrap());
        // Those that came with this pulse; what was there before it was looked for is not among them.
        let from = shown_before.replace(n).unwrap_or(n - 1);
        values.extend(arrived[from..n].iter().map(|utc| at - utc.timestamp_millis() as f64));
    }
    assert!(values.len() > 10, "{} readings were shown", values.len());
    Figure::new("from an answer's arrival to its being drawn", "ms", values).at_most(200.0)
}

/// A day of the demo in two minutes: frames meanwhile, memory before, after and hidden.
async fn a_day_streams(desk: &Desk, panel: &Panel) -> Vec<Figure> {
    let data = tempfile::tempdir().unwrap();
    let screen = Screen::of(desk);
    let app = App::start(desk, data.path(), &[]).await;
    let pid = app.pid;
    begin(&app.page, SPEED).await;
    says(&app.page, "Hour 1 complete").await;
    let shown = memory(pid);
    script(
        &app.page,
        "window.frames = [];
         let before = performance.now();
         const frame = (at) => { window.frames.push(at - before); before = at; requestAnimationFrame(frame) };
         requestAnimationFrame((at) => { before = at; requestAnimationFrame(frame) });",
    )
    .await;
    let ended = async {
        // Asked for twice a second, so that the asking itself costs no frames.
        while view(&app.page).await["stage"] != "concluded" {
            sleep(Duration::from_millis(500)).await;
        }
    };
    timeout(Duration::from_secs(300), ended).await.expect("the day does not end");
    let frames: Vec<f64> = script(&app.page, "return window.frames")
        .await
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    let after = memory(pid);
    screen.close();
    screen.wait_until_shown(false).await;
    let dropped = async {
        while processes::tree(pid).into_iter().any(|pid| processes::name(pid) == "WebKitWebProces") {
            sleep(Duration::from_millis(500)).await;
        }
    };
    timeout(DROPPED_WITHIN, dropped).await.expect("the hidden window is not dropped");
    let hidden = memory(pid);
    // Its window is gone, and the driver's session with it.
    panel.press("Quit").await;
    app.end().await;
    let long = frames.iter().filter(|ms| **ms > 50.0).count() as f64 / frames.len() as f64 * 100.0;
    vec![
        Figure::new("a frame while a day streams in at 720 times the clock", "ms", frames),
        Figure::new("its frames of more than 50 ms", "%", vec![long]),
        Figure::new("memory of all its processes (PSS), window shown, first hour", "MiB", vec![shown]),
        Figure::new("the same after 24 simulated hours", "MiB", vec![after]),
        Figure::new("the same with the window hidden and dropped", "MiB", vec![hidden]),
    ]
}

/// A day at a cadence of one second: opened, asked for, drawn.
async fn a_day_at_one_second(desk: &Desk, runs: usize) -> Vec<Figure> {
    let data = tempfile::tempdir().unwrap();
    let store = Store::open(&data.path().join("watchkeeper.db"), Access::Write).await.unwrap();
    record_a_day(&store, "day").await;
    drop(store);
    let app = App::start(desk, data.path(), &[]).await;
    let page = &app.page;
    says(page, "Try the demo day").await;
    let opened = timed(page, "await call('open_session', { session: 'day' })").await;
    says(page, "950,400 readings").await;
    let names = json!(["api_ms", "database_ms", "health_ms", "error_percent", "cpu_percent", "memory_mib"]);
    let series = format!(
        "const all = await call('series', {{ request: {{ names: {names}, from: 0, to: 86400000, buckets: 1600 }} }});
         if (all.some((s) => s.n < 86000)) throw new Error(JSON.stringify(all.map((s) => s.n)))"
    );
    let draw = "const page = (name) => [...document.querySelectorAll('nav a, nav button')]
           .find((it) => it.textContent.trim().startsWith(name)).click();
         page('Watch');
         const drawn = () => {
           const charts = [...document.querySelectorAll('.tiles .chart[role=img]')];
           return charts.length > 3 && charts.every((it) => it.querySelector('canvas') && !it.ariaLabel.includes('no readings'));
         };
         while (!document.querySelector('.tiles')) await new Promise(requestAnimationFrame);
         const there = performance.now();
         while (!drawn()) await new Promise(requestAnimationFrame);
         await new Promise(requestAnimationFrame);
         return performance.now() - there";
    let away = "[...document.querySelectorAll('nav a, nav button')].find((it) => it.textContent.trim().startsWith('Checks')).click()";
    let (mut asked, mut drawn) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        asked.push(timed(page, &series).await);
        script(page, away).await;
        says(page, "Hour 0").await;
        drawn.push(timed(page, draw).await);
    }
    app.end().await;
    vec![
        Figure::new("a recorded day at 1 s cadence (950 400 readings), opened", "ms", vec![opened]),
        Figure::new("its six series (86 400 values each) down-sampled and in the page", "ms", asked)
            .at_most(100.0),
        Figure::new("its charts on the Watch page, from their place to their courses", "ms", drawn)
            .at_most(100.0),
    ]
}

/// Begins a demo day at `speed`, and waits for its first reading.
async fn begin(page: &Client, speed: f64) {
    says(page, "Try the demo day").await;
    timed(page, &format!("await call('start_demo', {{ scenario: 'healthy', speed: {speed} }})")).await;
    find(page, "//footer[contains(., ' readings')]").await;
}

/// What `script` returns.
async fn script(page: &Client, script: &str) -> Value {
    page.execute(script, vec![]).await.unwrap()
}

/// How many ms the statements take in the page, or say that it took; they may `call` the program.
async fn timed(page: &Client, statements: &str) -> f64 {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const call = (name, args) => window.__TAURI_INTERNALS__.invoke(name, args);
         const begun = performance.now();
         (async () => {{ {statements} }})().then((ms) => done(ms ?? performance.now() - begun), (e) => done(String(e.message ?? e)))"
    );
    let took = page.execute_async(&script, vec![]).await.unwrap();
    took.as_f64().unwrap_or_else(|| panic!("{statements}: {took}"))
}

/// What the program says of the session that is shown.
async fn view(page: &Client) -> Value {
    let script = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke('view').then(done, (e) => done(String(e.message ?? e)))";
    page.execute_async(script, vec![]).await.unwrap()
}

/// The memory of a process and all that it started, MiB.
fn memory(root: u32) -> f64 {
    processes::tree(root).into_iter().map(processes::memory_mib).sum()
}
