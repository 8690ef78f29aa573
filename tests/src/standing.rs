//! A watch of a real deployment, put together as the program does it, with its journal in a folder of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "for tests: what goes wrong here fails the one that called"
)]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::Utc;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use watchkeeper_core::{
    event::{Opening, Pace},
    reading::Reading,
    rules::Rules,
    session::{Command, Session},
    time::{Moment, Span, WatchTime},
    view::{CheckView, View},
};
use watchkeeper_engine::{
    Ended, Parts, Watch, WatchHandle,
    clock::WallClock,
    open,
    ports::{Herald, JournalError, Notification},
};
use watchkeeper_probes::{Deployment, DeploymentConfig, DockerEndpoint, HttpTarget, Login, Secret};
use watchkeeper_store::{Access, Entry, Store};

use crate::day;

/// However slow the machine: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(90);

struct Quiet;

#[async_trait]
impl Herald for Quiet {
    async fn show(&self, _: &Notification) -> Result<(), String> {
        Ok(())
    }
}

/// The simulated SMS at `sms` in the container `sms-app`, from now on.
pub fn deployment_of(docker: DockerEndpoint, sms: &str) -> DeploymentConfig {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut http = HttpTarget::parse(&format!("http://{sms}")).unwrap();
    http.login = Some(Login { email: "watch@example.com".into(), password: Secret::new("simulated") });
    DeploymentConfig {
        http,
        docker,
        containers: "sms-app".into(),
        docker_timeout: DeploymentConfig::DOCKER_TIMEOUT,
        references: Vec::new(),
        since: Utc::now(),
        logs_recorded_to: BTreeMap::new(),
    }
}

/// A watch that stands, a minute of it in a second.
pub struct Standing {
    /// For commands.
    pub handle: WatchHandle,
    watch: JoinHandle<Result<(Ended, Session), JournalError>>,
    store: Store,
    id: String,
    folder: TempDir,
}

/// What a watch comes to.
pub struct Stood {
    /// The session as it was at the end.
    pub session: Session,
    /// All that was read.
    pub readings: Vec<Reading>,
    /// Where the journal lies.
    pub folder: TempDir,
}

impl Standing {
    /// Begins to watch, and only watches.
    pub async fn over(deployment: &Deployment) -> Self {
        Self::begin(deployment, |opening| opening, false).await
    }

    /// Begins to watch what `opening` says of it, and acts on it where the rules want that.
    pub async fn acting(deployment: &Deployment, opening: impl FnOnce(Opening) -> Opening) -> Self {
        Self::begin(deployment, opening, true).await
    }

    async fn begin(deployment: &Deployment, change: impl FnOnce(Opening) -> Opening, acts: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("watchkeeper.db"), Access::Write).await.unwrap();
        let pace = Pace { speed: 60.0, utc_follows: false };
        let rules = Rules { every: Span::secs(60), ..Rules::default() };
        let opening = change(Opening { pace, simulated: None, ..day::opening(rules) });
        let start = Utc::now();
        let journal = Arc::new(store.create_session(&opening, start).await.unwrap());
        let id = opening.session.clone();
        let session = open(journal.as_ref(), opening, start).await.unwrap();
        let clock = WallClock::starting_at(Moment { utc: start, watch: WatchTime::START }, pace);
        let (watch, handle) = Watch::new(
            session,
            Parts {
                journal,
                clock: Arc::new(clock),
                probes: deployment.probes(),
                listeners: vec![deployment.listener()],
                witness: deployment.witness(),
                operator: acts.then(|| deployment.operator(&id)),
                herald: Arc::new(Quiet),
                jitter_percent: 10,
                program: "test".into(),
            },
        );
        Self { handle, watch: tokio::spawn(watch.stand(false)), store, id, folder }
    }

    /// How it stands.
    pub async fn view(&self) -> View {
        self.handle.view().await.expect("the watch stands")
    }

    /// Waits until the view is so.
    pub async fn until(&self, what: &str, good: impl Fn(&View) -> bool) -> View {
        let mut changes = self.handle.changes();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                let view = self.view().await;
                if good(&view) {
                    return view;
                }
                changes.changed().await.expect("the watch stands");
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(view) => view,
            Err(_) => panic!("{what} did not come; the log: {:#?}", texts(&self.view().await)),
        }
    }

    /// Waits for so many more readings: a few rounds of all sources.
    pub async fn rounds(&self, what: &str) -> View {
        let before = self.view().await.readings;
        self.until(what, |v| v.readings > before + 40).await
    }

    /// Takes a checkpoint, and gives what it wrote down besides its lines.
    pub async fn check(&self) -> Vec<String> {
        let taken = |v: &View| {
            let extra = |c: &&CheckView| c.check.id.starts_with("extra-") && c.check.result.is_some();
            v.checks.iter().filter(extra).map(|c| c.check.result.clone().unwrap()).collect::<Vec<_>>()
        };
        let before = taken(&self.view().await).len();
        self.handle.command(Command::CheckNow).await.unwrap();
        let view = self.until("the checkpoint", |v| taken(v).len() > before).await;
        taken(&view).into_iter().max_by_key(|result| result.moment.watch).unwrap().observations
    }

    /// Ends it. What the journal holds folds to the session that stood, and proves itself.
    pub async fn end(self) -> Stood {
        self.handle.stop("the test is over").await;
        let (_, session) = self.watch.await.unwrap().unwrap();
        let (mut folded, mut readings) = (None::<Session>, Vec::new());
        let each = |entry: Entry<'_>| match (entry, folded.as_mut()) {
            (Entry::Event(event), Some(session)) => session.apply(&event),
            (Entry::Event(event), None) => folded = Session::open(&event),
            (Entry::Reading(reading, text), session) => {
                if let Some(session) = session {
                    session.observe(&reading, text);
                }
                readings.push(reading);
            }
        };
        self.store.fold(&self.id, each).await.unwrap();
        assert!(folded.as_ref() == Some(&session), "the folded session is the one that stood");
        self.store.verify(&self.id).await.expect("the journal holds");
        Stood { session, readings, folder: self.folder }
    }
}

/// The lines of its log.
pub fn texts(view: &View) -> Vec<&str> {
    view.log.iter().map(|l| l.text.as_str()).collect()
}

/// How many of them have this.
pub fn lines(view: &View, part: &str) -> usize {
    texts(view).iter().filter(|text| text.contains(part)).count()
}
