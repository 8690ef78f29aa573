//! Waiting until a container is healthy.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};
use watchkeeper_core::{
    reading::{ContainerHealth, ContainerStatus, Failure, FailureKind, Place},
    redact::from_outside,
    time::Span,
};

use super::{
    json::{list, text},
    stand::status,
    words::{last_words, passes},
};
use crate::docker::{
    Engine,
    container::{inspect, read},
};

/// Between two looks. The Engine's events are the listener's.
const LOOK: Duration = Duration::from_millis(500);
/// Without a HEALTHCHECK, a container that has run for this long runs.
const SETTLED: Duration = Duration::from_secs(5);
/// An Engine that has not answered for this long is not there.
const SILENCE: Duration = Duration::from_secs(60);
/// No start is given longer, whatever its HEALTHCHECK allows.
const LONGEST: Duration = Duration::from_secs(600);
const MARGIN: Duration = Duration::from_secs(15);

/// Waits until the HEALTHCHECK of the container says healthy, or until it has run for a few seconds without one. Says
/// how it is then.
///
/// # Errors
/// It is unhealthy, it ended, or its time is up; with its last words.
pub(super) async fn healthy(engine: &Engine, id: &str) -> Result<String, Failure> {
    let from = Instant::now();
    let mut answered = Instant::now();
    let mut runs: Option<(Instant, String)> = None;
    let mut restarts = None;
    loop {
        let value = match inspect(engine, id).await {
            Ok((value, _)) => value,
            Err(failure) if passes(&failure) && answered.elapsed() < SILENCE => {
                sleep(LOOK).await;
                continue;
            }
            Err(failure) => return Err(failure),
        };
        answered = Instant::now();
        let Some(state) = read(&value) else {
            return Err(engine.bad_answer("the container's state", "it has no Id or no State"));
        };
        let name = &state.name;
        let again = state.restart_count > *restarts.get_or_insert(state.restart_count);
        if again || !matches!(state.status, ContainerStatus::Running | ContainerStatus::Paused) {
            let said = last_words(engine, &value).await;
            return Err(failed(
                FailureKind::BadAnswer,
                &format!(
                    "{name} was started and {}{said}",
                    if again { "ended".to_owned() } else { status(&state) }
                ),
            ));
        }
        let after = || Span::from(from.elapsed());
        match (state.health, patience(&value)) {
            (ContainerHealth::Healthy, _) => return Ok(format!("{name} is healthy after {}", after())),
            (ContainerHealth::Unhealthy, _) => {
                let said = list(&value, "/State/Health/Log").last().map(|l| text(l, "/Output").trim());
                let said = said.filter(|s| !s.is_empty()).map(|s| format!(": {}", from_outside(s, 300)));
                let why =
                    format!("{name} runs, and its HEALTHCHECK says unhealthy{}", said.unwrap_or_default());
                return Err(failed(FailureKind::BadAnswer, &why));
            }
            (_, None) => {
                let started = text(&value, "/State/StartedAt").to_owned();
                match &runs {
                    Some((since, start)) if *start == started => {
                        if since.elapsed() >= SETTLED {
                            return Ok(format!(
                                "{name} has run for {}; it has no HEALTHCHECK",
                                Span::from(SETTLED)
                            ));
                        }
                    }
                    _ => runs = Some((Instant::now(), started)),
                }
            }
            (_, Some(patience)) if from.elapsed() >= patience => {
                let why = format!(
                    "{name} runs, and its HEALTHCHECK has not said healthy within {}{}",
                    Span::from(patience),
                    last_words(engine, &value).await
                );
                return Err(failed(FailureKind::Timeout, &why));
            }
            (_, Some(_)) => {}
        }
        sleep(LOOK).await;
    }
}

fn failed(kind: FailureKind, message: &str) -> Failure {
    Failure { place: Place::Container, kind, message: from_outside(message, Failure::MOST_OF_A_MESSAGE) }
}

/// How long the HEALTHCHECK can take to say how it is; `None` where there is none.
fn patience(container: &Value) -> Option<Duration> {
    let test = list(container, "/Config/Healthcheck/Test").next().and_then(Value::as_str)?;
    if test.is_empty() || test == "NONE" {
        return None;
    }
    let field = |name: &str, default: u64| {
        let value = container.pointer(&format!("/Config/Healthcheck/{name}")).and_then(Value::as_u64);
        value.filter(|v| *v > 0).unwrap_or(default)
    };
    // The Engine's own defaults.
    let (interval, timeout) = (field("Interval", 30_000_000_000), field("Timeout", 30_000_000_000));
    let all = interval
        .saturating_add(timeout)
        .saturating_mul(field("Retries", 3))
        .saturating_add(field("StartPeriod", 0));
    Some((Duration::from_nanos(all) + MARGIN).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_health_check_has_the_time_that_it_may_take() {
        const S: u64 = 1_000_000_000;
        for (check, seconds) in [
            (json!(null), None),
            (json!({"Test": []}), None),
            (json!({"Test": ["NONE"], "Interval": S}), None),
            (json!({"Test": ["CMD", "x"]}), Some(3 * 60 + 15)),
            (
                json!({"Test": ["CMD", "x"], "Interval": 10 * S, "Timeout": 5 * S, "Retries": 2, "StartPeriod": 40 * S}),
                Some(85),
            ),
            (json!({"Test": ["CMD", "x"], "StartPeriod": 3_600 * S}), Some(600)),
        ] {
            let container = json!({"Config": {"Healthcheck": check}});
            assert_eq!(patience(&container), seconds.map(Duration::from_secs), "{container}");
        }
    }
}
