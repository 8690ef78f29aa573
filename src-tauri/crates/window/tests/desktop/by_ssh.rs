//! What opens a NAS by SSH in the keychain, from the set-up to the deployment's removal.

use super::{
    passwords::{Chain, all_told, draft, with},
    *,
};
use SshSecret::{Passphrase, Password};

const NAS: &str = "ssh://admin@127.0.0.1:1";

/// A set-up that goes by SSH, without an account of the SMS.
fn by_ssh(desktop: &Desktop) -> SetUp {
    SetUp { docker: NAS.into(), email: String::new(), ..draft(desktop, "http://127.0.0.1:1") }
}

/// How it is with password and passphrase; what was asked of the keychain before is done by then.
async fn stands(desktop: &Desktop, draft: &SetUp) -> Option<(AccountState, AccountState)> {
    desktop.look_over(draft).await.unwrap().ssh.map(|ssh| (ssh.password, ssh.passphrase))
}

/// All files below `folder`, as one text.
fn written(folder: &Path) -> String {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { written(&path) } else { lossy(&path) })
        .collect()
}

fn lossy(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

#[tokio::test]
async fn what_opens_the_nas_stays_with_its_deployment_and_goes_with_it() {
    use AccountState::{InKeychain, Missing};
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (host, desktop) = with(&chain, folder.path()).await;
    let first = by_ssh(&desktop);
    assert_eq!(stands(&desktop, &first).await, Some((Missing, Missing)));
    desktop.remember_ssh_secret(&first, Password, "kept-password".into()).await.unwrap();
    desktop.remember_ssh_secret(&first, Passphrase, "kept-phrase".into()).await.unwrap();
    desktop.save_set_up(&first).unwrap();
    for (change, stand) in [
        (SetUp { ..first.clone() }, Some((InKeychain, InKeychain))),
        (SetUp { url: "http://127.0.0.1:2".into(), ..first.clone() }, Some((InKeychain, InKeychain))),
        (
            SetUp { docker: "ssh://admin@127.0.0.1:2222".into(), ..first.clone() },
            Some((InKeychain, InKeychain)),
        ),
        // Never shown to another host, or for another account; another key has another passphrase.
        (SetUp { docker: "ssh://admin@127.0.0.2:1".into(), ..first.clone() }, Some((Missing, InKeychain))),
        (SetUp { docker: "ssh://root@127.0.0.1:1".into(), ..first.clone() }, Some((Missing, InKeychain))),
        (SetUp { ssh_key: "~/.ssh/nas".into(), ..first.clone() }, Some((InKeychain, Missing))),
        (SetUp { docker: "unix:///var/run/docker.sock".into(), ..first.clone() }, None),
        (SetUp { docker: "ssh://127.0.0.1".into(), ..first.clone() }, None),
    ] {
        assert_eq!(stands(&desktop, &change).await, stand, "{} {}", change.docker, change.ssh_key);
    }

    let id = desktop.finish_set_up(&first).unwrap();
    let kept = desktop.set_up_of(&id).unwrap();
    assert_eq!(stands(&desktop, &kept).await, Some((InKeychain, InKeychain)));
    let named = |part: &str| {
        let all = chain.all.lock().unwrap();
        all.iter().find(|(name, _)| name.starts_with(part)).map(|(_, secret)| secret.clone())
    };
    assert_eq!(named("SSH password of deployment nas in").unwrap(), "admin@127.0.0.1\nkept-password");
    assert_eq!(named("SSH key's passphrase of deployment nas in").unwrap(), "the usual keys\nkept-phrase");
    assert_eq!(chain.secrets().len(), 2);

    // What is typed for another host counts when the set-up is finished, and not before.
    let moved = SetUp { docker: "ssh://admin@127.0.0.2:1".into(), ..kept.clone() };
    desktop.remember_ssh_secret(&moved, Password, "other-password".into()).await.unwrap();
    assert_eq!(stands(&desktop, &kept).await, Some((InKeychain, InKeychain)));
    assert_eq!(desktop.finish_set_up(&moved).unwrap(), id);
    assert_eq!(stands(&desktop, &kept).await, Some((Missing, InKeychain)));
    assert_eq!(stands(&desktop, &moved).await, Some((InKeychain, InKeychain)));
    assert_eq!(chain.secrets().len(), 2);
    desktop.forget_ssh_secret(&moved, Passphrase).await.unwrap();
    assert_eq!(stands(&desktop, &moved).await, Some((InKeychain, Missing)));

    // Another way needs none of it.
    let by_socket = SetUp { docker: "unix:///var/run/docker.sock".into(), ..moved.clone() };
    desktop.finish_set_up(&by_socket).unwrap();
    assert_eq!(stands(&desktop, &moved).await, Some((Missing, Missing)));
    assert_eq!(chain.secrets(), Vec::<String>::new());

    // With the deployment, and with a set-up that is dropped.
    desktop.remember_ssh_secret(&moved, Password, "third-password".into()).await.unwrap();
    desktop.finish_set_up(&moved).unwrap();
    stands(&desktop, &moved).await;
    assert_eq!(chain.secrets(), ["admin@127.0.0.2\nthird-password"]);
    desktop.remove_deployment(&id).unwrap();
    desktop.remember_ssh_secret(&first, Password, "fourth-password".into()).await.unwrap();
    desktop.drop_set_up().unwrap();
    assert_eq!(stands(&desktop, &first).await, Some((Missing, Missing)));
    assert_eq!(chain.secrets(), Vec::<String>::new());

    // It is told to nobody, and stands in no file.
    assert_eq!(all_told(&host), []);
    let files = written(folder.path());
    assert!(files.contains("ssh://admin@127.0.0.2:1"));
    for secret in ["kept-password", "kept-phrase", "other-password", "third-password", "fourth-password"] {
        assert!(!files.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn what_can_be_no_secret_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (_, desktop) = with(&chain, folder.path()).await;
    let first = by_ssh(&desktop);
    let long = "x".repeat(1_025);
    for (docker, secret, locked, code) in [
        (NAS, "", false, ErrorCode::Input),
        (NAS, &*long, false, ErrorCode::Input),
        ("ssh://127.0.0.1", "one", false, ErrorCode::Input),
        ("tcp://127.0.0.1:2376", "one", false, ErrorCode::Input),
        (NAS, "one", true, ErrorCode::Keychain),
    ] {
        chain.locked.store(locked, SeqCst);
        let draft = SetUp { docker: docker.into(), ..first.clone() };
        for which in [Password, Passphrase] {
            let refused = desktop.remember_ssh_secret(&draft, which, secret.into()).await.unwrap_err();
            assert_eq!(refused.code, code, "{docker} {which:?}");
            assert!(secret.is_empty() || !format!("{refused:?}").contains(&format!("\"{secret}\"")));
        }
    }
    assert_eq!(desktop.forget_ssh_secret(&first, Password).await.unwrap_err().code, ErrorCode::Keychain);
    assert_eq!(stands(&desktop, &first).await, Some((AccountState::NoKeychain, AccountState::NoKeychain)));
    chain.locked.store(false, SeqCst);
    assert_eq!(chain.secrets(), Vec::<String>::new());
}

/// The keychain is locked when a set-up is finished, or its deployment removed: only what may be lost or left is told.
#[tokio::test]
async fn a_locked_keychain_is_told_where_something_may_be_lost_or_left() {
    const NOTHING: &[&str] = &[];
    const LOST: &[&str] = &["The password may not be in the keychain"];
    const LEFT: &[&str] = &["An old password may still be in the keychain"];
    const BOTH: &[&str] =
        &["An old password may still be in the keychain", "The password may not be in the keychain"];
    const STAYS: &[&str] = &["The password may still be in the keychain"];
    let other = "ssh://admin@127.0.0.2:1";
    for (before, typed, docker, finished, removed) in [
        // A key needs no keychain, and nobody hears of one.
        (false, false, NAS, NOTHING, NOTHING),
        (false, false, other, NOTHING, NOTHING),
        (false, true, NAS, LOST, STAYS),
        (true, false, NAS, NOTHING, STAYS),
        (true, false, other, LEFT, STAYS),
        (true, true, other, BOTH, STAYS),
        (true, false, "unix:///var/run/docker.sock", LEFT, NOTHING),
    ] {
        let what = format!("{before} {typed} {docker}");
        let folder = tempfile::tempdir().unwrap();
        let chain = Arc::new(Chain::default());
        let (host, desktop) = with(&chain, folder.path()).await;
        let mut set_up = by_ssh(&desktop);
        let mut changes = false;
        if before || docker != NAS {
            if before {
                desktop.remember_ssh_secret(&set_up, Password, "one".into()).await.unwrap();
            }
            let id = desktop.finish_set_up(&set_up).unwrap();
            stands(&desktop, &set_up).await;
            set_up = desktop.set_up_of(&id).unwrap();
            changes = true;
        }
        set_up.docker = docker.into();
        if typed {
            desktop.remember_ssh_secret(&set_up, Password, "two".into()).await.unwrap();
        }
        chain.locked.store(true, SeqCst);
        let id = desktop.finish_set_up(&set_up).unwrap();
        assert_eq!(titles_after(&host, &desktop, 0).await, finished, "{what} {changes}");
        let told = all_told(&host).len();
        desktop.remove_deployment(&id).unwrap();
        assert_eq!(titles_after(&host, &desktop, told).await, removed, "removed: {what}");
    }
}

/// What was told after the first `told`, in the order of the alphabet.
async fn titles_after(host: &Noted, desktop: &Desktop, told: usize) -> Vec<String> {
    // Asked after it, and so answered after it; then each task has its turn.
    stands(desktop, &by_ssh(desktop)).await;
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    let mut titles: Vec<String> = all_told(host).split_off(told).into_iter().map(|t| t.title).collect();
    titles.sort();
    titles
}

/// A locked keychain holds up no watch that needs nothing of it: whether the NAS lets us in is seen on the way.
#[tokio::test]
async fn a_watch_by_key_starts_without_a_keychain() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (_, desktop) = with(&chain, folder.path()).await;
    let id = desktop.finish_set_up(&by_ssh(&desktop)).unwrap();
    chain.locked.store(true, SeqCst);
    // Nobody listens there, which is no matter of the keychain.
    let session = desktop.start_watch(&id, true).await.unwrap();
    assert!(desktop.is_watching());
    desktop.stop_watch(&session, "seen").await.unwrap();
}
