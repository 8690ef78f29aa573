//! The simulated world: pure, seeded, and the same whatever the order of the questions.

mod acts;
mod answers;
mod beside;
mod http;
mod logs;
mod readiness;
mod state;
mod usage;

pub use acts::Act;
pub use answers::{OF_A_CONTAINER, answers, answers_of, unreachable};
pub use http::{Reply, SCHEMA, TIMEOUT_MS};
pub use logs::{LogLine, Stream};

pub use crate::layout::CONTAINER;

pub(crate) use acts::short;
pub(crate) use http::{BAD_GATEWAY, REFUSED, blocked, database_message};
use logs::{Visit, ticks};
pub use logs::{access_line, python_line, shutdown_lines, startup_lines};

use chrono::{DateTime, Utc};
use watchkeeper_core::{part::Part, reading::Place, time::Span};

use beside::Beside;

use crate::{
    fault::{Fault, FaultKind},
    random::{Topic, draw},
    scenario::Scenario,
    timeline::{Ms, Timeline, ms},
};

/// The version that is released unless [`World::with_version`] says another.
pub const VERSION: &str = "1.15.1";

/// The version before it, whose image is on the NAS.
pub const PREVIOUS: &str = "1.14.3";

/// The memory limit of the application's container in bytes.
pub const LIMIT_BYTES: u64 = 1 << 30;

/// The memory limit of the container of `part` in bytes.
pub(crate) const fn limit_bytes(part: Part) -> u64 {
    match part {
        Part::Application => LIMIT_BYTES,
        Part::FrontEnd => 256 << 20,
        Part::Database => 512 << 20,
    }
}

/// How long before the start of the world the container was started.
const AGE: Ms = 12 * 60_000;

/// How long the application needs until it serves.
const BOOT: Ms = 6_000;

/// One deployment of the SMS, with what goes wrong in it. Every question takes the span since the start.
#[derive(Debug, Clone)]
pub struct World {
    scenario: Scenario,
    /// What an operator has done, in its order.
    acts: Vec<Act>,
    /// What goes wrong after all that, with what comes of it.
    faults: Vec<Fault>,
    seed: u64,
    start: DateTime<Utc>,
    version: String,
    born: Ms,
    boot: Ms,
    timeline: Timeline,
    /// The containers beside the application's.
    beside: Vec<Beside>,
}

impl World {
    /// The world of `scenario`, beginning at `start`; the container has been running for twelve minutes by then.
    /// Equal arguments make equal worlds.
    pub fn new(scenario: Scenario, seed: u64, start: DateTime<Utc>) -> Self {
        Self::lived(scenario, seed, start, VERSION.into(), -AGE, BOOT, Vec::new())
    }

    /// The same with a container that starts with the world and serves at once: for a world inside a real container,
    /// whose life the real Engine tells.
    pub fn newborn(scenario: Scenario, seed: u64, start: DateTime<Utc>) -> Self {
        Self::lived(scenario, seed, start, VERSION.into(), 0, 0, Vec::new())
    }

    /// The same world with another version of the SMS in it.
    #[must_use]
    pub fn with_version(mut self, version: &str) -> Self {
        self.version = version.into();
        self
    }

    /// The same world in which `fault` happens too. What was before it stays as it was.
    #[must_use]
    pub fn with(&self, fault: Fault) -> Self {
        let mut scenario = self.scenario.clone();
        scenario.faults.push(fault);
        let (version, acts) = (self.version.clone(), self.acts.clone());
        Self::lived(scenario, self.seed, self.start, version, self.born, self.boot, acts)
    }

    fn lived(
        scenario: Scenario,
        seed: u64,
        start: DateTime<Utc>,
        version: String,
        born: Ms,
        boot: Ms,
        acts: Vec<Act>,
    ) -> Self {
        let beside = beside::lives(scenario.layout, born, &scenario.faults, &acts);
        let own: Vec<Act> = acts.iter().filter(|act| act.part.is_application()).copied().collect();
        let mut faults = acts::pieces(&scenario.faults, &own);
        faults.extend(beside::outages(&beside));
        let timeline = Timeline::new(born, &faults, &own);
        Self { scenario, acts, faults, seed, start, version, born, boot, timeline, beside }
    }

    /// What goes wrong in it.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What an operator has done in it, in its order.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The version of the SMS that is released, without `v`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The NAS's clock at `t`, in UTC.
    pub fn utc(&self, t: Span) -> DateTime<Utc> {
        self.utc_ms(ms(t))
    }

    /// The span since the start at which the NAS's clock says `utc`; nothing before the start.
    pub fn span(&self, utc: DateTime<Utc>) -> Span {
        Span::between(self.start, utc)
    }

    /// Where the way to the NAS is blocked at `t`: this PC, the network or the NAS itself, whichever is nearest.
    pub fn blocked(&self, t: Span) -> Option<Place> {
        let places = self.active(t).filter_map(|f| match f.kind {
            FaultKind::PcOffline | FaultKind::NetworkDown | FaultKind::NasDown => Some(f.kind.place()),
            _ => None,
        });
        places.min()
    }

    /// Whether the Docker Engine answers at `t`, seen from the NAS.
    pub fn engine_up(&self, t: Span) -> bool {
        !self.active(t).any(|f| f.kind == FaultKind::EngineDown)
    }

    fn active(&self, t: Span) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(move |f| f.active(t))
    }

    fn utc_ms(&self, at: Ms) -> DateTime<Utc> {
        chrono::TimeDelta::try_milliseconds(at)
            .and_then(|d| self.start.checked_add_signed(d))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn draw(&self, topic: Topic, a: u64, b: u64) -> u64 {
        draw(self.seed, topic, a, b)
    }
}
