//! What a person types on the NAS to go back to the previous version: the watch itself rolls nothing back.

use serde::Serialize;
use ts_rs::TS;

use crate::{event::Deployment, reading::ContainerState};

/// A roll back by hand, as commands in their order. What the program does not know stands in square brackets: Docker
/// refuses a command in which it was left, but not one from which `[config]` was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RollBack {
    /// Lists the images that the old one is to be among. Nothing is stopped before it is found.
    pub find: String,
    /// Tells with what ports, volumes and settings the container was started.
    pub look: String,
    /// Keeps the container under another name, where no start of the NAS starts it again, and stops it. The stop comes
    /// last: where that name is taken, nothing has changed yet.
    pub aside: Vec<String>,
    /// Starts the old image in its place. By its name: a container started by an image's id has no better one.
    pub run: String,
    /// The way back, where the old version does not come up: it is put aside, too, whether or not it was ever made.
    pub back: Vec<String>,
}

impl RollBack {
    /// On `deployment`, whose container was last seen as `container`.
    pub fn of(deployment: &Deployment, container: Option<&ContainerState>) -> Self {
        let name = plain(&deployment.container, "").unwrap_or("[container]");
        let repository = container.and_then(|c| repository(&c.image)).and_then(|r| plain(r, "/:"));
        // PowerShell 5 knows no `&&`.
        let chained = |commands| chained(commands, !deployment.docker.starts_with("npipe:"));
        let aside = |kept: &str| {
            chained([
                format!("docker rename {name} {kept}"),
                format!("docker update --restart=no {kept}"),
                format!("docker stop {kept}"),
            ])
        };
        let again = chained([
            format!("docker rename {name}-failed {name}"),
            format!("docker update --restart=[policy] {name}"),
            format!("docker start {name}"),
        ]);
        Self {
            find: repository.map_or_else(|| "docker images".into(), |r| format!("docker images {r}")),
            look: format!("docker inspect {name}"),
            aside: aside(&format!("{name}-failed")).into(),
            run: format!("docker run -d --name {name} --restart=[policy] [config] [old-image]"),
            back: [aside(&format!("{name}-old")), again].concat(),
        }
    }
}

/// Commands of which each waits for the success of the one before, in a shell that can.
fn chained([first, second, third]: [String; 3], can: bool) -> [String; 3] {
    let and = if can { " && \\" } else { "" };
    [first + and, second + and, third]
}

/// Of `registry:5000/sms:1.15.1` what stands before the tag or the digest. None of an image's id, whole or short.
fn repository(image: &str) -> Option<&str> {
    let image = image.split('@').next().unwrap_or_default();
    let name = match image.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => image,
    };
    let hex = |c: char| c.is_ascii_digit() || matches!(c, 'a'..='f');
    let id = name == "sha256" || ((12..=64).contains(&name.len()) && name.chars().all(hex));
    (!id).then_some(name)
}

/// A name that can stand in a command as it is; `more` may be in it, too.
fn plain<'a>(name: &'a str, more: &str) -> Option<&'a str> {
    let is = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') || more.contains(c);
    (name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(container: &str, docker: &str) -> Deployment {
        Deployment {
            name: "NAS".into(),
            environment: "production".into(),
            url: "http://nas/".into(),
            docker: docker.into(),
            container: container.into(),
            front_end_container: None,
            database_container: None,
        }
    }

    #[test]
    fn the_repository_is_the_image_without_its_tag() {
        let id = "0ff4280ff4280ff4280ff4280ff4280ff4280ff4280ff4280ff4280ff4280ff4";
        for (image, of) in [
            ("sms-fullstack:1.15.1", Some("sms-fullstack")),
            ("sms-fullstack", Some("sms-fullstack")),
            ("nas:5000/aut/sms", Some("nas:5000/aut/sms")),
            ("nas:5000/aut/sms:1.15.1", Some("nas:5000/aut/sms")),
            ("nas:5000/sms:1.15.1@sha256:0ff428", Some("nas:5000/sms")),
            ("sms@sha256:0ff428", Some("sms")),
            ("0ff428:1.15.1", Some("0ff428")),
            ("0ff4280ff428", None),
            (id, None),
            (&format!("{id}0"), Some(&format!("{id}0"))),
            (&format!("sha256:{id}"), None),
            ("sha256:0ff4280ff428", None),
        ] {
            assert_eq!(repository(image), of, "{image}");
        }
    }

    #[test]
    fn each_command_waits_for_the_one_before_and_the_stop_is_the_last() {
        let all = RollBack::of(&deployment("sms-app", "tcp://nas:2376"), None);
        assert_eq!(
            all.aside,
            [
                "docker rename sms-app sms-app-failed && \\",
                "docker update --restart=no sms-app-failed && \\",
                "docker stop sms-app-failed",
            ]
        );
        assert_eq!(all.run, "docker run -d --name sms-app --restart=[policy] [config] [old-image]");
        assert_eq!(
            all.back,
            [
                "docker rename sms-app sms-app-old && \\",
                "docker update --restart=no sms-app-old && \\",
                "docker stop sms-app-old",
                "docker rename sms-app-failed sms-app && \\",
                "docker update --restart=[policy] sms-app && \\",
                "docker start sms-app",
            ]
        );
        let windows = RollBack::of(&deployment("sms-app", "npipe:////./pipe/docker_engine"), None);
        assert_eq!(
            [windows.aside, windows.back].concat().join("\n"),
            [all.aside, all.back].concat().join("\n").replace(" && \\", "")
        );
    }

    #[test]
    fn nothing_that_a_shell_would_run_stands_in_a_command() {
        for (name, shown) in [
            ("sms-app", "docker inspect sms-app"),
            ("sms app", "docker inspect [container]"),
            ("sms;reboot", "docker inspect [container]"),
            ("--all", "docker inspect [container]"),
            ("", "docker inspect [container]"),
        ] {
            let all = RollBack::of(&deployment(name, "tcp://nas:2376"), None);
            assert_eq!(all.look, shown);
            assert_eq!(all.find, "docker images");
        }
        for (image, find) in [
            ("sms-fullstack:1.15.1", "docker images sms-fullstack"),
            ("nas:5000/sms:1", "docker images nas:5000/sms"),
            ("$(reboot):1", "docker images"),
            ("", "docker images"),
            ("sha256:0ff4280ff428", "docker images"),
            ("0ff4280ff428", "docker images"),
        ] {
            let seen: ContainerState = serde_json::from_value(serde_json::json!({
                "id": "35aa", "name": "sms-app", "image": image, "image_id": "sha256:0ff4", "status": "exited",
                "health": "unhealthy", "started_at": null, "finished_at": null, "restart_count": 0,
                "oom_killed": false, "exit_code": 1,
            }))
            .unwrap();
            assert_eq!(
                RollBack::of(&deployment("sms-app", "tcp://nas:2376"), Some(&seen)).find,
                find,
                "{image}"
            );
        }
    }
}
