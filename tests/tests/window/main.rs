//! The built app as a person has it: on a screen and a session bus of the tests' own, driven through WebKit's driver,
//! with a tray and a notification daemon that note down what they are shown.
//!
//! `cargo xtask test` starts it with `WATCHKEEPER_APP`; by itself it says what is missing.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "what goes wrong here fails the test"
)]

mod coming_and_going;
mod day;
mod pictures;
mod without_a_page;
