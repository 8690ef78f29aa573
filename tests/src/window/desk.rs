//! A screen and a session bus that nobody else uses.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// A process that ends with this.
pub struct Ours(pub Child);

impl Drop for Ours {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen and a bus.
pub struct Desk {
    /// Such as `:99`.
    pub display: String,
    /// The session bus's address.
    pub bus: String,
    /// The home of whoever sits at it: nothing of this machine's own settings is seen or changed.
    pub home: tempfile::TempDir,
    _screen: Ours,
    _bus: Ours,
}

impl Desk {
    /// A desk with a screen of this size.
    pub fn new(width: u32, height: u32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut screen = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb cannot be started: `cargo xtask setup window-tests` installs it");
        let number = first_line(&mut screen);
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon cannot be started: `cargo xtask setup window-tests` installs it");
        let address = first_line(&mut bus);
        Self { display: format!(":{number}"), bus: address, home, _screen: Ours(screen), _bus: Ours(bus) }
    }

    /// A program at this desk.
    pub fn command(&self, program: impl Into<PathBuf>) -> Command {
        let mut command = Command::new(program.into());
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("LANG", "C.UTF-8")
            .env("USER", "tester")
            .env("GTK_USE_PORTAL", "0")
            .env("NO_AT_BRIDGE", "1")
            .stdin(Stdio::null());
        for name in
            ["WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LC_ALL", "LANGUAGE"]
        {
            command.env_remove(name);
        }
        command
    }
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let line = line.trim().to_owned();
    assert!(!line.is_empty(), "a program of the desk ended at once");
    line
}
