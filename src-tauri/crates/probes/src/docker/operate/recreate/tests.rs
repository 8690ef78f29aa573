use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::docker::operate::json::items;

const ID: &str = "0123456789abcdef0123456789abcdef";

/// What the Engine does with a request: the image's defaults are merged into the configuration (moby,
/// daemon/commit.go), a host name is given, and volumes get names. Gives the inspect answer.
fn create(body: &Value, image: &Value, id: &str) -> Value {
    let defaults = image.get("Config").cloned().unwrap_or_else(|| json!({}));
    let of = |key: &str| defaults.get(key).cloned().unwrap_or(Value::Null);
    let mut config = body.as_object().unwrap().clone();
    let mut host = config.remove("HostConfig").unwrap();
    let networking = config.remove("NetworkingConfig");
    let mode = text(&host, "/NetworkMode").to_owned();
    for key in ["User", "WorkingDir", "StopSignal"] {
        if config.get(key).is_none_or(empty) {
            config.insert(key.into(), of(key));
        }
    }
    for key in ["ExposedPorts", "Volumes", "Labels"] {
        let mut all = of(key).as_object().cloned().unwrap_or_default();
        all.extend(config.get(key).and_then(Value::as_object).cloned().unwrap_or_default());
        config.insert(key.into(), Value::Object(all));
    }
    let mut env: Vec<Value> = items(config.get("Env").unwrap_or(&Value::Null)).cloned().collect();
    for entry in items(&of("Env")) {
        if !env.iter().any(|e| super::super::own::env_name(e) == super::super::own::env_name(entry)) {
            env.push(entry.clone());
        }
    }
    config.insert("Env".into(), Value::Array(env));
    let none = |config: &Map<String, Value>, key: &str| config.get(key).is_none_or(empty);
    if none(&config, "Entrypoint") {
        if none(&config, "Cmd") {
            config.insert("Cmd".into(), of("Cmd"));
        }
        config.insert("Entrypoint".into(), of("Entrypoint"));
    }
    if config["Entrypoint"] == json!([""]) {
        config.insert("Entrypoint".into(), Value::Null);
    }
    let mut check = of("Healthcheck").as_object().cloned().unwrap_or_default();
    let own = config.get("Healthcheck").and_then(Value::as_object).cloned().unwrap_or_default();
    check.extend(own.into_iter().filter(|(_, v)| !empty(v)));
    config.insert("Healthcheck".into(), if check.is_empty() { Value::Null } else { Value::Object(check) });
    if config.get("Hostname").is_none_or(empty) {
        config.insert("Hostname".into(), id.get(..12).unwrap().into());
    }

    // What is mounted: what was asked for, and a new volume for each that has no name.
    let mut mounts: BTreeMap<String, (String, bool)> = BTreeMap::new();
    let mut nameless = 0;
    let mut fresh = || {
        nameless += 1;
        format!("volume-{}-{nameless}", id.get(20..).unwrap())
    };
    for bind in list(&host, "/Binds").filter_map(Value::as_str) {
        let parts: Vec<&str> = bind.split(':').collect();
        mounts.insert(parts[1].into(), (parts[0].into(), parts.get(2) != Some(&"ro")));
    }
    for mount in list(&host, "/Mounts") {
        let source = text(mount, "/Source").to_owned();
        let writable = mount.get("ReadOnly") != Some(&json!(true));
        let source = if source.is_empty() { fresh() } else { source };
        assert!(mounts.insert(text(mount, "/Target").into(), (source, writable)).is_none(), "mounted twice");
    }
    for (path, _) in object(&Value::Object(config.clone()), "/Volumes") {
        mounts.entry(path.clone()).or_insert_with(|| (fresh(), true));
    }
    let mounts: Vec<Value> = mounts
        .into_iter()
        .map(|(path, (source, rw))| {
            let (kind, name) =
                if source.starts_with('/') { ("bind", "") } else { ("volume", source.as_str()) };
            json!({"Type": kind, "Name": name, "Source": source, "Destination": path, "RW": rw})
        })
        .collect();

    let mut networks = Map::new();
    if !mode.starts_with("container:") {
        let first = if mode == "default" { "bridge" } else { &mode };
        let asked = networking.and_then(|n| n.pointer("/EndpointsConfig")?.get(first).cloned());
        networks.insert(first.into(), joined(asked.unwrap_or_else(|| json!({})), id));
    }
    host["RestartPolicy"] = host.get("RestartPolicy").cloned().unwrap();
    json!({
        "Id": id, "Name": "/sms", "Image": text(image, "/Id"), "Config": config, "HostConfig": host, "Mounts": mounts,
        "State": {"Status": "created"}, "NetworkSettings": {"Networks": networks},
    })
}

