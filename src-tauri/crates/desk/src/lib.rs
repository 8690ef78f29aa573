//! The desk of the watchkeeper: puts a watch together and carries out what a person asks, for the terminal and for the
//! window alike.
//!
//! [`watch`] and [`demo`] prepare a session, new or left open; [`Prepared::start`] stands the watch on it, with the inbox
//! that other processes leave their requests in. [`people::carry_out`] does what a person asks, wherever the watch runs.

pub mod certificates;
pub mod choose;
pub mod demo;
pub mod deployment;
mod error;
pub mod files;
pub mod folding;
pub mod herald;
pub mod inbox;
pub mod new_file;
pub mod password;
pub mod people;
pub mod report;
#[cfg(all(unix, not(target_os = "macos")))]
mod shown;
mod standing;
mod tap;
pub mod watch;

pub use error::{Code, DeskError, Help};
pub use standing::{Asked, Prepared, Running, Stood, is_fast};
pub use tap::Tap;

/// The application's identifier: its data folder, its notifications and its entry in the start menu hang on it.
pub const IDENTIFIER: &str = "io.github.bs1gr.sms-watchkeeper";
