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
//! # Size and retention
//! See [`Store::prune`] for what is removed when. Nothing else is ever deleted.
#![doc = include_str!("../GROWTH.md")]

mod connect;
mod damage;
mod error;
mod examine;
mod files;
mod fold;
mod inbox;
mod journal;
mod lock;
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
