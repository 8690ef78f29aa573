//! What is measured over time, kept in columns and given down-sampled: each bucket's least and greatest stay, so no
//! spike vanishes, and a gap stays a gap.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use watchkeeper_core::{
    reading::{Outcome, Reading, Source, Value},
    rules::Rules,
    time::{Span, WatchTime},
};

use crate::contract::{Point, Series, SeriesName, SeriesRequest};

/// The most points that are given of one series.
const MOST: u32 = 4_000;

/// The columns of a session.
#[derive(Debug)]
pub(crate) struct Charts {
    columns: Mutex<Columns>,
    rules: Rules,
    /// Between two values there is a gap when they are further apart than this.
    apart: Span,
}

#[derive(Debug, Default)]
struct Columns {
    all: BTreeMap<SeriesName, Vec<(WatchTime, f32)>>,
    /// The memory limit as last seen, MiB.
    memory_limit: Option<f64>,
}

impl Charts {
    /// Empty ones, for a session with these rules.
    pub(crate) fn new(rules: &Rules) -> Self {
        let apart = Span::millis(rules.every.as_millis().saturating_mul(3)).max(Span::secs(5));
        Self { columns: Mutex::default(), rules: rules.clone(), apart }
    }

    /// Takes a reading in. Readings come in the order in which they were recorded.
    pub(crate) fn take(&self, reading: &Reading) {
        let mut columns = self.columns();
        for (name, value) in values(reading) {
            columns.all.entry(name).or_default().push((reading.watch, value));
        }
        if let Outcome::Value(Value::Usage(usage)) = &reading.answer.outcome {
            columns.memory_limit = usage.memory_limit.map(mib);
        }
    }

    /// The series that are asked for.
    pub(crate) fn series(&self, request: &SeriesRequest) -> Vec<Series> {
        let columns = self.columns();
        let empty = Vec::new();
        request
            .names
            .iter()
            .map(|name| {
                let column = columns.all.get(name).unwrap_or(&empty);
                let (points, breaks, n) =
                    sampled(column, request, self.apart, *name == SeriesName::ErrorPercent);
                Series {
                    name: *name,
                    target: self.target(*name, columns.memory_limit),
                    limit: if *name == SeriesName::MemoryMib { columns.memory_limit } else { None },
                    n,
                    points,
                    breaks,
                }
            })
            .collect()
    }

    fn target(&self, name: SeriesName, memory_limit: Option<f64>) -> Option<f64> {
        let targets = &self.rules.targets;
        match name {
            SeriesName::ApiMs => Some(targets.api_p95_ms),
            SeriesName::DatabaseMs => Some(targets.database_p95_ms),
            SeriesName::ErrorPercent => Some(targets.error_rate_percent),
            SeriesName::CpuPercent => Some(targets.cpu_percent),
            SeriesName::MemoryMib => memory_limit.map(|l| l * self.rules.matrix.memory_percent / 100.0),
            SeriesName::HealthMs => None,
        }
    }

