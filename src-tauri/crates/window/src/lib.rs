//! What the window asks and is told, and what the tray shows: everything of the desktop app but the desktop itself.
//!
//! [`Desktop`] is the program behind the window: its methods are the window's commands, and it tells its [`host::Host`]
//! what is to happen on the desktop. It runs and is tested without one.

mod blocks;
mod charts;
mod commands;
pub mod contract;
mod deployments;
mod desktop;
mod ending;
mod error;
mod files;
pub mod host;
mod live;
mod outside;
mod plan;
mod recorded;
mod secrets;
mod setting_up;
mod ssh_secrets;
pub mod tray;
mod watching;
mod words;

pub use desktop::{Desktop, PROGRAM};
