//! The probes that ask the Docker Engine, and the listener on its event stream.

mod container;
mod cursor;
mod engine;
mod event;
mod events;
mod frames;
mod inspect;
mod lines;
mod logs;
mod stats;
mod usage;
mod version;
mod wire;

pub use container::Seen;
pub use engine::Engine;
pub use events::Events;
pub use inspect::Inspect;
pub use logs::Logs;
pub use stats::Stats;
pub use version::Version;

pub(crate) use frames::Frames;
