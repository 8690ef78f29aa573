//! The processes below one of the test's own.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Ends all processes below `parent`, and waits until they are gone; gives how many there were.
pub(super) fn end_below(parent: u32) -> usize {
    let all = below(parent);
    for pid in &all {
        signal(*pid, "-KILL");
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    while !below(parent).is_empty() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    all.len()
}

/// Sends all processes below `parent` a signal; gives how many there are.
pub(super) fn signal_below(parent: u32, name: &str) -> usize {
    let all = below(parent);
    all.iter().for_each(|pid| signal(*pid, name));
    all.len()
}

/// Sends a signal to a process of the test's own.
pub(super) fn signal(pid: u32, name: &str) {
    // `kill` is a program as well as a system call, and needs no unsafe code.
    let _ = Command::new("kill").args([name, &pid.to_string()]).stderr(Stdio::null()).status();
}

/// Whether `path` is among the words that the process was started with.
pub(super) fn has_word(pid: u32, path: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).contains(&*path.to_string_lossy())
}

fn below(parent: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // After the name in brackets, which may hold anything: the state, then the parent.
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let mut rest = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).into_iter().flatten();
        let is_gone = rest.next() == Some("Z");
        if let Some(of) = rest.next().and_then(|of| of.parse().ok())
            && !is_gone
        {
            children.entry(of).or_default().push(pid);
        }
    }
    let (mut found, mut next) = (Vec::new(), vec![parent]);
    while let Some(of) = next.pop() {
        let these = children.remove(&of).unwrap_or_default();
        found.extend(&these);
        next.extend(these);
    }
    found
}
