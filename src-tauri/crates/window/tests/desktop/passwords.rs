//! A deployment's password in the keychain, from the set-up to its removal.

use super::*;

/// A keychain in memory that can be locked.
#[derive(Default)]
pub(super) struct Chain {
    pub(super) all: Mutex<HashMap<String, String>>,
    pub(super) locked: AtomicBool,
}

impl Chain {
    fn opened(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, String>>, String> {
        if self.locked.load(SeqCst) { Err("it is locked".into()) } else { Ok(self.all.lock().unwrap()) }
    }
    pub(super) fn secrets(&self) -> Vec<String> {
        self.all.lock().unwrap().values().cloned().collect()
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

pub(super) async fn with(chain: &Arc<Chain>, folder: &Path) -> (Arc<Noted>, Arc<Desktop>) {
    let host = Noted::new();
    let (shown, keychain) = (Arc::clone(&host) as Arc<dyn Host>, Arc::clone(chain) as Arc<dyn Keychain>);
    (host, Desktop::open(shown, keychain, folder.to_owned()).await.unwrap())
}

pub(super) fn draft(desktop: &Desktop, url: &str) -> SetUp {
    SetUp {
        name: "NAS".into(),
        url: url.into(),
        docker: "unix:///var/run/docker.sock".into(),
        version: "1.15.1".into(),
        email: "Watch@example.org".into(),
        ..desktop.set_up()
    }
}

/// A set-up with the password of its account.
async fn with_password(desktop: &Desktop) -> SetUp {
    let set_up = draft(desktop, "http://nas:8080");
    desktop.remember_password(&set_up, "one".into()).await.unwrap();
    set_up
}

/// How it is with the account; what was asked of the keychain before is done by then.
async fn account(desktop: &Desktop, draft: &SetUp) -> AccountState {
    let seen = desktop.look_over(draft).await.unwrap();
    assert!(seen.rungs.is_empty());
    seen.account
}

#[tokio::test]
async fn a_password_stays_with_its_deployment_and_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (_, desktop) = with(&chain, folder.path()).await;
    // Typed before the deployment is kept.
    let first = draft(&desktop, "http://nas:8080");
    assert_eq!(account(&desktop, &first).await, AccountState::Missing);
    desktop.remember_password(&first, "one".into()).await.unwrap();
    assert_eq!(account(&desktop, &first).await, AccountState::InKeychain);
    // That of another account it is not.
    let other = SetUp { email: "other@example.org".into(), ..first.clone() };
    assert_eq!(account(&desktop, &other).await, AccountState::Missing);
    let id = desktop.finish_set_up(&first).unwrap();
    let kept = desktop.set_up_of(&id).unwrap();
    assert_eq!(account(&desktop, &kept).await, AccountState::InKeychain);
    assert_eq!(chain.secrets(), ["watch@example.org\none"]);

    // Another address is the same deployment.
    let moved = SetUp { url: "https://nas.example".into(), ..kept };
    assert_eq!(account(&desktop, &moved).await, AccountState::InKeychain);
    assert_eq!(desktop.finish_set_up(&moved).unwrap(), id);
    let kept = desktop.set_up_of(&id).unwrap();
    assert_eq!(account(&desktop, &kept).await, AccountState::InKeychain);

    // Another account has another password; what is typed for it counts when the set-up is finished, and not before.
    let other = SetUp { email: "other@example.org".into(), ..kept.clone() };
    assert_eq!(account(&desktop, &other).await, AccountState::Missing);
    desktop.remember_password(&other, "two".into()).await.unwrap();
    assert_eq!(account(&desktop, &kept).await, AccountState::InKeychain);
    assert_eq!(desktop.finish_set_up(&other).unwrap(), id);
    assert_eq!(account(&desktop, &desktop.set_up_of(&id).unwrap()).await, AccountState::InKeychain);
    assert_eq!(chain.secrets(), ["other@example.org\ntwo"]);

    // What was typed for nothing is forgotten with its set-up.
    let second = draft(&desktop, "http://second:8080");
    desktop.save_set_up(&second).unwrap();
    desktop.remember_password(&second, "three".into()).await.unwrap();
    desktop.drop_set_up().unwrap();
    assert_eq!(account(&desktop, &second).await, AccountState::Missing);
    desktop.remove_deployment(&id).unwrap();
    assert_eq!(account(&desktop, &second).await, AccountState::Missing);
    assert_eq!(chain.secrets(), Vec::<String>::new());
}

#[tokio::test]
async fn what_an_earlier_version_filed_is_filed_anew_once() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (_, desktop) = with(&chain, folder.path()).await;
    let first = draft(&desktop, "http://nas:8080/");
    let (one, two) = (desktop.finish_set_up(&first).unwrap(), desktop.finish_set_up(&first).unwrap());
    let earlier = "watch@example.org at http://nas:8080";
    assert_eq!(account(&desktop, &first).await, AccountState::Missing);
    chain.all.lock().unwrap().insert(earlier.into(), "old".into());
    assert_eq!(account(&desktop, &desktop.set_up_of(&one).unwrap()).await, AccountState::InKeychain);
    // Both have it, until only one of them does. A set-up that is finished asks as the watch does.
    for (id, left) in [(&one, true), (&two, true)] {
        let moved = SetUp { owner: "B".into(), ..desktop.set_up_of(id).unwrap() };
        desktop.finish_set_up(&moved).unwrap();
        account(&desktop, &first).await;
        assert_eq!(chain.all.lock().unwrap().contains_key(earlier), left);
    }
    desktop.remove_deployment(&one).unwrap();
    account(&desktop, &first).await;
    assert_eq!(chain.all.lock().unwrap().len(), 2);
    desktop.remove_deployment(&two).unwrap();
    account(&desktop, &first).await;
    assert_eq!(chain.secrets(), Vec::<String>::new());
}

#[tokio::test]
async fn that_a_password_was_not_forgotten_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (host, desktop) = with(&chain, folder.path()).await;
    let first = with_password(&desktop).await;
    let id = desktop.finish_set_up(&first).unwrap();
    account(&desktop, &first).await;
    chain.locked.store(true, SeqCst);
    desktop.remove_deployment(&id).unwrap();
    assert!(desktop.home().await.unwrap().deployments.is_empty());
    let told = told(&host).await;
    for part in ["it is locked", "deployment nas in ", "yourself"] {
        assert!(told.body.contains(part), "{told:?}");
    }
}

