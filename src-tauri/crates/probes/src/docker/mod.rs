//! The probes that ask the Docker Engine, and the listener on its event stream.

mod backoff;
mod container;
mod cursor;
mod engine;
mod event;
mod events;
mod exec;
mod frames;
mod inspect;
mod lines;
mod logs;
mod operate;
mod reach;
mod ssh;
mod stats;
mod usage;
mod version;
mod wire;

pub use container::Seen;
pub use engine::Engine;
pub use events::{Events, Patience};
pub use inspect::Inspect;
pub use logs::{LogBound, LogStart, Logs};
pub use operate::{DockerOperator, Previous, Recreation, RollBackReadiness, plan, readiness};
pub use stats::Stats;
pub use version::Version;

pub(crate) use container::state as container_state;
pub(crate) use frames::Frames;
pub(crate) use ssh::DialError;
pub(crate) use version::{too_old, version as engine_version};
