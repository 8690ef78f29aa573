//! In how many containers the simulated deployment runs, and what they are called.

use serde::{Deserialize, Serialize};
use watchkeeper_core::part::Part;

/// The only container of the layout with one.
pub const CONTAINER: &str = "sms-app";

/// The application's container in the layout with three.
pub const BACK_END: &str = "sms-backend-qnap";

/// The front end's container.
pub const FRONT_END: &str = "sms-frontend-qnap";

/// The database's container.
pub const DATABASE: &str = "sms-postgres-qnap";

/// The containers of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One container for all of it.
    #[default]
    One,
    /// The application, the front end and the database, each in its own.
    Three,
}

impl Layout {
    /// Whether all of it is in one container.
    pub const fn is_one(&self) -> bool {
        matches!(self, Self::One)
    }

    /// The name of the container of `part`, where it has one of its own.
    pub const fn name_of(self, part: Part) -> Option<&'static str> {
        match (self, part) {
            (Self::One, Part::Application) => Some(CONTAINER),
            (Self::Three, Part::Application) => Some(BACK_END),
            (Self::Three, Part::FrontEnd) => Some(FRONT_END),
            (Self::Three, Part::Database) => Some(DATABASE),
            (Self::One, _) => None,
        }
    }

    /// The name of the application's container.
    pub const fn application(self) -> &'static str {
        match self {
            Self::One => CONTAINER,
            Self::Three => BACK_END,
        }
    }

    /// Every container, by part and name, the application's first.
    pub fn containers(self) -> impl Iterator<Item = (Part, &'static str)> {
        Part::ALL.into_iter().filter_map(move |part| Some((part, self.name_of(part)?)))
    }

    /// Those beside the application's.
    pub fn beside(self) -> impl Iterator<Item = (Part, &'static str)> {
        self.containers().filter(|(part, _)| !part.is_application())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_container_has_its_name() {
        for (layout, names) in
            [(Layout::One, &["sms-app"] as &[&str]), (Layout::Three, &[BACK_END, FRONT_END, DATABASE])]
        {
            let all: Vec<&str> = layout.containers().map(|(_, name)| name).collect();
            assert_eq!(all, names);
            assert_eq!(layout.application(), names[0]);
            assert_eq!(layout.beside().count(), names.len() - 1);
        }
    }
}
