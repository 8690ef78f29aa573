//! One container with all that a container can have.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use watchkeeper_core::action::{Met, Requirement, Stage};
use watchkeeper_probes::docker::Previous;

use super::house::{House, NEW, OLD, roll_back, undo};

const ODD: &str = "ODD=\"quoted\" 'and' = $HOME\nof two lines\\";
/// The builder's own.
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const GREEK: &str = "GREEK=Καλημέρα = κόσμε";

pub(crate) async fn there_and_back(house: &House) {
    let options = [
        "--hostname",
        "nas-sms",
        "--restart",
        "on-failure:3",
        "--memory",
        "96m",
        "--memory-swap",
        "96m",
        "--cpus",
        "1.5",
        "--user",
        "1000:1000",
        "--network",
        "first",
        "--ip",
        "198.19.252.77",
        "--network-alias",
        "sms",
        "--network-alias",
        "web",
        "--publish",
        "127.0.0.1::8000",
        "--env",
        ODD,
        "--env",
        GREEK,
        "--env",
        "EMPTY=",
        "--env",
        "OVERRIDDEN=mine",
        "--env",
        "SECRET_KEY=hunter2",
        "--volume",
        "named:/data",
        "--volume",
        "/etc:/host:ro",
        "--mount",
        "type=tmpfs,target=/scratch,tmpfs-size=1048576",
        "--tmpfs",
        "/run:size=1m",
        "--label",
        "own=1",
        "--label",
        "com.docker.compose.project=sms",
        "--label",
        "com.docker.compose.service=app",
        "--label",
        "com.docker.compose.config-hash=0a1b",
        "--label",
        "com.docker.compose.image=sha256:00",
        "--add-host",
        "db.local:198.19.252.9",
        "--log-opt",
        "max-size=1m",
        "--log-opt",
        "max-file=2",
        "--ulimit",
        "nofile=2048:4096",
        "--sysctl",
        "net.core.somaxconn=256",
        "--cap-drop",
        "NET_RAW",
        "--stop-timeout",
        "7",
        "--health-retries",
        "5",
        "--init",
        "--read-only",
        "--shm-size",
        "8m",
        "--dns",
        "198.19.252.1",
        "--pids-limit",
        "200",
    ];
    house.run("sms-app", &options).await;
    house.docker("network connect --alias second-name second sms-app").await;
    house.write("sms-app", "/data/students", "Άννα").await;
    house.write("sms-app", "/anonymous/uploads", "Βασίλης").await;
    let before = house.inspect("sms-app").await;
    assert_eq!(version(&before).await, "1.15.1");

    let previous = Previous { version: Some("v1.14.3".into()), image: None };
    let readiness = house.readiness("sms-app", &previous).await;
    let all = [
        Requirement::PreviousNamed,
        Requirement::ImagePresent,
        Requirement::DigestKnown,
        Requirement::NotPruned,
        Requirement::PlanValid,
    ];
    let found: Vec<_> = readiness.conditions.iter().map(|c| (c.requirement, c.met)).collect();
    assert_eq!(found, all.map(|requirement| (requirement, Met::Yes)), "{:#?}", readiness.conditions);
    let plan = *readiness.plan.unwrap();
    assert_eq!((&*plan.from.name, &*plan.to.name, &*plan.restart_policy), (NEW, OLD, "on-failure:3"));
    let told = format!("{:#?}", plan.settings);
    assert!(!told.contains("hunter2") && !told.contains("Καλημέρα") && told.contains("SECRET_KEY"), "{told}");
    for word in [
        "198.19.252.77",
        "also named sms, web",
        "volume named on /data",
        "on-failure:3",
        "5 tries",
        "96 MiB",
        "stays app of sms",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let again = house.plan("sms-app", OLD).await;
    assert_eq!(again.digest, plan.digest, "the plan of the same container is the same");

    let operator = house.operator("sms-app");
    let done = roll_back(&operator, &plan).await;
    assert!(!done.details.contains("hunter2"), "{}", done.details);
    assert_eq!(done.done(), &Stage::ROLL_BACK[..6]);
    let after = house.inspect("sms-app").await;
    same(&plain(&after), &expected(&before, &after), "rolled back");
    assert_eq!(version(&after).await, "1.14.3");
    for container in ["sms-app", &plan.aside] {
        assert_eq!(house.file(container, "/data/students").await, "Άννα", "{container}");
        assert_eq!(house.file(container, "/anonymous/uploads").await, "Βασίλης", "{container}");
    }
    assert_eq!(house.inspect(&plan.aside).await["HostConfig"]["RestartPolicy"]["Name"], "no");
    assert_eq!(
        roll_back(&operator, &plan).await.done(),
        [Stage::Healthy],
        "once more: there is nothing left to do"
    );

    house.write("sms-app", "/data/students", "Γιώργος").await;
    assert_eq!(undo(&operator, &plan).await.done(), Stage::UNDO);
    let back = house.inspect("sms-app").await;
    assert_eq!(back["Id"], before["Id"]);
    same(&plain(&back), &plain(&before), "it is again what it was at first");
    assert_eq!(version(&back).await, "1.15.1");
    assert_eq!(house.file("sms-app", "/data/students").await, "Γιώργος");
    assert_eq!(house.file("sms-app", "/anonymous/uploads").await, "Βασίλης");
    assert_eq!(
        undo(&operator, &plan).await.done(),
        [Stage::Healthy],
        "once more: there is nothing left to do"
    );
    assert_eq!(house.containers("sms-app").await, [format!("sms-app {NEW} running")]);
}

/// What the container of the previous image has to be, from what the other one was.
fn expected(before: &Value, after: &Value) -> Value {
    let mut all = plain(before);
    let config = &mut all["Config"];
    config["Image"] = OLD.into();
    config["Env"] = sorted(json!([
        ODD,
        GREEK,
        "EMPTY=",
        "OVERRIDDEN=mine",
        "SECRET_KEY=hunter2",
        "SMS_VERSION=1.14.3",
        "ONLY_OLD=1",
        "BOTH=old",
        PATH,
    ]));
    config["Labels"] = json!({
        "own": "1", "com.docker.compose.project": "sms", "com.docker.compose.service": "app",
        "com.docker.compose.config-hash": "0a1b", "com.docker.compose.image": "sha256:00",
        "com.sms.version": "1.14.3", "only.old": "1",
        "sms-watchkeeper.roll-back": format!("{}/session-1", before["Id"].as_str().unwrap()),
    });
    config["ExposedPorts"] = json!({"8000/tcp": {}, "8002/tcp": {}});
    config["Volumes"] = json!({"/of-old": {}});
    config["WorkingDir"] = "/old".into();
    config["StopSignal"] = "SIGINT".into();
    config["Healthcheck"] = json!({"Test": ["CMD", "/sms-demo", "-h"], "Interval": 300_000_000, "Timeout": 20_000_000_000_u64, "Retries": 5});
    // The volume that had no name is mounted by the name that it got.
    let anonymous = mount(before, "/anonymous");
    all["HostConfig"]["Mounts"]
        .as_array_mut()
        .unwrap()
        .push(json!({"Type": "volume", "Source": anonymous["Name"], "Target": "/anonymous"}));
    // The previous image has one of its own besides.
    let mut mounts = all["Mounts"].as_array().unwrap().clone();
    mounts.push(mount(after, "/of-old"));
    for mount in &mut mounts {
        // The Engine's word for a volume that was mounted by a name in `Mounts`.
        if mount["Destination"] == "/anonymous" {
            mount["Mode"] = "z".into();
        }
    }
    all["Mounts"] = sorted(Value::Array(mounts));
    all["NetworkSettings"]["Ports"] = json!({"8000/tcp": "published", "8002/tcp": null});
    all
}

fn mount(container: &Value, destination: &str) -> Value {
    let mounts = container["Mounts"].as_array().unwrap();
    mounts.iter().find(|mount| mount["Destination"] == destination).unwrap().clone()
}

/// An inspect answer without what is new in each life of a container: ids, times, and what the Engine chooses.
pub(crate) fn plain(container: &Value) -> Value {
    let id = container["Id"].as_str().unwrap();
    let mut all: Value =
        serde_json::from_str(&container.to_string().replace(id.get(..12).unwrap(), "ID")).unwrap();
    let map = all.as_object_mut().unwrap();
    for key in [
        "Id",
        "Created",
        "State",
        "Image",
        "ResolvConfPath",
        "HostnamePath",
        "HostsPath",
        "LogPath",
        "GraphDriver",
        "RestartCount",
        "ExecIDs",
    ] {
        assert!(map.remove(key).is_some(), "{key}");
    }
    for key in ["SandboxID", "SandboxKey"] {
        assert!(all["NetworkSettings"].as_object_mut().unwrap().remove(key).is_some(), "{key}");
    }
    for network in all["NetworkSettings"]["Networks"].as_object_mut().unwrap().values_mut() {
        let asked = network["IPAMConfig"]["IPv4Address"].is_string();
        let network = network.as_object_mut().unwrap();
        network.remove("EndpointID");
        if !asked {
            // The Engine chooses.
            network.remove("IPAddress");
            network.remove("MacAddress");
        }
        network["Aliases"] = sorted(network["Aliases"].clone());
        // Nothing and none are the same.
        network.retain(|_, value| *value != json!({}) && !value.is_null());
    }
    for port in all["NetworkSettings"]["Ports"].as_object_mut().unwrap().values_mut() {
        if port.is_array() {
            *port = "published".into();
        }
    }
    all["Config"]["Env"] = sorted(all["Config"]["Env"].clone());
    all["Mounts"] = sorted(all["Mounts"].clone());
    all
}

/// Compares field by field.
pub(crate) fn same(found: &Value, expected: &Value, what: &str) {
    let (found, expected) = (fields(found, ""), fields(expected, ""));
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|f| !those.contains(f)).cloned().collect::<Vec<_>>()
    };
    let (more, less) = (only(&found, &expected), only(&expected, &found));
    assert!(more.is_empty() && less.is_empty(), "{what}: there is {more:#?} and there should be {less:#?}");
}

/// Each leaf with the way to it.
fn fields(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().flat_map(|(key, value)| fields(value, &format!("{path}/{key}"))).collect()
        }
        Value::Array(all) if !all.is_empty() => {
            all.iter().enumerate().flat_map(|(i, value)| fields(value, &format!("{path}/{i}"))).collect()
        }
        leaf => vec![format!("{path} = {leaf}")],
    }
}

fn sorted(list: Value) -> Value {
    let Value::Array(mut all) = list else { panic!("{list}") };
    all.sort_by_key(Value::to_string);
    Value::Array(all)
}

/// What the SMS says of its version over HTTP.
async fn version(container: &Value) -> String {
    let port = container["NetworkSettings"]["Ports"]["8000/tcp"][0]["HostPort"].as_str().unwrap();
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    stream.write_all(b"GET /api HTTP/1.1\r\nHost: sms\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let body = body.get(body.find('{').unwrap()..=body.rfind('}').unwrap()).unwrap();
    serde_json::from_str::<Value>(body).unwrap()["version"].as_str().unwrap().to_owned()
}
