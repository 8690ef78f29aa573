//! The built app as a person has it: on a screen and a session bus of its own, driven through WebKit's driver.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "what goes wrong here fails the test or the benchmark that called it"
)]

pub mod app;
pub mod desk;
pub mod notifications;
pub mod page;
pub mod processes;
pub mod screen;
pub mod tray;
