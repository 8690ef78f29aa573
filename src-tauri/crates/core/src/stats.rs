//! Numbers with what they are worth: percentiles with their n, rates with their bounds, trends with their significance.

use statrs::distribution::{Beta, ContinuousCDF, Normal};

/// The `p`-th percentile (0–100) by the nearest-rank method: the smallest value that at least `p` percent of the
/// values do not exceed. `None` without values. Not-a-number values are passed over.
pub fn percentile(values: impl IntoIterator<Item = f32>, p: f64) -> Option<f32> {
    let mut all: Vec<f32> = values.into_iter().filter(|v| !v.is_nan()).collect();
    if all.is_empty() {
        return None;
    }
    let rank = ((p / 100.0 * all.len() as f64).ceil() as usize).clamp(1, all.len());
    let (_, value, _) = all.select_nth_unstable_by(rank - 1, f32::total_cmp);
    Some(*value)
}

/// The middle value, `None` without values.
pub fn median(values: impl IntoIterator<Item = f32>) -> Option<f32> {
    percentile(values, 50.0)
}

/// The one-sided 95 % upper bound on a rate of which `failed` of `n` were seen, 0 to 1: Clopper and Pearson (1934).
/// With no failure it is `1 − 0.05^(1/n)`, close to the « rule of three », 3/n. 1 without any trial.
pub fn rate_upper_95(failed: u64, n: u64) -> f64 {
    if n == 0 || failed >= n {
        return 1.0;
    }
    if failed == 0 {
        return 1.0 - 0.05_f64.powf(1.0 / n as f64);
    }
    let (failed, n) = within_reach(failed, n);
    Beta::new(failed as f64 + 1.0, (n - failed) as f64).map_or(1.0, |b| b.inverse_cdf(0.95))
}

/// The one-sided 95 % lower bound, likewise. 0 without any trial or failure.
pub fn rate_lower_95(failed: u64, n: u64) -> f64 {
    if n == 0 || failed == 0 {
        return 0.0;
    }
    if failed >= n {
        return 0.05_f64.powf(1.0 / n as f64);
    }
    let (failed, n) = within_reach(failed, n);
    Beta::new(failed as f64, (n - failed) as f64 + 1.0).map_or(0.0, |b| b.inverse_cdf(0.05))
}

/// statrs inverts the beta distribution up to some millions of trials. Of more, the same rate in fewer trials has bounds
/// that lie farther apart: on the safe side.
fn within_reach(failed: u64, n: u64) -> (u64, u64) {
    const MOST: u64 = 1_000_000;
    if n <= MOST {
        return (failed, n);
    }
    let scaled = (u128::from(failed) * u128::from(MOST)).div_ceil(u128::from(n));
    (u64::try_from(scaled).unwrap_or(MOST).min(MOST - 1), MOST)
}

/// A line through a series that outliers do not bend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Theil (1950) and Sen (1968): the median of the slopes of all pairs, in the values' unit per hour.
    pub slope_per_hour: f64,
    /// Mann (1945) and Kendall (1975): the two-sided probability of such an order by chance, with correction for ties.
    pub p_value: f64,
    /// How many points.
    pub n: usize,
}

impl Trend {
    /// Fewer points say nothing about a trend.
    pub const LEAST: usize = 8;

    /// The trend of `points` (hours, value); `None` with fewer than [`Trend::LEAST`]. Takes the square of their
    /// number in steps: give it some hundreds.
    pub fn of(points: &[(f64, f64)]) -> Option<Self> {
        let n = points.len();
        if n < Self::LEAST {
            return None;
        }
        let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
        let mut s: i64 = 0;
        for (i, (t0, v0)) in points.iter().enumerate() {
            for (t1, v1) in points.iter().skip(i + 1) {
                if t1 > t0 {
                    slopes.push((v1 - v0) / (t1 - t0));
                }
                s += match v1.total_cmp(v0) {
                    std::cmp::Ordering::Greater => 1,
                    std::cmp::Ordering::Less => -1,
                    std::cmp::Ordering::Equal => 0,
                };
            }
        }
        let middle = slopes.len() / 2;
        let slope_per_hour =
            if slopes.is_empty() { 0.0 } else { *slopes.select_nth_unstable_by(middle, f64::total_cmp).1 };
        Some(Self { slope_per_hour, p_value: mann_kendall(points, s), n })
    }