/// A network's entry once the container is in it.
fn joined(mut settings: Value, id: &str) -> Value {
    let mut aliases: Vec<Value> = list(&settings, "/Aliases").cloned().collect();
    aliases.push(id.get(..12).unwrap().into());
    settings["Aliases"] = Value::Array(aliases);
    settings["IPAddress"] = "172.18.0.9".into();
    settings["MacAddress"] = "02:42:ac:12:00:09".into();
    settings["NetworkID"] = "feedfeedfeedfeedfeed".into();
    settings
}

fn carry_out(recreation: &Recreation, image: &Value, id: &str) -> Value {
    let mut made = create(&recreation.create, image, id);
    let networks = made.pointer_mut("/NetworkSettings/Networks").unwrap().as_object_mut().unwrap();
    for (name, settings) in &recreation.networks {
        networks.entry(name).or_insert_with(|| joined(settings.clone(), id));
    }
    if let Some(leave) = &recreation.leave {
        networks.remove(leave);
    }
    made
}

/// What has to be the same, with the order of what has none.
fn compared(container: &Value) -> Value {
    let mut container = container.clone();
    let id = text(&container, "/Id").to_owned();
    container["Id"] = Value::Null;
    for (pointer, key) in [("/Config", "Env"), ("", "Mounts")] {
        let list = container.pointer_mut(pointer).and_then(|v| v.get_mut(key)?.as_array_mut());
        if let Some(list) = list {
            list.sort_by_key(canonical);
            // An entry that is there twice says no more than one.
            list.dedup();
        }
    }
    for (pointer, keys) in [("/Config", ["Hostname", "Volumes"]), ("/HostConfig", ["Binds", "Mounts"])] {
        let map = container.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        for key in keys {
            // Told by `Mounts`; a host name of its own stays.
            if key != "Hostname" || map.get(key).and_then(Value::as_str) == id.get(..12) {
                map.remove(key);
            }
        }
    }
    let text = container.to_string().replace(id.get(..12).unwrap(), "ID");
    let mut container: Value = serde_json::from_str(&text).unwrap();
    for pointer in ["/Config", "/HostConfig"] {
        let map = container.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        map.retain(|_, value| !empty(value));
    }
    container
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z]{1,3}", "[a-zά-ώ \"'=\n$]{1,8}"]
}

fn env() -> impl Strategy<Value = Value> {
    let entry = ("[A-D]", proptest::option::of(words()))
        .prop_map(|(name, value)| value.map_or(name.clone(), |value| format!("{name}={value}")));
    prop::collection::vec(entry, 0..5).prop_map(|all| json!(all))
}

fn command() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), prop::collection::vec("[a-c]", 1..3).prop_map(|all| json!(all))]
}

fn keyed(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::subsequence(keys, 0..=keys.len())
        .prop_map(|keys| Value::Object(keys.into_iter().map(|k| (k.to_owned(), json!({}))).collect()))
}

fn labels() -> impl Strategy<Value = Value> {
    const NAMES: &[&str] = &["com.sms.version", "com.sms.service", "com.docker.compose.project", "x"];
    prop::collection::btree_map(prop::sample::select(NAMES), "[ab]", 0..4).prop_map(|all| json!(all))
}

fn health_check() -> impl Strategy<Value = Value> {
    let test = prop_oneof![
        Just(json!(["NONE"])),
        Just(json!(["CMD", "a"])),
        Just(json!(["CMD-SHELL", "b"])),
        Just(json!([]))
    ];
    let check = (test, 0..3_u64, 0..3_u64, 0..3_u64).prop_map(
        |(test, interval, timeout, retries)| json!({"Test": test, "Interval": interval, "Timeout": timeout, "Retries": retries}),
    );
    prop_oneof![Just(Value::Null), check]
}

