//! How far a container reaches: what it may do on the NAS, and what is open from outside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What `docker inspect` says of a container's rights, mounts and ports. Never its environment, which holds secrets.
///
/// Each list is sorted, so that only what differs is a difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default)]
pub struct Reach {
    /// All rights of the NAS's root.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// Removed by the Engine when it ends, with its log.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub auto_remove: bool,
    /// The user that it runs as; empty is root.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The network mode: `bridge`, `host`, a network's name, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network: String,
    /// Whose processes it sees; empty is its own only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pid: String,
    /// Whose shared memory it sees; empty is its own only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipc: String,
    /// Capabilities beyond the usual ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// Devices of the NAS, as `host → container`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<String>,
    /// Security options, such as `no-new-privileges` or `apparmor=unconfined`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<String>,
    /// What is mounted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Mount>,
    /// What is published.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
}

/// A mount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
pub struct Mount {
    /// Where in the container.
    pub destination: String,
    /// A path on the NAS, which begins with a slash; or `volume NAME`, `anonymous volume`, `tmpfs`.
    pub source: String,
    /// Whether the container may write there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub writable: bool,
}

/// A published port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
pub struct Port {
    /// In the container, such as `8000/tcp`.
    pub inside: String,
    /// On the NAS, such as `0.0.0.0:8080`; `0.0.0.0:*` for any free port.
    pub outside: String,
}

/// One thing in which two looks differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// For people.
    pub what: String,
    /// The container may do more on the NAS, or is open to more, than before.
    pub grave: bool,
}

/// Folders of the NAS that hold its own workings: whoever may write there, or read the keys that lie there, has the NAS.
const OF_THE_NAS: [&str; 10] =
    ["/etc", "/root", "/boot", "/proc", "/sys", "/dev", "/run", "/var/run", "/var/lib/docker", "/usr"];

impl Mount {
    fn is_of_the_nas(&self) -> bool {
        self.source.starts_with('/')
    }
    /// Whether it opens the NAS itself: its root, its workings, or the socket by which Docker is commanded.
    fn opens_the_nas(&self) -> bool {
        let within = |folder: &str| {
            self.source.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // Every container has its time zone from there, as a rule.
        let harmless = matches!(self.source.as_str(), "/etc/localtime" | "/etc/timezone") && !self.writable;
        self.source == "/"
            || self.source.ends_with("/docker.sock")
            || (!harmless && OF_THE_NAS.iter().any(|f| within(f)))
    }
    fn text(&self) -> String {
        let how = if self.writable { "read-write" } else { "read-only" };
        format!("{} → {} ({how})", self.source, self.destination)
    }
}

impl Port {
    /// Whether only the NAS itself comes by it.
    fn is_local(&self) -> bool {
        self.outside.starts_with("127.") || self.outside.starts_with("[::1]")
    }
    fn text(&self) -> String {
        let (address, port) = self.outside.rsplit_once(':').unwrap_or(("", &self.outside));
        format!("port {} published on {address}:{port}", self.inside)
    }
}

impl Reach {
    /// What of it deserves a word at the first look: it was like that before the watch began, and is nobody's doing now.
    pub fn notable(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut say = |there: bool, what: &str| {
            if there {
                all.push(what.to_owned());
            }
        };
        say(self.privileged, "is privileged");
        say(self.network == "host", "uses the NAS's own network");
        say(self.pid == "host", "sees the NAS's processes");
        say(self.ipc == "host", "sees the NAS's shared memory");
        say(self.auto_remove, "is removed with its log when it ends");
        all.extend(self.security.iter().filter(|o| loosens(o)).map(|o| format!("runs with {o}")));
        all.extend(self.mounts.iter().filter(|m| m.opens_the_nas()).map(|m| format!("mounts {}", m.text())));
        all.extend(self.devices.iter().map(|d| format!("has the device {d}")));
        all
    }

