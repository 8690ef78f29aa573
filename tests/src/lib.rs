//! Whole sessions.

pub mod day;
#[cfg(unix)]
pub mod dockerd;
pub mod program;
pub mod running;
#[cfg(unix)]
pub mod sshd;
#[cfg(all(feature = "window", target_os = "linux"))]
pub mod window;
