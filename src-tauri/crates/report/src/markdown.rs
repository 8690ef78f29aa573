//! The report for people: the sections of the written session log, in its order, filled from the journal.

mod action;
mod baselines;
mod checkpoint;
mod criteria;
mod dashboard;
mod escalation;
mod incident;
mod initial;
mod log;
mod matrix;
mod notes;
mod overview;
mod post_mortem;
mod provenance;
mod schedule;
mod seal;

use watchkeeper_core::{
    session::CheckStatus,
    view::{CheckView, IncidentView, Stage, View},
};

use crate::{Report, clock::Clock, doc::Doc};
pub(crate) use provenance::{head_line, session_of};
pub(crate) use seal::{Seal, SealError};

/// What every section looks at.
struct Page<'a> {
    report: &'a Report,
    view: &'a View,
    clock: Clock,
}

impl<'a> Page<'a> {
    fn of(report: &'a Report) -> Self {
        Self { report, view: &report.view, clock: Clock::of(report) }
    }

    fn incident(&self, id: u32) -> Option<&'a IncidentView> {
        self.view.incidents.iter().find(|i| i.incident.id == id)
    }

    /// The plan has run to its end, or the session was closed before.
    fn is_over(&self) -> bool {
        matches!(self.view.stage, Stage::Concluded | Stage::SignedOff)
    }

    /// Whether a checkpoint is still to come. A closed session takes none.
    fn is_pending(&self, check: &CheckView) -> bool {
        check.check.status == CheckStatus::Pending && self.view.stage != Stage::SignedOff
    }
}

/// The whole report. Its last line is a seal over everything above it.
pub fn markdown(report: &Report) -> String {
    let page = Page::of(report);
    let mut doc = Doc::default();
    overview::title(&page, &mut doc);
    overview::section(&page, &mut doc);
    initial::section(&page, &mut doc);
    schedule::section(&page, &mut doc);
    baselines::section(&page, &mut doc);
    matrix::section(&page, &mut doc);
    log::section(&page, &mut doc);
    criteria::section(&page, &mut doc);
    escalation::section(&page, &mut doc);
    notes::section(&page, &mut doc);
    dashboard::section(&page, &mut doc);
    dashboard::next_steps(&page, &mut doc);
    provenance::sign_off(&page, &mut doc);
    provenance::section(&page, &mut doc);
    overview::banner(&page, &mut doc);
    Seal::close(doc.finish(), report.view.head)
}

/// The report of one incident, a file of its own: what happened, how long each part of the answer took, its escalation,
/// what was done and who decided it, evidence, timeline and the skeleton of its post-mortem. Its last line is a seal, as the
/// session's has one. `None` where there is no such incident.
pub fn incident_markdown(report: &Report, incident: u32) -> Option<String> {
    let page = Page::of(report);
    let incident = page.incident(incident)?;
    let mut doc = Doc::default();
    incident::record(&page, incident, 1, &mut doc);
    provenance::of_incident(&page, &mut doc);
    overview::banner(&page, &mut doc);
    Some(Seal::close(doc.finish(), report.view.head))
}
