//! What of a container's `Config` is its own, and what it has from its image.
//!
//! The Engine merges the image's defaults into the container's configuration when it makes it (moby, daemon/commit.go,
//! `merge`), and afterwards nothing tells them apart but the image itself. A value that equals the image's is taken for
//! the image's, and left to the next one.

use serde_json::{Map, Value, json};

use super::json::{empty, items, object, text};

/// Labels that bind a container to what made it. An image may bear the same; they are the container's own all the same.
const KEPT: &[&str] = &["com.docker.compose.", "com.docker.desktop.", "desktop.docker.io"];
/// Says of a container that it was made by a roll back, which, and whose.
pub(super) const MARK: &str = "sms-watchkeeper.roll-back";

/// The container's own part of `config`, for a container that is made anew.
pub(super) fn own_config(container: &Value, image: &Value) -> Map<String, Value> {
    let theirs = image.get("Config").unwrap_or(&Value::Null);
    let theirs = |key: &str| theirs.get(key).unwrap_or(&Value::Null);
    let mode = text(container, "/HostConfig/NetworkMode");
    let mut own = Map::new();
    for (key, value) in object(container, "/Config") {
        let kept = match key.as_str() {
            "Image" | "Cmd" | "Entrypoint" => None,
            "Hostname" => own_hostname(container, value).then(|| value.clone()),
            "Domainname" | "MacAddress" if mode.starts_with("container:") => None,
            "MacAddress" if mode == "host" => None,
            "MacAddress" => Some(value.clone()).filter(|v| !empty(v)),
            "Env" => own_env(value, theirs(key)),
            "Labels" => own_labels(value, theirs(key)),
            "ExposedPorts" if mode.starts_with("container:") => None,
            "ExposedPorts" => own_keys(value, theirs(key), object(container, "/HostConfig/PortBindings")),
            "Volumes" => own_keys(value, theirs(key), []),
            "Healthcheck" => own_health_check(value, theirs(key)),
            "User" | "WorkingDir" | "StopSignal" | "Shell" | "ArgsEscaped" | "OnBuild" => {
                Some(value.clone()).filter(|v| !empty(v) && v != theirs(key))
            }
            _ => Some(value.clone()),
        };
        own.extend(kept.map(|kept| (key.clone(), kept)));
    }
    let of = |key: &str| container.pointer(&format!("/Config/{key}")).unwrap_or(&Value::Null);
    own.extend(own_command((of("Entrypoint"), of("Cmd")), (theirs("Entrypoint"), theirs("Cmd"))));
    own
}

/// The name of an `Env` entry.
pub(super) fn env_name(entry: &Value) -> &str {
    let entry = entry.as_str().unwrap_or_default();
    entry.split_once('=').map_or(entry, |(name, _)| name)
}

/// Without the name that the Engine gave it, the first twelve digits of its id, and where a name is not allowed.
fn own_hostname(container: &Value, hostname: &Value) -> bool {
    let (id, hostname) = (text(container, "/Id"), hostname.as_str().unwrap_or_default());
    let automatic = hostname.len() == 12 && id.starts_with(hostname);
    let shared = text(container, "/HostConfig/NetworkMode").starts_with("container:")
        || text(container, "/HostConfig/UTSMode") == "host";
    !hostname.is_empty() && !automatic && !shared
}

/// All entries of the names under which there is one that the image does not have.
fn own_env(env: &Value, theirs: &Value) -> Option<Value> {
    let theirs: Vec<&Value> = items(theirs).collect();
    let own = |name: &str| items(env).any(|entry| env_name(entry) == name && !theirs.contains(&entry));
    let kept: Vec<Value> = items(env).filter(|entry| own(env_name(entry))).cloned().collect();
    (!kept.is_empty()).then_some(Value::Array(kept))
}

