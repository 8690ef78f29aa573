//! The store as the rest of the program sees it, and as a full disk, a kill or a hand in the file leaves it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod append;
mod fixture;
mod fold;
mod inbox;
mod kill;
mod migrate;
mod open;
mod retention;
mod verify;
