//! Whole sessions.

pub mod day;
#[cfg(unix)]
pub mod dockerd;
pub mod memory;
#[cfg(unix)]
pub mod netns;
#[cfg(unix)]
pub mod other_clock;
pub mod program;
pub mod running;
#[cfg(unix)]
pub mod sshd;
pub mod standing;
#[cfg(all(feature = "window", target_os = "linux"))]
pub mod window;