prop_compose! {
    fn defaults()(
        env in env(), labels in labels(), check in health_check(), entrypoint in command(), cmd in command(),
        ports in keyed(&["1/tcp", "2/tcp", "3/udp"]), volumes in keyed(&["/a", "/b"]),
        user in "[ab]?", dir in "(/[xy])?", signal in "(SIG[AB])?",
    ) -> Value {
        json!({
            "Env": env, "Labels": labels, "Healthcheck": check, "Entrypoint": entrypoint, "Cmd": cmd,
            "ExposedPorts": ports, "Volumes": volumes, "User": user, "WorkingDir": dir, "StopSignal": signal,
        })
    }
}

prop_compose! {
    /// An image. As a Dockerfile makes it: no name twice, and no health check without a test.
    fn image(id: &'static str)(mut config in defaults()) -> Value {
        let mut names = Vec::new();
        let env = config["Env"].as_array_mut().unwrap();
        env.retain(|e| {
            let name = super::super::own::env_name(e).to_owned();
            let first = !names.contains(&name);
            names.push(name);
            first
        });
        if config["Healthcheck"]["Test"].as_array().is_none_or(Vec::is_empty) {
            config["Healthcheck"] = Value::Null;
        }
        json!({"Id": id, "Config": config})
    }
}

prop_compose! {
    fn host()(
        mode in prop::sample::select(&["default", "bridge", "net", "host", "none", "container:feed"][..]),
        binds in prop::sample::subsequence(&["/etc:/c:ro", "named:/d"][..], 0..=2),
        mount in any::<bool>(), published in any::<bool>(), odd in words(),
        policy in prop::sample::select(&["no", "always", "unless-stopped", "on-failure:3"][..]),
        masked in prop_oneof![Just(Value::Null), Just(json!([])), Just(json!(["/proc/acpi"]))],
    ) -> Value {
        let shared = mode.starts_with("container:");
        let mounts = if mount { json!([{"Type": "volume", "Target": "/e", "ReadOnly": true}]) } else { Value::Null };
        let ports = if published && !shared { json!({"1/tcp": [{"HostIp": "", "HostPort": "80"}]}) } else { json!({}) };
        json!({
            "NetworkMode": mode, "Binds": binds, "Mounts": mounts, "PortBindings": ports, "AFieldOfTomorrow": {"x": odd},
            "RestartPolicy": policy_value(policy), "MaskedPaths": masked, "Memory": 67_108_864, "Links": null,
        })
    }
}

prop_compose! {
    /// A container as it is found on an Engine: made by some request, and connected to networks since.
    fn container(image: Value)(
        mut own in defaults(), host in host(), hostname in "([a-z]{3}|0123456789ab)?", mac in "(02:00:00:00:00:01)?",
        second in any::<bool>(), left in any::<bool>(), stop in proptest::option::of(0..90_u64), odd in words(),
    ) -> Value {
        let mode = text(&host, "/NetworkMode").to_owned();
        let shared = mode.starts_with("container:");
        if shared {
            own["ExposedPorts"] = json!({});
        } else if !empty(&host["PortBindings"]) {
            own["ExposedPorts"]["1/tcp"] = json!({});
        }
        own["Hostname"] = if shared { "".into() } else { hostname.into() };
        own["MacAddress"] = if shared || mode == "host" { "".into() } else { mac.into() };
        own["StopTimeout"] = json!(stop);
        own["Tty"] = json!(true);
        own["AFieldOfTomorrow"] = odd.into();
        own["Image"] = "sms:2".into();
        own["HostConfig"] = host;
        let plain = mode == "net";
        if plain {
            own["NetworkingConfig"] = json!({"EndpointsConfig": {"net": {
                "IPAMConfig": {"IPv4Address": "172.18.0.9"}, "Aliases": ["db"], "DriverOpts": {"a": "b"},
            }}});
        }
        let mut made = create(&own, &image, ID);
        let networks = made.pointer_mut("/NetworkSettings/Networks").unwrap().as_object_mut().unwrap();
        if plain && second {
            networks.insert("second".into(), joined(json!({"IPAMConfig": {}, "Aliases": ["x"], "DriverOpts": null}), ID));
            if left {
                networks.remove("net");
            }
        }
        made
    }
}

