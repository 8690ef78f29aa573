//! Whole sessions.

pub mod day;
