//! The containers beside the application's, where the layout has them: a life of their own, and what comes of it.

mod logs;
mod nginx;
mod postgres;
mod usage;

use watchkeeper_core::{part::Part, reading::ContainerStatus, time::Span};

use super::{Act, World};
use crate::{
    fault::{Fault, FaultKind},
    layout::Layout,
    timeline::{FOREVER, Ms, Stay, Timeline},
};

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    part: Part,
    life: Timeline,
}

/// All of `layout`, with what `faults` and `acts` do to each.
pub(super) fn lives(layout: Layout, born: Ms, faults: &[Fault], acts: &[Act]) -> Vec<Beside> {
    let live = |part| {
        let faults: Vec<Fault> = faults.iter().filter_map(|fault| own(fault, part)).collect();
        let acts: Vec<Act> = acts.iter().filter(|act| act.part == part).copied().collect();
        Beside { part, life: Timeline::new(born, &faults, &acts) }
    };
    layout.beside().map(|(part, _)| live(part)).collect()
}

/// What the application suffers of it: without its container there is no database.
pub(super) fn outages(beside: &[Beside]) -> Vec<Fault> {
    let databases = beside.iter().filter(|it| it.part == Part::Database);
    databases
        .flat_map(|it| it.life.stays(0, FOREVER).filter(|(stay, ..)| !runs(stay)))
        .map(|(stay, until, _)| Fault {
            kind: FaultKind::DatabaseDown,
            at: span(stay.from),
            lasts: (until < FOREVER).then(|| span(until - stay.from)),
        })
        .collect()
}

/// `fault` as the container of `part` has it: there it is a crash like any other.
fn own(fault: &Fault, part: Part) -> Option<Fault> {
    match fault.kind {
        FaultKind::FrontEndCrash { exit_code } | FaultKind::DatabaseCrash { exit_code }
            if fault.kind.part_that_ends() == Some(part) =>
        {
            Some(Fault { kind: FaultKind::ContainerCrash { exit_code }, ..*fault })
        }
        _ => None,
    }
}

fn runs(stay: &Stay) -> bool {
    stay.exists && stay.status == ContainerStatus::Running
}

fn span(at: Ms) -> Span {
    Span::millis(at.max(0).cast_unsigned())
}

impl World {
    /// In how many containers it runs.
    pub const fn layout(&self) -> Layout {
        self.scenario.layout
    }

    /// The life of the container of `part`, where it has one.
    pub(super) fn life_of(&self, part: Part) -> Option<&Timeline> {
        if part.is_application() {
            return Some(&self.timeline);
        }
        self.beside.iter().find(|it| it.part == part).map(|it| &it.life)
    }

    /// Whether requests come to the front end first, and whether that lets them through at `at`.
    pub(super) fn front_end_runs(&self, at: Ms) -> Option<bool> {
        self.life_of(Part::FrontEnd).map(|life| runs(life.at(at)))
    }
}
