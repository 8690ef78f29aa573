//! What a person types on the NAS to go back to the previous version: the watch itself rolls nothing back.

use serde::Serialize;
use ts_rs::TS;

use crate::{event::Deployment, reading::ContainerState};

/// A roll back by hand, as commands in their order. What the program does not know stands in square brackets: Docker
/// refuses a command in which it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RollBack {
    /// Lists the images that the old one is to be among. Nothing is stopped before it is found.
    pub find: String,
    /// Tells with what ports, volumes and settings the container was started.
    pub look: String,
    /// Stops the container, and keeps it under another name, where no start of the NAS starts it again.
    pub aside: Vec<String>,
    /// Starts the old image in its place.
    pub run: String,
}

impl RollBack {
    /// On `deployment`, whose container was last seen as `container`.
    pub fn of(deployment: &Deployment, container: Option<&ContainerState>) -> Self {
        let name = plain(&deployment.container, "").unwrap_or("[container]");
        let repository = container.and_then(|c| plain(repository(&c.image), "/:"));
        Self {
            find: repository.map_or_else(|| "docker images".into(), |r| format!("docker images {r}")),
            look: format!("docker inspect {name}"),
            aside: vec![
                format!("docker stop {name}"),
                format!("docker rename {name} {name}-failed"),
                format!("docker update --restart=no {name}-failed"),
            ],
            run: format!("docker run -d --name {name} [config] [old-image-id]"),
        }
    }
}

/// Of `registry:5000/sms:1.15.1` what stands before the tag or the digest.
fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    match image.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => image,
    }
}

/// A name that can stand in a command as it is; `more` may be in it, too.
fn plain<'a>(name: &'a str, more: &str) -> Option<&'a str> {
    let is = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') || more.contains(c);
    (name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_the_image_without_its_tag() {
        for (image, of) in [
            ("sms-fullstack:1.15.1", "sms-fullstack"),
            ("sms-fullstack", "sms-fullstack"),
            ("nas:5000/aut/sms", "nas:5000/aut/sms"),
            ("nas:5000/aut/sms:1.15.1", "nas:5000/aut/sms"),
            ("nas:5000/sms:1.15.1@sha256:0ff428", "nas:5000/sms"),
            ("sms@sha256:0ff428", "sms"),
        ] {
            assert_eq!(repository(image), of, "{image}");
        }
    }

    #[test]
    fn nothing_that_a_shell_would_run_stands_in_a_command() {
        let deployment = |container: &str| Deployment {
            name: "NAS".into(),
            environment: "production".into(),
            url: "http://nas/".into(),
            docker: "tcp://nas:2376".into(),
            container: container.into(),
        };
        for (name, shown) in [
            ("sms-app", "docker stop sms-app"),
            ("sms app", "docker stop [container]"),
            ("sms;reboot", "docker stop [container]"),
            ("--all", "docker stop [container]"),
            ("", "docker stop [container]"),
        ] {
            let all = RollBack::of(&deployment(name), None);
            assert_eq!(all.aside[0], shown);
            assert_eq!(all.find, "docker images");
        }
        for (image, find) in [
            ("sms-fullstack:1.15.1", "docker images sms-fullstack"),
            ("nas:5000/sms:1", "docker images nas:5000/sms"),
            ("$(reboot):1", "docker images"),
            ("", "docker images"),
        ] {
            let seen: ContainerState = serde_json::from_value(serde_json::json!({
                "id": "35aa", "name": "sms-app", "image": image, "image_id": "sha256:0ff4", "status": "exited",
                "health": "unhealthy", "started_at": null, "finished_at": null, "restart_count": 0,
                "oom_killed": false, "exit_code": 1,
            }))
            .unwrap();
            assert_eq!(RollBack::of(&deployment("sms-app"), Some(&seen)).find, find);
        }
    }
}
