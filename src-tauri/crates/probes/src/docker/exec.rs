//! Commands that are run in the container: the HEALTHCHECK's, over and over, and those of people.
//!
//! The Engine tells of both alike, with the command and without who asked. They are told apart by the command: what is not
//! word for word the container's own HEALTHCHECK is somebody's. Somebody who runs that very command cannot be told from it,
//! and learns no more than it does.

use std::sync::Mutex;

use serde_json::Value;
use watchkeeper_core::{
    chain::Hash,
    reading::{ContainerAction, Failure, FailureKind},
};

use super::{container, engine::Engine, event::Message};

/// The Engine is asked this often for the HEALTHCHECK, each time on another connection, before the rest of the stream is no
/// longer kept waiting.
const TRIES: u32 = 3;

/// Tells the HEALTHCHECK's commands from those of people.
#[derive(Debug, Default)]
pub(super) struct Execs(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The last container that was asked about, and the digest of its HEALTHCHECK's command. It never changes.
    checks: Option<(String, Option<Hash>)>,
    failed: u32,
}

impl Execs {
    /// Names the action of `message` about the watched container: the start of a command that is not the HEALTHCHECK's is
    /// [`ContainerAction::Exec`], every other `exec_…` stays what it is.
    ///
    /// # Errors
    /// The HEALTHCHECK is not known and could not be asked for: the message is to be read again later. After some tries it
    /// is let go, as it must not hold back a crash.
    pub(super) async fn name(&self, message: &mut Message, engine: &Engine) -> Result<(), Failure> {
        let Some(command) = message.command else { return Ok(()) };
        let known = self.with(|known| known.checks.clone().filter(|(id, _)| *id == message.event.id));
        let check = match known {
            Some((_, check)) => check,
            None => match inspected(engine, &message.event.id).await {
                Ok(value) => {
                    let check = health_check(&value);
                    self.with(|known| {
                        *known = Known { checks: Some((message.event.id.clone(), check)), failed: 0 };
                    });
                    check
                }
                // It is no more, and nobody will ever know.
                Err(failure) if failure.kind == FailureKind::NoContainer => return Ok(()),
                Err(failure) => {
                    let failed = self.with(|known| {
                        known.failed = (known.failed + 1) % TRIES;
                        known.failed
                    });
                    return if failed == 0 { Ok(()) } else { Err(failure) };
                }
            },
        };
        if check != Some(command) {
            message.event.action = ContainerAction::Exec;
        }
        Ok(())
    }

    fn with<T>(&self, f: impl FnOnce(&mut Known) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

async fn inspected(engine: &Engine, id: &str) -> Result<Value, Failure> {
    let (value, _) = container::inspect(engine, id).await?;
    if value.get("Config").is_some_and(Value::is_object) {
        return Ok(value);
    }
    Err(engine.bad_answer("/containers/…/json", "it has no Config"))
}

/// The digest of the HEALTHCHECK's command as the Engine words it in an event: the words with a blank between them.
/// `None` where there is none.
///
/// Source: moby, `daemon/health.go` (`cmdProbe.run`, `getShell`).
fn health_check(inspected: &Value) -> Option<Hash> {
    let words = |pointer: &str| {
        let list = inspected.pointer(pointer).and_then(Value::as_array)?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
    };
    let test = words("/Config/Healthcheck/Test")?;
    let (kind, rest) = test.split_first()?;
    let shell = || {
        let own = words("/Config/Shell").filter(|shell| !shell.is_empty());
        own.unwrap_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned()])
    };
    let command = match kind.as_str() {
        "CMD" => rest.to_vec(),
        "CMD-SHELL" => shell().into_iter().chain(rest.iter().cloned()).collect(),
        _ => return None,
    };
    (!rest.is_empty()).then(|| Hash::of(command.join(" ").trim().as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_health_check_is_worded_as_the_engine_words_it() {
        for (config, command) in [
            (
                json!({"Healthcheck": {"Test": ["CMD-SHELL", "curl -f x || exit 1"]}}),
                Some("/bin/sh -c curl -f x || exit 1"),
            ),
            (
                json!({"Healthcheck": {"Test": ["CMD-SHELL", "true"]}, "Shell": ["/bin/bash", "-o", "pipefail", "-c"]}),
                Some("/bin/bash -o pipefail -c true"),
            ),
            (json!({"Healthcheck": {"Test": ["CMD", "pg_isready", "-U", "sms"]}}), Some("pg_isready -U sms")),
            (json!({"Healthcheck": {"Test": ["CMD", "/probe"]}}), Some("/probe")),
            (json!({"Healthcheck": {"Test": ["NONE"]}}), None),
            (json!({"Healthcheck": {"Test": []}}), None),
            (json!({"Healthcheck": {"Test": ["CMD"]}}), None),
            (json!({"Healthcheck": null}), None),
            (json!({}), None),
        ] {
            let value = json!({ "Config": config });
            assert_eq!(health_check(&value), command.map(|c| Hash::of(c.as_bytes())), "{value}");
        }
    }
}
