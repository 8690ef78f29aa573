//! What goes wrong beside the watch, and who else writes its journal.

use std::sync::{
    atomic::AtomicUsize,
    mpsc::{Receiver, Sender, channel},
};

use watchkeeper_store::{Access, Store};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_program_watches_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (_, theirs) = opened(folder.path()).await;
    let id = theirs.start_demo("day", 360.0).await.unwrap();
    let (host, ours) = opened(folder.path()).await;
    ours.open_session(&id).await.unwrap();
    assert!(!ours.is_watching());
    let first = ours.view().await.unwrap().readings;
    // The page is told by itself, again and again.
    for more in [10, 40] {
        host.message(|m| matches!(m, Message::Pulse(p) if p.session == id && p.readings > first + more))
            .await;
    }
    let note = Command::Note { by: "A".into(), text: "seen from the other one".into() };
    theirs.carry_out(&id, &note).await.unwrap();
    let seq = theirs.view().await.unwrap().head.seq;
    host.message(|m| matches!(m, Message::Pulse(p) if p.session == id && p.seq >= seq)).await;
    let view = viewed(&host, &ours, |v| !v.notes.is_empty()).await;
    // The charts have what the view has.
    let request = SeriesRequest {
        names: vec![SeriesName::ApiMs],
        from: WatchTime::START,
        to: view.now.watch,
        buckets: 4_000,
    };
    let n = ours.series(&request).await.unwrap()[0].n;
    assert!(n > 0 && n <= ours.view().await.unwrap().readings, "{n}");
    // Who comes back to a window that was hidden sees what is there by then, without waiting for the next look.
    host.visible.store(false, SeqCst);
    let before = ours.view().await.unwrap().readings;
    viewed_alone(&theirs, |v| v.readings > before + 50).await;
    assert!(ours.view().await.unwrap().readings > before + 50);
    theirs.stop_all(PATIENCE).await;
    assert_eq!(ours.view().await.unwrap().stage, Stage::Interrupted);
}

