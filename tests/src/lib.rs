//! Whole sessions.

pub mod day;
#[cfg(unix)]
pub mod dockerd;
pub mod program;
pub mod running;
