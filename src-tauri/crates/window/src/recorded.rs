//! A session as it is recorded: folded once, and then by what another process adds.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::sleep;
use watchkeeper_core::{notify::Urgency, session::Session, view::View};
use watchkeeper_engine::moment_of;
use watchkeeper_store::{Entry, Folded, Store};

use crate::{
    charts::Charts,
    contract::{ErrorCode, RequestError, Told},
    desktop::Desktop,
    host::Message,
    tray::Words,
    words,
};

/// Between two looks at a session that another process writes.
const FOLLOW: Duration = Duration::from_secs(1);
/// While nobody looks at the window only the tray has to be right: every so many looks are enough.
const HIDDEN: u32 = 10;
/// A journal that cannot be read is looked at less and less often, down to twice a minute.
const TROUBLE: u32 = 5;

/// A session as it was last read.
pub(crate) struct Recorded {
    store: Store,
    id: String,
    pub(crate) charts: Arc<Charts>,
    /// Held by who reads on: two at once would take in twice.
    reading: tokio::sync::Mutex<()>,
    seen: Mutex<Seen>,
}

struct Seen {
    session: Session,
    taken: Folded,
    /// Some process writes it.
    written: bool,
}

/// What a look has brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// So many entries were read.
    pub(crate) entries: u64,
    /// Somebody began to watch, or nobody watches any more.
    pub(crate) changed_hands: bool,
}

impl Recorded {
    /// Reads a session from its beginning.
    ///
    /// # Errors
    /// When the journal cannot be read, or the session does not begin with an opening.
    pub(crate) async fn read(store: &Store, id: &str) -> Result<Self, RequestError> {
        let written = store.writer_of(id)?;
        let mut begun: Option<(Session, Charts)> = None;
        let taken = store
            .fold(id, |entry| match (entry, begun.as_mut()) {
                (Entry::Event(event), None) => {
                    begun = Session::open(&event).map(|session| {
                        let charts = Charts::new(&session.opening.rules);
                        (session, charts)
                    });
                }
                (entry, Some((session, charts))) => take(session, charts, entry),
                (Entry::Reading(..), None) => {}
            })
            .await?;
        let (session, charts) = begun.ok_or_else(|| {
            RequestError::new(ErrorCode::Damaged, format!("session `{id}` does not begin with its opening"))
        })?;
        Ok(Self {
            store: store.clone(),
            id: id.to_owned(),
            charts: Arc::new(charts),
            reading: tokio::sync::Mutex::default(),
            seen: Mutex::new(Seen { session, taken, written }),
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Takes in what was added since.
    ///
    /// # Errors
    /// When the journal cannot be read; what could be read before counts.
    pub(crate) async fn catch_up(&self) -> Result<News, RequestError> {
        let _alone = self.reading.lock().await;
        if self.is_closed() {
            return Ok(News::default());
        }
        let written = self.store.writer_of(&self.id)?;
        let taken = self.seen().taken;
        let mut entries = 0;
        let read = self
            .store
            .fold_on(&self.id, taken, |entry| {
                entries += 1;
                self.seen().take(&self.charts, entry);
            })
            .await;
        read?;
        let changed_hands = {
            let mut seen = self.seen();
            std::mem::replace(&mut seen.written, written) != written
        };
        Ok(News { entries, changed_hands })
    }

    /// Nothing is added any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.seen().session.signed_off.is_some()
    }

    /// How it stands at `utc`.
    pub(crate) fn view(&self, utc: DateTime<Utc>) -> View {
        let mut seen = self.seen();
        // A program that was killed wrote no farewell; its lock tells that nobody watches.
        let attended = seen.session.attended;
        seen.session.attended &= seen.written;
        let view = View::of(&seen.session, moment_of(&seen.session, utc));
        seen.session.attended = attended;
        view
    }

    /// Each entry is taken in whole.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn take(&mut self, charts: &Charts, entry: Entry<'_>) {
        match &entry {
            Entry::Event(_) => self.taken.events += 1,
            Entry::Reading(..) => self.taken.readings += 1,
        }
        take(&mut self.session, charts, entry);
    }
}

fn take(session: &mut Session, charts: &Charts, entry: Entry<'_>) {
    match entry {
        Entry::Event(event) => session.apply(&event),
        Entry::Reading(reading, record) => {
            charts.take(&reading);
            session.observe(&reading, record);
        }
    }
}

impl Desktop {
    /// A session as it is recorded now, and as it is written from now on.
    pub(crate) async fn recorded(&self, id: &str) -> Result<Arc<Recorded>, RequestError> {
        let recorded = Arc::new(Recorded::read(&self.store, id).await?);
        tokio::spawn(follow(Weak::clone(&self.me), Arc::downgrade(&recorded)));
        Ok(recorded)
    }

    /// The shown session as it is recorded; read where that was not done yet.
    pub(crate) async fn shown_as_recorded(&self, id: &str) -> Result<Arc<Recorded>, RequestError> {
        let known = self.state().recorded.clone().filter(|r| r.id() == id);
        if let Some(known) = known {
            return Ok(known);
        }
        let recorded = self.recorded(id).await?;
        let mut state = self.state();
        if state.shown.as_deref() == Some(id) && !state.live.contains_key(id) {
            state.recorded = Some(Arc::clone(&recorded));
        }
        Ok(recorded)
    }