    /// A thread that ended badly leaves whole values behind: each is pushed at once.
    fn columns(&self) -> MutexGuard<'_, Columns> {
        self.columns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// What a reading adds to which column.
fn values(reading: &Reading) -> Vec<(SeriesName, f32)> {
    let answer = &reading.answer;
    let took = |name| answer.took_ms.map(|ms| (name, ms as f32));
    let mut out = Vec::new();
    match &answer.outcome {
        Outcome::Value(value) => {
            match (answer.source, value) {
                (Source::Api, _) => out.extend(took(SeriesName::ApiMs)),
                (Source::Ready, _) => out.extend(took(SeriesName::DatabaseMs)),
                (Source::Health, _) => out.extend(took(SeriesName::HealthMs)),
                (_, Value::Usage(usage)) => {
                    out.push((SeriesName::MemoryMib, mib(usage.memory_bytes) as f32));
                    out.extend(usage.cpu_share().map(|p| (SeriesName::CpuPercent, p as f32)));
                }
                _ => {}
            }
            if answer.source.is_http() {
                out.push((SeriesName::ErrorPercent, 0.0));
            }
        }
        // A failure that lies elsewhere is none of the deployment's.
        Outcome::Failure(failure) if answer.source.is_http() && failure.place.is_deployment() => {
            out.push((SeriesName::ErrorPercent, 100.0));
        }
        Outcome::Failure(_) => {}
    }
    out
}

/// The buckets of `column`, the breaks between them, and how many values they rest on. A rate is told by its mean.
fn sampled(
    column: &[(WatchTime, f32)],
    request: &SeriesRequest,
    apart: Span,
    mean: bool,
) -> (Vec<Point>, Vec<u32>, u64) {
    let from = column.partition_point(|(at, _)| *at < request.from);
    let to = column.partition_point(|(at, _)| *at <= request.to);
    let Some(part) = column.get(from..to).filter(|p| !p.is_empty()) else {
        return (Vec::new(), Vec::new(), 0);
    };
    let buckets = u64::from(request.buckets.clamp(1, MOST));
    let width = (request.to.since(request.from).as_millis() / buckets).max(1);
    let bucket_of = |at: WatchTime| (at.since(request.from).as_millis() / width).min(buckets - 1);
    let mut points: Vec<Point> = Vec::new();
    let mut breaks = Vec::new();
    let (mut bucket, mut sum, mut n) = (u64::MAX, 0.0, 0_u32);
    let mut before: Option<WatchTime> = None;
    for (at, value) in part {
        let value = f64::from(*value);
        let broken = before.is_some_and(|b| at.since(b) > apart);
        let same = bucket_of(*at) == bucket && !broken;
        match points.last_mut().filter(|_| same) {
            Some(point) => {
                (sum, n) = (sum + value, n + 1);
                point.at = *at;
                if mean {
                    let m = sum / f64::from(n);
                    (point.min, point.max, point.last) = (m, m, m);
                } else {
                    point.min = point.min.min(value);
                    point.max = point.max.max(value);
                    point.last = value;
                }
            }
            None => {
                if broken {
                    breaks.push(u32::try_from(points.len()).unwrap_or(u32::MAX));
                }
                (bucket, sum, n) = (bucket_of(*at), value, 1);
                points.push(Point { at: *at, min: value, max: value, last: value });
            }
        }
        before = Some(*at);
    }
    (points, breaks, part.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(from: u64, to: u64, buckets: u32) -> SeriesRequest {
        SeriesRequest { names: vec![], from: WatchTime(from), to: WatchTime(to), buckets }
    }

    fn column(values: &[(u64, f32)]) -> Vec<(WatchTime, f32)> {
        values.iter().map(|(at, v)| (WatchTime(*at), *v)).collect()
    }

    #[test]
    fn spikes_stay_and_gaps_stay_gaps() {
        let apart = Span::millis(30);
        // (values, from, to, buckets, mean) → (min, max, last) of each bucket, breaks, n
        let at = |range: std::ops::Range<u64>| range.map(|i| (i * 10, 1.0)).collect::<Vec<_>>();
        let mut spike = at(0..10);
        spike[3].1 = 9.0;
        let gap = [at(0..3), at(10..13)].concat();
        let errors = vec![(0, 0.0), (10, 100.0), (20, 0.0), (30, 100.0)];
        type Row = (Vec<(u64, f32)>, u64, u64, u32, bool, Vec<(f64, f64, f64)>, Vec<u32>, u64);
        let table: Vec<Row> = vec![
            (vec![], 0, 100, 10, false, vec![], vec![], 0),
            (spike, 0, 100, 2, false, vec![(1.0, 9.0, 1.0), (1.0, 1.0, 1.0)], vec![], 10),
            (gap.clone(), 0, 120, 1, false, vec![(1.0, 1.0, 1.0), (1.0, 1.0, 1.0)], vec![1], 6),
            (gap, 50, 90, 4, false, vec![], vec![], 0),
            (errors, 0, 40, 1, true, vec![(50.0, 50.0, 50.0)], vec![], 4),
            (at(0..3), 0, 0, 0, false, vec![(1.0, 1.0, 1.0)], vec![], 1),
        ];
        for (values, from, to, buckets, mean, expected, breaks, n) in table {
            let got = sampled(&column(&values), &request(from, to, buckets), apart, mean);
            let points: Vec<_> = got.0.iter().map(|p| (p.min, p.max, p.last)).collect();
            assert_eq!((points, got.1, got.2), (expected, breaks, n), "{values:?} {from}..{to}/{buckets}");
        }
    }

    #[test]
    fn a_day_at_one_second_is_given_in_so_many_points_and_keeps_each_extreme() {
        let values: Vec<(WatchTime, f32)> =
            (0..86_400_u64).map(|s| (WatchTime(s * 1_000), ((s * 7_919) % 1_000) as f32)).collect();
        let (points, breaks, n) = sampled(&values, &request(0, 86_400_000, 1_000), Span::secs(3), false);
        assert!((999..=1_001).contains(&points.len()), "{}", points.len());
        assert_eq!((breaks.len(), n), (0, 86_400));
        assert!(points.iter().all(|p| p.min <= p.last && p.last <= p.max));
        let most = points.iter().map(|p| p.max).fold(f64::MIN, f64::max);
        let least = points.iter().map(|p| p.min).fold(f64::MAX, f64::min);
        assert_eq!((least, most), (0.0, 999.0));
    }
}
