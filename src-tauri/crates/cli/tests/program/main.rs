//! The built program as a person and a script use it: its lines, its files, its exit codes.

mod demo;
mod running;
mod usage;
mod watch;
