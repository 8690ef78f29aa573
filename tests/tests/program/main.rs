//! The built program as a person and a script use it: its lines, its files, its exit codes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

#[cfg(unix)]
mod asleep;
mod demo;
mod usage;
mod watch;