fn image_and_container() -> impl Strategy<Value = (Value, Value)> {
    image("sha256:02").prop_flat_map(|image| (Just(image.clone()), container(image)))
}

fn plainly(container: &Value) -> Value {
    let mut compared = compared(container);
    for network in
        compared.pointer_mut("/NetworkSettings/Networks").unwrap().as_object_mut().unwrap().values_mut()
    {
        network.as_object_mut().unwrap().retain(|_, value| !empty(value));
    }
    compared
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn from_the_same_image_the_same_container_is_made((image, container) in image_and_container()) {
        let recreation = Recreation::of(&container, &image, "sms:2", &policy_text(&container));
        let made = carry_out(&recreation, &image, "fedcba9876543210fedcba9876543210");
        prop_assert_eq!(plainly(&made), plainly(&container));
        // And a plan for what was made asks for the same, but for what is written down once more: volumes by name.
        let again = Recreation::of(&made, &image, "sms:2", &policy_text(&made));
        prop_assert_eq!(again.networks, recreation.networks);
    }

    #[test]
    fn from_another_image_what_is_the_containers_own_is_the_same(
        (image, container) in image_and_container(),
        other in image("sha256:01"),
    ) {
        let recreation = Recreation::of(&container, &image, "sms:1", &policy_text(&container));
        let made = carry_out(&recreation, &other, "fedcba9876543210fedcba9876543210");
        let (before, after) = (plainly(&container), plainly(&made));
        let keep = |config: &Value| {
            let mut config = config.clone();
            for merged in ["Env", "Labels", "Healthcheck", "Entrypoint", "Cmd", "ExposedPorts", "User", "WorkingDir", "StopSignal", "Image"] {
                config.as_object_mut().unwrap().remove(merged);
            }
            config
        };
        prop_assert_eq!(keep(&after["Config"]), keep(&before["Config"]));
        prop_assert_eq!(&after["HostConfig"], &before["HostConfig"]);
        prop_assert_eq!(&after["NetworkSettings"], &before["NetworkSettings"]);
        // No volume with data is lost, whatever the images say of volumes.
        let mounted: Vec<&Value> = list(&after, "/Mounts").collect();
        for mount in list(&before, "/Mounts") {
            prop_assert!(mounted.contains(&mount), "{mount} is not mounted");
        }
        // A setting is the image's where it was, and the container's own where it was that.
        let from = |value: &Value, key: &str, name: &str| value["Config"][key].get(name).cloned();
        for (name, value) in object(&before, "/Config/Labels") {
            let own = from(&image, "Labels", name).as_ref() != Some(value) || name.starts_with("com.docker.compose.");
            let expected = if own { Some(value.clone()) } else { from(&other, "Labels", name) };
            prop_assert_eq!(from(&after, "Labels", name), expected, "label {}", name);
        }
        let last = |value: &Value, name: &str| {
            list(value, "/Config/Env").filter(|e| super::super::own::env_name(e) == name).cloned().collect::<Vec<_>>()
        };
        for name in ["A", "B", "C", "D"] {
            let (ours, theirs) = (last(&container, name), last(&image, name));
            let own = !ours.is_empty() && ours.iter().any(|e| !theirs.contains(e));
            let expected = if own { ours } else { last(&other, name) };
            prop_assert_eq!(last(&made, name), expected, "environment {}", name);
        }
        for key in ["User", "WorkingDir", "StopSignal"] {
            let (ours, theirs) = (&container["Config"][key], &image["Config"][key]);
            let expected = if ours == theirs { &other["Config"][key] } else { ours };
            prop_assert_eq!(&made["Config"][key], expected, "{}", key);
        }
        for port in object(&container, "/HostConfig/PortBindings").map(|(port, _)| port) {
            prop_assert!(from(&made, "ExposedPorts", port).is_some(), "{port} is not exposed");
        }
        for field in ["Test", "Interval", "Timeout", "Retries"] {
            let (ours, theirs) = (from(&container, "Healthcheck", field), from(&image, "Healthcheck", field));
            let own = ours != theirs && ours.as_ref().is_some_and(|v| !empty(v));
            let expected = if own { ours } else { from(&other, "Healthcheck", field) };
            prop_assert_eq!(from(&made, "Healthcheck", field).filter(|v| !empty(v)), expected.filter(|v| !empty(v)), "{}", field);
        }
    }

    #[test]
    fn the_digest_is_that_of_the_settings_and_not_of_how_it_goes((image, mut container) in image_and_container()) {
        let policy = policy_text(&container);
        let digest = Recreation::of(&container, &image, "sms:1", &policy).digest();
        // Stopped, renamed, without a restart policy; its volumes listed in another order.
        container["Name"] = "/sms-aside".into();
        container["State"]["Status"] = "exited".into();
        container["HostConfig"]["RestartPolicy"] = policy_value("no");
        container["Mounts"].as_array_mut().unwrap().reverse();
        for network in container.pointer_mut("/NetworkSettings/Networks").unwrap().as_object_mut().unwrap().values_mut() {
            network["IPAddress"] = "".into();
            network["MacAddress"] = "".into();
        }
        prop_assert_eq!(Recreation::of(&container, &image, "sms:1", &policy).digest(), digest);
        container["HostConfig"]["Memory"] = json!(1);
        prop_assert_ne!(Recreation::of(&container, &image, "sms:1", &policy).digest(), digest);
    }
}

