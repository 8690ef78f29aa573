//! What must agree between keys.

use super::{DockerAddress, read::Values};
use crate::toml_tree::exact;

/// Notes everything that does not fit together. Keys that are wrong by themselves are passed over.
pub(super) fn check(values: &mut Values) {
    deployment(values);
    release(values);
    login(values);
    thresholds(values);
    times(values);
}

fn deployment(values: &mut Values) {
    const DOCKER: &str = "deployment.docker";
    const CERTIFICATES: &str = "deployment.docker_certificates";
    const UNPROTECTED: &str = "deployment.docker_unprotected";
    let docker = values.text(DOCKER).and_then(|d| d.parse::<DockerAddress>().ok());
    let certificates = values.last_of(&[CERTIFICATES]);
    let unprotected = values.flag(UNPROTECTED) == Some(true);
    match (&docker, certificates) {
        (Some(docker @ DockerAddress::Tcp { .. }), None) if !docker.is_local() && !unprotected => fault(
            values,
            &[DOCKER],
            "an Engine reached over the network without certificates is unprotected: whoever reaches its port commands \
             the NAS, and everything on the way can be read and changed. Add `docker_certificates = \"certs\"`, the \
             folder with ca.pem, cert.pem and key.pem, or go by ssh://; only where the network is yours alone, consent \
             with `docker_unprotected = true`",
        ),
        (Some(DockerAddress::Unix(_) | DockerAddress::Npipe(_) | DockerAddress::Ssh { .. }), Some(_)) => {
            fault(
                values,
                &[CERTIFICATES],
                "certificates are for tcp:// only: leave this out, or write `docker = \"tcp://nas.local:2376\"`",
            )
        }
        _ => {}
    }
    if unprotected && certificates.is_some() {
        let what =
            "there are certificates, so the Engine is protected: leave this out, or `docker_certificates`";
        fault(values, &[UNPROTECTED], what);
    }
    let mut named = vec![values.text("deployment.container")];
    for beside in ["deployment.front_end_container", "deployment.database_container"] {
        let name = values.text(beside);
        if name.is_some() && named.contains(&name) {
            let what = "another part of the deployment runs in this container already: where there is only one \
                        container, leave this out";
            fault(values, &[beside], what);
        }
        named.push(name);
    }
    let http = values.text("deployment.url").is_some_and(|url| url.starts_with("http://"));
    if http && values.last_of(&["deployment.ca_file"]).is_some() {
        let what = "this is for https only: leave it out, or write `url` with https://";
        fault(values, &["deployment.ca_file"], what);
    }
}

fn release(values: &mut Values) {
    let (version, previous) = (values.text("release.version"), values.text("release.previous"));
    if version.is_some() && version == previous {
        let what = "this is the version under watch itself: write the one before it, or leave it out";
        fault(values, &["release.previous"], what);
    }
    for of_previous in ["release.previous_image", "release.previous_schema"] {
        if values.last_of(&[of_previous]).is_some() && previous.is_none() {
            fault(values, &[of_previous], "it belongs to a previous version: add `previous = \"1.14.3\"`");
        }
    }
    if values.text("actions.roll_back").is_some_and(|policy| policy == "auto") && previous.is_none() {
        let what = "there is no version to roll back to: add `previous = \"1.14.3\"` under [release], or write \"ask\"";
        fault(values, &["actions.roll_back"], what);
    }
}

fn login(values: &mut Values) {
    for (there, missing, example) in [
        ("login.email", "login.password_env", "password_env = \"WATCHKEEPER_PASSWORD\""),
        ("login.password_env", "login.email", "email = \"watch@example.org\""),
    ] {
        if values.last_of(&[there]).is_some() && values.last_of(&[missing]).is_none() {
            fault(values, &[there], &format!("a login needs both: add `{example}`, or leave out [login]"));
        }
    }
}

fn thresholds(values: &mut Values) {
    const CAPACITY: &str = "rules.matrix.capacity_percent";
    const HYSTERESIS: &str = "rules.matrix.hysteresis_percent";
    for high in ["rules.matrix.memory_percent", "rules.matrix.cpu_percent"] {
        let (Some(h), Some(c)) = (values.number(high), values.number(CAPACITY)) else { continue };
        if h <= c {
            fault(
                values,
                &[high, CAPACITY],
                &format!(
                    "what is high ({} = {h}) must be more than what is worth a line (capacity_percent = {c})",
                    name(high)
                ),
            );
        }
    }
    if let (Some(h), Some(c)) = (values.number(HYSTERESIS), values.number(CAPACITY))
        && h >= c
    {
        let what = format!("nothing would ever count as recovered: write less than capacity_percent ({c})");
        fault(values, &[HYSTERESIS, CAPACITY], &what);
    }
}

fn times(values: &mut Values) {
    for (sooner, later) in [
        ("rules.escalation.restart_within", "rules.escalation.roll_back_within"),
        ("rules.notify.warn_before", "rules.escalation.restart_within"),
        ("actions.restart_after", "actions.roll_back_after"),
        ("actions.restart_after", "rules.escalation.restart_within"),
        ("actions.roll_back_after", "rules.escalation.roll_back_within"),
    ] {
        // When the watch acts by itself matters where it does.
        let by_itself = match sooner {
            "actions.restart_after" => values.text("actions.restart"),
            "actions.roll_back_after" => values.text("actions.roll_back"),
            _ => Some("auto".into()),
        };
        if by_itself.as_deref() != Some("auto") {
            continue;
        }
        let (Some(s), Some(l)) = (values.span(sooner), values.span(later)) else { continue };
        if s >= l {
            let what = format!(
                "{} ({}) must be shorter than {} ({})",
                name(sooner),
                exact(s),
                name(later),
                exact(l)
            );
            fault(values, &[sooner, later], &what);
        }
    }
}

/// The fault stands at that one of `keys` which is last in the text. Two defaults always agree.
fn fault(values: &mut Values, keys: &[&'static str], what: &str) {
    if let Some((line, key)) = values.last_of(keys) {
        values.fault(line, key, what);
    }
}

fn name(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, name)| name)
}
