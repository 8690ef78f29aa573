//! `watchkeeper doctor` over a real SSH server: each way in, each set-up that is broken, and what it says of it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    ffi::OsStr,
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::Value;
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, SmsOptions},
    running::{Said, run_with},
    sshd::{PASSPHRASE, Sshd, socket},
};

/// No variables.
const NONE: &[(&str, &str)] = &[];

/// A deployment to look at, as a person at the terminal does.
struct Bench<'a> {
    folder: tempfile::TempDir,
    dockerd: &'a Dockerd,
    sms: String,
    /// How long it waits for an answer.
    timeout: &'static str,
}

impl<'a> Bench<'a> {
    fn new(dockerd: &'a Dockerd, sms: String) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), dockerd, sms, timeout: "10s" }
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn known_hosts(&self) -> PathBuf {
        self.data().join("known_hosts")
    }

    /// `doctor` with these lines under `[deployment]`.
    fn doctor<S: AsRef<OsStr>>(&self, lines: &str, variables: &[(&str, S)], options: &str) -> Said {
        let config = format!(
            "[deployment]\nname = \"Test bench\"\nurl = \"http://{}\"\n{lines}\n[release]\nversion = \"1.15.1\"\n\
             [watch]\nowner = \"The owner\"\ntimeout = \"{}\"\n",
            self.sms, self.timeout
        );
        fs::write(self.data().join("watchkeeper.toml"), config).unwrap();
        run_with(self.data(), &format!("doctor {options}"), variables)
    }

    /// What it says of the Engine, in JSON.
    #[track_caller]
    fn engine<S: AsRef<OsStr>>(&self, lines: &str, variables: &[(&str, S)]) -> Value {
        let said = self.doctor(lines, variables, "--json");
        assert!(said.code == 0 || said.code == 1, "{lines}\n{}\n{}", said.out, said.err);
        let rungs = said.json()["rungs"].as_array().unwrap().clone();
        rungs.into_iter().find(|rung| rung["title"] == "Docker Engine").unwrap()
    }

    /// Holds what is said of the Engine against `code` (that of the advice; `good` where all is well) and a part of it.
    #[track_caller]
    fn says<S: AsRef<OsStr>>(&self, lines: &str, variables: &[(&str, S)], code: &str, part: &str) {
        let rung = self.engine(lines, variables);
        let found = rung["code"].as_str().unwrap_or_else(|| rung["outcome"].as_str().unwrap());
        let text = rung["text"].as_str().unwrap();
        assert_eq!(found, code, "{lines}\n{text}");
        assert!(text.contains(part), "without {part:?}: {text}");
        let complete = rung["outcome"] != "bad" || rung["advice"].as_str().unwrap().ends_with('.');
        assert!(complete, "{rung}");
    }
}

fn by_ssh(address: &str, key: Option<&Path>) -> String {
    let key = key.map(|key| format!("\nssh_key = \"{}\"", key.display())).unwrap_or_default();
    format!("docker = \"{address}\"{key}")
}

#[tokio::test]
async fn each_way_in_and_each_broken_one() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let Some(mut sshd) = Sshd::start(&[]).unwrap() else { return };
    let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let bench = Bench::new(&dockerd, sms.address());
    let address = sshd.address_of(&dockerd);
    let key = by_ssh(&address, Some(&sshd.key()));
    sshd.admit(&dockerd).unwrap();

    the_host_is_unknown_at_first(&bench, &sshd, &key);
    keys(&bench, &sshd, &address);
    passwords(&bench, &mut sshd, &address);
    forwarding(&bench, &mut sshd, &key);
    no_rights(&bench, &mut sshd, &key);
    other_servers(&bench, &sshd);
    the_host_key_has_changed(&bench, &mut sshd, &key);
}