    /// In what `now` differs from it.
    ///
    /// Grave is what the container may do more on the NAS than before, and what is open to more than before: rights,
    /// devices, protections that are gone, folders of the NAS, ports that others than the NAS itself come by. A volume
    /// more, a port for the NAS alone and whatever was taken away is worth a line and no alarm.
    pub fn differences(&self, now: &Self) -> Vec<Difference> {
        let mut all = Vec::new();
        let mut say = |grave: bool, what: String| all.push(Difference { what, grave });
        if self.privileged != now.privileged {
            let what = if now.privileged { "it is privileged now" } else { "it is privileged no more" };
            say(now.privileged, what.into());
        }
        let user = |r: &Self| if r.user.is_empty() { "root".to_owned() } else { r.user.clone() };
        if user(self) != user(now) {
            say(is_root(&now.user) && !is_root(&self.user), format!("user {} → {}", user(self), user(now)));
        }
        for (what, own, before, after) in [
            ("network mode", "none", &self.network, &now.network),
            ("pid mode", "its own", &self.pid, &now.pid),
            ("ipc mode", "its own", &self.ipc, &now.ipc),
        ] {
            if before != after {
                let word = |text: &str| if text.is_empty() { own.to_owned() } else { text.to_owned() };
                let shared = after == "host" || after.starts_with("container:");
                say(shared, format!("{what} {} → {}", word(before), word(after)));
            }
        }
        for (what, before, after) in
            [("capability", &self.capabilities, &now.capabilities), ("device", &self.devices, &now.devices)]
        {
            gained(before, after).for_each(|x| say(true, format!("{what} added: {x}")));
            gained(after, before).for_each(|x| say(false, format!("{what} gone: {x}")));
        }
        gained(&self.security, &now.security)
            .for_each(|x| say(loosens(x), format!("security option added: {x}")));
        gained(&now.security, &self.security)
            .for_each(|x| say(!loosens(x), format!("security option gone: {x}")));
        for mount in gained(&self.mounts, &now.mounts) {
            say(mount.is_of_the_nas(), format!("mount added: {}", mount.text()));
        }
        gained(&now.mounts, &self.mounts).for_each(|m| say(false, format!("mount gone: {}", m.text())));
        gained(&self.ports, &now.ports).for_each(|p| say(!p.is_local(), p.text()));
        gained(&now.ports, &self.ports)
            .for_each(|p| say(false, format!("port {} no more published on {}", p.inside, p.outside)));
        if self.auto_remove != now.auto_remove {
            let word = if now.auto_remove { "is removed" } else { "stays" };
            say(false, format!("it {word} when it ends"));
        }
        all
    }
}

fn gained<'a, T: PartialEq>(before: &'a [T], after: &'a [T]) -> impl Iterator<Item = &'a T> {
    after.iter().filter(|x| !before.contains(x))
}

fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), None | Some("" | "0" | "root"))
}

