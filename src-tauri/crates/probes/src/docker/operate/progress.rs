//! Telling what was done, and counting what was tried.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use watchkeeper_core::{action::Stage, reading::Failure, redact::from_outside, time::Span};
use watchkeeper_engine::ports::Progress;

use super::{
    readiness::is_missing,
    stand::Step,
    words::{in_the_way, passes},
};

/// Before it is tried again.
pub(super) const PAUSE: Duration = Duration::from_secs(1);
/// How often one step is tried, and how often the Engine is asked how things are.
pub(super) const TRIES: u32 = 4;

/// Tells what was done, with how long it took.
pub(super) struct Teller {
    told: mpsc::Sender<Progress>,
    since: Instant,
}

impl Teller {
    pub(super) fn new(told: mpsc::Sender<Progress>) -> Self {
        Self { told, since: Instant::now() }
    }

    pub(super) async fn tell(&mut self, stage: Stage, detail: &str) {
        let took = Span::from(self.since.elapsed());
        self.since = Instant::now();
        let detail = from_outside(&format!("{detail}; took {took}"), Failure::MOST_OF_A_MESSAGE);
        // Nobody who listens is no reason to stop half-way.
        let _ = self.told.send(Progress { stage, detail }).await;
    }
}

/// The steps that were taken: none for ever.
#[derive(Default)]
pub(super) struct Tries {
    last: Option<(Step, u32)>,
    /// What came of the last one.
    failure: Option<Failure>,
}

impl Tries {
    /// Counts `step`. After a failure it is still to be done only if looking at the containers says so; then it is tried
    /// again where another try may help.
    pub(super) fn count(&mut self, step: &Step) -> Result<(), Failure> {
        let tries = match self.last.take() {
            Some((last, tries)) if last == *step => tries + 1,
            _ => 1,
        };
        let failure = self.failure.take().filter(|_| tries > 1);
        match failure {
            Some(failure) if tries > TRIES || !(passes(&failure) || is_missing(&failure)) => {
                return Err(failure);
            }
            None if tries > TRIES => {
                return Err(in_the_way(&format!(
                    "The Docker Engine says each time that it is done, and it is not: {step:?}. Something else acts on \
                     the same container"
                )));
            }
            _ => {}
        }
        self.last = Some((step.clone(), tries));
        Ok(())
    }

    pub(super) async fn note(&mut self, result: Result<(), Failure>) {
        self.failure = result.err();
        if self.failure.as_ref().is_some_and(passes) {
            sleep(PAUSE).await;
        }
    }
}
