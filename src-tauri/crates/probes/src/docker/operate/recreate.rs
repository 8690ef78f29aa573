//! How a container is made anew from another image, as `docker inspect` tells it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use watchkeeper_core::chain::Hash;

use super::{
    json::{canonical, empty, list, object, text},
    own::{MARK, own_config},
};

/// The requests that make a container.
#[derive(Debug, Clone, PartialEq)]
pub struct Recreation {
    /// The body of `POST /containers/create`, with the network that the container is made in.
    pub create: Value,
    /// All its networks with how it is in them. Those that `create` does not name are connected afterwards: before API
    /// 1.44 an Engine takes one when it makes a container.
    pub networks: BTreeMap<String, Value>,
    /// The network that the container is made in and is not to stay in: it was disconnected from it.
    pub leave: Option<String>,
}

impl Recreation {
    /// What makes a container like `container` from the image of the name `to`. `container` and `image`, its own image,
    /// are answers to `inspect`; `policy` is the restart policy that it is to have, as `docker run --restart` takes it.
    pub fn of(container: &Value, image: &Value, to: &str, policy: &str) -> Self {
        let mut create = own_config(container, image);
        create.insert("Image".into(), to.into());
        let mut host = container.get("HostConfig").and_then(Value::as_object).cloned().unwrap_or_default();
        host.insert("RestartPolicy".into(), policy_value(policy));
        keep_volumes(&mut host, container);
        plain_links(&mut host);
        create.insert("HostConfig".into(), Value::Object(host));

        let networks = networks(container);
        let first = first_network(container);
        let settings = first.as_ref().and_then(|first| networks.get(first));
        if let (Some(first), Some(settings)) = (&first, settings) {
            // The built-in networks take no settings, and need none.
            if !empty(settings) || !is_built_in(first) {
                create.insert("NetworkingConfig".into(), json!({ "EndpointsConfig": { first: settings } }));
            }
        }
        let leave = first.filter(|first| !networks.contains_key(first));
        Self { create: Value::Object(create), networks, leave }
    }

    /// SHA-256 of all of it.
    pub fn digest(&self) -> Hash {
        let all = json!({ "create": self.create, "networks": self.networks, "leave": self.leave });
        Hash::of(canonical(&all).as_bytes())
    }

    /// The body as it is sent: with the mark of the one whose roll back it is, and without a restart policy, so that no
    /// start of the NAS brings it up beside the other.
    pub(super) fn body(&self, mark: &str) -> Value {
        let mut body = self.create.clone();
        if let Some(map) = body.as_object_mut() {
            let labels = map.entry("Labels").or_insert_with(|| json!({}));
            if let Some(labels) = labels.as_object_mut() {
                labels.insert(MARK.into(), mark.into());
            }
            if let Some(host) = map.get_mut("HostConfig").and_then(Value::as_object_mut) {
                host.insert("RestartPolicy".into(), policy_value("no"));
            }
        }
        body
    }
}

/// A restart policy as `docker run --restart` takes it: `no`, `unless-stopped`, `on-failure:3`.
pub(super) fn policy_text(container: &Value) -> String {
    let most = container.pointer("/HostConfig/RestartPolicy/MaximumRetryCount").and_then(Value::as_u64);
    match (text(container, "/HostConfig/RestartPolicy/Name"), most) {
        ("", _) => "no".to_owned(),
        ("on-failure", Some(most)) if most > 0 => format!("on-failure:{most}"),
        (name, _) => name.to_owned(),
    }
}

/// A restart policy as the Engine takes it.
pub(super) fn policy_value(policy: &str) -> Value {
    let (name, most) = policy.split_once(':').unwrap_or((policy, "0"));
    json!({ "Name": name, "MaximumRetryCount": most.parse::<u64>().unwrap_or(0) })
}

