//! An SSH server of the test's own, on loopback, with an account, host key and configuration of its own: the machine's
//! own server, its accounts and its keys are not touched.

mod account;
mod processes;

use std::{
    env,
    fs::{self, File},
    io::Read,
    net::{TcpListener, TcpStream},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use account::Account;

use crate::dockerd::Dockerd;

/// How the folders of the tests' servers begin; the number of the test's process follows.
const PREFIX: &str = "wk-sshd-";
/// How long it has to answer. It takes some 20 ms.
const START: Duration = Duration::from_secs(30);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// The passphrase of [`Sshd::locked_key`].
pub const PASSPHRASE: &str = "Kalispera-91c4";

/// A running SSH server. Dropped, it ends with all its connections and leaves nothing behind.
pub struct Sshd {
    child: Option<Child>,
    folder: PathBuf,
    port: u16,
    account: Account,
}

impl Sshd {
    /// Starts one with these lines in its configuration, or says on stderr why this machine cannot and gives `None`.
    ///
    /// # Errors
    /// It did not start, with its log; or it cannot on this machine, and `WATCHKEEPER_REQUIRE_DOCKER=1` asks for it.
    pub fn start(lines: &[&str]) -> Result<Option<Self>, String> {
        if let Some(reason) = impossible() {
            if env::var_os("WATCHKEEPER_REQUIRE_DOCKER").is_some_and(|v| v == "1") {
                return Err(format!("WATCHKEEPER_REQUIRE_DOCKER=1, but {reason}"));
            }
            eprintln!("SKIPPED: no test over a real SSH server: {reason}");
            return Ok(None);
        }
        clear_away();
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).rand_bytes(4).tempdir();
        let folder = folder.map_err(|e| format!("no folder for an SSH server can be made: {e}"))?.keep();
        let account = Account::make(&folder).inspect_err(|_| remove(&folder))?;
        let mut sshd = Self { child: None, folder, port: free_port()?, account };
        // Its account has to reach its own home, and sshd the keys.
        permit(&sshd.folder, 0o755)?;
        for (name, passphrase) in [("id_ed25519", ""), ("locked", PASSPHRASE), ("strange", "")] {
            sshd.make_key(name, "ed25519", passphrase)?;
        }
        let mut allowed = sshd.read("id_ed25519.pub")?;
        allowed.push_str(&sshd.read("locked.pub")?);
        sshd.write("authorized_keys", &allowed)?;
        sshd.new_host_key("ed25519")?;
        sshd.begin(lines)?;
        Ok(Some(sshd))
    }

    /// Ends it and all its connections, and starts it again with these lines in its configuration.
    ///
    /// # Errors
    /// As [`Sshd::start`].
    pub fn restart(&mut self, lines: &[&str]) -> Result<(), String> {
        self.stop();
        self.begin(lines)
    }

    /// Ends it and all its connections; [`Sshd::restart`] starts it again.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // Its connections are processes of their own, and outlive it; and a client whose connection was ended makes a new
        // one at once.
        processes::signal(child.id(), "-STOP");
        processes::end_below(child.id());
        processes::signal(child.id(), "-KILL");
        let _ = child.wait();
    }

    /// Another host key of this kind, as a NAS has that was installed anew; from the next start on.
    ///
    /// # Errors
    /// `ssh-keygen` failed.
    pub fn new_host_key(&self, kind: &str) -> Result<(), String> {
        let _ = fs::remove_file(self.folder.join("host_key"));
        self.make_key("host_key", kind, "")
    }

    fn begin(&mut self, lines: &[&str]) -> Result<(), String> {
        let file = |name: &str| self.folder.join(name).display().to_string();
        let config = format!(
            "Port {}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile {}\nAuthorizedKeysFile {}\nAllowUsers {}\n\
             PermitRootLogin no\nStrictModes no\nUsePAM no\nPasswordAuthentication yes\n\
             KbdInteractiveAuthentication no\nX11Forwarding no\nPrintMotd no\nLogLevel VERBOSE\n",
            self.port,
            file("host_key"),
            file("pid"),
            file("authorized_keys"),
            self.account.name(),
        );
        // Of two lines for one key sshd takes the first.
        self.write("sshd_config", &format!("{}\n{config}", lines.join("\n")))?;
        let log = self.folder.join("log");
        let log = File::options().create(true).append(true).open(&log).map_err(|e| format!("{e}"))?;
        // sshd wants to be started by its whole path.
        let child = Command::new(program().unwrap_or_else(|| "/usr/sbin/sshd".into()))
            .args(["-D", "-e", "-f"])
            .arg(self.folder.join("sshd_config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("sshd could not be started: {e}"))?;
        self.child = Some(child);
        self.answers()
    }

    /// Waits for its greeting.
    fn answers(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + START;
        loop {
            let greeting = || -> std::io::Result<[u8; 4]> {
                let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
                stream.set_read_timeout(Some(Duration::from_secs(2)))?;
                let mut first = [0; 4];
                stream.read_exact(&mut first)?;
                Ok(first)
            };
            if greeting().is_ok_and(|first| first == *b"SSH-") {
                return Ok(());
            }
            let ended = self.child.as_mut().and_then(|c| c.try_wait().ok().flatten());
            if ended.is_some() || Instant::now() > deadline {
                return Err(format!("sshd does not answer ({ended:?}): {}", self.log()));
            }
            std::thread::sleep(LOOK);
        }
    }

    /// `ssh://ACCOUNT@127.0.0.1:PORT`, as the watch's configuration takes it.
    pub fn address(&self) -> String {
        format!("ssh://{}@127.0.0.1:{}", self.account.name(), self.port)
    }
    /// The address of an Engine's socket behind it.
    pub fn address_of(&self, dockerd: &Dockerd) -> String {
        self.address_to(&socket(dockerd))
    }
    /// The address of a socket behind it.
    pub fn address_to(&self, socket: &Path) -> String {
        format!("{}{}", self.address(), socket.display())
    }
    /// Its port on loopback.
    pub const fn port(&self) -> u16 {
        self.port
    }
    /// The account's name.
    pub fn user(&self) -> &str {
        self.account.name()
    }
    /// The account's password.
    pub fn password(&self) -> &str {
        self.account.password()
    }
    /// A key that the account is entered with.
    pub fn key(&self) -> PathBuf {
        self.folder.join("id_ed25519")
    }
    /// Another one, encrypted with [`PASSPHRASE`].
    pub fn locked_key(&self) -> PathBuf {
        self.folder.join("locked")
    }
    /// A key that it does not know.
    pub fn strange_key(&self) -> PathBuf {
        self.folder.join("strange")
    }
    /// The fingerprint of its host key, as `ssh-keygen -l` shows it.
    ///
    /// # Errors
    /// `ssh-keygen` failed.
    pub fn fingerprint(&self) -> Result<String, String> {
        let said = run(Command::new("ssh-keygen").arg("-lf").arg(self.folder.join("host_key.pub")))?;
        said.split(' ').nth(1).map(str::to_owned).ok_or(said)
    }
    /// Writes its host key into `known_hosts`, as a person does who trusts it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn introduce(&self, known_hosts: &Path) -> Result<(), String> {
        let key = self.read("host_key.pub")?;
        fs::write(known_hosts, format!("[127.0.0.1]:{} {key}", self.port)).map_err(|e| e.to_string())
    }

    /// Lets its account use the Engine, as membership in the group `docker` would.
    ///
    /// # Errors
    /// The socket's owner cannot be changed.
    pub fn admit(&self, dockerd: &Dockerd) -> Result<(), String> {
        self.admit_to(&socket(dockerd))
    }
    /// Lets its account use this socket, in a folder of the test's own.
    ///
    /// # Errors
    /// The socket's owner cannot be changed.
    pub fn admit_to(&self, socket: &Path) -> Result<(), String> {
        let_in(socket, self.account.group()?)
    }
    /// Takes that away again.
    ///
    /// # Errors
    /// The socket's owner cannot be changed.
    pub fn shut_out(&self, dockerd: &Dockerd) -> Result<(), String> {
        let_in(&socket(dockerd), 0)
    }

    /// An agent with this key, for `SSH_AUTH_SOCK`.
    ///
    /// # Errors
    /// `ssh-agent` or `ssh-add` failed.
    pub fn agent(&self, key: &Path) -> Result<Agent, String> {
        Agent::start(&self.folder, key)
    }

    /// Cuts all its connections, as a network does that goes away for a moment. Gives how many there were.
    pub fn cut(&self) -> usize {
        self.child.as_ref().map_or(0, |child| processes::end_below(child.id()))
    }
    /// Stops all its connections without a word, as a NAS does that hangs.
    pub fn freeze(&self) -> usize {
        self.child.as_ref().map_or(0, |child| processes::signal_below(child.id(), "-STOP"))
    }
    /// How often its log has this.
    pub fn logged(&self, part: &str) -> usize {
        self.log().matches(part).count()
    }
    /// Its log.
    pub fn log(&self) -> String {
        self.read("log").unwrap_or_default()
    }

    fn make_key(&self, name: &str, kind: &str, passphrase: &str) -> Result<(), String> {
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", kind, "-C", name, "-N", passphrase, "-f"]).arg(self.folder.join(name));
        run(&mut command).map(|_| ())
    }

    fn read(&self, name: &str) -> Result<String, String> {
        let path = self.folder.join(name);
        fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
        self.account.remove();
        remove(&self.folder);
    }
}