    /// Whether the series rises or falls, at the 1 % level.
    pub fn is_significant(&self) -> bool {
        self.p_value < 0.01
    }
}

fn mann_kendall(points: &[(f64, f64)], s: i64) -> f64 {
    let n = points.len() as f64;
    let mut values: Vec<f64> = points.iter().map(|(_, v)| *v).collect();
    values.sort_unstable_by(f64::total_cmp);
    let ties: f64 = values
        .chunk_by(|a, b| a == b)
        .map(|group| group.len() as f64)
        .filter(|t| *t > 1.0)
        .map(|t| t * (t - 1.0) * (2.0 * t + 5.0))
        .sum();
    let variance = (n * (n - 1.0) * (2.0 * n + 5.0) - ties) / 18.0;
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (s.abs() as f64 - 1.0).max(0.0) / variance.sqrt();
    Normal::new(0.0, 1.0).map_or(1.0, |normal| (2.0 * (1.0 - normal.cdf(z))).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let hundred = || (1..=100).map(|v| v as f32);
        for (p, expected) in [(95.0, 95.0), (50.0, 50.0), (100.0, 100.0), (0.0, 1.0)] {
            assert_eq!(percentile(hundred(), p), Some(expected));
        }
        assert_eq!(percentile([], 95.0), None);
        assert_eq!(percentile([f32::NAN, 3.0], 95.0), Some(3.0));
    }

    #[test]
    fn upper_bounds_agree_with_published_ones() {
        // 0 of n: 1 − 0.05^(1/n). 1 of 10: 0.3942 and 5 of 100: 0.1023, tables of the exact binomial limits.
        for (failed, n, expected) in [
            (0, 0, 1.0),
            (0, 1, 0.95),
            (0, 3_000, 0.000_998),
            (1, 10, 0.394_2),
            (5, 100, 0.102_3),
            (7, 7, 1.0),
            (0, 40_000_000, 7.489e-8),
            (4_000, 4_000_000, 0.001_053),
        ] {
            let bound = rate_upper_95(failed, n);
            assert!((bound - expected).abs() < 1e-4, "{failed} of {n}: {bound}");
        }
    }

    #[test]
    fn lower_bounds_agree_with_published_ones() {
        for (failed, n, expected) in [
            (0, 0, 0.0),
            (0, 100, 0.0),
            (1, 10, 0.005_1),
            (5, 100, 0.019_9),
            (10, 10, 0.741_1),
            (1, 381, 0.000_134),
        ] {
            let bound = rate_lower_95(failed, n);
            assert!((bound - expected).abs() < 1e-4, "{failed} of {n}: {bound}");
        }
    }

    #[test]
    fn a_trend_is_told_from_noise() {
        let noise = |i: usize| ((i * 7_919) % 13) as f64 - 6.0;
        let series = |slope: f64| -> Vec<(f64, f64)> {
            (0..100).map(|i| (i as f64 / 10.0, 400.0 + slope * i as f64 / 10.0 + noise(i))).collect()
        };
        let flat = Trend::of(&series(0.0)).unwrap();
        assert!(!flat.is_significant() && flat.slope_per_hour.abs() < 0.5, "{flat:?}");
        let rising = Trend::of(&series(5.0)).unwrap();
        assert!(rising.is_significant() && (rising.slope_per_hour - 5.0).abs() < 0.5, "{rising:?}");
        let mut spiked = series(5.0);
        spiked[50].1 = 1e6;
        assert!((Trend::of(&spiked).unwrap().slope_per_hour - 5.0).abs() < 0.5);
        assert_eq!(Trend::of(&series(5.0)[..7]), None);
        let constant = vec![(1.0, 2.0); 20];
        assert!(!Trend::of(&constant).unwrap().is_significant());
    }
}
