//! HTTP and Docker probes that answer with readings.

pub mod deployment;
pub mod docker;
pub mod host_key;
pub mod http;
pub mod ladder;
pub mod network;
pub mod target;
pub mod witness;

mod cause;
mod containers;
mod ssh_words;
mod tls_words;

pub use containers::Containers;
pub use deployment::{Deployment, DeploymentConfig, Prospect};
pub use target::{DockerEndpoint, HttpTarget, Login, Secret, SshTarget, TargetError};
