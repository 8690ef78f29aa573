//! What an Engine of a test leaves behind, and what one left whose test was killed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::bridge;

/// How the folders of the tests' Engines begin; the number of the test's process follows.
pub(super) const PREFIX: &str = "wk-dockerd-";

/// Ends the Engines whose test is gone, and removes what they left.
pub(super) fn clear_away() {
    let Ok(entries) = fs::read_dir(env::temp_dir()) else { return };
    for folder in entries.flatten().map(|e| e.path()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        let Some(owner) = owner else { continue };
        if Path::new("/proc").join(owner.to_string()).exists() {
            continue;
        }
        eprintln!(
            "An earlier test was killed; what its Docker Engine left in {} is removed.",
            folder.display()
        );
        end_engine(&folder);
        if let Ok(name) = fs::read_to_string(folder.join("bridge")) {
            bridge::delete(name.trim());
        }
        remove(&folder);
    }
}

/// Ends the Engine of `folder`, if the process of its pid file is really it.
fn end_engine(folder: &Path) {
    let pid = fs::read_to_string(folder.join("pid")).ok().and_then(|t| t.trim().parse::<u32>().ok());
    let Some(pid) = pid else { return };
    let process = Path::new("/proc").join(pid.to_string());
    let is_it = || {
        let line = fs::read(process.join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&*folder.join("data").to_string_lossy())
    };
    if !is_it() {
        return;
    }
    terminate(pid);
    let deadline = Instant::now() + Duration::from_secs(30);
    while is_it() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Asks a process to end.
pub(super) fn terminate(pid: u32) {
    // `kill` is a program as well as a system call, and needs no unsafe code.
    let _ = Command::new("kill").arg(pid.to_string()).stderr(Stdio::null()).status();
}

/// Removes the folder and what is mounted in it.
pub(super) fn remove(folder: &Path) {
    unmount(folder);
    if let Err(e) = fs::remove_dir_all(folder) {
        eprintln!("{} could not be removed: {e}.", folder.display());
    }
}

/// Unmounts what is mounted in the folder.
pub(super) fn unmount(folder: &Path) {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mut inside: Vec<PathBuf> = mounts
        .lines()
        .filter_map(|line| line.split(' ').nth(1).map(PathBuf::from))
        .filter(|at| at.starts_with(folder))
        .collect();
    // The innermost first.
    inside.sort();
    for mount in inside.iter().rev() {
        let _ = Command::new("umount").arg("-l").arg(mount).stderr(Stdio::null()).status();
    }
}
