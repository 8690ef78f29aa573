//! An Engine that is stopped, killed or loses its power, and comes back with the same data.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use super::{Dockerd, LOOK, STOP, path_with_sbin, remains};

impl Dockerd {
    /// Asks it to end, and waits until it has. Its containers end with it.
    pub fn stop(&self) {
        self.end();
    }

    /// `kill -9`, as when it crashes; gives when it is gone, and its containerd with it. Its containers live on.
    pub fn kill(&self) {
        let beside = fs::read_to_string(self.setting.folder.join("exec/containerd/containerd.pid"));
        {
            let mut child = self.child();
            let _ = child.kill();
            let _ = child.wait();
        }
        // The kernel ends it with dockerd, but not at once, and the next dockerd would take it for a living one.
        let Ok(beside) = beside else { return };
        let deadline = Instant::now() + STOP;
        while is_alive(beside.trim()) && Instant::now() < deadline {
            std::thread::sleep(LOOK);
        }
        // Nor may one that has ended and is waited for by nobody be taken for a living one.
        let _ = fs::remove_file(self.setting.folder.join("exec/containerd/containerd.pid"));
    }

    /// The NAS loses its power: nothing has the time for a last word, and what lay in memory is gone.
    ///
    /// # Errors
    /// Something lives on.
    pub async fn lose_power(&self) -> Result<(), String> {
        let running = self.docker(["ps", "--quiet"]).await?;
        let mut pids = Vec::new();
        for id in running.split_whitespace() {
            pids.push(self.docker(["inspect", "--format", "{{.State.Pid}}", id]).await?);
        }
        self.kill();
        if let Some(namespace) = &self.setting.namespace {
            let all =
                Command::new("ip").env("PATH", path_with_sbin()).args(["netns", "pids", namespace]).output();
            let all = all.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
            pids.extend(all.split_whitespace().map(ToOwned::to_owned));
        }
        for pid in &pids {
            let _ = Command::new("kill").args(["-9", pid]).stderr(Stdio::null()).status();
        }
        let deadline = Instant::now() + STOP;
        while let Some(pid) = pids.iter().find(|pid| is_alive(pid)) {
            if Instant::now() > deadline {
                return Err(format!("process {pid} outlived its NAS"));
            }
            tokio::time::sleep(LOOK).await;
        }
        remains::unmount(&self.setting.folder);
        // What lies in /run on a NAS.
        for name in ["exec", "pid", "docker.sock"] {
            let path = self.setting.folder.join(name);
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        Ok(())
    }

    /// Starts it again, with what it had before, and waits for its first answer.
    ///
    /// # Errors
    /// It did not start, with the end of its log.
    pub async fn start_again(&self) -> Result<(), String> {
        let child = self.setting.launch()?;
        *self.child() = child;
        self.answers().await
    }

    /// Those of a killed Engine live on, and hold its network's namespace.
    pub(super) fn end_shims(&self) {
        let Some(namespace) = &self.setting.namespace else { return };
        let shims = format!("containerd-shim.* -namespace {namespace} ");
        let _ = Command::new("pkill").args(["-KILL", "--full", "--", &shims]).status();
    }

    pub(super) fn end(&self) {
        let mut child = self.child();
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        remains::terminate(child.id());
        let deadline = Instant::now() + STOP;
        while matches!(child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                eprintln!("dockerd did not end within {} s and is killed.", STOP.as_secs());
                let _ = child.kill();
                let _ = child.wait();
                break;
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// A process that has ended and was not waited for is not alive.
fn is_alive(pid: &str) -> bool {
    let state = fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
    state.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}
