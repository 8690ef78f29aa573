//! The probes against servers on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on may stop

mod engine;
mod http;
mod support;
mod tls;
