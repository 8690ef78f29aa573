//! A Docker Engine of the test's own, on its own socket, bridge and data folder: the machine's own Engine, its rules in
//! the firewall and its containers are not touched.

mod bridge;
mod certificates;
mod remains;
mod sms;

use std::{
    env,
    fs::{self, File},
    io::{Read, Write},
    net::TcpListener,
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

pub use sms::{Sms, SmsOptions};

use bridge::Bridge;

/// How long the Engine has to answer its first ping. It takes a second or two.
const START: Duration = Duration::from_secs(60);
/// How long it has to end, its containers being gone already.
const STOP: Duration = Duration::from_secs(20);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

static COUNT: AtomicU32 = AtomicU32::new(0);

/// How the Engine is reached, beside its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// By its socket alone.
    Socket,
    /// By TCP too, with client certificates, as a NAS hands them out.
    Tls,
}

/// A running Engine. Dropped, it ends with all its containers and leaves nothing behind.
pub struct Dockerd {
    child: Child,
    folder: PathBuf,
    port: Option<u16>,
    // Dropped after the Engine has ended.
    _bridge: Bridge,
}

impl Dockerd {
    /// Starts one, or says on stderr why this machine cannot and gives `None`.
    ///
    /// # Errors
    /// It did not start, with the end of its log; or it cannot on this machine, and `WATCHKEEPER_REQUIRE_DOCKER=1` asks
    /// for it.
    pub async fn start(door: Door) -> Result<Option<Self>, String> {
        if let Some(reason) = impossible() {
            if env::var_os("WATCHKEEPER_REQUIRE_DOCKER").is_some_and(|v| v == "1") {
                return Err(format!("WATCHKEEPER_REQUIRE_DOCKER=1, but {reason}"));
            }
            eprintln!("SKIPPED: no test on a real Docker Engine: {reason}");
            return Ok(None);
        }
        remains::clear_away();
        let folder = own_folder()?;
        let started = Self::begin(door, &folder);
        let mut dockerd = match started {
            Ok(dockerd) => dockerd,
            Err(why) => {
                remains::remove(&folder);
                return Err(why);
            }
        };
        dockerd.answers().await?;
        Ok(Some(dockerd))
    }

    fn begin(door: Door, folder: &Path) -> Result<Self, String> {
        let bridge = Bridge::make(std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))?;
        let file = |name: &str| folder.join(name);
        fs::write(file("bridge"), bridge.name()).map_err(|e| format!("{}: {e}", folder.display()))?;
        // A configuration of this machine's own Engine does not hold for this one.
        fs::write(file("daemon.json"), "{}").map_err(|e| format!("{}: {e}", folder.display()))?;
        let log = File::create(file("log")).map_err(|e| format!("{}: {e}", folder.display()))?;
        let both = log.try_clone().map_err(|e| format!("{}: {e}", folder.display()))?;
        let namespace = format!("wk-{}", bridge.name());
        let mut command = Command::new("dockerd");
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
            .arg(format!("--bridge={}", bridge.name()))
            // Ports are published by docker's own proxy: a second Engine would empty the first one's firewall chains.
            .args(["--iptables=false", "--ip-masq=false", "--ip-forward=false"])
            // Where the machine has a containerd of its own, the Engine uses it, but not the same part of it.
            .arg(format!("--containerd-namespace={namespace}"))
            .arg(format!("--containerd-plugins-namespace={namespace}-plugins"));
        let port = match door {
            Door::Socket => None,
            Door::Tls => {
                let folder = file("certificates");
                certificates::write(&folder)?;
                let port = free_port()?;
                command.arg("--host").arg(format!("tcp://127.0.0.1:{port}")).arg("--tlsverify");
                for (option, name) in
                    [("--tlscacert", "ca.pem"), ("--tlscert", "engine.pem"), ("--tlskey", "engine-key.pem")]
                {
                    command.arg(option).arg(folder.join(name));
                }
                Some(port)
            }
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(both)
            .spawn()
            .map_err(|e| format!("dockerd could not be started: {e}"))?;
        Ok(Self { child, folder: folder.to_owned(), port, _bridge: bridge })
    }

