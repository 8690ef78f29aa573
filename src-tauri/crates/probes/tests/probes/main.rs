//! The probes against servers on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test whose set-up fails has failed"
)]

mod engine;
mod http;
mod support;
mod tls;
