//! Whether a roll back would work now: all is asked, nothing is touched.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use tokio::time::Instant;
use watchkeeper_core::{
    action::{Condition, Met, Readiness, Requirement},
    reading::{Answer, ContainerStatus, Failure, FailureKind, Source, Value as Answered},
    redact::from_outside,
};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{
    images::{Image, Previous, Search, find, inspect as inspect_image, plain_version, version_of},
    json::{items, text},
    plan::plan,
};
use crate::docker::{
    Engine,
    container::{inspect, read},
};

/// The most characters of a detail.
const MOST: usize = 600;
/// Labels of containers that something else makes anew by itself.
const MANAGED: &[(&str, &str)] = &[
    ("com.docker.swarm.task.id", "Docker Swarm"),
    ("com.docker.swarm.service.id", "Docker Swarm"),
    ("io.kubernetes.pod.name", "Kubernetes"),
    ("io.kubernetes.container.name", "Kubernetes"),
];

/// Asks the Engine how ready the deployment is for a roll back.
pub struct RollBackReadiness {
    engine: Arc<Engine>,
    container: String,
    previous: Previous,
}

impl RollBackReadiness {
    /// Of the container with this name, to `previous`.
    pub const fn new(engine: Arc<Engine>, container: String, previous: Previous) -> Self {
        Self { engine, container, previous }
    }

    /// The conditions that lie with the Engine, and the plan where none stands in its way; and how many milliseconds it
    /// took.
    ///
    /// # Errors
    /// Why the Engine could not be asked.
    pub async fn ask(&self) -> Result<(Readiness, f64), Failure> {
        let from = Instant::now();
        let readiness = readiness(&self.engine, &self.container, &self.previous).await?;
        Ok((readiness, from.elapsed().as_secs_f64() * 1_000.0))
    }
}

#[async_trait]
impl Probe for RollBackReadiness {
    fn source(&self) -> Source {
        Source::Readiness
    }
    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        if depth == Depth::Routine {
            return Vec::new();
        }
        vec![match Self::ask(self).await {
            Ok((readiness, took)) => {
                Answer::value(Source::Readiness, took, Answered::Readiness(Box::new(readiness)))
            }
            Err(f) => Answer::failure(Source::Readiness, None, f.place, f.kind, f.message),
        }]
    }
}

/// The conditions that lie with the Engine, and the plan where none stands in its way.
///
/// # Errors
/// Why the Engine could not be asked; there is no such container.
pub async fn readiness(engine: &Engine, container: &str, previous: &Previous) -> Result<Readiness, Failure> {
    let mut conditions = vec![named(previous)];
    let unknown = |requirement, detail: &str| condition(requirement, Met::Unknown, detail);
    if previous.version.is_none() && previous.image.is_none() {
        for requirement in [
            Requirement::ImagePresent,
            Requirement::DigestKnown,
            Requirement::NotPruned,
            Requirement::PlanValid,
        ] {
            conditions.push(unknown(requirement, "the previous version is not named"));
        }
        return Ok(Readiness { conditions, plan: None });
    }
    let (present, _) = inspect(engine, container).await?;
    let current_id = text(&present, "/Image");
    let Some(current) = inspect_image(engine, current_id).await? else {
        let why = format!(
            "the image that {container} runs ({current_id}) is not on the NAS any more: what of the container's \
             settings is its own cannot be told"
        );
        conditions.push(unknown(Requirement::ImagePresent, "not looked for"));
        conditions.push(unknown(Requirement::DigestKnown, "not looked for"));
        conditions.push(unknown(Requirement::NotPruned, "not looked for"));
        conditions.push(condition(Requirement::PlanValid, Met::No, &why));
        return Ok(Readiness { conditions, plan: None });
    };
    let image = match find(engine, &present, &current, previous).await? {
        Search::Found(image) => image,
        Search::NotFound(why) => {
            conditions.push(condition(Requirement::ImagePresent, Met::No, &why));
            for requirement in [Requirement::DigestKnown, Requirement::NotPruned, Requirement::PlanValid] {
                conditions.push(unknown(requirement, "its image was not found"));
            }
            return Ok(Readiness { conditions, plan: None });
        }
    };
    let (containers, _) = engine.json("/containers/json?all=true").await?;
    let id = text(&image.inspect, "/Id");
    conditions.push(is_present(&image, previous));
    conditions.push(if id.starts_with("sha256:") {
        condition(Requirement::DigestKnown, Met::Yes, id)
    } else {
        condition(Requirement::DigestKnown, Met::No, "the Docker Engine tells no digest of it")
    });
    conditions.push(not_pruned(&image, previous, &containers));
    let name = image.name.as_deref().unwrap_or(id);
    let plan = plan(&present, &current, &image.inspect, name);
    let (version, _) = engine.json("/version").await?;
    let obstacles =
        obstacles(&present, &current, &image.inspect, &version, &containers, &[&plan.aside, &plan.made_as]);
    conditions.push(if obstacles.is_empty() {
        let detail = format!("{} settings, digest {}", plan.settings.len(), plan.digest.short());
        condition(Requirement::PlanValid, Met::Yes, &detail)
    } else {
        condition(Requirement::PlanValid, Met::No, &obstacles.join("; "))
    });
    let good = conditions.iter().all(|c| c.met != Met::No);
    Ok(Readiness { conditions, plan: good.then(|| Box::new(plan)) })
}