fn the_host_is_unknown_at_first(bench: &Bench<'_>, sshd: &Sshd, key: &str) {
    let shown = sshd.fingerprint().unwrap();
    let said = bench.doctor(key, NONE, "").with_code(1);
    for part in
        [&*shown, "not known here yet", &format!("--trust-host-key {shown}"), "Compare the fingerprint"]
    {
        assert!(said.out.contains(part), "without {part}: {}", said.out);
    }
    let json = bench.doctor(key, NONE, "--json").with_code(1).json();
    assert_eq!(
        (json["host_key"]["state"].as_str(), json["host_key"]["fingerprint"].as_str()),
        (Some("unknown"), Some(&*shown))
    );
    // Nothing but the key was looked at: nobody logged in.
    assert_eq!(sshd.logged("Accepted "), 0, "{}", sshd.log());

    let other =
        shown.replace(shown.get(7..9).unwrap(), if shown.get(7..9) == Some("AA") { "BB" } else { "AA" });
    for (wrong, code) in [(other.as_str(), 3), ("MD5:aa:bb", 3)] {
        let said = bench.doctor(key, NONE, &format!("--trust-host-key {wrong}"));
        assert_eq!(said.code, code, "{}{}", said.out, said.err);
    }
    assert!(!bench.known_hosts().exists());

    // A watch does not begin before somebody has looked.
    let watch = run_with(bench.data(), "watch --plain --no-notify", NONE);
    assert!(watch.code != 0 && watch.err.contains(&shown), "{}{}", watch.out, watch.err);

    let said = bench.doctor(key, NONE, &format!("--trust-host-key {shown}")).with_code(0);
    assert!(
        said.out.contains("trusted from now on") && said.out.contains("by SSH to its socket"),
        "{}",
        said.out
    );
    assert!(said.out.contains(&shown), "{}", said.out);
    let kept = fs::read_to_string(bench.known_hosts()).unwrap();
    assert!(kept.contains(&format!("[127.0.0.1]:{} ssh-ed25519 ", sshd.port())), "{kept}");
    bench.doctor(key, NONE, "").with_code(0);
}