/// An SSH agent of the test's own. Dropped, it ends.
pub struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Agent {
    fn start(folder: &Path, key: &Path) -> Result<Self, String> {
        let name = key.file_name().unwrap_or_default().to_string_lossy();
        let socket = folder.join(format!("agent-{name}"));
        let child = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| format!("ssh-agent could not be started: {e}"))?;
        let agent = Self { child, socket };
        let deadline = Instant::now() + START;
        while !agent.socket.exists() {
            if Instant::now() > deadline {
                return Err("ssh-agent did not begin to listen".into());
            }
            std::thread::sleep(LOOK);
        }
        run(Command::new("ssh-add").arg("-q").arg(key).env("SSH_AUTH_SOCK", &agent.socket))?;
        Ok(agent)
    }

    /// Its socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path of an Engine's socket.
pub fn socket(dockerd: &Dockerd) -> PathBuf {
    dockerd.socket().trim_start_matches("unix://").into()
}

/// Why this machine cannot run an SSH server for a test.
fn impossible() -> Option<String> {
    if cfg!(not(target_os = "linux")) {
        return Some("the tests' SSH server runs on Linux only.".to_owned());
    }
    if !fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0) {
        return Some("an account of its own needs root.".to_owned());
    }
    if program().is_none() {
        return Some("there is no `sshd`: cargo xtask setup docker.".to_owned());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    ["ssh-keygen", "ssh-agent", "ssh-add"]
        .into_iter()
        .find(|program| !env::split_paths(&path).any(|dir| dir.join(program).is_file()))
        .map(|program| format!("there is no `{program}`: cargo xtask setup docker."))
}

