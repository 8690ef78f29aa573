//! Whole sessions.

pub mod day;
#[cfg(unix)]
pub mod dockerd;
#[cfg(unix)]
pub mod netns;
#[cfg(unix)]
pub mod other_clock;
pub mod program;
pub mod running;
#[cfg(unix)]
pub mod sshd;
#[cfg(all(feature = "window", target_os = "linux"))]
pub mod window;
