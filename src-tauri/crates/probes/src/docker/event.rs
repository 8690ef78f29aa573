//! One message of the Engine's event stream.

use chrono::{DateTime, Utc};
use serde_json::Value;
use watchkeeper_core::{
    chain::Hash,
    reading::{ContainerAction, ContainerEvent},
    redact::from_outside,
};

use super::container;

/// A message about any container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Nanoseconds since 1970, by the NAS's clock.
    pub(super) nanos: i64,
    /// The container's name after the event.
    name: String,
    /// Its name before a rename.
    old_name: Option<String>,
    /// With `exec_start`, the digest of the command: enough to know the HEALTHCHECK's by, and nothing to be kept.
    pub(super) command: Option<Hash>,
    pub(super) event: ContainerEvent,
}

impl Message {
    /// Reads one line of the stream; `None` for what is no message about a container.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(line).ok()?;
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        if text("/Type").is_some_and(|t| t != "container") {
            return None;
        }
        let name = |text: &str| from_outside(text, container::LONGEST_NAME);
        let attribute = |key: &str| text(&format!("/Actor/Attributes/{key}")).map(name);
        let nanos = match value.get("timeNano").and_then(Value::as_i64) {
            Some(nanos) => nanos,
            None => value.get("time")?.as_i64()?.checked_mul(1_000_000_000)?,
        };
        let at: DateTime<Utc> = DateTime::from_timestamp_nanos(nanos);
        let word = text("/Action").or_else(|| text("/status"))?;
        let event = ContainerEvent {
            at,
            action: action(word, attribute("signal")),
            id: name(text("/Actor/ID").or_else(|| text("/id"))?),
            image: attribute("image").or_else(|| text("/from").map(name)).unwrap_or_default(),
            exit_code: attribute("exitCode").and_then(|code| code.parse().ok()),
        };
        Some(Self {
            nanos,
            name: attribute("name").unwrap_or_default(),
            old_name: attribute("oldName"),
            command: word.strip_prefix("exec_start:").map(|command| Hash::of(command.trim().as_bytes())),
            event,
        })
    }

    /// Whether it is about the container that is called `name`, or was until just now. By name and not by id: a
    /// container made anew under the name is the watched one, and one that was renamed is not any more.
    pub(super) fn concerns(&self, name: &str) -> bool {
        self.name == name || self.old_name.as_deref().is_some_and(|old| old.trim_start_matches('/') == name)
    }

    /// Whether it is noise: each command that is run is three `exec_…` events, of which only the start of one that is not
    /// the HEALTHCHECK's is worth telling; [`super::exec::Execs`] has named that [`ContainerAction::Exec`].
    pub(super) fn is_noise(&self) -> bool {
        matches!(&self.event.action, ContainerAction::Other(name) if name.starts_with("exec_"))
    }

    /// What two copies of one message share.
    pub(super) fn key(&self) -> (i64, String, String) {
        (self.nanos, format!("{:?}", self.event.action), self.event.id.clone())
    }
}

