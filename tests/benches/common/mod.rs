//! What the benchmarks share: figures with their n and spread, and the day at a cadence of one second.
#![allow(dead_code, reason = "each benchmark uses a part of it")]

use std::path::PathBuf;

use chrono::Utc;
use watchkeeper_core::{
    event::Opening,
    reading::{Reading, Source},
    rules::Rules,
    time::{Moment, Span, WatchTime},
};
use watchkeeper_demo::{Scenario, World, answers};
use watchkeeper_engine::{
    open,
    ports::{Depth, Journal},
};
use watchkeeper_store::Store;
use watchkeeper_tests::day;

/// What was measured.
pub(crate) struct Figure {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    /// No more than this is wanted.
    pub(crate) aim: Option<f64>,
    pub(crate) values: Vec<f64>,
}

impl Figure {
    pub(crate) const fn new(what: &'static str, unit: &'static str, values: Vec<f64>) -> Self {
        Self { what, unit, aim: None, values }
    }

    /// The same, with what is wanted of its median.
    pub(crate) fn at_most(self, aim: f64) -> Self {
        Self { aim: Some(aim), ..self }
    }

    fn at(&self, p: f64) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = ((p / 100.0 * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len().max(1));
        sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "what": self.what, "unit": self.unit, "aim": self.aim, "n": self.values.len(),
            "median": self.at(50.0), "p95": self.at(95.0), "least": self.at(0.0), "most": self.at(100.0),
            "values": self.values,
        })
    }

    /// A row of the README's table.
    fn row(&self) -> String {
        let aim = match self.aim {
            None => String::new(),
            Some(aim) if self.at(50.0) > aim => format!("≤ {aim}, missed"),
            Some(aim) => format!("≤ {aim}"),
        };
        let [median, p95, least, most] = [50.0, 95.0, 0.0, 100.0].map(|p| short(self.at(p)));
        format!(
            "| {}, {} | {} | {median} | {p95} | {least} | {most} | {aim} |",
            self.what,
            self.unit,
            self.values.len()
        )
    }
}

/// Three digits of it, or all before the point.
fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Shows the figures, and leaves them as `name`.json and `name`.md.
pub(crate) fn leave(name: &str, figures: &[Figure]) {
    println!("\n{:<72} {:>4} {:>11} {:>11} {:>11} {:>11}", "", "n", "median", "p95", "least", "most");
    for f in figures {
        println!(
            "{:<72} {:>4} {:>11.2} {:>11.2} {:>11.2} {:>11.2}",
            format!("{} [{}]", f.what, f.unit),
            f.values.len(),
            f.at(50.0),
            f.at(95.0),
            f.at(0.0),
            f.at(100.0)
        );
    }
    let out = std::env::var_os("WATCHKEEPER_OUT").map_or_else(|| PathBuf::from("out/bench"), PathBuf::from);
    std::fs::create_dir_all(&out).unwrap();
    let json: Vec<serde_json::Value> = figures.iter().map(Figure::json).collect();
    let json = serde_json::json!({ "taken": Utc::now(), "figures": json });
    let rows: String = figures.iter().map(|f| f.row() + "\n").collect();
    for (ending, text) in [("json", serde_json::to_string_pretty(&json).unwrap()), ("md", rows)] {
        let path = out.join(format!("{name}.{ending}"));
        std::fs::write(&path, text).unwrap();
        println!("{}", path.display());
    }
}

/// A day without trouble.
pub(crate) fn healthy() -> World {
    World::new(Scenario::by_name("healthy").unwrap(), 1, day::start())
}

/// An opening at a cadence of one second.
pub(crate) fn day_opening(id: &str) -> Opening {
    Opening { session: id.into(), ..day::opening(Rules { every: Span::secs(1), ..Rules::default() }) }
}

/// What all sources say at `t`.
pub(crate) fn readings_at(world: &World, t: Span) -> Vec<Reading> {
    let now = Moment { utc: day::start() + t.to_chrono(), watch: WatchTime::START + t };
    Source::ALL
        .into_iter()
        .filter(|s| !matches!(s, Source::Events | Source::Functions))
        .flat_map(|s| answers(world, s, Depth::Routine, t.saturating_sub(Span::secs(1)), t))
        .map(|a| Reading::at(now, a))
        .collect()
}

/// Records a day at a cadence of one second as the session `id`.
pub(crate) async fn record_a_day(store: &Store, id: &str) {
    let world = healthy();
    let opening = day_opening(id);
    let journal = store.create_session(&opening, day::start()).await.unwrap();
    let session = open(&journal, opening, day::start()).await.unwrap();
    for minute in 0..1_440_u64 {
        let readings: Vec<Reading> =
            (1..=60).flat_map(|s| readings_at(&world, Span::secs(minute * 60 + s))).collect();
        journal.record(session.seq, &readings).await.unwrap();
    }
}
