//! The window's set-up over a real SSH server: the host key is shown, trusted and refused when it has changed, and what was
//! kept in the keychain opens the NAS.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use watchkeeper_core::reading::Place;
use watchkeeper_engine::ports::Notification;
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, SmsOptions},
    sshd::{PASSPHRASE, Sshd},
};
use watchkeeper_window::{
    Desktop,
    contract::{ErrorCode, Examination, LadderRung, Pick, RungOutcome, SetUp, SshSecret},
    host::{Host, Keychain, Message},
    tray::Tray,
};

/// A desktop on which nothing is looked at.
struct Dark;

#[async_trait]
impl Host for Dark {
    fn tell(&self, _: Message) {}
    fn is_visible(&self) -> bool {
        false
    }
    fn show_window(&self) {}
    async fn page_answers(&self) -> bool {
        false
    }
    async fn confirm_quit(&self) -> bool {
        true
    }
    fn show_tray(&self, _: &Tray) {}
    async fn notify(&self, _: &str, _: &Notification) -> Result<(), String> {
        Ok(())
    }
    async fn ask_where(&self, _: &str) -> Option<PathBuf> {
        None
    }
    async fn pick(&self, _: Pick) -> Option<PathBuf> {
        None
    }
    fn reveal(&self, _: &Path) -> Result<(), String> {
        Ok(())
    }
    fn set_autostart(&self, _: bool) -> Result<(), String> {
        Ok(())
    }
    fn locale(&self) -> Option<String> {
        None
    }
    fn exit(&self) {}
}

/// A keychain in memory that can be locked.
#[derive(Default)]
struct Chain {
    all: Mutex<HashMap<String, String>>,
    locked: AtomicBool,
}

impl Chain {
    fn opened(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, String>>, String> {
        if self.locked.load(SeqCst) { Err("it is locked".into()) } else { Ok(self.all.lock().unwrap()) }
    }
}

impl Keychain for Chain {
    fn password(&self, account: &str) -> Result<Option<String>, String> {
        Ok(self.opened()?.get(account).cloned())
    }
    fn remember(&self, account: &str, password: &str) -> Result<(), String> {
        self.opened()?.insert(account.into(), password.into());
        Ok(())
    }
    fn forget(&self, account: &str) -> Result<(), String> {
        self.opened()?.remove(account);
        Ok(())
    }
}

fn engine(seen: &Examination) -> &LadderRung {
    seen.rungs.iter().find(|rung| rung.place == Place::DockerEngine).unwrap()
}

/// Holds what is said of the Engine against the code of its advice; `None` where all is well.
async fn says(desktop: &Desktop, draft: &SetUp, code: Option<&str>) -> Examination {
    let seen = desktop.examine(draft).await.unwrap();
    let rung = engine(&seen);
    assert_eq!(rung.code.as_deref(), code, "{rung:?}");
    assert_eq!(rung.outcome == RungOutcome::Good, code.is_none(), "{rung:?}");
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nas_is_met_trusted_opened_and_known_again() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let Some(sshd) = Sshd::start(&[]).unwrap() else { return };
    let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    sshd.admit(&dockerd).unwrap();
    let data = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let keychain = Arc::clone(&chain) as Arc<dyn Keychain>;
    let desktop = Desktop::open(Arc::new(Dark), keychain, data.path().to_owned()).await.unwrap();
    let draft = SetUp {
        name: "NAS".into(),
        url: format!("http://{}", sms.address()),
        docker: sshd.address_of(&dockerd),
        version: "1.15.1".into(),
        owner: "The owner".into(),
        ..desktop.set_up()
    };

    // Met: nothing is sent before its key is trusted, not even what was kept.
    desktop.remember_ssh_secret(&draft, SshSecret::Password, sshd.password().into()).await.unwrap();
    let seen = says(&desktop, &draft, Some("host_key_unknown")).await;
    let shown = seen.host_key.unwrap();
    let fingerprint = sshd.fingerprint().unwrap();
    assert_eq!((&*shown.algorithm, &shown.fingerprint, shown.known), ("ED25519", &fingerprint, None));
    let refused = desktop.trust_host_key(&draft, "SHA256:another").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    says(&desktop, &draft, Some("host_key_unknown")).await;
    assert_eq!(sshd.logged("Accepted ") + sshd.logged("Failed "), 0, "{}", sshd.log());

    // Trusted by a person's word; then what is in the keychain opens it.
    desktop.trust_host_key(&draft, &fingerprint).await.unwrap();
    assert!(says(&desktop, &draft, None).await.host_key.is_none());
    assert_eq!(sshd.logged("Accepted password"), 1, "{}", sshd.log());
    desktop.forget_ssh_secret(&draft, SshSecret::Password).await.unwrap();
    says(&desktop, &draft, Some("ssh_no_key")).await;
    let locked = SetUp { ssh_key: sshd.locked_key().display().to_string(), ..draft.clone() };
    says(&desktop, &locked, Some("passphrase")).await;
    desktop.remember_ssh_secret(&locked, SshSecret::Passphrase, PASSPHRASE.into()).await.unwrap();
    says(&desktop, &locked, None).await;

    // The watch has it too; without the keychain it does not begin, and says why.
    let id = desktop.finish_set_up(&locked).unwrap();
    let session = desktop.start_watch(&id, true).await.unwrap();
    desktop.stop_watch(&session, "seen").await.unwrap();
    assert!(sshd.logged("Accepted publickey") >= 2, "{}", sshd.log());
    chain.locked.store(true, SeqCst);
    let refused = desktop.start_watch(&id, true).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Keychain, "{refused:?}");
    assert!(refused.message.contains("it is locked") && refused.help.is_some_and(|h| h.contains("unlock")));
    chain.locked.store(false, SeqCst);

    // Known again, and refused once it is another: it cannot be trusted over the one before.
    sshd.new_host_key("ed25519").unwrap();
    let mut sshd = sshd;
    sshd.restart(&[]).unwrap();
    let before = sshd.logged("Accepted ");
    let kept = desktop.set_up_of(&id).unwrap();
    let shown = says(&desktop, &kept, Some("host_key_changed")).await.host_key.unwrap();
    let known = shown.known.unwrap();
    assert!(known.fingerprint.contains(&fingerprint), "{known:?}");
    // The line to delete is the one that the key stands in.
    assert_eq!(known.file, data.path().join("known_hosts").display().to_string());
    let hosts = std::fs::read_to_string(&known.file).unwrap();
    let line = hosts.lines().nth(known.line - 1).unwrap();
    assert!(line.contains("ssh-ed25519 ") && line.contains(&sshd.port().to_string()), "{line}");
    assert_eq!(shown.fingerprint, sshd.fingerprint().unwrap());
    let refused = desktop.trust_host_key(&kept, &shown.fingerprint).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    says(&desktop, &kept, Some("host_key_changed")).await;
    assert!(desktop.start_watch(&id, true).await.unwrap_err().message.contains(&shown.fingerprint));
    assert_eq!(sshd.logged("Accepted "), before, "{}", sshd.log());
    for secret in [sshd.password(), PASSPHRASE] {
        let file = std::fs::read(data.path().join("watchkeeper.db")).unwrap();
        assert!(!file.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}
