//! The probes against servers on loopback.

mod engine;
mod http;
mod support;
mod tls;
