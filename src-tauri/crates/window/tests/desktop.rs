//! The program behind the window, on the simulated deployment and without a desktop: what the window would ask and be
//! told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::watch;
use watchkeeper_core::{
    reading::Place,
    session::{Command, IncidentState},
    time::{Span, WatchTime},
    verdict::Decision,
    view::{Stage, Tone, View},
};
use watchkeeper_engine::ports::Notification;
use watchkeeper_window::{
    Desktop,
    contract::{
        AccountState, AppSettings, Block, ErrorCode, Language, Page, Pick, ReportFormat, RungOutcome,
        SeriesName, SeriesRequest, SetUp, SshSecret, Watched,
    },
    host::{Host, Keychain, Message},
    tray::{Action, Item, Tray},
};

#[path = "desktop/by_ssh.rs"]
mod by_ssh;
#[path = "desktop/certificates.rs"]
mod certificates;
#[path = "desktop/greek.rs"]
mod greek;
#[path = "desktop/passwords.rs"]
mod passwords;
#[path = "desktop/plan.rs"]
mod plan;
#[path = "desktop/trouble.rs"]
mod trouble;

/// No test waits longer for what is to happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A desktop that notes down everything.
struct Noted {
    messages: watch::Sender<Vec<Message>>,
    trays: watch::Sender<Vec<Tray>>,
    notified: watch::Sender<Vec<(String, Notification)>>,
    shown: watch::Sender<u32>,
    exited: watch::Sender<bool>,
    /// Whether somebody may be looking.
    visible: AtomicBool,
    /// Whether there is a page that answers.
    page: AtomicBool,
    /// What the person says to the system's own dialog; each question takes one.
    quits: Mutex<Vec<bool>>,
    save_to: Mutex<Option<PathBuf>>,
    revealed: Mutex<Vec<PathBuf>>,
    autostart: Mutex<Result<bool, String>>,
}

impl Noted {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            messages: watch::Sender::new(Vec::new()),
            trays: watch::Sender::new(Vec::new()),
            notified: watch::Sender::new(Vec::new()),
            shown: watch::Sender::new(0),
            exited: watch::Sender::new(false),
            visible: AtomicBool::new(true),
            page: AtomicBool::new(true),
            quits: Mutex::new(Vec::new()),
            save_to: Mutex::new(None),
            revealed: Mutex::new(Vec::new()),
            autostart: Mutex::new(Ok(false)),
        })
    }

    /// Waits until a message is there that is meant.
    async fn message(&self, meant: impl Fn(&Message) -> bool) -> Message {
        let mut all = self.messages.subscribe();
        let found = tokio::time::timeout(PATIENCE, all.wait_for(|all| all.iter().any(&meant))).await;
        let all = found.unwrap_or_else(|_| panic!("{:?}", self.names())).unwrap();
        all.iter().find(|m| meant(m)).unwrap().clone()
    }

    /// Waits until the tray is as it is meant to be: it is drawn beside what was asked for.
    async fn tray_where(&self, meant: impl Fn(&Tray) -> bool) {
        let mut all = self.trays.subscribe();
        let found = tokio::time::timeout(PATIENCE, all.wait_for(|all| all.last().is_some_and(&meant))).await;
        assert!(found.is_ok(), "{:?}", self.tray());
    }

    fn names(&self) -> Vec<&'static str> {
        self.messages.borrow().iter().map(Message::name).collect()
    }

    fn tray(&self) -> Tray {
        self.trays.borrow().last().unwrap().clone()
    }
}

