//! The journal and the readings in SQLite.
//!
//! One file, `watchkeeper.db`, holds all sessions: their events, appended only and chained by SHA-256; their readings,
//! sealed into that chain; the evidence; and an inbox for commands from other processes. [`Store::open`] opens it,
//! [`Store::create_session`] and [`Store::session`] give the right to write one session, [`Store::fold`] gives
//! everything back in its order, [`Store::verify`] proves it against its chain.
//!
//! # What is safe when
//! Events are on the disk when [`append`](watchkeeper_engine::ports::Journal::append) returns (`synchronous=FULL`), and
//! all readings recorded before with them. Readings alone survive the end of the process at once, and a power cut from
//! the next event on. The write-ahead log needs a local disk; network shares are refused.
//!
//! The end of a session that is not signed off is only as sure as what was noted of it elsewhere: whoever can write
//! the file can cut events off it. A report carries the last hash.
//!
//! # Size and retention
//! Measured with the answers of a healthy deployment: 325 bytes a reading, of which 260 are its JSON; an event takes
//! about 250 bytes and up. With ten sources that makes, a day,
//!
//! | cadence | readings | size |
//! |---|---|---|
//! | 30 s | 28 800 | 9 MB |
//! | 5 s | 172 800 | 56 MB |
//! | 1 s | 864 000 | 280 MB |
//!
//! and a noisy log up to as much again. A piece of evidence is 1 MiB at most, and equal ones are kept once.
//! [`Store::prune`] removes the readings of signed-off sessions, and of old single checks, rehearsals and simulated days,
//! beyond a number or a size, and settled commands from the inbox; events, evidence, and the copies beside the journal
//! are never deleted.

mod connect;
mod damage;
mod error;
mod examine;
mod files;
mod fold;
mod inbox;
mod journal;
mod lock;
mod logins;
mod migration;
mod proof;
mod read;
mod retention;
mod row;
mod session_id;
mod sessions;
mod store;
mod verify;

pub use damage::Aside;
pub use error::StoreError;
pub use fold::{Entry, Folded};
pub use inbox::{Answer, Ticket};
pub use journal::SessionJournal;
pub use proof::{Broken, Proof, Sealed, VerifyError};
pub use read::{Counts, StoredEvidence};
pub use retention::Pruned;
pub use session_id::check_session_id;
pub use sessions::{SessionState, SessionSummary};
pub use store::{Access, Store};
