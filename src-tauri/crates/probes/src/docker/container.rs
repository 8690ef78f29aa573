//! The watched container as `docker inspect` tells it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;
use watchkeeper_core::{
    reading::{ContainerHealth, ContainerState, ContainerStatus, FailedHealthRun, Failure},
    redact::from_outside,
};

use super::{engine::Engine, reach};

/// The container's last known life, shared by the probes: when it changes, counters begin anew.
#[derive(Debug, Clone, Default)]
pub struct Seen(Arc<Mutex<Option<Life>>>);

#[derive(Debug)]
struct Life {
    id: String,
    started_at: Option<DateTime<Utc>>,
}

impl Seen {
    pub(super) fn set(&self, state: &ContainerState) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Life { id: state.id.clone(), started_at: state.started_at });
    }
    /// When the container with this id was last started, where known.
    pub(super) fn started_at(&self, id: &str) -> Option<DateTime<Utc>> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().filter(|seen| seen.id == id)?.started_at
    }
}

/// The inspect answer as it came, and how many milliseconds it took.
pub(crate) async fn inspect(engine: &Engine, container: &str) -> Result<(Value, f64), Failure> {
    engine.json(&path(container)).await
}

/// The container's state now, and how many milliseconds it took.
pub(crate) async fn state(engine: &Engine, container: &str) -> Result<(ContainerState, f64), Failure> {
    let (value, took) = inspect(engine, container).await?;
    let state =
        read(&value).ok_or_else(|| engine.bad_answer(&path(container), "it has no Id or no State"))?;
    Ok((state, took))
}

/// Docker's own names and references are shorter.
pub(super) const LONGEST_NAME: usize = 300;

fn path(container: &str) -> String {
    format!("/containers/{container}/json")
}

/// Reads an inspect answer. What is missing or odd is `None` or `Unknown`; without an id and a state it is no answer.
pub(crate) fn read(value: &Value) -> Option<ContainerState> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let name = |text: &str| from_outside(text, LONGEST_NAME);
    value.get("State")?.as_object()?;
    let status = match text("/State/Status").unwrap_or_default() {
        "created" => ContainerStatus::Created,
        "running" => ContainerStatus::Running,
        "paused" => ContainerStatus::Paused,
        "restarting" => ContainerStatus::Restarting,
        "removing" => ContainerStatus::Removing,
        "exited" => ContainerStatus::Exited,
        "dead" => ContainerStatus::Dead,
        _ => ContainerStatus::Unknown,
    };
    Some(ContainerState {
        id: name(text("/Id")?),
        name: name(text("/Name").unwrap_or_default().trim_start_matches('/')),
        image: name(text("/Config/Image").unwrap_or_default()),
        image_id: name(text("/Image").unwrap_or_default()),
        status,
        health: health(text("/State/Health/Status").unwrap_or("none")),
        started_at: text("/State/StartedAt").and_then(time),
        finished_at: text("/State/FinishedAt").and_then(time),
        restart_count: value.get("RestartCount").and_then(Value::as_u64).unwrap_or(0),
        oom_killed: value.pointer("/State/OOMKilled").and_then(Value::as_bool).unwrap_or(false),
        exit_code: value
            .pointer("/State/ExitCode")
            .and_then(Value::as_i64)
            // A running container's exit code is 0 and means nothing.
            .filter(|_| {
                matches!(
                    status,
                    ContainerStatus::Exited | ContainerStatus::Dead | ContainerStatus::Restarting
                )
            }),
        reach: Some(Box::new(reach::read(value))),
        named_image: None,
        failed_health_runs: failed_health_runs(value),
    })
}

/// The HEALTHCHECK's word; one that is not known counts as none.
pub(super) fn health(word: &str) -> ContainerHealth {
    match word {
        "healthy" => ContainerHealth::Healthy,
        "unhealthy" => ContainerHealth::Unhealthy,
        "starting" => ContainerHealth::Starting,
        _ => ContainerHealth::None,
    }
}

