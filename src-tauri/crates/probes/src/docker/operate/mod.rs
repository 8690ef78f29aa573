//! What acts on the container: restart, roll back and the way back, and whether they would work.

mod images;
mod json;
mod operator;
mod own;
mod plan;
mod progress;
mod readiness;
mod recreate;
mod stand;
mod wait;
mod words;

pub use images::Previous;
pub use operator::DockerOperator;
pub use plan::plan;
pub use readiness::{RollBackReadiness, readiness};
pub use recreate::Recreation;
