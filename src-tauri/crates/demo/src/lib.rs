//! A simulated deployment of the SMS: a pure, seeded world; in-memory probes that ask it; and the same world served
//! on loopback as the SMS's HTTP API and the Docker Engine's; and an operator that changes it. Everything it serves is labelled as simulated.

pub mod fault;
pub mod layout;
pub mod live;
pub mod memory;
pub mod operator;
mod random;
pub mod scenario;
pub mod serve;
pub mod shape;
pub mod sim_time;
mod timeline;
pub mod world;

pub use fault::{Fault, FaultKind};
pub use layout::Layout;
pub use live::Live;
pub use operator::SimulatedOperator;
pub use scenario::Scenario;
pub use sim_time::SimTime;
pub use world::{World, answers, answers_of};
