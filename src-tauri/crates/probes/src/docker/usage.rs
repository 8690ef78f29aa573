//! What `docker stats` computes from the Engine's counters.

use chrono::{DateTime, Utc};
use serde_json::Value;
use watchkeeper_core::reading::Usage;

/// One look at the counters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    /// The container's full id; empty where an old Engine does not tell it.
    pub(super) id: String,
    /// When the container was last started, where known. Filled in by the probe.
    pub(super) started_at: Option<DateTime<Utc>>,
    /// CPU time of the container, in nanoseconds.
    cpu: u64,
    /// CPU time of the whole host, in nanoseconds.
    system: u64,
    online_cpus: u32,
    memory: u64,
    limit: Option<u64>,
}

/// A limit of an exbibyte is none; the kernel writes some 2^63 for « no limit » (cgroup v1).
const ABSURD: u64 = 1 << 60;

impl Sample {
    /// Reads a stats answer; `None` where the container does not run and there are no counters.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let number = |pointer: &str| value.pointer(pointer).and_then(Value::as_u64);
        let usage = number("/memory_stats/usage")?;
        // The page cache is not the application's: `docker stats` takes it off by the file pages that are not in use,
        // where that is less than all (docker/cli, cli/command/container/stats_helpers.go).
        let cache = number("/memory_stats/stats/total_inactive_file") // cgroup v1
            .or_else(|| number("/memory_stats/stats/inactive_file")) // cgroup v2
            .filter(|cache| *cache < usage)
            .unwrap_or(0);
        let listed =
            value.pointer("/cpu_stats/cpu_usage/percpu_usage").and_then(Value::as_array).map_or(0, Vec::len);
        let online =
            number("/cpu_stats/online_cpus").filter(|n| *n > 0).or_else(|| u64::try_from(listed).ok());
        Some(Self {
            id: value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
            started_at: None,
            cpu: number("/cpu_stats/cpu_usage/total_usage")?,
            system: number("/cpu_stats/system_cpu_usage").unwrap_or(0),
            online_cpus: online.and_then(|n| u32::try_from(n).ok()).unwrap_or(1).max(1),
            memory: usage.saturating_sub(cache),
            limit: number("/memory_stats/limit").filter(|limit| (1..ABSURD).contains(limit)),
        })
    }

    /// The usage since `before`. `host_memory` tells a limit from the lack of one: without a limit the Engine answers
    /// with the host's memory.
    pub(super) fn usage(&self, before: Option<&Self>, host_memory: Option<u64>) -> Usage {
        Usage {
            cpu_percent: before.and_then(|before| self.cpu_since(before)),
            online_cpus: self.online_cpus,
            memory_bytes: self.memory,
            memory_limit: self.limit.filter(|limit| host_memory.is_none_or(|host| *limit < host)),
        }
    }

    /// CPU in percent of one core; nothing where a counter went back, or the sample is of another life.
    fn cpu_since(&self, before: &Self) -> Option<f64> {
        let restarted =
            matches!((self.started_at, before.started_at), (Some(now), Some(then)) if now != then);
        if self.id != before.id || restarted {
            return None;
        }
        let cpu = self.cpu.checked_sub(before.cpu)?;
        let system = self.system.checked_sub(before.system).filter(|d| *d > 0)?;
        Some(cpu as f64 / system as f64 * f64::from(self.online_cpus) * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn fixture(text: &str) -> Sample {
        Sample::read(&serde_json::from_str(text).unwrap()).unwrap()
    }
    const V1: &str = include_str!("../../tests/probes/fixtures/stats-20.10-cgroup-v1.json");
    const V2: &str = include_str!("../../tests/probes/fixtures/stats-24-cgroup-v2.json");
    const STOPPED: &str = include_str!("../../tests/probes/fixtures/stats-stopped.json");

    #[test]
    fn recorded_answers_of_both_cgroups_are_read() {
        let v1 = fixture(V1).usage(None, Some(8_223_137_792));
        assert_eq!(v1.memory_bytes, 141_557_760 - 7_340_032);
        assert_eq!(v1.memory_limit, Some(1_073_741_824));
        assert_eq!((v1.cpu_percent, v1.online_cpus), (None, 2));

        let v2 = fixture(V2).usage(None, Some(8_223_137_792));
        assert_eq!(v2.memory_bytes, 150_994_944 - 12_582_912);
        assert_eq!(v2.memory_limit, None, "the limit is the host's memory");
        assert_eq!(v2.online_cpus, 4);

        assert_eq!(Sample::read(&serde_json::from_str(STOPPED).unwrap()), None);
    }

    fn sample(cpu: u64, system: u64) -> Sample {
        Sample { cpu, system, ..fixture(V1) }
    }

    #[test]
    fn cpu_is_what_docker_stats_shows() {
        for (before, now, percent) in [
            // A tenth of the time of two cores is 20 % of one.
            ((1_000, 100_000), (2_000, 110_000), Some(20.0)),
            ((1_000, 100_000), (1_000, 110_000), Some(0.0)),
            // Restarted: the counter began anew.
            ((1_000, 100_000), (500, 110_000), None),
            // The host restarted.
            ((1_000, 100_000), (2_000, 50), None),
            ((1_000, 100_000), (2_000, 100_000), None),
        ] {
            let usage = sample(now.0, now.1).usage(Some(&sample(before.0, before.1)), None);
            assert_eq!(usage.cpu_percent, percent, "{before:?} {now:?}");
        }
    }

    #[test]
    fn another_life_begins_anew() {
        let before = sample(1_000, 100_000);
        let mut now = sample(2_000, 110_000);
        now.id = "another".into();
        assert_eq!(now.usage(Some(&before), None).cpu_percent, None);
        for (then, now, known) in [(None, Some(1), true), (Some(1), Some(1), true), (Some(1), Some(2), false)]
        {
            let at = |s: Option<i64>| s.and_then(|s| DateTime::from_timestamp(s, 0));
            let before = Sample { started_at: at(then), ..before.clone() };
            let now = Sample { started_at: at(now), ..sample(2_000, 110_000) };
            assert_eq!(now.usage(Some(&before), None).cpu_percent.is_some(), known);
        }
    }

    #[test]
    fn limits_that_are_none_are_told_apart() {
        for (limit, host, expected) in [
            (1_000_u64, Some(8_000), Some(1_000)),
            (8_000, Some(8_000), None),
            (9_000, Some(8_000), None),
            (8_000, None, Some(8_000)),
            (9_223_372_036_854_771_712, None, None),
            (0, None, None),
        ] {
            let value = json!({"memory_stats": {"usage": 5, "limit": limit}, "cpu_stats": {"cpu_usage": {"total_usage": 1}}});
            assert_eq!(
                Sample::read(&value).unwrap().usage(None, host).memory_limit,
                expected,
                "{limit} {host:?}"
            );
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(
                    prop_oneof![
                        Just("memory_stats"),
                        Just("cpu_stats"),
                        Just("cpu_usage"),
                        Just("usage"),
                        Just("stats"),
                        Just("total_usage"),
                        Just("system_cpu_usage"),
                        Just("online_cpus"),
                        Just("limit"),
                        Just("inactive_file"),
                        Just("percpu_usage"),
                        Just("id"),
                    ]
                    .prop_map(str::to_owned),
                    inner,
                    0..8
                )
                .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_answer_is_survived(a in any_json(), b in any_json()) {
            let (a, b) = (Sample::read(&a), Sample::read(&b));
            if let Some(now) = b {
                let usage = now.usage(a.as_ref(), None);
                prop_assert!(usage.cpu_percent.is_none_or(|p| p.is_finite() && p >= 0.0));
            }
        }

        #[test]
        fn any_counters_are_survived(c in any::<[u64; 7]>(), cpus in any::<u32>()) {
            let value = |cpu, system| json!({
                "memory_stats": {"usage": c[4], "limit": c[5], "stats": {"inactive_file": c[6]}},
                "cpu_stats": {"cpu_usage": {"total_usage": cpu}, "system_cpu_usage": system, "online_cpus": cpus},
            });
            let before = Sample::read(&value(c[0], c[1])).unwrap();
            let usage = Sample::read(&value(c[2], c[3])).unwrap().usage(Some(&before), None);
            prop_assert!(usage.cpu_percent.is_none_or(|p| p.is_finite() && p >= 0.0));
            prop_assert!(usage.memory_bytes <= c[4]);
        }
    }
}