    /// Whether this is what the person looks at.
    fn is_looked_at(&self, recorded: &Arc<Recorded>) -> bool {
        let state = self.state();
        state.shown.as_deref() == Some(recorded.id())
            && state.recorded.as_ref().is_some_and(|r| Arc::ptr_eq(r, recorded))
    }
}

/// Looks for what another process writes, as long as anybody has the session.
async fn follow(desktop: Weak<Desktop>, followed: Weak<Recorded>) {
    let (mut look, mut trouble) = (0_u32, 0_u32);
    loop {
        sleep(FOLLOW.saturating_mul(1 << trouble)).await;
        let (Some(desktop), Some(recorded)) = (desktop.upgrade(), followed.upgrade()) else { return };
        if recorded.is_closed() {
            return;
        }
        look = look.wrapping_add(1);
        if !desktop.is_looked_at(&recorded) || !desktop.host.is_visible() && look % HIDDEN != 0 {
            continue;
        }
        match recorded.catch_up().await {
            Ok(news) => {
                trouble = 0;
                if news != News::default() && desktop.is_looked_at(&recorded) {
                    desktop.tell(recorded.view(Utc::now()));
                }
                if news.changed_hands {
                    desktop.host.tell(Message::Changed);
                }
            }
            Err(e) => {
                if trouble == 0 {
                    tracing::warn!("session {} cannot be read now: {}", recorded.id(), e.message);
                    desktop.host.tell(Message::Told(not_current(desktop.words(), recorded.id(), &e.message)));
                }
                trouble = TROUBLE.min(trouble + 1);
            }
        }
    }
}

/// What is shown is not what is recorded by now. `why` comes from the program, in English.
fn not_current(words: Words, session: &str, why: &str) -> Told {
    let (title, body) = match words {
        Words::En => (
            "The session cannot be read now",
            format!("What is shown of {session} is as it was last read; it is tried again by itself. {why}"),
        ),
        Words::El => (
            "Η συνεδρία δεν διαβάζεται τώρα",
            format!(
                "Όσα βλέπετε από τη συνεδρία {session} είναι της τελευταίας ανάγνωσης· γίνεται νέα προσπάθεια.{}",
                words::cause(why)
            ),
        ),
    };
    let urgency = Urgency::Normal;
    Told { session: session.into(), title: title.into(), body, urgency, incident: None, english: false }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use watchkeeper_core::{
        chain::{self, Hash},
        event::{Deployment, Event, Fact, Opening, Pace, Release},
        plan::Plan,
        reading::{Answer, HttpAnswer, Reading, Source, Value},
        rules::Rules,
        time::{Moment, WatchTime},
        view::Stage,
    };
    use watchkeeper_engine::ports::Journal;
    use watchkeeper_store::Access;

    use super::*;

    fn moment(ms: u64) -> Moment {
        Moment { utc: Utc::now(), watch: WatchTime(ms) }
    }

    fn opening() -> Opening {
        Opening {
            session: "s".into(),
            deployment: Deployment {
                name: "NAS".into(),
                environment: "production".into(),
                url: "http://nas:8080".into(),
                docker: "tcp://nas:2376".into(),
                container: "sms-app".into(),
                front_end_container: None,
                database_container: None,
            },
            release: Release {
                version: "1.15.1".into(),
                previous: None,
                repository: None,
                previous_image: None,
                previous_schema: None,
            },
            owner: "A".into(),
            plan: Plan::standard(),
            rules: Rules::default(),
            actions: watchkeeper_core::action::ActionRules::default(),
            pace: Pace::REAL,
            simulated: None,
            program: "tests".into(),
        }
    }

    fn readings(n: u64) -> Vec<Reading> {
        let value = Value::Http(HttpAnswer { status: 200, bytes: 2 });
        (0..n).map(|i| Reading::at(moment(i), Answer::value(Source::Api, 12.0, value.clone()))).collect()
    }

    async fn opened(folder: &Path) -> Store {
        Store::open(&folder.join("watchkeeper.db"), Access::Write).await.unwrap()
    }

    #[tokio::test]
    async fn what_another_process_adds_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let theirs = opened(folder.path()).await;
        let journal = theirs.create_session(&opening(), Utc::now()).await.unwrap();
        let mut chain: Vec<Event> = Vec::new();
        let mut next = |fact: Fact| {
            let head = chain.last().map_or(Hash::ZERO, |e| e.hash);
            let event = chain::link(head, chain.len() as u64 + 1, moment(0), fact).unwrap();
            chain.push(event.clone());
            event
        };
        let note = || Fact::NoteAdded { by: "A".into(), text: "here".into() };
        journal.append(&[next(Fact::Opened(Box::new(opening())))]).await.unwrap();
        journal.record(1, &readings(40)).await.unwrap();
        let recorded = Recorded::read(&opened(folder.path()).await, "s").await.unwrap();
        let view = |r: &Recorded| {
            let view = r.view(Utc::now());
            (view.readings, view.head.seq, view.notes.len())
        };
        assert_eq!(view(&recorded), (40, 1, 0));
        for (added, noted, expected) in
            [(0, false, (40, 1, 0)), (3, false, (43, 1, 0)), (2, true, (45, 2, 1))]
        {
            journal.record(recorded.view(Utc::now()).head.seq, &readings(added)).await.unwrap();
            if noted {
                journal.append(&[next(note())]).await.unwrap();
            }
            let news = recorded.catch_up().await.unwrap();
            assert_eq!((news.entries, news.changed_hands), (added + u64::from(noted), false));
            assert_eq!(view(&recorded), expected);
        }
        // Without a farewell, as when it is killed: nobody watches, and somebody does again.
        assert_eq!(recorded.view(Utc::now()).stage, Stage::InProgress);
        drop(journal);
        for (again, stage) in [(false, Stage::Interrupted), (true, Stage::InProgress)] {
            let _held = if again { Some(theirs.session("s").await.unwrap()) } else { None };
            assert_eq!(recorded.catch_up().await.unwrap(), News { entries: 0, changed_hands: true });
            assert_eq!(recorded.view(Utc::now()).stage, stage);
        }
    }
}
