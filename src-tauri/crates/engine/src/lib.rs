//! The session actor, its clocks and the ports it needs.

pub mod ports;