    /// Waits for its first answer to a ping.
    async fn answers(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + START;
        loop {
            if ping(&self.folder.join("docker.sock")) {
                return Ok(());
            }
            let ended = self.child.try_wait().ok().flatten();
            if let Some(status) = ended {
                return Err(format!(
                    "dockerd ended at once ({status}). Its last words:\n{}",
                    self.last_words()
                ));
            }
            if Instant::now() > deadline {
                return Err(format!(
                    "dockerd did not answer within {} s. Its last words:\n{}",
                    START.as_secs(),
                    self.last_words()
                ));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Its socket, as `docker -H` and the watch's config take it.
    pub fn socket(&self) -> String {
        format!("unix://{}", self.folder.join("docker.sock").display())
    }
    /// Its address by TCP and the folder with the client's ca.pem, cert.pem and key.pem; only with [`Door::Tls`].
    pub fn tls(&self) -> Option<(String, PathBuf)> {
        self.port.map(|port| (format!("tcp://127.0.0.1:{port}"), self.folder.join("certificates")))
    }
    /// The folder of a client whose certificate is from an authority that this Engine does not know.
    pub fn strangers_certificates(&self) -> PathBuf {
        self.folder.join("certificates/stranger")
    }

    /// `docker ARGS` on this Engine; gives what it wrote to stdout, without the last line's end.
    ///
    /// # Errors
    /// What it said, if it failed.
    pub async fn docker<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<String, String> {
        let mut command = tokio::process::Command::new("docker");
        // What the machine's user has set for the machine's own Engine does not hold here.
        for name in
            ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_BUILDKIT"]
        {
            command.env_remove(name);
        }
        command.env("DOCKER_CONFIG", self.folder.join("client")).arg("-H").arg(self.socket()).args(arguments);
        let output = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|e| format!("docker could not be started: {e}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        Err(format!(
            "{command:?} failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Dockerd {
    fn drop(&mut self) {
        // Gone at once, not each after its grace period.
        let ids = Command::new("docker").args(["-H", &self.socket(), "ps", "-aq"]).output();
        let ids = ids.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
        if !ids.trim().is_empty() {
            let gone = Command::new("docker")
                .args(["-H", &self.socket(), "rm", "-f", "-v"])
                .args(ids.split_whitespace())
                .stdout(Stdio::null())
                .status();
            if !gone.is_ok_and(|s| s.success()) {
                eprintln!(
                    "Containers of the test's own Docker Engine could not be removed; it ends all the same."
                );
            }
        }
        // Their bridges would stay behind.
        let _ = Command::new("docker")
            .args(["-H", &self.socket(), "network", "prune", "--force"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        remains::terminate(self.child.id());
        let deadline = Instant::now() + STOP;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                eprintln!("dockerd did not end within {} s and is killed.", STOP.as_secs());
                let _ = self.child.kill();
                let _ = self.child.wait();
                break;
            }
            std::thread::sleep(LOOK);
        }
        remains::remove(&self.folder);
    }
}

/// Why this machine cannot run a Docker Engine for a test.
fn impossible() -> Option<String> {
    if cfg!(not(target_os = "linux")) {
        return Some("dockerd runs on Linux only.".to_owned());
    }
    if !fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0) {
        return Some("dockerd and its bridge need root.".to_owned());
    }
    let path = path_with_sbin();
    ["dockerd", "docker", "ip"]
        .into_iter()
        .find(|program| !env::split_paths(&path).any(|dir| dir.join(program).is_file()))
        .map(|program| format!("there is no `{program}`: cargo xtask setup docker."))
}

/// Daemons lie in folders that are not on every user's PATH.
fn path_with_sbin() -> std::ffi::OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    env::join_paths(all).unwrap_or(path)
}

/// A folder with a short path: a socket's may have 107 bytes.
fn own_folder() -> Result<PathBuf, String> {
    let name = format!("{}{}-", remains::PREFIX, std::process::id());
    let folder = tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(4)
        .tempdir()
        .map_err(|e| format!("no folder for a Docker Engine can be made: {e}"))?;
    Ok(folder.keep())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    listener.map(|a| a.port()).map_err(|e| format!("there is no free port on loopback: {e}"))
}

fn ping(socket: &Path) -> bool {
    let answer = || -> std::io::Result<String> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /_ping HTTP/1.0\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    };
    answer().is_ok_and(|text| text.contains(" 200 ") && text.ends_with("OK"))
}