/// Of the runs that the Engine remembers, those that failed. Source: Docker Engine API, `GET /containers/{id}/json`.
fn failed_health_runs(value: &Value) -> Vec<FailedHealthRun> {
    let log = value.pointer("/State/Health/Log").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let read = |run: &Value| {
        let exit_code = run.get("ExitCode").and_then(Value::as_i64).filter(|code| *code != 0)?;
        let said = run.get("Output").and_then(Value::as_str).unwrap_or_default();
        Some(FailedHealthRun {
            at: run.get("Start").and_then(Value::as_str).and_then(time)?,
            exit_code,
            said: from_outside(said.trim(), FailedHealthRun::MOST_OF_WHAT_IT_SAID),
        })
    };
    // The Engine keeps five; more would be another Engine's idea.
    log.iter().skip(log.len().saturating_sub(5)).filter_map(read).collect()
}

/// Docker's time; its zero time, `0001-01-01T00:00:00Z`, is none.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    (time.timestamp() > 0).then_some(time)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_recorded_answer_is_read() {
        let value: Value =
            serde_json::from_str(include_str!("../../tests/probes/fixtures/inspect-20.10.json")).unwrap();
        let state = read(&value).unwrap();
        assert_eq!(state.name, "sms-app");
        assert_eq!(state.image, "sms-fullstack:1.15.1");
        assert!(state.image_id.starts_with("sha256:"));
        assert_eq!(state.status, ContainerStatus::Running);
        assert_eq!(state.health, ContainerHealth::Healthy);
        assert_eq!(state.started_at, time("2026-11-23T04:25:40.123456789Z"));
        assert_eq!((state.finished_at, state.exit_code), (None, None));
        assert_eq!((state.restart_count, state.oom_killed), (2, false));
    }

    #[test]
    fn of_the_health_log_the_failed_runs_are_kept() {
        let run = |start: &str, code: i64, output: &str| json!({"Start": start, "ExitCode": code, "Output": output});
        let log = json!([
            run("2026-11-23T04:25:40.5+02:00", 1, "  DATABASE_URL=postgres://sms:hunter2@db/sms\n"),
            run("2026-11-23T04:26:10Z", 0, "ok"),
            run("2026-11-23T04:26:40Z", -1, &"x".repeat(4_096)),
            run("0001-01-01T00:00:00Z", 1, "no time"),
            {"ExitCode": 1},
        ]);
        let value =
            json!({"Id": "x", "State": {"Status": "running", "Health": {"Status": "unhealthy", "Log": log}}});
        let runs = read(&value).unwrap().failed_health_runs;
        let found: Vec<_> = runs.iter().map(|r| (r.at.timestamp(), r.exit_code)).collect();
        let at = |text: &str| time(text).unwrap().timestamp();
        assert_eq!(found, [(at("2026-11-23T02:25:40Z"), 1), (at("2026-11-23T04:26:40Z"), -1)]);
        assert!(!runs[0].said.contains("hunter2") && runs[0].said.starts_with("DATABASE_URL="), "{runs:?}");
        // One more: the mark that something was left out.
        assert_eq!(runs[1].said.chars().count(), FailedHealthRun::MOST_OF_WHAT_IT_SAID + 1, "{runs:?}");
        for odd in [json!(null), json!([]), json!({"Health": null}), json!({"Health": {"Log": null}})] {
            let value = json!({"Id": "x", "State": odd});
            assert!(read(&value).is_none_or(|state| state.failed_health_runs.is_empty()));
        }
    }

    #[test]
    fn ends_are_told_apart() {
        for (status, oom, code, expected) in [
            ("exited", false, 137, (ContainerStatus::Exited, false, Some(137))),
            ("exited", true, 137, (ContainerStatus::Exited, true, Some(137))),
            ("restarting", false, 1, (ContainerStatus::Restarting, false, Some(1))),
            ("paused", false, 0, (ContainerStatus::Paused, false, None)),
            ("a new word", false, 0, (ContainerStatus::Unknown, false, None)),
        ] {
            let value = json!({"Id": "x", "State": {"Status": status, "OOMKilled": oom, "ExitCode": code}});
            let state = read(&value).unwrap();
            assert_eq!((state.status, state.oom_killed, state.exit_code), expected, "{status}");
        }
        assert_eq!(read(&json!({"Id": "x"})), None);
        assert_eq!(read(&json!({"State": {}})), None);
        assert_eq!(read(&json!([])), None);
    }
}
