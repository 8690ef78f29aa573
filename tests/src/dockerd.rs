//! A Docker Engine of the test's own, on its own socket, bridge and data folder: the machine's own Engine, its rules in
//! the firewall and its containers are not touched.

mod bridge;
mod certificates;
mod launch;
mod power;
mod proxy;
mod remains;
mod sms;

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

pub use proxy::{Moment, Proxy, Then};
pub use sms::{Sms, SmsOptions};

use crate::netns::Lan;
use bridge::Bridge;
use launch::Setting;

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
    child: Mutex<Child>,
    // Its bridge is dropped after the Engine has ended.
    setting: Setting,
}

impl Dockerd {
    /// Starts one, or says on stderr why this machine cannot and gives `None`.
    ///
    /// # Errors
    /// It did not start, with the end of its log; or it cannot on this machine, and `WATCHKEEPER_REQUIRE_DOCKER=1` asks
    /// for it.
    pub async fn start(door: Door) -> Result<Option<Self>, String> {
        if !possible(&["dockerd", "docker", "ip"])? {
            return Ok(None);
        }
        remains::clear_away();
        let folder = own_folder()?;
        Self::begin(&folder, || {
            let bridge = Bridge::make(std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))?;
            let tcp = match door {
                Door::Socket => None,
                Door::Tls => Some(("127.0.0.1".to_owned(), free_port()?)),
            };
            Ok(Setting { folder: folder.clone(), namespace: None, bridge: Some(bridge), tcp })
        })
        .await
        .map(Some)
    }

    /// Starts one on the NAS of `lan`, reached by TLS on port [`Dockerd::NAS_PORT`] of its address.
    ///
    /// # Errors
    /// It did not start, with the end of its log.
    pub async fn start_on_the_nas(lan: &Lan) -> Result<Self, String> {
        remains::clear_away();
        let folder = own_folder()?;
        Self::begin(&folder, || {
            let namespace = Some(lan.nas_namespace());
            let tcp = Some((Lan::NAS.to_owned(), Self::NAS_PORT));
            Ok(Setting { folder: folder.clone(), namespace, bridge: None, tcp })
        })
        .await
    }

    /// Where an Engine on a NAS listens.
    pub const NAS_PORT: u16 = 2376;

    async fn begin(folder: &Path, setting: impl FnOnce() -> Result<Setting, String>) -> Result<Self, String> {
        let started = setting().and_then(|setting| {
            setting.prepare()?;
            Ok(Self { child: Mutex::new(setting.launch()?), setting })
        });
        match started {
            Ok(dockerd) => dockerd.answers().await.map(|()| dockerd),
            Err(why) => {
                remains::remove(folder);
                Err(why)
            }
        }
    }

    /// Waits for its first answer to a ping.
    async fn answers(&self) -> Result<(), String> {
        let deadline = Instant::now() + START;
        loop {
            if ping(&self.setting.folder.join("docker.sock")) {
                return Ok(());
            }
            let ended = self.child().try_wait().ok().flatten();
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
        format!("unix://{}", self.socket_path().display())
    }
    /// Its socket.
    pub fn socket_path(&self) -> PathBuf {
        self.setting.folder.join("docker.sock")
    }
    /// Its address by TCP and the folder with the client's ca.pem, cert.pem and key.pem; only with [`Door::Tls`].
    pub fn tls(&self) -> Option<(String, PathBuf)> {
        let (host, port) = self.setting.tcp.as_ref()?;
        Some((format!("tcp://{host}:{port}"), self.setting.folder.join("certificates")))
    }
    /// The folder of a client whose certificate is from an authority that this Engine does not know.
    pub fn strangers_certificates(&self) -> PathBuf {
        self.setting.folder.join("certificates/stranger")
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `docker ARGS` on this Engine; gives what it wrote to stdout, without the last line's end.
    ///
    /// # Errors
    /// What it said, if it failed.
    pub async fn docker<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<String, String> {
        self.docker_says(arguments).await.map(|(out, _)| out.trim_end().to_owned())
    }

    /// `docker logs CONTAINER`: what it wrote to stdout, and to stderr.
    ///
    /// # Errors
    /// What docker said.
    pub async fn logs(&self, container: &str) -> Result<(String, String), String> {
        self.docker_says(["logs", container]).await
    }

    async fn docker_says<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<(String, String), String> {
        let mut command = tokio::process::Command::new("docker");
        // What the machine's user has set for the machine's own Engine does not hold here.
        for name in
            ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_BUILDKIT"]
        {
            command.env_remove(name);
        }
        command
            .env("DOCKER_CONFIG", self.setting.folder.join("client"))
            .arg("-H")
            .arg(self.socket())
            .args(arguments);
        let output = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|e| format!("docker could not be started: {e}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            return Ok((text(&output.stdout), text(&output.stderr)));
        }
        Err(format!("{command:?} failed ({}): {}", output.status, text(&output.stderr).trim()))
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(self.setting.folder.join("log")).unwrap_or_default();
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
        self.end();
        self.end_shims();
        remains::remove(&self.setting.folder);
    }
}

/// Whether this machine has what a test takes: Linux, root and `programs`. What is missing is said on stderr.
///
/// # Errors
/// It has not, and `WATCHKEEPER_REQUIRE_DOCKER=1` asks for it.
pub(crate) fn possible(programs: &[&str]) -> Result<bool, String> {
    let Some(reason) = impossible(programs) else { return Ok(true) };
    if env::var_os("WATCHKEEPER_REQUIRE_DOCKER").is_some_and(|v| v == "1") {
        return Err(format!("WATCHKEEPER_REQUIRE_DOCKER=1, but {reason}"));
    }
    eprintln!("SKIPPED: no test on a real Docker Engine: {reason}");
    Ok(false)
}

/// Why this machine cannot run a Docker Engine for a test.
fn impossible(programs: &[&str]) -> Option<String> {
    if cfg!(not(target_os = "linux")) {
        return Some("dockerd runs on Linux only.".to_owned());
    }
    if !fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0) {
        return Some("dockerd and its bridge need root.".to_owned());
    }
    let path = path_with_sbin();
    programs
        .iter()
        .find(|program| !env::split_paths(&path).any(|dir| dir.join(program).is_file()))
        .map(|program| format!("there is no `{program}`: cargo xtask setup docker."))
}

/// Daemons lie in folders that are not on every user's PATH.
pub(crate) fn path_with_sbin() -> std::ffi::OsString {
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