/// Volumes without a name would be made anew, and be empty: they are mounted by the name that the Engine gave them.
fn keep_volumes(host: &mut Map<String, Value>, container: &Value) {
    let mut volumes: Vec<(&str, &str, bool)> = list(container, "/Mounts")
        .filter(|mount| text(mount, "/Type") == "volume" && !text(mount, "/Name").is_empty())
        .map(|mount| {
            let writable = mount.get("RW").and_then(Value::as_bool).unwrap_or(true);
            (text(mount, "/Destination"), text(mount, "/Name"), writable)
        })
        .collect();
    // The Engine lists them in any order.
    volumes.sort_unstable();
    if let Some(binds) = host.get_mut("Binds").and_then(Value::as_array_mut) {
        binds.retain(|bind| bind.as_str().is_some_and(|bind| bind.contains(':')));
    }
    let bound: Vec<String> = host
        .get("Binds")
        .into_iter()
        .flat_map(super::json::items)
        .filter_map(|bind| bind.as_str()?.split(':').nth(1).map(|path| plain(path).to_owned()))
        .collect();
    let mut mounts = host.get("Mounts").and_then(Value::as_array).cloned().unwrap_or_default();
    for (destination, name, writable) in volumes {
        if bound.iter().any(|path| path == plain(destination)) {
            continue;
        }
        match mounts.iter_mut().find(|mount| plain(text(mount, "/Target")) == plain(destination)) {
            Some(mount) if text(mount, "/Source").is_empty() => {
                if let Some(mount) = mount.as_object_mut() {
                    mount.insert("Source".into(), name.into());
                }
            }
            Some(_) => {}
            None => {
                let mut mount = json!({ "Type": "volume", "Source": name, "Target": destination });
                if let (false, Some(mount)) = (writable, mount.as_object_mut()) {
                    mount.insert("ReadOnly".into(), true.into());
                }
                mounts.push(mount);
            }
        }
    }
    if !mounts.is_empty() {
        host.insert("Mounts".into(), Value::Array(mounts));
    }
}

/// A path as the Engine compares it.
fn plain(path: &str) -> &str {
    let short = path.trim_end_matches('/');
    if short.is_empty() { path } else { short }
}

/// `/other:/this/alias`, as inspect says it with the container's name of the moment, is `other:alias`.
fn plain_links(host: &mut Map<String, Value>) {
    let Some(links) = host.get_mut("Links").and_then(Value::as_array_mut) else { return };
    for link in links.iter_mut() {
        let plain = link.as_str().and_then(|link| {
            let (other, alias) = link.split_once(':')?;
            Some(format!("{}:{}", other.trim_start_matches('/'), alias.rsplit('/').next()?))
        });
        if let Some(plain) = plain {
            *link = plain.into();
        }
    }
    links.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
}

fn is_built_in(network: &str) -> bool {
    matches!(network, "bridge" | "host" | "none")
}

/// The network that the Engine puts the container into when it makes it; none where it shares another container's.
fn first_network(container: &Value) -> Option<String> {
    let mode = text(container, "/HostConfig/NetworkMode");
    match mode {
        _ if mode.starts_with("container:") => None,
        "" | "default" => Some("bridge".to_owned()),
        // A network may be named by its id.
        _ => Some(
            object(container, "/NetworkSettings/Networks")
                .find(|(_, endpoint)| mode.len() >= 12 && text(endpoint, "/NetworkID").starts_with(mode))
                .map_or_else(|| mode.to_owned(), |(name, _)| name.clone()),
        ),
    }
}

/// The networks with what was asked for in each; what the Engine chose is left to it.
fn networks(container: &Value) -> BTreeMap<String, Value> {
    let id = text(container, "/Id");
    if text(container, "/HostConfig/NetworkMode").starts_with("container:") {
        return BTreeMap::new();
    }
    object(container, "/NetworkSettings/Networks")
        .map(|(name, endpoint)| {
            let mut settings = Map::new();
            for key in ["IPAMConfig", "Links", "DriverOpts", "GwPriority"] {
                settings.extend(endpoint.get(key).filter(|v| !empty(v)).map(|v| (key.to_owned(), v.clone())));
            }
            // The address in `MacAddress` is mostly the Engine's choice; what was asked for is told by this, if at all.
            let mac = endpoint.get("DesiredMacAddress").filter(|v| !empty(v));
            settings.extend(mac.map(|v| ("MacAddress".to_owned(), v.clone())));
            let aliases: Vec<Value> = list(endpoint, "/Aliases")
                .filter(|alias| !alias.as_str().is_some_and(|a| a.len() == 12 && id.starts_with(a)))
                .cloned()
                .collect();
            if !aliases.is_empty() {
                settings.insert("Aliases".into(), Value::Array(aliases));
            }
            (name.clone(), Value::Object(settings))
        })
        .collect()
}

#[cfg(test)]
mod tests;
