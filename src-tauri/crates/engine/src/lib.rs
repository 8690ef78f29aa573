//! The session actor, its clocks and the ports that it needs.
//!
//! [`open`] or a fold of the journal gives a [`Session`]; [`Watch::start`] stands the watch on it: one actor decides,
//! persists, then acts, in this order; probes run beside it, each in a loop of its own.

mod acting;
mod actor;
pub mod clock;
mod offline;
pub mod ports;
mod rounds;

pub use actor::{CommandError, Ended, Parts, Watch, WatchHandle};
pub use offline::{carry_out, moment_of, open};
pub use watchkeeper_core::session::Session;
