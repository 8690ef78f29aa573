//! Real faults between a PC and a NAS, each on a network of its own: cables pulled, packets dropped in the middle of a stream,
//! the Docker Engine killed, the NAS without power.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod after_a_gap;
mod clock;
mod ladder;
mod streams;
mod support;
mod watch;