fn program() -> Option<PathBuf> {
    ["/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd"]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// Ends the servers whose test is gone, and removes what they left.
fn clear_away() {
    account::clear_away();
    let Ok(entries) = fs::read_dir(env::temp_dir()) else { return };
    for folder in entries.flatten().map(|e| e.path()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        let Some(owner) = owner else { continue };
        if Path::new("/proc").join(owner.to_string()).exists() {
            continue;
        }
        eprintln!("An earlier test was killed; what its SSH server left in {} is removed.", folder.display());
        let pid = fs::read_to_string(folder.join("pid")).ok().and_then(|t| t.trim().parse::<u32>().ok());
        if let Some(pid) = pid.filter(|pid| processes::has_word(*pid, &folder.join("sshd_config"))) {
            processes::end_below(pid);
            processes::signal(pid, "-TERM");
        }
        remove(&folder);
    }
}

fn remove(folder: &Path) {
    if let Err(e) = fs::remove_dir_all(folder) {
        eprintln!("{} could not be removed: {e}.", folder.display());
    }
}

fn let_in(socket: &Path, group: u32) -> Result<(), String> {
    permit(socket.parent().unwrap_or(socket), 0o711)?;
    chown(socket, None, Some(group)).map_err(|e| format!("{}: {e}", socket.display()))?;
    permit(socket, 0o660)
}

fn permit(path: &Path, mode: u32) -> Result<(), String> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(|e| format!("{}: {e}", path.display()))
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    listener.map(|a| a.port()).map_err(|e| format!("there is no free port on loopback: {e}"))
}

/// Runs a command to its end; gives what it wrote to stdout.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{command:?} could not be started: {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
