//! An account of the test's own: nobody else's password is needed, and nobody else is let in.

use std::{
    fs,
    io::Write,
    os::unix::fs::chown,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use rand::{TryRng, rngs::SysRng};

/// How the accounts' names begin; the number of the test's process follows.
const PREFIX: &str = "wkssh";

static COUNT: AtomicU32 = AtomicU32::new(0);

pub(super) struct Account {
    name: String,
    password: String,
    removed: bool,
}

impl Account {
    /// A new one, with its home in `folder` and a password that nobody knows.
    pub(super) fn make(folder: &Path) -> Result<Self, String> {
        let name = format!("{PREFIX}{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let random = || SysRng.try_next_u64().map_err(|e| format!("there is no randomness: {e}"));
        let password = format!("{:016x}{:016x}", random()?, random()?);
        let home = folder.join("home");
        fs::create_dir(&home).map_err(|e| format!("{}: {e}", home.display()))?;
        // sshd gives up its rights in this folder; the machine's own server makes it, where there is one.
        fs::create_dir_all("/run/sshd").map_err(|e| format!("/run/sshd: {e}"))?;
        let mut useradd = Command::new("/usr/sbin/useradd");
        useradd.args(["--system", "--user-group", "--no-create-home", "--shell", "/bin/sh", "--home-dir"]);
        super::run(useradd.arg(&home).arg(&name))?;
        let account = Self { name, password, removed: false };
        account.set_password()?;
        let id = |option| super::run(Command::new("id").arg(option).arg(&account.name));
        let (user, group) = (id("-u")?.parse().ok(), id("-g")?.parse().ok());
        chown(&home, user, group).map_err(|e| format!("{}: {e}", home.display()))?;
        Ok(account)
    }

    fn set_password(&self) -> Result<(), String> {
        let failed = |e: std::io::Error| format!("chpasswd could not be run: {e}");
        let mut child = Command::new("/usr/sbin/chpasswd")
            .args(["--crypt-method", "SHA512"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{}:{}", self.name, self.password).map_err(failed)?;
        }
        let status = child.wait().map_err(failed)?;
        if status.success() { Ok(()) } else { Err(format!("chpasswd failed ({status})")) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
    pub(super) fn password(&self) -> &str {
        &self.password
    }
    pub(super) fn group(&self) -> Result<u32, String> {
        let said = super::run(Command::new("id").arg("-g").arg(&self.name))?;
        said.parse().map_err(|_| said)
    }

    pub(super) fn remove(&mut self) {
        if !self.removed {
            self.removed = true;
            remove(&self.name);
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Removes the accounts whose test is gone.
pub(super) fn clear_away() {
    let all = fs::read_to_string("/etc/passwd").unwrap_or_default();
    for name in all.lines().filter_map(|line| line.split(':').next()) {
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner.to_string()).exists()) {
            eprintln!("An earlier test was killed; its account {name} is removed.");
            remove(name);
        }
    }
}

fn remove(name: &str) {
    // `--force`: a process of it that is about to end is no reason to leave it.
    let done = super::run(Command::new("/usr/sbin/userdel").arg("--force").arg(name));
    if let Err(why) = done {
        eprintln!("The test's account {name} could not be removed: {why}");
    }
}