/// The Engine's word for an action. What follows a colon is dropped, but for health: with `exec_create` it is the
/// command, which may hold a secret.
fn action(word: &str, signal: Option<String>) -> ContainerAction {
    let (name, rest) = word.split_once(':').unwrap_or((word, ""));
    match name.trim() {
        "create" => ContainerAction::Create,
        "start" => ContainerAction::Start,
        "kill" => ContainerAction::Kill(signal),
        "die" => ContainerAction::Die,
        "oom" => ContainerAction::Oom,
        "stop" => ContainerAction::Stop,
        "restart" => ContainerAction::Restart,
        "pause" => ContainerAction::Pause,
        "unpause" => ContainerAction::Unpause,
        "rename" => ContainerAction::Rename,
        "destroy" => ContainerAction::Destroy,
        "archive-path" => ContainerAction::CopyOut,
        "extract-to-dir" => ContainerAction::CopyIn,
        "export" => ContainerAction::Export,
        "commit" => ContainerAction::Commit,
        "attach" => ContainerAction::Attach,
        "update" => ContainerAction::Update,
        "health_status" => ContainerAction::Health(container::health(rest.trim())),
        other => ContainerAction::Other(from_outside(other, 60)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use watchkeeper_core::reading::ContainerHealth;

    use super::*;

    fn recorded() -> Vec<Message> {
        include_str!("../../tests/probes/fixtures/events-20.10.ndjson")
            .lines()
            .filter_map(|l| Message::read(l.as_bytes()))
            .collect()
    }

    #[test]
    fn recorded_messages_are_read() {
        use ContainerAction as A;
        let actions: Vec<_> = recorded().into_iter().map(|m| m.event.action).collect();
        assert_eq!(
            actions,
            [
                A::Other("exec_create".into()),
                A::Health(ContainerHealth::Healthy),
                A::Kill(Some("9".into())),
                A::Oom,
                A::Die,
                A::Rename,
                A::Create,
                A::Start,
                A::Other("a_new_word".into()),
                A::Start,
            ],
            "and the network's message is none"
        );
        let die = &recorded()[4];
        assert_eq!(die.event.exit_code, Some(137));
        assert_eq!(die.nanos, 1_795_407_951_418_629_123);
        assert_eq!(die.event.at.timestamp_subsec_nanos(), 418_629_123);
        assert_eq!(die.event.image, "sms-fullstack:1.15.1");
    }

    #[test]
    fn messages_belong_to_the_name_and_not_to_the_id() {
        let mine: Vec<bool> = recorded().iter().map(|m| m.concerns("sms-app")).collect();
        // The rename takes it away; the one made anew is it again; sms-app-old only begins alike.
        assert_eq!(mine, [true, true, true, true, true, true, true, true, true, false]);
        assert!(recorded()[0].is_noise() && !recorded()[8].is_noise());
    }

    #[test]
    fn what_people_do_is_read_as_the_engine_told_it() {
        use ContainerAction as A;
        let recorded = include_str!("../../tests/probes/fixtures/hands-20.10.ndjson").lines();
        let messages: Vec<_> = recorded.filter_map(|l| Message::read(l.as_bytes())).collect();
        let told: Vec<_> =
            messages.iter().filter(|m| !m.is_noise()).map(|m| m.event.action.clone()).collect();
        let hands = [A::CopyOut, A::CopyIn, A::Export, A::Pause, A::Commit, A::Unpause, A::Update];
        assert_eq!(told.get(3..10), Some(&hands[..]));
        assert_eq!(told.last(), Some(&A::Attach));
        // Each command that was run has one digest, and only where it started; the HEALTHCHECK's is always the same.
        let commands: Vec<_> = messages.iter().filter_map(|m| m.command).collect();
        let check = Hash::of(b"/bin/sh -c test -e /etc/hello || exit 1");
        assert_eq!(commands.iter().filter(|c| **c == check).count(), 4);
        let others: Vec<_> = commands.into_iter().filter(|c| *c != check).collect();
        let run = ["/bin/ls /etc", "sh -c echo $0", "sleep 1", "/bin/nosuch"].map(|c| Hash::of(c.as_bytes()));
        assert_eq!(others, run);
    }

    #[test]
    fn a_command_is_not_kept() {
        for word in ["exec_create", "exec_start"] {
            let line = format!(
                r#"{{"Type":"container","Action":"{word}: sh -c mysql --password=hunter2","Actor":{{"ID":"x"}},"time":5}}"#
            );
            let message = Message::read(line.as_bytes()).unwrap();
            assert!(!format!("{message:?}").contains("hunter2"));
            assert_eq!(message.nanos, 5_000_000_000);
        }
    }

    proptest! {
        #[test]
        fn any_line_is_survived(line in prop::collection::vec(any::<u8>(), 0..200), word in ".*", time: i64) {
            let _ = Message::read(&line);
            let value = serde_json::json!({"Action": word, "Actor": {"ID": "x"}, "time": time, "timeNano": time});
            let _ = Message::read(value.to_string().as_bytes()).map(|m| m.key());
        }
    }
}