#[async_trait]
impl Host for Noted {
    fn tell(&self, message: Message) {
        self.messages.send_modify(|all| all.push(message));
    }
    fn is_visible(&self) -> bool {
        self.visible.load(SeqCst)
    }
    fn show_window(&self) {
        self.shown.send_modify(|n| *n += 1);
    }
    async fn page_answers(&self) -> bool {
        self.page.load(SeqCst)
    }
    async fn confirm_quit(&self) -> bool {
        self.quits.lock().unwrap().pop().unwrap()
    }
    fn show_tray(&self, tray: &Tray) {
        self.trays.send_modify(|all| all.push(tray.clone()));
    }
    async fn notify(&self, session: &str, notification: &Notification) -> Result<(), String> {
        self.notified.send_modify(|all| all.push((session.into(), notification.clone())));
        Ok(())
    }
    async fn ask_where(&self, suggested: &str) -> Option<PathBuf> {
        self.save_to.lock().unwrap().as_ref().map(|folder| folder.join(suggested))
    }
    async fn pick(&self, _: Pick) -> Option<PathBuf> {
        None
    }
    fn reveal(&self, path: &Path) -> Result<(), String> {
        self.revealed.lock().unwrap().push(path.to_owned());
        Ok(())
    }
    fn set_autostart(&self, on: bool) -> Result<(), String> {
        let mut autostart = self.autostart.lock().unwrap();
        if let Ok(is) = autostart.as_mut() {
            *is = on;
        }
        autostart.clone().map(|_| ())
    }
    fn locale(&self) -> Option<String> {
        Some("en-GB".into())
    }
    fn exit(&self) {
        self.exited.send_replace(true);
    }
}

/// A keychain in memory; `None` where there is none.
struct Memory(Option<Mutex<HashMap<String, String>>>);