/// Whether a security option takes a protection away.
fn loosens(option: &str) -> bool {
    option.ends_with("unconfined")
        || matches!(option, "label=disable" | "label:disable" | "no-new-privileges=false" | "systempaths")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(source: &str, writable: bool) -> Mount {
        Mount { destination: "/host".into(), source: source.into(), writable }
    }

    fn port(outside: &str) -> Port {
        Port { inside: "5432/tcp".into(), outside: outside.into() }
    }

    fn with(change: impl FnOnce(&mut Reach)) -> Reach {
        let mut reach = Reach { user: "sms".into(), network: "bridge".into(), ..Reach::default() };
        change(&mut reach);
        reach
    }

    /// What is said of a change, and `!` before what is grave.
    fn said(before: &Reach, after: &Reach) -> Vec<String> {
        let mark = |d: Difference| format!("{}{}", if d.grave { "!" } else { "" }, d.what);
        before.differences(after).into_iter().map(mark).collect()
    }

    type Row = (fn(&mut Reach), &'static [&'static str], &'static [&'static str]);

    #[test]
    fn each_change_says_what_changed_and_only_what_was_gained_is_grave() {
        let rows: [Row; 17] = [
            (|r| r.privileged = true, &["!it is privileged now"], &["it is privileged no more"]),
            (|r| r.user = String::new(), &["!user sms → root"], &["user root → sms"]),
            (|r| r.user = "0:0".into(), &["!user sms → 0:0"], &["user 0:0 → sms"]),
            (|r| r.user = "web".into(), &["user sms → web"], &["user web → sms"]),
            (
                |r| r.network = "host".into(),
                &["!network mode bridge → host"],
                &["network mode host → bridge"],
            ),
            (|r| r.network = "lan".into(), &["network mode bridge → lan"], &["network mode lan → bridge"]),
            (|r| r.pid = "host".into(), &["!pid mode its own → host"], &["pid mode host → its own"]),
            (
                |r| r.ipc = "container:db".into(),
                &["!ipc mode its own → container:db"],
                &["ipc mode container:db → its own"],
            ),
            (
                |r| r.capabilities = vec!["NET_ADMIN".into()],
                &["!capability added: NET_ADMIN"],
                &["capability gone: NET_ADMIN"],
            ),
            (
                |r| r.devices = vec!["/dev/sda".into()],
                &["!device added: /dev/sda"],
                &["device gone: /dev/sda"],
            ),
            (
                |r| r.security = vec!["seccomp=unconfined".into()],
                &["!security option added: seccomp=unconfined"],
                &["security option gone: seccomp=unconfined"],
            ),
            (
                |r| r.security = vec!["no-new-privileges".into()],
                &["security option added: no-new-privileges"],
                &["!security option gone: no-new-privileges"],
            ),
            (
                |r| r.mounts = vec![mount("/etc", true)],
                &["!mount added: /etc → /host (read-write)"],
                &["mount gone: /etc → /host (read-write)"],
            ),
            (
                |r| r.mounts = vec![mount("volume data", true)],
                &["mount added: volume data → /host (read-write)"],
                &["mount gone: volume data → /host (read-write)"],
            ),
            (
                |r| r.ports = vec![port("0.0.0.0:5432")],
                &["!port 5432/tcp published on 0.0.0.0:5432"],
                &["port 5432/tcp no more published on 0.0.0.0:5432"],
            ),
            (
                |r| r.ports = vec![port("127.0.0.1:5432")],
                &["port 5432/tcp published on 127.0.0.1:5432"],
                &["port 5432/tcp no more published on 127.0.0.1:5432"],
            ),
            (|r| r.auto_remove = true, &["it is removed when it ends"], &["it stays when it ends"]),
        ];
        let plain = with(|_| {});
        for (change, there, back) in rows {
            let changed = with(change);
            assert_eq!(said(&plain, &changed), there);
            assert_eq!(said(&changed, &plain), back);
            assert!(said(&changed, &changed).is_empty());
        }
        // Root by another name is nothing gained.
        let (none, root) = (with(|r| r.user = String::new()), with(|r| r.user = "root".into()));
        assert!(said(&none, &root).is_empty());
    }

    #[test]
    fn at_the_first_look_only_what_opens_the_nas_is_notable() {
        type Row = (fn(&mut Reach), &'static [&'static str]);
        let rows: [Row; 9] = [
            (|_| {}, &[]),
            (|r| r.privileged = true, &["is privileged"]),
            (|r| r.network = "host".into(), &["uses the NAS's own network"]),
            (
                |r| r.mounts = vec![mount("/var/run/docker.sock", true)],
                &["mounts /var/run/docker.sock → /host (read-write)"],
            ),
            (|r| r.mounts = vec![mount("/", false)], &["mounts / → /host (read-only)"]),
            (|r| r.mounts = vec![mount("/etc/localtime", false)], &[]),
            (|r| r.mounts = vec![mount("/etcetera", true), mount("volume data", true)], &[]),
            (|r| r.mounts = vec![mount("/share/sms/data", true)], &[]),
            (|r| r.security = vec!["label=disable".into()], &["runs with label=disable"]),
        ];
        for (change, notable) in rows {
            assert_eq!(with(change).notable(), notable);
        }
    }

    #[test]
    fn what_is_ordinary_takes_no_room_in_the_journal() {
        assert_eq!(serde_json::to_string(&Reach::default()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<Reach>("{}").unwrap(), Reach::default());
        let full = with(|r| r.mounts = vec![mount("/etc", true), mount("tmpfs", false)]);
        let text = serde_json::to_string(&full).unwrap();
        assert_eq!(serde_json::from_str::<Reach>(&text).unwrap(), full);
    }
}
