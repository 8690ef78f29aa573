//! One container of the deployment: its life, its use of the machine and its log, as the readings tell of them.

use super::{
    Container, Level, LogState, Seen,
    track::{Series, Thinned},
};
use crate::{
    log::LogBatch,
    part::Part,
    reading::{ContainerEvent, ContainerState, FailureKind, Usage},
    rules::Rules,
    time::{Span, WatchTime},
};

/// The fold of the readings of one container.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instance {
    /// The container and what happened to it.
    pub container: Container,
    /// What its log said.
    pub logs: LogState,
    /// `docker stats`, last.
    pub usage: Option<Seen<Usage>>,
    /// CPU in percent of all cores.
    pub cpu_percent: Series,
    /// Memory in bytes since its last start, thinned to its medians.
    pub memory: Thinned,
    /// CPU readings above the threshold in a row, and below it less the hysteresis.
    pub cpu_level: Level,
    /// The same for memory.
    pub memory_level: Level,
    /// The same for the use of capacity.
    pub capacity_level: Level,
    /// When its log was last read.
    logs_read: Option<WatchTime>,
    /// Nothing was seen for a while, and it has not been looked at since.
    looked_away: bool,
}

impl Instance {
    pub(super) fn of(part: Part) -> Self {
        Self { container: Container::of(part), logs: LogState::of(part), ..Self::default() }
    }

    /// What is looked at next is what is left of what was not seen.
    pub(super) const fn look_away(&mut self) {
        self.looked_away = true;
    }

    /// A time without sight lies between what was and what comes: no streak goes through it.
    pub(super) fn break_off(&mut self) {
        (self.memory_level, self.cpu_level, self.capacity_level) = Default::default();
        self.looked_away = true;
    }

    /// A look at it failed.
    pub(super) fn not_seen(&mut self, at: WatchTime, kind: FailureKind) {
        // With the NAS or the Engine gone, nobody saw what became of the container meanwhile.
        self.looked_away = kind != FailureKind::NoContainer;
        if !self.looked_away {
            self.container.gone(at);
        }
    }

    pub(super) fn inspected(&mut self, at: WatchTime, state: &ContainerState, again: bool) {
        let again = std::mem::take(&mut self.looked_away) || again;
        if self.container.inspect(at, state, again) {
            self.memory.clear();
        }
    }

    pub(super) fn told(&mut self, at: WatchTime, event: &ContainerEvent, again: bool) {
        if self.container.event(at, event, again) {
            self.memory.clear();
        }
    }

    pub(super) fn logged(&mut self, at: WatchTime, batch: &LogBatch, gap_after: Span) {
        let from = self.logs_read.replace(at).filter(|from| at.since(*from) > gap_after);
        self.logs.take(from, at, batch);
    }

    pub(super) fn used(&mut self, at: WatchTime, usage: &Usage, rules: &Rules) {
        let rules = &rules.matrix;
        if let Some(cpu) = usage.cpu_share() {
            self.cpu_percent.push(at, cpu as f32);
            self.cpu_level.note(at, cpu, rules.cpu_percent, rules.hysteresis_percent);
        }
        self.memory.push(at, usage.memory_bytes as f32);
        if let Some(memory) = usage.memory_percent() {
            self.memory_level.note(at, memory, rules.memory_percent, rules.hysteresis_percent);
            let most = memory.max(usage.cpu_share().unwrap_or(0.0));
            self.capacity_level.note(at, most, rules.capacity_percent, rules.hysteresis_percent);
        }
        self.usage = Some(Seen { at, value: *usage });
    }
}