/// Waits until the shown session is as it is meant to be, with nobody to tell of it.
async fn viewed_alone(desktop: &Desktop, meant: impl Fn(&View) -> bool) {
    let looking = async {
        while !meant(&desktop.view().await.unwrap()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap();
}

/// Somebody who takes no heed of the lock writes a note into a session that is being watched.
#[cfg(unix)]
async fn meddle(folder: &Path, id: &str) {
    use watchkeeper_core::{
        chain,
        event::Fact,
        time::{Moment, WatchTime},
    };
    use watchkeeper_engine::ports::Journal;

    std::fs::remove_file(folder.join(format!("watchkeeper.db.{id}.lock"))).unwrap();
    let store = Store::open(&folder.join("watchkeeper.db"), Access::Write).await.unwrap();
    let journal = store.session(id).await.unwrap();
    let meddling = async {
        loop {
            let last = store.events(id).await.unwrap().pop().unwrap();
            let fact = Fact::NoteAdded { by: "B".into(), text: "meddled".into() };
            let moment = Moment { watch: WatchTime(last.moment.watch.0), ..last.moment };
            let note = chain::link(last.hash, last.seq + 1, moment, fact).unwrap();
            // The watch may have been faster.
            if journal.append(&[note]).await.is_ok() {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, meddling).await.unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_that_broke_off_goes_on_by_itself_and_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    let id = desktop.start_demo("day", 1_440.0).await.unwrap();
    viewed(&host, &desktop, |v| v.readings > 20).await;
    meddle(folder.path(), &id).await;
    let broke_off = |all: &Vec<(String, Notification)>| {
        all.iter().filter(|(session, n)| *session == id && n.title == "The watch broke off").count()
    };
    let mut notified = host.notified.subscribe();
    let told = tokio::time::timeout(PATIENCE, notified.wait_for(|all| broke_off(all) > 0)).await;
    told.expect("it was not told").unwrap();
    let view = viewed(&host, &desktop, |v| v.stage == Stage::InProgress && v.gaps.len() == 1).await;
    assert!(view.notes.iter().any(|n| n.text == "meddled") && desktop.is_watching());
    assert_eq!(broke_off(&notified.borrow()), 1);
    desktop.stop_all(PATIENCE).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_has_gone_on_with_is_told_anew_when_it_breaks_off_again() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    let id = desktop.start_demo("day", 1_440.0).await.unwrap();
    let mut notified = host.notified.subscribe();
    for times in 1..=2 {
        let before = desktop.view().await.unwrap().readings;
        viewed(&host, &desktop, |v| v.readings > before + 20).await;
        meddle(folder.path(), &id).await;
        let broke_off = |all: &Vec<(String, Notification)>| {
            all.iter().filter(|(_, n)| n.title == "The watch broke off").count() == times
        };
        let told = tokio::time::timeout(PATIENCE, notified.wait_for(broke_off)).await;
        told.unwrap_or_else(|_| panic!("break {times} was not told")).unwrap();
        // Before it would be tried by itself.
        desktop.resume_session(&id).await.unwrap();
        assert!(desktop.is_watching());
    }
    desktop.stop_all(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_quit_never_hangs_and_needs_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    let id = desktop.start_demo("day", 60.0).await.unwrap();
    host.page.store(false, SeqCst);
    *host.quits.lock().unwrap() = vec![true, false];
    desktop.pressed(Action::Quit).await;
    assert!(desktop.is_watching() && !*host.exited.borrow());
    // No watch ends in no time: it is given up, and said to be.
    assert_eq!(desktop.stop_all(Duration::ZERO).await, std::slice::from_ref(&id));
    let again = desktop.start_demo("day", 60.0).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::CouldNot);
    // What was given up is not waited for a second time.
    let quitting = tokio::time::timeout(Duration::from_secs(5), desktop.pressed(Action::Quit)).await;
    assert!(quitting.is_ok() && *host.exited.borrow());
    // Nothing that was recorded is lost.
    let (_, other) = opened(folder.path()).await;
    other.open_session(&id).await.unwrap();
    assert_eq!(other.view().await.unwrap().opening.session, id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_page_the_system_asks_and_the_watch_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    desktop.start_demo("day", 60.0).await.unwrap();
    host.page.store(false, SeqCst);
    *host.quits.lock().unwrap() = vec![true];
    desktop.pressed(Action::Quit).await;
    assert!(*host.exited.borrow() && !desktop.is_watching());
    assert!(!host.names().contains(&"asked_to_quit"));
}

/// A keychain whose service never answers.
struct Hung {
    asked: AtomicUsize,
    never: Mutex<Receiver<()>>,
    _kept: Sender<()>,
}

impl Hung {
    fn new() -> Arc<Self> {
        let (kept, never) = channel();
        Arc::new(Self { asked: AtomicUsize::new(0), never: Mutex::new(never), _kept: kept })
    }
    fn hang<T>(&self) -> Result<T, String> {
        self.asked.fetch_add(1, SeqCst);
        let _ = self.never.lock().unwrap().recv();
        Err("it has answered".into())
    }
}

impl Keychain for Hung {
    fn password(&self, _: &str) -> Result<Option<String>, String> {
        self.hang()
    }
    fn remember(&self, _: &str, _: &str) -> Result<(), String> {
        self.hang()
    }
    fn forget(&self, _: &str) -> Result<(), String> {
        self.hang()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keychain_that_never_answers_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let hung = Hung::new();
    let keychain = Arc::clone(&hung) as Arc<dyn Keychain>;
    let desktop = Desktop::open(Noted::new(), keychain, folder.path().to_owned()).await.unwrap();
    let draft = SetUp { url: "nas".into(), email: "watch@example.org".into(), ..desktop.set_up() };
    let asking = async {
        for _ in 0..20 {
            let home = desktop.home().await.unwrap();
            assert!(!home.keychain.word.is_empty(), "{:?}", home.keychain);
        }
        let seen = desktop.look_over(&draft).await.unwrap();
        assert!(seen.faults.iter().any(|f| f.field == "url"), "{:?}", seen.faults);
        // What the keychain would say is not known yet, and nothing is made of that.
        assert_eq!(seen.account, AccountState::Unknown);
        desktop.drop_set_up().unwrap();
    };
    // Less than it takes to give the keychain up.
    assert!(tokio::time::timeout(Duration::from_secs(8), asking).await.is_ok());
    // One thread hangs, not one for each question.
    assert_eq!(hung.asked.load(SeqCst), 1);
}

/// A file that cannot be used is a fault of its field, and the rest of the way is walked all the same. What is said at once
/// does not wait for the folder that it lies in.
#[tokio::test]
async fn certificates_that_cannot_be_used_are_told_at_their_field() {
    let folder = tempfile::tempdir().unwrap();
    let (_, desktop) = opened(folder.path()).await;
    let file = folder.path().join("certificates");
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("ca.pem"), "nothing").unwrap();
    let here = file.display().to_string();
    let (tcp, unix) = ("tcp://127.0.0.1:1", "unix:///no/such/docker.sock");
    for (url, docker, certificates, authority, field, says, bad) in [
        (
            "http://127.0.0.1:1",
            tcp,
            "/no/such/folder",
            "",
            "docker_certificates",
            "cannot be read",
            Place::DockerEngine,
        ),
        ("http://127.0.0.1:1", tcp, &*here, "", "docker_certificates", "no certificate", Place::DockerEngine),
        ("https://127.0.0.1:1", unix, "", "/no/such/ca.pem", "ca_file", "cannot be read", Place::Application),
        (
            "https://127.0.0.1:1",
            unix,
            "",
            &*format!("{here}/ca.pem"),
            "ca_file",
            "no certificate",
            Place::Application,
        ),
    ] {
        let draft = SetUp {
            name: "NAS".into(),
            url: url.into(),
            docker: docker.into(),
            docker_certificates: certificates.into(),
            ca_file: authority.into(),
            version: "1.15.1".into(),
            ..desktop.set_up()
        };
        let walked = desktop.examine(&draft).await.unwrap();
        assert_eq!(desktop.look_over(&draft).await.unwrap().faults, []);
        let [fault] = walked.faults.as_slice() else { panic!("{field}: {:?}", walked.faults) };
        assert!(fault.field == field && fault.message.contains(says), "{fault:?}");
        let rung = |place| walked.rungs.iter().find(|r| r.place == place).unwrap();
        assert_eq!(walked.rungs.len(), 7);
        assert_eq!(rung(bad).outcome, RungOutcome::Bad, "{walked:?}");
        assert_eq!(rung(Place::Nas).outcome, RungOutcome::Good, "{walked:?}");
    }
}
