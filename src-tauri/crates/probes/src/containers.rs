//! The containers of a deployment by their parts, and the probes of those beside the application's.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{
    part::Part,
    reading::{Answer, Source},
};
use watchkeeper_engine::ports::{Depth, Probe};

/// The names of the containers that are watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Containers {
    /// The application's.
    pub application: String,
    /// Those beside it.
    pub beside: Vec<(Part, String)>,
}

impl From<&str> for Containers {
    /// The layout with one container.
    fn from(application: &str) -> Self {
        Self { application: application.into(), beside: Vec::new() }
    }
}

impl From<String> for Containers {
    fn from(application: String) -> Self {
        Self { application, beside: Vec::new() }
    }
}

impl Containers {
    /// All of them, the application's first.
    pub fn all(&self) -> impl Iterator<Item = (Part, &str)> {
        let beside = self.beside.iter().map(|(part, name)| (*part, name.as_str()));
        std::iter::once((Part::Application, self.application.as_str())).chain(beside)
    }

    /// That of `part`, where there is one.
    pub fn of(&self, part: Part) -> Option<&str> {
        self.all().find(|(of, _)| *of == part).map(|(_, name)| name)
    }
}

/// A probe of a container beside the application's: what it answers is said to be of that part.
pub(crate) struct Beside {
    part: Part,
    probe: Arc<dyn Probe>,
}

impl Beside {
    pub(crate) fn of(part: Part, probe: impl Probe + 'static) -> Arc<dyn Probe> {
        Arc::new(Self { part, probe: Arc::new(probe) })
    }
}

#[async_trait]
impl Probe for Beside {
    fn source(&self) -> Source {
        self.probe.source()
    }
    fn part(&self) -> Part {
        self.part
    }
    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        self.probe.ask(depth).await.into_iter().map(|answer| answer.of(self.part)).collect()
    }
}