fn own_labels(labels: &Value, theirs: &Value) -> Option<Value> {
    let kept: Map<String, Value> = object(labels, "")
        .filter(|(name, value)| {
            *name != MARK
                && (KEPT.iter().any(|kept| name.starts_with(kept)) || theirs.get(name) != Some(*value))
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    (!kept.is_empty()).then_some(Value::Object(kept))
}

/// The keys that the image does not have, and those that are `needed` although it has them: a port is published only
/// if it is exposed, and the next image may not expose it.
fn own_keys<'a>(
    keys: &Value,
    theirs: &Value,
    needed: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> Option<Value> {
    let needed: Vec<&String> = needed.into_iter().map(|(key, _)| key).collect();
    let kept: Map<String, Value> = object(keys, "")
        .filter(|(key, _)| theirs.get(key).is_none() || needed.contains(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    (!kept.is_empty()).then_some(Value::Object(kept))
}

/// The fields that differ: the Engine fills in the others from the image.
fn own_health_check(check: &Value, theirs: &Value) -> Option<Value> {
    let kept: Map<String, Value> = object(check, "")
        .filter(|(field, value)| !empty(value) && theirs.get(field) != Some(*value))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    (!kept.is_empty()).then_some(Value::Object(kept))
}

/// Entry point and command. The Engine takes the image's command only where there is no entry point of the container's
/// own, so they are looked at together.
fn own_command(
    (entrypoint, cmd): (&Value, &Value),
    (theirs, their_cmd): (&Value, &Value),
) -> Vec<(String, Value)> {
    let same = |a: &Value, b: &Value| a == b || (empty(a) && empty(b));
    let entry = |value: Value| ("Entrypoint".to_owned(), value);
    let command = |value: &Value| ("Cmd".to_owned(), value.clone());
    match (same(entrypoint, theirs), same(cmd, their_cmd)) {
        (true, true) => Vec::new(),
        (true, false) if !empty(cmd) => vec![command(cmd)],
        // With the image's entry point spelled out, its command is not taken.
        (true, false) if !empty(entrypoint) => vec![entry(entrypoint.clone())],
        (true, false) => Vec::new(),
        // `--entrypoint ""`.
        (false, _) if empty(entrypoint) => vec![entry(json!([""])), command(cmd)],
        (false, _) if empty(cmd) => vec![entry(entrypoint.clone())],
        (false, _) => vec![entry(entrypoint.clone()), command(cmd)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_equals_the_image_is_left_to_the_next_one() {
        for (what, container, image, own) in [
            ("the same", json!({"Env": ["A=1"]}), json!({"Env": ["A=1"]}), json!({})),
            ("overridden", json!({"Env": ["A=2"]}), json!({"Env": ["A=1"]}), json!({"Env": ["A=2"]})),
            (
                "one name twice: the last one counts, so both stay",
                json!({"Env": ["A=1", "A=2"]}),
                json!({"Env": ["A=2"]}),
                json!({"Env": ["A=1", "A=2"]}),
            ),
            (
                "a name alone, and one that begins the same",
                json!({"Env": ["A", "AB=1=2\n\"x\"", "B=ώρα"]}),
                json!({"Env": ["B=1"]}),
                json!({"Env": ["A", "AB=1=2\n\"x\"", "B=ώρα"]}),
            ),
            (
                "labels, each for itself; Compose's stay",
                json!({"Labels": {"v": "2", "x": "1", "y": "1", "com.docker.compose.project": "sms", "sms-watchkeeper.roll-back": "old"}}),
                json!({"Labels": {"v": "2", "x": "0", "com.docker.compose.project": "sms"}}),
                json!({"Labels": {"x": "1", "y": "1", "com.docker.compose.project": "sms"}}),
            ),
            ("no labels", json!({"Labels": null}), json!({}), json!({})),
            (
                "the health check, each field for itself",
                json!({"Healthcheck": {"Test": ["CMD", "a"], "Interval": 5, "Timeout": 3, "Retries": 0}}),
                json!({"Healthcheck": {"Test": ["CMD", "a"], "Interval": 9, "Timeout": 3}}),
                json!({"Healthcheck": {"Interval": 5}}),
            ),
            (
                "no health check",
                json!({"Healthcheck": {"Test": ["NONE"], "Interval": 9}}),
                json!({"Healthcheck": {"Test": ["CMD", "a"], "Interval": 9}}),
                json!({"Healthcheck": {"Test": ["NONE"]}}),
            ),
            (
                "a volume of its own",
                json!({"Volumes": {"/a": {}, "/b": {}}}),
                json!({"Volumes": {"/a": {}}}),
                json!({"Volumes": {"/b": {}}}),
            ),
            (
                "plain words",
                json!({"User": "7", "WorkingDir": "/x", "StopSignal": "SIGINT", "Shell": ["sh"], "Tty": false, "Odd": 1}),
                json!({"User": "", "WorkingDir": "/x", "StopSignal": "SIGINT", "Shell": ["sh"], "Odd": 1}),
                json!({"User": "7", "Tty": false, "Odd": 1}),
            ),
            ("a name of its own", json!({"Hostname": "nas"}), json!({}), json!({"Hostname": "nas"})),
            ("the automatic name", json!({"Hostname": "0123456789ab"}), json!({}), json!({})),
        ] {
            let container = json!({"Id": "0123456789abcdef", "Config": container});
            let found = Value::Object(own_config(&container, &json!({"Config": image})));
            assert_eq!(found, own, "{what}");
        }
    }

    #[test]
    fn entry_point_and_command_go_together() {
        let (e, c) = (json!(["e"]), json!(["c"]));
        for (container, image, own) in [
            ((e.clone(), c.clone()), (e.clone(), c.clone()), json!({})),
            ((Value::Null, c.clone()), (json!([]), c.clone()), json!({})),
            ((e.clone(), json!(["x"])), (e.clone(), c.clone()), json!({"Cmd": ["x"]})),
            ((e.clone(), Value::Null), (e.clone(), c.clone()), json!({"Entrypoint": ["e"]})),
            ((Value::Null, c.clone()), (e.clone(), c.clone()), json!({"Entrypoint": [""], "Cmd": ["c"]})),
            ((json!(["x"]), Value::Null), (e.clone(), c.clone()), json!({"Entrypoint": ["x"]})),
            ((json!(["x"]), c.clone()), (e, c), json!({"Entrypoint": ["x"], "Cmd": ["c"]})),
        ] {
            let container = json!({"Config": {"Entrypoint": container.0, "Cmd": container.1}});
            let image = json!({"Config": {"Entrypoint": image.0, "Cmd": image.1}});
            assert_eq!(Value::Object(own_config(&container, &image)), own, "{container} from {image}");
        }
    }

    #[test]
    fn a_published_port_stays_exposed_whatever_the_image_says() {
        let container = json!({
            "Config": {"ExposedPorts": {"8000/tcp": {}, "9000/tcp": {}, "7000/tcp": {}}},
            "HostConfig": {"PortBindings": {"8000/tcp": [{"HostPort": "80"}]}},
        });
        let image = json!({"Config": {"ExposedPorts": {"8000/tcp": {}, "9000/tcp": {}}}});
        let own = Value::Object(own_config(&container, &image));
        assert_eq!(own, json!({"ExposedPorts": {"7000/tcp": {}, "8000/tcp": {}}}));
    }

    #[test]
    fn in_another_ones_network_there_is_no_name_and_no_port() {
        let container = json!({
            "Config": {"Hostname": "db", "Domainname": "x", "ExposedPorts": {"1/tcp": {}}, "MacAddress": "m", "Tty": true},
            "HostConfig": {"NetworkMode": "container:0123"},
        });
        assert_eq!(Value::Object(own_config(&container, &json!({}))), json!({"Tty": true}));
    }
}
