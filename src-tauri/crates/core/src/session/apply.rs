//! What each committed fact changes.

use super::{
    Check, CheckResult, CheckStatus, Delivery, EvidenceRecord, Incident, IncidentState, Judged, Note,
    NotificationRecord, Seal, Session, SignOff, StepRecord, Tick, log_line,
};
use crate::{
    event::{Event, Fact},
    gap::Gap,
    matrix::Issue,
    notify::NotifyReason,
};

impl Session {
    /// Takes a committed event in.
    pub fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        self.head = event.hash;
        self.last_event = event.moment;
        self.change(event);
        self.log.extend(log_line::of(self, event));
    }

    fn change(&mut self, event: &Event) {
        let moment = event.moment;
        match &event.fact {
            Fact::Opened(_) => {}
            Fact::Resumed { .. } => {
                self.attended = true;
                self.attended_since = moment.watch;
                for check in &mut self.checks {
                    if check.status == CheckStatus::Running {
                        check.status =
                            if check.missed.is_some() { CheckStatus::Missed } else { CheckStatus::Pending };
                        check.began = None;
                    }
                }
            }
            Fact::Paused { .. } => self.attended = false,
            Fact::ClockJumped { by_ms } => self.clock_jumps.push((moment.watch, *by_ms)),
            Fact::GapOpened { cause, from } => self.gaps.push(Gap { cause: *cause, from: *from, to: None }),
            Fact::GapClosed { to } => {
                if let Some(gap) = self.gaps.last_mut() {
                    gap.to = Some((*to).max(gap.from));
                }
            }
            Fact::PhaseBegan { phase } => self.phases_begun = *phase as usize + 1,
            Fact::CheckBegan { check, late } => {
                if self.check(check).is_none() {
                    self.checks.push(Check::extra(check, moment.watch));
                }
                self.check_mut(check, |c| {
                    c.status = CheckStatus::Running;
                    c.began = Some((moment.watch, *late));
                });
                self.change_action(event);
            }
            Fact::CheckDone { check, late, items, observations } => {
                self.check_mut(check, |c| {
                    c.status = if *late { CheckStatus::Missed } else { CheckStatus::Done };
                    c.result = Some(CheckResult {
                        moment,
                        late: *late,
                        items: items.clone(),
                        observations: observations.clone(),
                    });
                });
                self.seal_owed = true;
            }
            Fact::CheckMissed { check, cause } => self.check_mut(check, |c| {
                c.status = CheckStatus::Missed;
                c.missed = Some(cause.clone());
            }),
            Fact::ItemTicked { check, item, outcome, by, remark } => self.check_mut(check, |c| {
                c.ticks.push(Tick {
                    item: *item,
                    outcome: *outcome,
                    by: by.clone(),
                    remark: remark.clone(),
                    moment,
                });
            }),
            Fact::ReadingsSealed { count, digest } => {
                self.sealed = Seal { count: *count, digest: *digest };
                self.seal_owed = false;
            }
            Fact::ContainerChanged { news, announced } => self.changes.push((news.clone(), *announced)),
            Fact::DryRunAsked { .. } => {}
            Fact::ActionBegan { .. }
            | Fact::ActionAdvanced { .. }
            | Fact::ActionInterrupted { .. }
            | Fact::ActionResumed { .. }
            | Fact::UndoBegan { .. }
            | Fact::ActionEnded { .. } => self.change_action(event),
            Fact::Announced(announcement) => self.announcements.push(announcement.clone()),
            Fact::NotificationDecided { incident, reason, urgency, title, body, .. } => {
                if *reason == NotifyReason::Undelivered {
                    let same = |n: &&mut NotificationRecord| {
                        n.sent == Delivery::Pending
                            && !n.replaced
                            && n.incident == *incident
                            && n.title == *title
                    };
                    self.notifications.iter_mut().filter(same).for_each(|n| n.replaced = true);
                }
                self.notifications.push(NotificationRecord {
                    incident: *incident,
                    reason: *reason,
                    urgency: *urgency,
                    title: title.clone(),
                    body: body.clone(),
                    decided: moment,
                    sent: Delivery::Pending,
                    replaced: false,
                });
                if let Some(id) = incident {
                    self.incident_mut(*id, |i| i.told.push((*reason, moment.watch)));
                }
            }
            Fact::NotificationSent { notification, failure } => {
                let place = (*notification as usize).wrapping_sub(1);
                if let Some(record) = self.notifications.get_mut(place) {
                    record.sent = failure.clone().map_or(Delivery::Shown, Delivery::Failed);
                }
            }
            Fact::NoteAdded { by, text } => {
                self.notes.push(Note { moment, by: by.clone(), text: text.clone() })
            }
            Fact::Concluded(verdict) => self.concluded = Some((moment, (**verdict).clone())),
            Fact::SignedOff { by, decision, remark, verdict } => {
                self.signed_off = Some(SignOff {
                    moment,
                    by: by.clone(),
                    decision: *decision,
                    remark: remark.clone(),
                    verdict: (**verdict).clone(),
                });
            }
            Fact::IncidentOpened { .. }
            | Fact::IncidentNoted { .. }
            | Fact::IncidentExplained { .. }
            | Fact::EvidenceStored { .. }
            | Fact::IncidentAcknowledged { .. }
            | Fact::StepDone { .. }
            | Fact::IncidentRecovered { .. }
            | Fact::IncidentReopened { .. }
            | Fact::IncidentJudged { .. }
            | Fact::IncidentClosed { .. } => self.change_incident(event),
        }
    }

    fn change_incident(&mut self, event: &Event) {
        let moment = event.moment;
        match &event.fact {
            Fact::IncidentOpened { incident, problem, place, detail, since } => {
                self.incidents.push(Incident {
                    id: *incident,
                    problem: problem.clone(),
                    place: *place,
                    detail: detail.clone(),
                    since: *since,
                    opened: moment,
                    clock: moment,
                    state: IncidentState::Open,
                    acknowledged: None,
                    recovered: None,
                    reopened: None,
                    closed: None,
                    explained_by: None,
                    relapses: 0,
                    notes: Vec::new(),
                    evidence: Vec::new(),
                    steps: Vec::new(),
                    told: Vec::new(),
                    judged: None,
                })
            }
            Fact::IncidentNoted { incident, detail } => {
                self.incident_mut(*incident, |i| i.notes.push((moment, detail.clone())));
            }
            Fact::IncidentExplained { incident, by } => {
                self.incident_mut(*incident, |i| i.explained_by = Some(*by));
            }
            Fact::EvidenceStored { incident, kind, digest, bytes, failure } => {
                self.incident_mut(*incident, |i| {
                    i.evidence.push(EvidenceRecord {
                        kind: kind.clone(),
                        digest: *digest,
                        bytes: *bytes,
                        failure: failure.clone(),
                        moment,
                    });
                })
            }
            Fact::IncidentAcknowledged { incident, by, reason } => self.incident_mut(*incident, |i| {
                i.acknowledged = Some((moment, by.clone(), reason.clone()));
            }),
            Fact::StepDone { incident, step, by, remark } => self.incident_mut(*incident, |i| {
                i.steps.push(StepRecord { step: *step, moment, by: by.clone(), remark: remark.clone() });
            }),
            Fact::IncidentRecovered { incident, detail } => self.incident_mut(*incident, |i| {
                i.state = IncidentState::Recovered;
                i.recovered = Some(moment);
                i.notes.push((moment, format!("Recovered: {detail}")));
            }),
            Fact::IncidentReopened { incident, detail } => {
                let stable = self.opening.rules.escalation.close_after;
                self.incident_mut(*incident, |i| {
                    i.state = IncidentState::Open;
                    i.reopened = Some(moment);
                    // Back within minutes it is the same trouble, and its clock has been running all along.
                    let anew = match i.recovered {
                        Some(recovered) => moment.watch.since(recovered.watch) >= stable,
                        // It had been taken for a symptom, and stays when its cause is gone.
                        None => i.relapses == 0 || moment.watch.since(i.clock.watch) >= stable,
                    };
                    if anew {
                        i.clock = moment;
                        i.acknowledged = None;
                    }
                    i.recovered = None;
                    i.explained_by = None;
                    i.relapses += 1;
                    i.notes.push((moment, format!("Came back: {detail}")));
                });
            }
            Fact::IncidentJudged { incident, judgement, by, remark } => {
                let (judgement, by, remark) = (*judgement, by.clone(), remark.clone());
                self.incident_mut(*incident, |i| {
                    i.judged = Some(Judged { moment, judgement, by, remark });
                });
            }
            Fact::IncidentClosed { incident, by, remark } => {
                self.incident_mut(*incident, |i| {
                    i.state = IncidentState::Closed;
                    i.closed = Some((moment, by.clone(), remark.clone()));
                });
                let problem = self.incident(*incident).map(|i| &i.problem);
                if problem.is_some_and(|p| p.issue == Issue::DataCorruption && p.subject == "rows") {
                    self.observed.accept_rows();
                }
            }
            _ => {}
        }
    }

    fn check_mut(&mut self, id: &str, change: impl FnOnce(&mut Check)) {
        if let Some(check) = self.checks.iter_mut().find(|c| c.id == id) {
            change(check);
        }
    }

    fn incident_mut(&mut self, id: u32, change: impl FnOnce(&mut Incident)) {
        let place = (id as usize).wrapping_sub(1);
        if let Some(incident) = self.incidents.get_mut(place) {
            change(incident);
        }
    }
}
