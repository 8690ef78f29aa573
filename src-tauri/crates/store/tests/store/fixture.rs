//! Sessions to store.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use watchkeeper_core::{
    chain::{self, Hash},
    event::{Deployment, Event, Fact, Opening, Pace, Release},
    plan::Plan,
    reading::{Answer, FailureKind, HttpAnswer, Place, Reading, Source, Usage, Value},
    rules::Rules,
    time::{Moment, WatchTime},
    verdict::{Decision, Finding, Verdict},
};
use watchkeeper_engine::ports::{Evidence, Journal};
use watchkeeper_store::{Access, SessionJournal, Store};

pub(crate) const SESSION: &str = "2026-01-10-1630-v1.15.1";

/// A folder with a journal in it.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("watchkeeper.db")
    }
    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.path(), Access::Write).await.unwrap()
    }
    /// The names in the folder that begin with the journal's and go on with `prefix`.
    pub(crate) fn files(&self, prefix: &str) -> Vec<String> {
        let prefix = format!("watchkeeper.db{prefix}");
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .filter(|f| f.starts_with(&prefix))
            .collect();
        names.sort();
        names
    }
}

/// A connection past the store, for meddling.
pub(crate) async fn meddle(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).foreign_keys(false).connect().await.unwrap()
}

pub(crate) fn utc(ms: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_062_600, 123_456_789).unwrap() + TimeDelta::milliseconds(ms.cast_signed())
}

pub(crate) fn moment(ms: u64) -> Moment {
    Moment { utc: utc(ms), watch: WatchTime(ms) }
}

pub(crate) fn opening(session: &str) -> Opening {
    Opening {
        session: session.into(),
        deployment: Deployment {
            name: "QNAP Κύπρος".into(),
            environment: "production".into(),
            url: "http://nas.local:8080".into(),
            docker: "tcp://nas.local:2376".into(),
            container: "sms-app".into(),
            front_end_container: None,
            database_container: None,
        },
        release: Release {
            version: "1.15.1".into(),
            previous: Some("1.15.0".into()),
            repository: None,
            previous_image: None,
            previous_schema: None,
        },
        owner: "η βάρδια".into(),
        plan: Plan::standard(),
        rules: Rules::default(),
        actions: watchkeeper_core::action::ActionRules::default(),
        pace: Pace::REAL,
        simulated: None,
        program: "watchkeeper 0.1.0".into(),
    }
}

pub(crate) fn reading(ms: u64) -> Reading {
    let answer = match ms % 4 {
        0 => Answer::value(
            Source::Api,
            12.345_678 + ms as f64 / 7.0,
            Value::Http(HttpAnswer { status: 200, bytes: 512 }),
        ),
        1 => Answer::value(
            Source::Stats,
            58.1,
            Value::Usage(Usage {
                cpu_percent: Some(0.1 + 0.2),
                online_cpus: 4,
                memory_bytes: ms,
                memory_limit: None,
            }),
        ),
        2 => Answer::failure(
            Source::Ready,
            None,
            Place::Application,
            FailureKind::Status(503),
            "«503» \"σφάλμα\" \u{0}",
        ),
        _ => Answer::untimed(Source::Network, Value::Network("route".into())),
    };
    Reading::at(moment(ms), answer)
}

pub(crate) fn readings(from: u64, n: u64) -> Vec<Reading> {
    (from..from + n).map(reading).collect()
}

pub(crate) fn note(text: &str) -> Fact {
    Fact::NoteAdded { by: "η βάρδια".into(), text: text.into() }
}

pub(crate) fn verdict() -> Box<Verdict> {
    Box::new(Verdict {
        finding: Finding::Pass,
        reason: "all ten".into(),
        criteria: Vec::new(),
        coverage_percent: 99.5,
        complete: true,
    })
}

pub(crate) fn sign_off() -> Fact {
    Fact::SignedOff {
        by: "Νίκος".into(),
        decision: Decision::Approved,
        remark: String::new(),
        verdict: verdict(),
    }
}

pub(crate) fn evidence(text: &str) -> Evidence {
    Evidence { kind: "logs".into(), text: text.into(), failure: None }
}

/// The actor's part: it knows the chain's end and the readings' digest.
pub(crate) struct Writer {
    pub(crate) journal: SessionJournal,
    pub(crate) seq: u64,
    pub(crate) head: Hash,
    pub(crate) count: u64,
    pub(crate) digest: Hash,
}

impl Writer {
    pub(crate) async fn open(store: &Store, session: &str) -> Self {
        let journal = store.create_session(&opening(session), utc(0)).await.unwrap();
        let mut writer = Self { journal, seq: 0, head: Hash::ZERO, count: 0, digest: Hash::ZERO };
        writer.append(vec![Fact::Opened(Box::new(opening(session)))]).await;
        writer
    }
    /// Goes on with a session that holds.
    pub(crate) async fn resume(store: &Store, session: &str) -> Self {
        let journal = store.session(session).await.unwrap();
        let mut writer = Self { journal, seq: 0, head: Hash::ZERO, count: 0, digest: Hash::ZERO };
        store
            .fold(session, |entry| match entry {
                watchkeeper_store::Entry::Event(event) => (writer.seq, writer.head) = (event.seq, event.hash),
                watchkeeper_store::Entry::Reading(_, text) => {
                    writer.count += 1;
                    writer.digest = writer.digest.then(text.as_bytes());
                }
            })
            .await
            .unwrap();
        writer
    }
    pub(crate) fn link(&self, facts: Vec<Fact>) -> Vec<Event> {
        let mut head = self.head;
        (self.seq + 1..)
            .zip(facts)
            .map(|(seq, fact)| {
                let event = chain::link(head, seq, moment(seq * 1_000), fact).unwrap();
                head = event.hash;
                event
            })
            .collect()
    }
    pub(crate) async fn append(&mut self, facts: Vec<Fact>) {
        let events = self.link(facts);
        self.journal.append(&events).await.unwrap();
        if let Some(last) = events.last() {
            (self.seq, self.head) = (last.seq, last.hash);
        }
    }
    pub(crate) async fn record(&mut self, readings: &[Reading]) {
        self.journal.record(self.seq, readings).await.unwrap();
        for reading in readings {
            self.count += 1;
            self.digest = self.digest.then(serde_json::to_string(reading).unwrap().as_bytes());
        }
    }
    pub(crate) fn seal(&self) -> Fact {
        Fact::ReadingsSealed { count: self.count, digest: self.digest }
    }
    pub(crate) async fn keep(&mut self, incident: u32, piece: &Evidence) {
        self.journal.keep(incident, piece).await.unwrap();
        self.append(vec![Fact::EvidenceStored {
            incident,
            kind: piece.kind.clone(),
            digest: Hash::of(piece.text.as_bytes()),
            bytes: piece.text.len() as u64,
            failure: piece.failure.clone(),
        }])
        .await;
    }
    /// A small session with everything in it: 5 + 5 readings in two seals, two pieces of evidence, signed off at event 7.
    pub(crate) async fn whole(store: &Store, session: &str) -> Self {
        let mut writer = Self::open(store, session).await;
        writer.record(&readings(0, 5)).await;
        writer.append(vec![writer.seal(), note("one")]).await;
        writer.keep(1, &evidence("ERROR: «σφάλμα»\u{0}\n")).await;
        writer.keep(2, &evidence("second")).await;
        writer.record(&readings(5, 5)).await;
        writer.append(vec![writer.seal(), sign_off()]).await;
        writer
    }
}
