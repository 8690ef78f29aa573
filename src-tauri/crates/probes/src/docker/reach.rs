//! How far a container reaches, out of an inspect answer.

use serde_json::Value;
use watchkeeper_core::{
    reach::{Mount, Port, Reach},
    redact::from_outside,
};

/// Of each list this many entries are kept.
const MOST: usize = 32;
/// And of each entry this many characters: a seccomp profile may stand there whole.
const LONGEST: usize = 200;

/// Reads rights, mounts and ports. What is missing is taken for the Engine's default. The environment is not looked at.
pub(super) fn read(inspected: &Value) -> Reach {
    let at = |pointer: &str| inspected.pointer(pointer);
    let text = |pointer: &str| at(pointer).and_then(Value::as_str).map(shown).unwrap_or_default();
    let is = |pointer: &str| at(pointer).and_then(Value::as_bool).unwrap_or(false);
    // What a container has to itself is no reach, by whatever word.
    let beyond = |pointer: &str| {
        Some(text(pointer))
            .filter(|mode| !matches!(mode.as_str(), "private" | "shareable" | "none"))
            .unwrap_or_default()
    };
    let network = match text("/HostConfig/NetworkMode").as_str() {
        "default" => "bridge".to_owned(),
        other => other.to_owned(),
    };
    Reach {
        privileged: is("/HostConfig/Privileged"),
        auto_remove: is("/HostConfig/AutoRemove"),
        user: text("/Config/User"),
        network,
        pid: beyond("/HostConfig/PidMode"),
        ipc: beyond("/HostConfig/IpcMode"),
        capabilities: list(at("/HostConfig/CapAdd"), |c| Some(shown(c.as_str()?.trim_start_matches("CAP_")))),
        devices: list(at("/HostConfig/Devices"), device),
        security: list(at("/HostConfig/SecurityOpt"), |o| o.as_str().map(shown)),
        mounts: list(at("/Mounts"), mount),
        ports: ports(inspected),
    }
}

fn shown(text: &str) -> String {
    from_outside(text, LONGEST)
}

/// Sorted, for the Engine's order is none.
fn list<T: Ord>(values: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let values = values.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    bounded(values.iter().filter_map(read).collect())
}

fn bounded<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all.truncate(MOST);
    all
}

fn device(value: &Value) -> Option<String> {
    let host = value.get("PathOnHost")?.as_str()?;
    let inside = value.get("PathInContainer").and_then(Value::as_str).unwrap_or(host);
    Some(if host == inside { shown(host) } else { shown(&format!("{host} → {inside}")) })
}

fn mount(value: &Value) -> Option<Mount> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let source = match (text("Type"), text("Name")) {
        // Each container has another one.
        (Some("volume"), Some(name)) if is_anonymous(name) => "anonymous volume".to_owned(),
        (Some("volume"), Some(name)) => format!("volume {}", shown(name)),
        (Some("tmpfs"), _) => "tmpfs".to_owned(),
        _ => shown(text("Source")?),
    };
    let writable = value.get("RW").and_then(Value::as_bool).unwrap_or(true);
    Some(Mount { destination: shown(text("Destination")?), source, writable })
}

/// Docker's own name for a volume that nobody named: 64 hexadecimal digits.
fn is_anonymous(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// As they were asked for: what is bound now is empty while the container is stopped, and differs with each start where any
/// free port was asked for.
fn ports(inspected: &Value) -> Vec<Port> {
    let bindings = inspected.pointer("/HostConfig/PortBindings").and_then(Value::as_object);
    let mut all = Vec::new();
    for (inside, bound) in bindings.into_iter().flatten() {
        for binding in bound.as_array().into_iter().flatten() {
            let text = |key: &str| binding.get(key).and_then(Value::as_str).unwrap_or_default();
            let address = match text("HostIp") {
                "" => "0.0.0.0".to_owned(),
                six if six.contains(':') => format!("[{six}]"),
                four => four.to_owned(),
            };
            let port = Some(text("HostPort")).filter(|p| !matches!(*p, "" | "0")).unwrap_or("*");
            all.push(Port { inside: shown(inside), outside: shown(&format!("{address}:{port}")) });
        }
    }
    if inspected.pointer("/HostConfig/PublishAllPorts").and_then(Value::as_bool) == Some(true) {
        all.push(Port { inside: "all exposed".into(), outside: "0.0.0.0:*".into() });
    }
    bounded(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn recorded(text: &str) -> Reach {
        read(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn recorded_answers_are_read() {
        let ordinary = recorded(include_str!("../../tests/probes/fixtures/inspect-20.10.json"));
        assert_eq!(ordinary, Reach::default());
        let far = recorded(include_str!("../../tests/probes/fixtures/inspect-20.10-far.json"));
        let mount = |source: &str, destination: &str, writable| Mount {
            destination: destination.into(),
            source: source.into(),
            writable,
        };
        let port = |inside: &str, outside: &str| Port { inside: inside.into(), outside: outside.into() };
        assert_eq!(
            far,
            Reach {
                privileged: true,
                auto_remove: false,
                user: "1000".into(),
                network: "bridge".into(),
                pid: "host".into(),
                ipc: String::new(),
                capabilities: vec!["NET_ADMIN".into()],
                devices: vec!["/dev/null → /dev/nul".into()],
                security: vec!["apparmor=unconfined".into(), "label=disable".into()],
                mounts: vec![
                    mount("anonymous volume", "/anon", true),
                    mount("volume vol1", "/data", true),
                    mount("/etc", "/host", false),
                ],
                ports: vec![port("8000/tcp", "127.0.0.1:18080"), port("8001/tcp", "0.0.0.0:18081")],
            }
        );
    }

    #[test]
    fn what_is_odd_or_endless_or_secret_is_bounded() {
        let binds: Vec<Value> = (0..200)
            .map(|i| json!({"Type": "bind", "Source": format!("/a{i}{}", "x".repeat(900)), "Destination": "/b"}))
            .collect();
        let value = json!({
            "Mounts": binds,
            "Config": {"User": "a\u{202e}b", "Env": ["SECRET_KEY=dont-show-me-0123456789"]},
            "HostConfig": {"PortBindings": {"1/tcp": "odd", "2/tcp": [{"HostIp": "::1"}]}, "CapAdd": "odd", "Devices": [1]},
        });
        let reach = read(&value);
        assert_eq!((reach.mounts.len(), reach.user.as_str()), (MOST, "ab"));
        assert!(reach.mounts.iter().all(|m| m.source.chars().count() <= LONGEST + 1));
        assert_eq!(reach.ports, [Port { inside: "2/tcp".into(), outside: "[::1]:*".into() }]);
        assert!(!serde_json::to_string(&reach).unwrap().contains("dont-show-me"));
        assert_eq!(read(&json!([])), Reach::default());
    }
}