fn condition(requirement: Requirement, met: Met, detail: &str) -> Condition {
    Condition { requirement, met, detail: from_outside(detail, MOST) }
}

fn named(previous: &Previous) -> Condition {
    let (met, detail) = match (&previous.version, &previous.image) {
        (Some(version), None) => (Met::Yes, version.clone()),
        (Some(version), Some(image)) => (Met::Yes, format!("{version}, image {image}")),
        (None, Some(image)) => (Met::Yes, format!("image {image}")),
        (None, None) => {
            (Met::No, "name it as release.previous, or its image as release.previous_image".to_owned())
        }
    };
    condition(Requirement::PreviousNamed, met, &detail)
}

fn is_present(image: &Image, previous: &Previous) -> Condition {
    let name = image.name.as_deref().unwrap_or_else(|| text(&image.inspect, "/Id"));
    let detail = match (version_of(&image.inspect), previous.version.as_deref()) {
        (Some(says), Some(version)) if plain_version(says) != plain_version(version) => {
            format!("{name}; mind that its label says version {says}, not {version}")
        }
        _ => name.to_owned(),
    };
    condition(Requirement::ImagePresent, Met::Yes, &detail)
}

fn not_pruned(image: &Image, previous: &Previous, containers: &Value) -> Condition {
    let id = text(&image.inspect, "/Id");
    let user = items(containers).find(|c| text(c, "/ImageID") == id).map(container_name);
    let (met, detail) = match (&image.name, user) {
        (Some(name), Some(user)) => {
            (Met::Yes, format!("it is named {name}, and the container {user} is made from it"))
        }
        (Some(name), None) => (
            Met::Yes,
            format!(
                "it is named {name}; no container is made from it, so `docker image prune -a` would remove it"
            ),
        ),
        (None, _) => {
            let version = previous.version.as_deref().map_or("previous", plain_version);
            (
                Met::No,
                format!(
                    "it has no name, and goes with the next `docker image prune`: give it one on the NAS, such as \
                     `docker tag {} sms:{version}`",
                    id.trim_start_matches("sha256:").chars().take(12).collect::<String>()
                ),
            )
        }
    };
    condition(Requirement::NotPruned, met, &detail)
}

