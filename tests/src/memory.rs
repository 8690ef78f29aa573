//! A journal in memory.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "for tests: what goes wrong here fails the one that called"
)]

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use watchkeeper_core::{event::Event, reading::Reading, session::Session};
use watchkeeper_engine::ports::{Evidence, Journal, JournalError};

/// A journal in memory that can be told to fail.
#[derive(Default)]
pub struct Memory {
    events: Mutex<Vec<Event>>,
    readings: Mutex<Vec<(u64, Reading)>>,
    full: AtomicBool,
}

#[async_trait]
impl Journal for Memory {
    async fn record(&self, after_seq: u64, readings: &[Reading]) -> Result<(), JournalError> {
        self.readings.lock().unwrap().extend(readings.iter().map(|r| (after_seq, r.clone())));
        Ok(())
    }
    async fn append(&self, events: &[Event]) -> Result<(), JournalError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(JournalError("the disk is full".into()));
        }
        self.events.lock().unwrap().extend_from_slice(events);
        Ok(())
    }
    async fn keep(&self, _incident: u32, _evidence: &Evidence) -> Result<(), JournalError> {
        Ok(())
    }
}

impl Memory {
    /// The events so far.
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }

    /// From now on nothing can be appended.
    pub fn fill_up(&self) {
        self.full.store(true, Ordering::SeqCst);
    }

    /// The session as a program that starts anew has it.
    pub fn fold(&self) -> Session {
        let events = self.events.lock().unwrap();
        let mut session = Session::open(&events[0]).unwrap();
        let mut rest = events[1..].iter().peekable();
        for (after, reading) in self.readings.lock().unwrap().iter() {
            while let Some(event) = rest.next_if(|e| e.seq <= *after) {
                session.apply(event);
            }
            session.observe(reading, &reading.record().unwrap());
        }
        rest.for_each(|e| session.apply(e));
        session
    }
}