#[test]
fn restart_policies_are_written_both_ways() {
    for (policy, value) in [
        ("no", json!({"Name": "no", "MaximumRetryCount": 0})),
        ("unless-stopped", json!({"Name": "unless-stopped", "MaximumRetryCount": 0})),
        ("on-failure", json!({"Name": "on-failure", "MaximumRetryCount": 0})),
        ("on-failure:3", json!({"Name": "on-failure", "MaximumRetryCount": 3})),
    ] {
        assert_eq!(policy_value(policy), value);
        assert_eq!(policy_text(&json!({"HostConfig": {"RestartPolicy": value}})), policy);
    }
    assert_eq!(policy_text(&json!({"HostConfig": {"RestartPolicy": {"Name": ""}}})), "no");
    assert_eq!(policy_text(&json!({})), "no");
}

#[test]
fn links_name_the_other_one_and_not_this_one() {
    let container =
        json!({"HostConfig": {"Links": ["/db:/sms/database", "/cache:/sms/c"], "NetworkMode": "bridge"}});
    let body = Recreation::of(&container, &json!({}), "sms:1", "no").create;
    assert_eq!(body["HostConfig"]["Links"], json!(["cache:c", "db:database"]));
}

#[test]
fn a_network_may_be_named_by_its_id() {
    let endpoint = json!({"NetworkID": "feedfeedfeedfeedfeed", "IPAMConfig": {"IPv4Address": "10.0.0.9"}});
    let container = json!({
        "HostConfig": {"NetworkMode": "feedfeedfeed"},
        "NetworkSettings": {"Networks": {"net": endpoint, "other": {"NetworkID": "beef"}}},
    });
    let recreation = Recreation::of(&container, &json!({}), "sms:1", "no");
    let first = json!({"net": {"IPAMConfig": {"IPv4Address": "10.0.0.9"}}});
    assert_eq!(recreation.create["NetworkingConfig"]["EndpointsConfig"], first);
    assert_eq!(recreation.leave, None);
}

#[test]
fn what_is_sent_bears_the_mark_and_no_restart_policy() {
    let recreation = Recreation::of(&json!({}), &json!({}), "sms:1", "always");
    assert_eq!(recreation.create["HostConfig"]["RestartPolicy"]["Name"], "always");
    let body = recreation.body("old/session");
    assert_eq!(body["HostConfig"]["RestartPolicy"]["Name"], "no");
    assert_eq!(body["Labels"], json!({"sms-watchkeeper.roll-back": "old/session"}));
}