fn keys(bench: &Bench<'_>, sshd: &Sshd, address: &str) {
    let file = |name: &str| bench.data().join(name);
    fs::write(file("none"), "nothing").unwrap();
    fs::set_permissions(file("none"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::copy(sshd.key(), file("open")).unwrap();
    fs::set_permissions(file("open"), fs::Permissions::from_mode(0o644)).unwrap();
    let passphrase = |what: &'static str| [("WATCHKEEPER_SSH_PASSPHRASE", what)];
    let with = |key: &Path| by_ssh(address, Some(key));
    bench.says(&with(&sshd.key()), NONE, "good", "by SSH to its socket");
    bench.says(&with(&sshd.locked_key()), &passphrase(PASSPHRASE), "good", "by SSH");
    bench.says(&with(&sshd.locked_key()), NONE, "passphrase", "there is no passphrase");
    bench.says(&with(&sshd.locked_key()), &passphrase("kalispera"), "passphrase", "passphrase is wrong");
    bench.says(&with(&sshd.strange_key()), NONE, "ssh_key_refused", "takes none of the keys");
    bench.says(&with(&file("missing")), NONE, "key_file", "there is no such file");
    bench.says(&with(&file("none")), NONE, "key_file", "no private key");
    bench.says(&with(bench.data()), NONE, "key_file", "it is no file");
    bench.says(&with(&file("open")), NONE, "key_rights", "mode 644");

    // Without a key of its own: the agent's, then those that ssh has.
    let without = by_ssh(address, None);
    bench.says(&without, NONE, "ssh_no_key", "no SSH agent (SSH_AUTH_SOCK is not set)");
    bench.says(&without, &[("SSH_AUTH_SOCK", "/no/agent")], "ssh_no_key", "where SSH_AUTH_SOCK points to");
    let (ours, strange) = (sshd.agent(&sshd.key()).unwrap(), sshd.agent(&sshd.strange_key()).unwrap());
    let agent = |agent: &Path| agent.display().to_string();
    bench.says(&without, &[("SSH_AUTH_SOCK", &agent(ours.socket()))], "good", "by SSH");
    let strange = agent(strange.socket());
    bench.says(&without, &[("SSH_AUTH_SOCK", &strange)], "ssh_key_refused", "of the agent");
    bench.says(&with(&sshd.key()), &[("SSH_AUTH_SOCK", &strange)], "good", "by SSH");
    fs::create_dir(file(".ssh")).unwrap();
    fs::copy(sshd.key(), file(".ssh/id_ed25519")).unwrap();
    bench.says(&without, &[("SSH_AUTH_SOCK", &strange)], "good", "by SSH");
    bench.says(&format!("{without}\nssh_key = \"~/.ssh/id_ed25519\""), NONE, "good", "by SSH");
    fs::remove_dir_all(file(".ssh")).unwrap();
}

fn passwords(bench: &Bench<'_>, sshd: &mut Sshd, address: &str) {
    let without = by_ssh(address, None);
    let password = sshd.password().to_owned();
    let given = |what: &str| [("WATCHKEEPER_SSH_PASSWORD", what.to_owned())];
    bench.says(&without, &given(&password), "good", "by SSH");
    bench.says(&format!("{without}\nssh_password_env = \"NAS\""), &[("NAS", &password)], "good", "by SSH");
    let before = sshd.logged("Failed password");
    bench.says(&without, &given("wrong"), "ssh_password", "refuses the password");
    // One program tries it once, however many ask.
    assert_eq!(sshd.logged("Failed password"), before + 1, "{}", sshd.log());
    sshd.restart(&["AuthenticationMethods publickey,password"]).unwrap();
    let key = by_ssh(address, Some(&sshd.key()));
    bench.says(&key, NONE, "ssh_more", "more than one");
    bench.says(&key, &given(&password), "good", "by SSH");
    sshd.restart(&["PasswordAuthentication no"]).unwrap();
    bench.says(&without, &given(&password), "ssh_no_key", "nothing to log in with");
    sshd.restart(&[]).unwrap();
}

fn forwarding(bench: &Bench<'_>, sshd: &mut Sshd, key: &str) {
    let named = |path: &str| format!("{key}\ndocker_path = \"{path}\"");
    for lines in ["DisableForwarding yes", "AllowStreamLocalForwarding no"] {
        sshd.restart(&[lines]).unwrap();
        bench.says(key, NONE, "good", "through `docker system dial-stdio`");
        bench.says(&named("/usr/bin/docker"), NONE, "good", "dial-stdio");
        bench.says(&named("/no/docker"), NONE, "ssh_docker", "forbids forwarding");
    }
    sshd.restart(&[
        "DisableForwarding yes",
        "ForceCommand echo This account is currently not available. >&2; exit 1",
    ])
    .unwrap();
    bench.says(key, NONE, "ssh_commands", "no commands: This account");
    sshd.restart(&["DisableForwarding yes", "MaxSessions 0"]).unwrap();
    bench.says(key, NONE, "ssh_commands", "it opens no session");
    sshd.restart(&[]).unwrap();
    // There it is forwarded, and a named docker is not needed.
    bench.says(&named("/no/docker"), NONE, "good", "by SSH to its socket");
    let nowhere = by_ssh(&format!("{}/no/docker.sock", sshd.address()), Some(&sshd.key()));
    bench.says(&nowhere, NONE, "container_station", "does not run there");
    bench.says(
        &format!("{nowhere}\ndocker_path = \"/no/docker\""),
        NONE,
        "container_station",
        "there is no /no/docker.sock",
    );
}

fn no_rights(bench: &Bench<'_>, sshd: &mut Sshd, key: &str) {
    sshd.shut_out(bench.dockerd).unwrap();
    let socket = socket(bench.dockerd);
    bench.says(key, NONE, "ssh_socket", &format!("permission denied on {}", socket.display()));
    bench.says(&format!("{key}\ndocker_path = \"/no/docker\""), NONE, "ssh_socket", "may not use");
    sshd.restart(&["DisableForwarding yes"]).unwrap();
    bench.says(key, NONE, "ssh_socket", "may not use Docker");
    sshd.admit(bench.dockerd).unwrap();
    sshd.restart(&[]).unwrap();
    bench.says(key, NONE, "good", "by SSH");
}

fn other_servers(bench: &Bench<'_>, sshd: &Sshd) {
    let at = |port: &str| by_ssh(&format!("ssh://admin@127.0.0.1:{port}"), Some(&sshd.key()));
    let (_, sms) = bench.sms.rsplit_once(':').unwrap();
    bench.says(&at(sms), NONE, "not_ssh", "does not speak SSH");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    bench.says(&at(&closed), NONE, "ssh_off", "no SSH server listens there");
    // It is connected, and never hears a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let hasty = Bench { timeout: "2s", ..Bench::new(bench.dockerd, bench.sms.clone()) };
    hasty.says(&at(&port), NONE, "overloaded", "no whole answer in time");
    let lines = by_ssh("ssh://admin@no-such-nas.invalid", Some(&sshd.key()));
    let json = bench.doctor(&lines, NONE, "--json").with_code(1).json();
    let first = json["rungs"].as_array().unwrap().iter().find(|r| r["outcome"] == "bad").unwrap().clone();
    assert_eq!(first["code"], "use_address", "{first}");
}

fn the_host_key_has_changed(bench: &Bench<'_>, sshd: &mut Sshd, key: &str) {
    let before = sshd.fingerprint().unwrap();
    let accepted = sshd.logged("Accepted ");
    for kind in ["ed25519", "ecdsa", "rsa"] {
        sshd.new_host_key(kind).unwrap();
        sshd.restart(&[]).unwrap();
        let now = sshd.fingerprint().unwrap();
        let json = bench.doctor(key, NONE, &format!("--json --trust-host-key {now}")).with_code(1).json();
        let host_key = &json["host_key"];
        assert_eq!(
            (host_key["state"].as_str(), host_key["fingerprint"].as_str()),
            (Some("changed"), Some(&*now))
        );
        let file = bench.known_hosts().display().to_string();
        let line = host_key["line"].as_u64().unwrap();
        for part in ["HAS CHANGED", &now, &before, &format!("line {line} of {file}"), "nothing was sent"] {
            bench.says(key, NONE, "host_key_changed", part);
        }
    }
    assert_eq!(sshd.logged("Accepted "), accepted, "somebody logged in at another host");

    // As it says: the line is deleted, and the new key is asked for.
    fs::remove_file(bench.known_hosts()).unwrap();
    bench.says(key, NONE, "host_key_unknown", "RSA");
    let now = sshd.fingerprint().unwrap();
    bench.doctor(key, NONE, &format!("--trust-host-key {now}")).with_code(0);
    // What ssh knows is believed, too.
    fs::remove_file(bench.known_hosts()).unwrap();
    fs::create_dir(bench.data().join(".ssh")).unwrap();
    sshd.introduce(&bench.data().join(".ssh/known_hosts")).unwrap();
    bench.says(key, NONE, "good", "by SSH");
    fs::write(bench.known_hosts(), format!("[127.0.0.1]:{} ssh-rsa AAAA\n", sshd.port())).unwrap();
    bench.says(key, NONE, "known_hosts", "cannot be read");
}

#[tokio::test]
async fn each_broken_way_by_tls() {
    let Some(dockerd) = Dockerd::start(Door::Tls).await.unwrap() else { return };
    let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let bench = Bench::new(&dockerd, sms.address());
    let (address, certificates) = dockerd.tls().unwrap();
    let with = |address: &str, folder: &Path| {
        format!("docker = \"{address}\"\ndocker_certificates = \"{}\"", folder.display())
    };
    bench.says(&with(&address, &certificates), NONE, "good", "API");
    let stranger = dockerd.strangers_certificates();
    bench.says(&with(&address, &stranger), NONE, "client_certificate", "refused the client certificate");
    // Loopback needs no consent, and the Engine none without certificates.
    bench.says(&format!("docker = \"{address}\""), NONE, "speak_tls", "HTTP request to an HTTPS server");
    bench.says(
        &with(&format!("tcp://{}", sms.address()), &certificates),
        NONE,
        "not_tls",
        "does not speak TLS",
    );
    let other = bench.data().join("other");
    fs::create_dir(&other).unwrap();
    for name in ["cert.pem", "key.pem"] {
        fs::copy(certificates.join(name), other.join(name)).unwrap();
    }
    fs::copy(certificates.join("cert.pem"), other.join("ca.pem")).unwrap();
    bench.says(&with(&address, &other), NONE, "engine_authority", "authority that is trusted");
    fs::copy(certificates.join("cert.pem"), other.join("server.pem")).unwrap();
    bench.says(&with(&address, &other), NONE, "engine_not_pinned", "not the pinned one");

    let over_the_network = bench.doctor("docker = \"tcp://192.0.2.7:2375\"", NONE, "");
    assert_eq!(over_the_network.code, 3, "{}", over_the_network.out);
    for part in ["unprotected", "docker_unprotected = true", "whoever reaches its port"] {
        assert!(over_the_network.err.contains(part), "{}", over_the_network.err);
    }
}