impl Memory {
    fn new() -> Arc<Self> {
        Arc::new(Self(Some(Mutex::default())))
    }
    fn all(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, String>>, String> {
        self.0.as_ref().map(|m| m.lock().unwrap()).ok_or_else(|| "there is no secret service".into())
    }
}

impl Keychain for Memory {
    fn password(&self, account: &str) -> Result<Option<String>, String> {
        Ok(self.all()?.get(account).cloned())
    }
    fn remember(&self, account: &str, password: &str) -> Result<(), String> {
        self.all()?.insert(account.into(), password.into());
        Ok(())
    }
    fn forget(&self, account: &str) -> Result<(), String> {
        self.all()?.remove(account);
        Ok(())
    }
}

async fn opened(folder: &Path) -> (Arc<Noted>, Arc<Desktop>) {
    let host = Noted::new();
    let desktop =
        Desktop::open(Arc::clone(&host) as Arc<dyn Host>, Memory::new(), folder.to_owned()).await.unwrap();
    (host, desktop)
}

/// Waits until the shown session's view is as it is meant to be; looks at each pulse.
async fn viewed(host: &Noted, desktop: &Desktop, meant: impl Fn(&View) -> bool) -> View {
    let mut all = host.messages.subscribe();
    let looking = async {
        loop {
            let view = desktop.view().await.unwrap();
            if meant(&view) {
                return view;
            }
            all.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("{:?}", host.names().last()))
}

fn entry(tray: &Tray, wanted: Action) -> Option<bool> {
    tray.menu.iter().find_map(|item| match item {
        Item::Action { action, enabled, .. } if *action == wanted => Some(*enabled),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_is_shown_acknowledged_exported_and_signed_off() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    assert_eq!(desktop.view().await.unwrap_err().code, ErrorCode::NothingShown);
    assert_eq!((host.tray().icon, entry(&host.tray(), Action::CheckNow)), (Tone::Idle, Some(false)));

    let id = desktop.start_demo("crash", 240.0).await.unwrap();
    host.message(|m| matches!(m, Message::Pulse(p) if p.session == id && p.readings > 0)).await;
    assert!(desktop.is_watching());
    assert_eq!(entry(&host.tray(), Action::CheckNow), Some(true));
    assert_eq!(desktop.home().await.unwrap().sessions[0].watched, Watched::Here);

    // The incident is told, with its number, and the tray has it.
    let told = host.message(|m| matches!(m, Message::Told(t) if t.incident.is_some())).await;
    let Message::Told(told) = told else { unreachable!() };
    let view = viewed(&host, &desktop, |v| v.waiting().is_some()).await;
    assert!(told.title.contains("ritical"), "{told:?}");
    let incident = view.waiting().unwrap();
    desktop.pressed(Action::Acknowledge).await;
    host.message(|m| matches!(m, Message::Go(g) if g.page == Page::Issues && g.incident == Some(incident)))
        .await;
    let acknowledge = Command::Acknowledge { incident, by: "Night watch".into(), reason: "looking".into() };
    desktop.carry_out(&id, &acknowledge).await.unwrap();
    let acknowledged =
        |v: &View| v.incidents.iter().any(|i| i.incident.id == incident && i.incident.acknowledged.is_some());
    viewed(&host, &desktop, acknowledged).await;
    assert_eq!(desktop.carry_out(&id, &acknowledge).await.unwrap_err().code, ErrorCode::Refused);
    // Evidence is fetched beside the watch.
    let stored =
        |v: &View| v.incidents.iter().any(|i| i.incident.id == incident && i.incident.evidence.len() >= 4);
    viewed(&host, &desktop, stored).await;
    let evidence = desktop.evidence(&id, incident).await.unwrap();
    assert!(evidence.iter().any(|e| e.kind == "inspect" && e.text.contains("sms-app")), "{evidence:?}");

    // What is meant for another session is refused: the page may be behind.
    let elsewhere = desktop.carry_out("another", &acknowledge).await.unwrap_err();
    assert_eq!(elsewhere.code, ErrorCode::NothingShown);

    // What is measured is there at once, and as the readings have it.
    let request = SeriesRequest {
        names: vec![SeriesName::ApiMs, SeriesName::MemoryMib],
        from: WatchTime::START,
        to: WatchTime::START + Span::hours(24),
        buckets: 200,
    };
    let series = desktop.series(&request).await.unwrap();
    assert!(series.iter().all(|s| s.n > 0 && !s.points.is_empty()), "{series:?}");

    // A report of the running session, to where the person says, and nothing else can be revealed.
    assert_eq!(desktop.export_report(&id, ReportFormat::Json).await.unwrap(), None);
    let out = tempfile::tempdir().unwrap();
    *host.save_to.lock().unwrap() = Some(out.path().to_owned());
    let path = desktop.export_report(&id, ReportFormat::Json).await.unwrap().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    watchkeeper_report::verify(&bytes).unwrap();
    desktop.reveal(&path).unwrap();
    assert_eq!(desktop.reveal("/etc/passwd").unwrap_err().code, ErrorCode::Input);
    assert_eq!(*host.revealed.lock().unwrap(), [PathBuf::from(&path)]);
    let preview = desktop.report_preview().await.unwrap();
    assert!(matches!(preview.first(), Some(Block::Heading { level: 1, .. })), "{:?}", preview.first());

    // Signed off early, against the verdict: it needs a reason, and closes the session.
    let decide = |remark: &str| Command::SignOff {
        by: "Night watch".into(),
        decision: Decision::Rejected,
        remark: remark.into(),
        early: true,
    };
    desktop.carry_out(&id, &decide("the container crashed")).await.unwrap();
    let view = viewed(&host, &desktop, |v| v.stage == Stage::SignedOff).await;
    assert_eq!(view.sign_off.unwrap().by, "Night watch");
    let note = Command::Note { by: "a".into(), text: "too late".into() };
    let refused = desktop.carry_out(&id, &note).await.unwrap_err();
    assert!(matches!(refused.code, ErrorCode::SignedOff | ErrorCode::Refused), "{refused:?}");
    // The watch's own task may still be putting its things away.
    host.message(|m| matches!(m, Message::Changed)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_goes_on_where_the_program_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    let id = desktop.start_demo("day", 360.0).await.unwrap();
    let before = viewed(&host, &desktop, |v| v.readings > 50).await;
    desktop.looked(&id, 3).await.unwrap();
    desktop.looked(&id, 2).await.unwrap();
    // Quitting asks first; then the watch is left so that it goes on.
    desktop.quit(false).await;
    host.message(|m| matches!(m, Message::AskedToQuit)).await;
    assert!(!*host.exited.borrow());
    desktop.quit(true).await;
    assert!(*host.exited.borrow() && !desktop.is_watching());
    drop(desktop);

    let (host, desktop) = opened(folder.path()).await;
    desktop.restore().await;
    assert!(desktop.is_watching());
    let after = viewed(&host, &desktop, |v| v.readings > before.readings).await;
    assert_eq!(after.opening.session, id);
    assert_eq!(desktop.last_looked().unwrap().seq, 3);
    let request = SeriesRequest {
        names: vec![SeriesName::ApiMs],
        from: WatchTime::START,
        to: after.now.watch,
        buckets: 4_000,
    };
    // The charts have what was recorded before the end too.
    assert!(desktop.series(&request).await.unwrap()[0].points[0].at < before.now.watch);

    // Paused by a person, with a reason, it stays paused.
    assert_eq!(desktop.stop_watch(&id, "  ").await.unwrap_err().code, ErrorCode::Input);
    desktop.stop_watch(&id, "the NAS is being moved").await.unwrap();
    assert!(!desktop.is_watching());
    let paused = desktop.view().await.unwrap();
    assert_eq!((paused.stage, paused.tone), (Stage::Interrupted, Tone::Idle));
    assert!(paused.log.iter().any(|l| l.text.contains("the NAS is being moved")), "{:?}", paused.log.last());
    host.tray_where(|tray| entry(tray, Action::Resume) == Some(true)).await;
    let (_, again) = opened(folder.path()).await;
    again.restore().await;
    assert!(!again.is_watching());
    // It is shown all the same, and taken up from there.
    assert_eq!(again.view().await.unwrap().opening.session, id);
    again.resume_session(&id).await.unwrap();
    assert!(again.is_watching());
    // The other program sees that somebody else watches.
    viewed(&host, &desktop, |v| v.stage == Stage::InProgress).await;
    assert_eq!(desktop.home().await.unwrap().sessions[0].watched, Watched::Elsewhere);
    again.stop_all(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_refused_with_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        assert_eq!(desktop.start_demo("day", speed).await.unwrap_err().code, ErrorCode::Input, "{speed}");
    }
    assert_eq!(desktop.start_demo("nothing", 60.0).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(desktop.start_watch("../x", false).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(desktop.open_session("nothing").await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(desktop.resume_session("no/thing").await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(desktop.report_preview().await.unwrap_err().code, ErrorCode::NothingShown);
    let nobody = AppSettings { owner: " \n".into(), ..AppSettings::default() };
    assert_eq!(desktop.set_settings(nobody).await.unwrap_err().code, ErrorCode::Input);
    *host.autostart.lock().unwrap() = Err("the registry is locked".into());
    let settings = AppSettings { autostart: true, owner: "A".into(), ..AppSettings::default() };
    assert_eq!(desktop.set_settings(settings.clone()).await.unwrap_err().code, ErrorCode::CouldNot);
    assert!(!desktop.home().await.unwrap().settings.autostart);
    *host.autostart.lock().unwrap() = Ok(false);
    desktop.set_settings(AppSettings { language: Language::El, ..settings }).await.unwrap();
    assert_eq!(*host.autostart.lock().unwrap(), Ok(true));
    assert!(host.tray().tooltip.contains("Χωρίς βάρδια"), "{}", host.tray().tooltip);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_up_is_looked_at_left_resumed_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop) = opened(folder.path()).await;
    let draft = SetUp {
        name: "Loopback".into(),
        // Nobody listens there.
        url: "http://127.0.0.1:9".into(),
        docker: "tcp://127.0.0.1:9".into(),
        email: "watch@example.org".into(),
        ..desktop.set_up()
    };
    assert_eq!((draft.container.as_str(), draft.environment.as_str()), ("sms-app", "production"));
    desktop.save_set_up(&draft).unwrap();
    assert!(desktop.home().await.unwrap().draft);
    assert_eq!(desktop.set_up(), draft);

    let seen = desktop.examine(&draft).await.unwrap();
    assert!(seen.faults.iter().any(|f| f.field == "version"), "{:?}", seen.faults);
    assert!(seen.rungs.iter().any(|r| r.advice.is_some()), "{:?}", seen.rungs);
    assert_eq!(seen.account, AccountState::Missing);
    assert_eq!(desktop.finish_set_up(&draft).unwrap_err().code, ErrorCode::Input);
    desktop.remember_password(&draft, "s3cret-of-the-night".into()).await.unwrap();
    assert_eq!(desktop.examine(&draft).await.unwrap().account, AccountState::InKeychain);

    let whole = SetUp { version: "1.15.1".into(), ..draft };
    let id = desktop.finish_set_up(&whole).unwrap();
    let home = desktop.home().await.unwrap();
    assert_eq!((home.draft, home.deployments[0].name.as_str()), (false, "Loopback"));
    assert_eq!(desktop.set_up_of(&id).unwrap().version, "1.15.1");
    // No file of the program's holds the password.
    let mut files = vec![folder.path().to_owned()];
    let mut looked = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|f| f.unwrap().path()));
        } else {
            looked += 1;
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(19).any(|w| w == b"s3cret-of-the-night"), "{}", path.display());
        }
    }
    assert!(looked >= 2, "{looked} files");
    let kept = desktop.set_up_of(&id).unwrap();
    assert_eq!(desktop.examine(&kept).await.unwrap().account, AccountState::InKeychain);
    desktop.forget_password(&kept).await.unwrap();
    assert_eq!(desktop.examine(&kept).await.unwrap().account, AccountState::Missing);
    // Watched with no password anywhere it says what to do.
    let missing = desktop.start_watch(&id, false).await.unwrap_err();
    assert!(missing.message.contains("WATCHKEEPER_PASSWORD"), "{missing:?}");
    desktop.remove_deployment(&id).unwrap();
    assert!(desktop.home().await.unwrap().deployments.is_empty());
}

#[tokio::test]
async fn where_there_is_no_keychain_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let host = Noted::new();
    let shown = Arc::clone(&host) as Arc<dyn Host>;
    let desktop = Desktop::open(shown, Arc::new(Memory(None)), folder.path().to_owned()).await.unwrap();
    // It is asked behind the first answer, and told when it has answered.
    desktop.home().await.unwrap();
    host.message(|m| matches!(m, Message::Changed)).await;
    let state = desktop.home().await.unwrap().keychain;
    assert_eq!((state.available, state.word.as_str()), (false, "there is no secret service"));
    let draft = SetUp { email: "a@b.gr".into(), url: "http://nas:8080".into(), ..SetUp::default() };
    let refused = desktop.remember_password(&draft, "x".into()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Keychain);
}

#[tokio::test]
async fn that_what_was_watched_is_forgotten_is_told_outside_of_the_window() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state.json"), "{").unwrap();
    let (host, desktop) = opened(folder.path()).await;
    desktop.restore().await;
    let home = desktop.home().await.unwrap();
    assert!(home.begun_anew.len() == 1 && home.begun_anew[0].contains("state.json.unreadable"), "{home:?}");
    let told = host.notified.borrow().clone();
    assert_eq!((told.len(), told[0].1.urgency), (1, watchkeeper_core::notify::Urgency::Critical), "{told:?}");
    assert!(told[0].1.body.contains("resume it") && told[0].1.body.contains("state.json"), "{told:?}");
    // Once: the file was put aside.
    let (host, desktop) = opened(folder.path()).await;
    desktop.restore().await;
    assert!(host.notified.borrow().is_empty());
}

#[tokio::test]
async fn a_damaged_journal_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("watchkeeper.db"), vec![7_u8; 20_000]).unwrap();
    let opened = Desktop::open(Noted::new(), Memory::new(), folder.path().to_owned()).await;
    let refused = opened.err().unwrap();
    assert!(refused.message.contains("watchkeeper.db"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_that_recovered_keeps_its_timeline() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    desktop.start_demo("crash", 2_000.0).await.unwrap();
    let view =
        viewed(&host, &desktop, |v| v.incidents.iter().any(|i| i.incident.state != IncidentState::Open))
            .await;
    assert!(view.incidents[0].timeline.len() >= 2, "{:?}", view.incidents[0].timeline);
    desktop.stop_all(PATIENCE).await;
}
