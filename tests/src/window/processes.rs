//! Processes, as the system tells of them.

use std::{fs, path::Path};

/// A process and all that it started, itself first.
pub fn tree(root: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten().filter_map(|e| e.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u64)> = all.filter_map(|pid| Some((pid, *stat(pid).first()?))).collect();
    let mut tree = vec![root];
    let mut at = 0;
    while let Some(parent) = tree.get(at).copied() {
        tree.extend(parents.iter().filter(|(_, p)| *p == u64::from(parent)).map(|(pid, _)| *pid));
        at += 1;
    }
    tree
}

/// Whether a process runs `program`, which is an absolute path.
pub fn runs(pid: u32, program: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
}

/// What a process is called; at most 15 characters of it.
pub fn name(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_owned()
}

/// For how long a process has run, in ms; the system counts hundredths of a second.
pub fn age_ms(pid: u32) -> f64 {
    let up = fs::read_to_string("/proc/uptime").unwrap();
    let up: f64 = up.split_whitespace().next().unwrap().parse().unwrap();
    (up - stat(pid)[18] as f64 / 100.0) * 1_000.0
}

/// A process's own share of the memory that it uses, each shared page counted once over all that share it, in MiB.
pub fn memory_mib(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with("Pss:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).map_or(0.0, |kb| kb / 1_024.0)
}

/// The numbers of /proc/PID/stat behind name and state.
fn stat(pid: u32) -> Vec<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let behind = text.rsplit(')').next().unwrap_or_default();
    behind.split_whitespace().skip(1).map(|f| f.parse().unwrap_or(0)).collect()
}
