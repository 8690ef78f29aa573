//! How an Engine is started, for the first time or again.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::{bridge::Bridge, certificates, path_with_sbin};

/// All that it takes to start an Engine.
pub(super) struct Setting {
    pub(super) folder: PathBuf,
    /// The network namespace that it stands in, if it has one of its own.
    pub(super) namespace: Option<String>,
    /// Its bridge, where it shares the machine's network.
    pub(super) bridge: Option<Bridge>,
    /// Where it listens by TLS.
    pub(super) tcp: Option<(String, u16)>,
}

impl Setting {
    /// Writes what it is started with.
    pub(super) fn prepare(&self) -> Result<(), String> {
        let put = |name: &str, text: &str| {
            fs::write(self.folder.join(name), text).map_err(|e| format!("{}: {e}", self.folder.display()))
        };
        if let Some(bridge) = &self.bridge {
            put("bridge", bridge.name())?;
        }
        // A configuration of this machine's own Engine does not hold for this one.
        put("daemon.json", "{}")?;
        match &self.tcp {
            Some((host, _)) => certificates::write(&self.folder.join("certificates"), host),
            None => Ok(()),
        }
    }

    /// Starts it.
    pub(super) fn launch(&self) -> Result<Child, String> {
        let file = |name: &str| self.folder.join(name);
        let trouble = |e: std::io::Error| format!("{}: {e}", self.folder.display());
        let log = File::options().create(true).append(true).open(file("log")).map_err(trouble)?;
        let both = log.try_clone().map_err(trouble)?;
        let mut command = match &self.namespace {
            Some(namespace) => {
                let mut command = Command::new("nsenter");
                command.arg(format!("--net=/run/netns/{namespace}")).arg("dockerd");
                command
            }
            None => Command::new("dockerd"),
        };
        command
            .env("PATH", path_with_sbin())
            .arg("--config-file")
            .arg(file("daemon.json"))
            .arg("--data-root")
            .arg(file("data"))
            .arg("--exec-root")
            .arg(file("exec"))
            .arg("--pidfile")
            .arg(file("pid"))
            .arg("--host")
            .arg(format!("unix://{}", file("docker.sock").display()))
            // Ports are published by docker's own proxy: a second Engine would empty the first one's firewall chains.
            .args(["--iptables=false", "--ip-masq=false", "--ip-forward=false"]);
        if let Some(bridge) = &self.bridge {
            command.arg(format!("--bridge={}", bridge.name()));
        }
        // Where the machine has a containerd of its own, the Engine uses it, but not the same part of it.
        let part = self.bridge.as_ref().map(|bridge| format!("wk-{}", bridge.name()));
        if let Some(part) = part.as_ref().or(self.namespace.as_ref()) {
            command
                .arg(format!("--containerd-namespace={part}"))
                .arg(format!("--containerd-plugins-namespace={part}-plugins"));
        }
        if let Some((host, port)) = &self.tcp {
            command.arg("--host").arg(format!("tcp://{host}:{port}")).arg("--tlsverify");
            for (option, name) in
                [("--tlscacert", "ca.pem"), ("--tlscert", "engine.pem"), ("--tlskey", "engine-key.pem")]
            {
                command.arg(option).arg(file("certificates").join(name));
            }
        }
        command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(both)
            .spawn()
            .map_err(|e| format!("dockerd could not be started: {e}"))
    }
}