async fn told(host: &Noted) -> watchkeeper_window::contract::Told {
    match host.message(|m| matches!(m, Message::Told(_))).await {
        Message::Told(told) => told,
        other => panic!("{other:?}"),
    }
}

pub(super) fn all_told(host: &Noted) -> Vec<watchkeeper_window::contract::Told> {
    let all = host.messages.borrow();
    all.iter().filter_map(|m| if let Message::Told(told) = m { Some(told.clone()) } else { None }).collect()
}

#[tokio::test]
async fn a_password_that_was_not_filed_is_told_and_is_not_the_next_ones() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (host, desktop) = with(&chain, folder.path()).await;
    let first = with_password(&desktop).await;
    chain.locked.store(true, SeqCst);
    let id = desktop.finish_set_up(&first).unwrap();
    let told = told(&host).await;
    assert!(told.body.contains("it is locked") && told.body.contains(&id), "{told:?}");
    // Nor is the environment blamed for it.
    let refused = desktop.start_watch(&id, false).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Keychain);
    assert!(refused.message.contains("it is locked"), "{refused:?}");
    assert!(refused.help.is_some_and(|h| h.contains("unlock") && h.contains("WATCHKEEPER_PASSWORD")));
    chain.locked.store(false, SeqCst);
    let second = draft(&desktop, "http://second:8080");
    assert_eq!(account(&desktop, &second).await, AccountState::Missing);
    assert_eq!(chain.secrets(), Vec::<String>::new());
}

#[tokio::test]
async fn a_deployment_that_could_not_be_read_keeps_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (_, desktop) = with(&chain, folder.path()).await;
    let first = with_password(&desktop).await;
    let id = desktop.finish_set_up(&first).unwrap();
    let file = folder.path().join("deployments").join(format!("{id}.toml"));
    let text = std::fs::read_to_string(&file).unwrap();
    for (email, left) in [("watch@example.org", vec!["watch@example.org\none"]), ("b@example.org", vec![])] {
        std::fs::write(&file, text.replace("http://nas:8080", "nowhere")).unwrap();
        let mended =
            SetUp { url: "http://nas:8080".into(), email: email.into(), ..desktop.set_up_of(&id).unwrap() };
        assert_eq!(desktop.finish_set_up(&mended).unwrap(), id);
        account(&desktop, &first).await;
        assert_eq!(chain.secrets(), left, "{email}");
    }
    // One of the same name and account that comes after it has its own.
    desktop.remember_password(&desktop.set_up_of(&id).unwrap(), "two".into()).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(desktop.finish_set_up(&SetUp { email: "b@example.org".into(), ..first.clone() }).unwrap(), id);
    account(&desktop, &first).await;
    assert_eq!(chain.secrets(), Vec::<String>::new());
}

#[tokio::test]
async fn a_draft_that_stays_keeps_no_deployment_from_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Arc::new(Chain::default());
    let (host, desktop) = with(&chain, folder.path()).await;
    let first = with_password(&desktop).await;
    // A folder is no file that could be removed.
    std::fs::create_dir(folder.path().join("set-up.json")).unwrap();
    let id = desktop.finish_set_up(&first).unwrap();
    let told = told(&host).await;
    assert!(told.body.contains(&id), "{told:?}");
    assert_eq!(account(&desktop, &desktop.set_up_of(&id).unwrap()).await, AccountState::InKeychain);
}