/// Why no container like the present one can be made; empty where one can.
fn obstacles(
    container: &Value,
    current: &Value,
    to: &Value,
    version: &Value,
    containers: &Value,
    names: &[&str],
) -> Vec<String> {
    let mut found = Vec::new();
    let id = text(container, "/Id");
    if text(current, "/Id") == text(to, "/Id") {
        found.push("the container runs this very image already: there is nothing to go back to".to_owned());
    }
    if container.pointer("/HostConfig/AutoRemove").and_then(Value::as_bool) == Some(true) {
        found.push(
            "the container was started with --rm: stopping it would delete it. Start it without --rm"
                .to_owned(),
        );
    }
    for (label, by) in MANAGED {
        if container.pointer("/Config/Labels").is_some_and(|labels| labels.get(label).is_some()) {
            found.push(format!("{by} made the container and would make it anew: roll back there"));
            break;
        }
    }
    match read(container).map(|state| state.status) {
        Some(ContainerStatus::Dead | ContainerStatus::Removing) => {
            found.push("the container is being removed".to_owned());
        }
        None => found.push("the Docker Engine does not tell the container's state".to_owned()),
        Some(_) => {}
    }
    let platform = |value: &Value| (text(value, "/Os").to_owned(), text(value, "/Architecture").to_owned());
    let engine = (text(version, "/Os").to_owned(), text(version, "/Arch").to_owned());
    let (needed, runs) = (platform(to), platform(current));
    if needed != runs && needed != engine {
        found.push(format!(
            "the image is for {}/{}, and the Docker Engine is {}/{}",
            needed.0, needed.1, engine.0, engine.1
        ));
    }
    for other in items(containers).filter(|other| text(other, "/Id") != id) {
        if let Some(name) = names.iter().find(|name| names_of(other).any(|n| n == **name)) {
            found.push(format!("the name {name} is taken by another container: rename or remove it"));
        }
        if text(other, "/HostConfig/NetworkMode").strip_prefix("container:") == Some(id) {
            found.push(format!(
                "the container {} shares its network and would lose it: both have to be made anew together",
                container_name(other)
            ));
        }
    }
    found
}

fn names_of(container: &Value) -> impl Iterator<Item = &str> {
    let names = container.get("Names").into_iter().flat_map(items);
    names.filter_map(Value::as_str).map(|name| name.trim_start_matches('/'))
}

fn container_name(container: &Value) -> String {
    names_of(container).next().unwrap_or_default().to_owned()
}

/// Whether there is no such container.
pub(super) fn is_missing(failure: &Failure) -> bool {
    failure.kind == FailureKind::NoContainer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_in_the_way_is_told() {
        let container = || json!({"Id": "id", "State": {"Status": "running"}, "Config": {"Labels": {}}, "HostConfig": {"AutoRemove": false}});
        let image = |id: &str, arch: &str| json!({"Id": id, "Os": "linux", "Architecture": arch});
        let engine = json!({"Os": "linux", "Arch": "arm64"});
        let with = |pointer: &str, value: Value| {
            let mut container = container();
            *container.pointer_mut(pointer).unwrap() = value;
            container
        };
        let others = |other: Value| json!([{"Id": "id", "Names": ["/sms-app"]}, other]);
        let none = json!([]);
        for (container, current, to, containers, says) in [
            (container(), image("a", "arm64"), image("b", "arm64"), &none, None),
            (container(), image("a", "arm"), image("b", "arm"), &none, None),
            (container(), image("a", "arm64"), image("b", "amd64"), &none, Some("for linux/amd64")),
            (container(), image("a", "arm64"), image("a", "arm64"), &none, Some("this very image")),
            (
                with("/HostConfig/AutoRemove", json!(true)),
                image("a", "arm64"),
                image("b", "arm64"),
                &none,
                Some("--rm"),
            ),
            (
                with("/State/Status", json!("dead")),
                image("a", "arm64"),
                image("b", "arm64"),
                &none,
                Some("being removed"),
            ),
            (
                with("/Config/Labels", json!({"com.docker.swarm.task.id": "x"})),
                image("a", "arm64"),
                image("b", "arm64"),
                &none,
                Some("Docker Swarm"),
            ),
            (
                container(),
                image("a", "arm64"),
                image("b", "arm64"),
                &others(json!({"Id": "x", "Names": ["/aside"]})),
                Some("the name aside is taken"),
            ),
            (
                container(),
                image("a", "arm64"),
                image("b", "arm64"),
                &others(
                    json!({"Id": "x", "Names": ["/proxy"], "HostConfig": {"NetworkMode": "container:id"}}),
                ),
                Some("proxy shares its network"),
            ),
        ] {
            let found = obstacles(&container, &current, &to, &engine, containers, &["aside", "new"]);
            match says {
                None => assert_eq!(found, Vec::<String>::new()),
                Some(says) => assert!(found.len() == 1 && found[0].contains(says), "{says}: {found:?}"),
            }
        }
    }
}
