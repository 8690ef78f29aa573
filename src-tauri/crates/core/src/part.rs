//! The parts of a deployment, each in a container of its own where it has several.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A part of the deployment that runs in a container of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The application: the API, and in the layout with one container all there is.
    #[default]
    Application,
    /// The web server that hands out the page and passes requests on to the application.
    FrontEnd,
    /// The database server.
    Database,
}

impl Part {
    /// All parts, what others rest on last.
    pub const ALL: [Self; 3] = [Self::Application, Self::FrontEnd, Self::Database];

    /// Whether it is the application itself, of which every deployment has one.
    pub const fn is_application(&self) -> bool {
        matches!(self, Self::Application)
    }

    /// As the configuration and the command line write it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::FrontEnd => "front_end",
            Self::Database => "database",
        }
    }

    /// For people, before what is found with it: `front end`, `database`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::FrontEnd => "front end",
            Self::Database => "database",
        }
    }

    /// For people: `the application`, `the front end`, `the database`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Application => "the application",
            Self::FrontEnd => "the front end",
            Self::Database => "the database",
        }
    }
}
