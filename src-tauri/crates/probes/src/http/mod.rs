//! The probes that ask the SMS over HTTP.

mod client;
mod envelope;
mod functions;
mod health;
mod limits;
mod links;
mod page;
mod plain;
mod retry_after;
mod students;

pub use client::HttpClient;
pub use functions::Functions;
pub use health::{Health, Ready};
pub use page::{Asset, KnownAsset, Page};
pub use plain::{Api, Live};
