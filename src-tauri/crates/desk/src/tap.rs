//! Who wants to know what was recorded: told after each commit, so nothing is shown that is not stored.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{event::Event, reading::Reading};
use watchkeeper_engine::ports::{Evidence, Journal, JournalError};

/// Is told what has been recorded. It must not keep the watch waiting.
pub trait Tap: Send + Sync {
    /// These readings are stored.
    fn recorded(&self, readings: &[Reading]);
    /// These events are stored.
    fn appended(&self, events: &[Event]);
}

/// A journal that tells its tap what it has stored.
pub(crate) struct Tapped {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) tap: Arc<dyn Tap>,
}

#[async_trait]
impl Journal for Tapped {
    async fn record(&self, after_seq: u64, readings: &[Reading]) -> Result<(), JournalError> {
        self.journal.record(after_seq, readings).await?;
        self.tap.recorded(readings);
        Ok(())
    }

    async fn append(&self, events: &[Event]) -> Result<(), JournalError> {
        self.journal.append(events).await?;
        self.tap.appended(events);
        Ok(())
    }

    async fn keep(&self, incident: u32, evidence: &Evidence) -> Result<(), JournalError> {
        self.journal.keep(incident, evidence).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use watchkeeper_core::{
        chain::Hash,
        event::Fact,
        time::{Moment, WatchTime},
    };

    use super::*;

    struct Full(bool);

    #[async_trait]
    impl Journal for Full {
        async fn record(&self, _: u64, _: &[Reading]) -> Result<(), JournalError> {
            if self.0 { Err(JournalError("disk full".into())) } else { Ok(()) }
        }
        async fn append(&self, _: &[Event]) -> Result<(), JournalError> {
            if self.0 { Err(JournalError("disk full".into())) } else { Ok(()) }
        }
        async fn keep(&self, _: u32, _: &Evidence) -> Result<(), JournalError> {
            Ok(())
        }
    }

    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);

    impl Tap for Told {
        fn recorded(&self, readings: &[Reading]) {
            self.0.lock().unwrap().push(format!("{} readings", readings.len()));
        }
        fn appended(&self, events: &[Event]) {
            self.0.lock().unwrap().push(format!("{} events", events.len()));
        }
    }

    #[tokio::test]
    async fn only_what_is_stored_is_told() {
        let note = Event {
            seq: 1,
            moment: Moment { utc: chrono::DateTime::UNIX_EPOCH, watch: WatchTime::START },
            fact: Fact::NoteAdded { by: "a".into(), text: "b".into() },
            hash: Hash::ZERO,
        };
        for (full, expected) in [(false, vec!["0 readings", "1 events"]), (true, vec![])] {
            let told = Arc::new(Told::default());
            let journal = Tapped { journal: Arc::new(Full(full)), tap: Arc::clone(&told) as Arc<dyn Tap> };
            assert_eq!(journal.record(0, &[]).await.is_err(), full);
            assert_eq!(journal.append(std::slice::from_ref(&note)).await.is_err(), full);
            assert_eq!(*told.0.lock().unwrap(), expected);
        }
    }
}