/// The keychain is locked when a set-up is finished: what was typed may be lost, or what is not the account's stays. Where
/// neither can be, nobody is told anything.
#[tokio::test]
async fn only_what_may_be_lost_or_left_is_told() {
    #[derive(Clone, Copy, PartialEq, Debug)]
    enum Before {
        Nothing,
        /// A deployment with an account that had no password.
        Bare,
        /// One whose account has its password.
        Kept,
        /// One that had a password and was removed.
        Removed,
    }
    use Before::{Bare, Kept, Nothing, Removed};
    const OWN: &str = "Watch@example.org";
    for (before, restarted, email, typed, lost, left) in [
        (Nothing, false, OWN, false, false, false),
        (Nothing, false, "", false, false, false),
        (Nothing, false, OWN, true, true, false),
        (Bare, false, OWN, false, false, false),
        (Bare, false, "b@example.org", false, false, false),
        (Bare, false, "", false, false, false),
        (Bare, false, "b@example.org", true, true, false),
        (Bare, true, OWN, false, false, false),
        (Kept, false, OWN, false, false, false),
        (Kept, true, OWN, false, false, false),
        (Kept, false, "b@example.org", false, false, true),
        (Kept, false, "", false, false, true),
        (Kept, true, "b@example.org", false, false, true),
        (Kept, false, "b@example.org", true, true, true),
        (Removed, false, OWN, false, false, true),
        (Removed, true, OWN, false, false, true),
    ] {
        let what = format!("{before:?} {restarted} {email} {typed}");
        let folder = tempfile::tempdir().unwrap();
        let chain = Arc::new(Chain::default());
        let (mut host, mut desktop) = with(&chain, folder.path()).await;
        let mut set_up = draft(&desktop, "http://nas:8080");
        if before != Nothing {
            if matches!(before, Kept | Removed) {
                desktop.remember_password(&set_up, "one".into()).await.unwrap();
            }
            let id = desktop.finish_set_up(&set_up).unwrap();
            account(&desktop, &set_up).await;
            if before == Removed {
                chain.locked.store(true, SeqCst);
                desktop.remove_deployment(&id).unwrap();
                told(&host).await;
                chain.locked.store(false, SeqCst);
            }
            if restarted {
                drop(desktop);
                (host, desktop) = with(&chain, folder.path()).await;
            }
            set_up = match before {
                Removed => draft(&desktop, "http://nas:8080"),
                _ => desktop.set_up_of(&id).unwrap(),
            };
        }
        set_up.email = email.into();
        if typed {
            desktop.remember_password(&set_up, "two".into()).await.unwrap();
        }
        account(&desktop, &set_up).await;
        chain.locked.store(true, SeqCst);
        let told_before = all_told(&host).len();
        desktop.finish_set_up(&set_up).unwrap();
        // Asked after it, and so answered after it; then its own task has its turn.
        account(&desktop, &SetUp { email: OWN.into(), ..set_up }).await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let titles: Vec<String> = all_told(&host)[told_before..].iter().map(|t| t.title.clone()).collect();
        let says = |part: &str| titles.iter().any(|t| t.contains(part));
        assert_eq!((says("may not be in"), says("An old password")), (lost, left), "{what}: {titles:?}");
        assert_eq!(titles.len(), usize::from(lost) + usize::from(left), "{what}: {titles:?}");
    }
}

/// What one set-up settled is not told of the next one, for which the keychain is locked.
#[tokio::test]
async fn what_was_settled_is_not_told_of_again() {
    const OWN: &str = "Watch@example.org";
    const OTHER: &str = "b@example.org";
    for (email, typed, then, holds, stays) in [
        // What was typed has gone to the deployment.
        (OTHER, true, OTHER, true, false),
        (OTHER, true, OWN, true, true),
        (OWN, false, OTHER, true, true),
        // Nothing is left there that could stay.
        (OTHER, false, "c@example.org", false, false),
    ] {
        let what = format!("{email} {typed} {then}");
        let folder = tempfile::tempdir().unwrap();
        let chain = Arc::new(Chain::default());
        let (host, desktop) = with(&chain, folder.path()).await;
        let first = with_password(&desktop).await;
        let id = desktop.finish_set_up(&first).unwrap();
        let second = SetUp { email: email.into(), ..desktop.set_up_of(&id).unwrap() };
        if typed {
            desktop.remember_password(&second, "two".into()).await.unwrap();
        }
        desktop.finish_set_up(&second).unwrap();
        account(&desktop, &first).await;
        assert_eq!(!chain.secrets().is_empty(), holds, "{what}");
        chain.locked.store(true, SeqCst);
        let third = SetUp { email: then.into(), ..desktop.set_up_of(&id).unwrap() };
        desktop.finish_set_up(&third).unwrap();
        assert_eq!(account(&desktop, &first).await, AccountState::NoKeychain);
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let titles: Vec<String> = all_told(&host).into_iter().map(|t| t.title).collect();
        let expected: &[&str] = if stays { &["An old password may still be in the keychain"] } else { &[] };
        assert_eq!(titles, expected, "{what}");
    }
}
