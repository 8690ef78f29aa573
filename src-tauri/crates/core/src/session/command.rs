//! What people ask of a session.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    CheckStatus, IncidentState, Session, Standing,
    orders::{self, Asked},
};
use crate::{
    chain::Hash,
    checklist::{Item, ItemOutcome, ItemResult},
    escalation::Step,
    event::{Announcement, Fact, Judgement},
    part::Part,
    time::{Moment, Span},
    verdict::Decision,
};

/// A person's request. It travels as JSON from the window, the tray or another process to the one that watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Take a checkpoint now, beside the plan.
    CheckNow,
    /// Write something down.
    Note {
        /// Who.
        by: String,
        /// What.
        text: String,
    },
    /// Say that an incident has been seen.
    Acknowledge {
        /// Which.
        incident: u32,
        /// Who.
        by: String,
        /// What they are going to do about it.
        reason: String,
    },
    /// Say that a step of the escalation was done.
    Act {
        /// Which incident.
        incident: u32,
        /// Which step.
        step: Step,
        /// Who.
        by: String,
        /// What was done.
        remark: String,
    },
    /// Say that what looked like a breach, or like damaged data, was one.
    Confirm {
        /// Which.
        incident: u32,
        /// Who.
        by: String,
        /// How they know.
        remark: String,
    },
    /// Say that it was none, such as one's own work; it is closed with that.
    Dismiss {
        /// Which.
        incident: u32,
        /// Who.
        by: String,
        /// How they know.
        remark: String,
    },
    /// Close an incident with its cause.
    Close {
        /// Which.
        incident: u32,
        /// Who.
        by: String,
        /// The root cause, or why it was none.
        remark: String,
    },
    /// Answer an item that the watch has no sight of.
    Tick {
        /// The checkpoint's id, such as `hour-0`.
        check: String,
        /// The item.
        item: Item,
        /// Whether it is as it should be.
        good: bool,
        /// Who.
        by: String,
        /// What was seen.
        remark: String,
    },
    /// Say beforehand that the container is going to be restarted, stopped or replaced.
    Announce {
        /// What, in one's own words.
        what: String,
        /// Who.
        by: String,
        /// For how long from now.
        lasts: Span,
    },
    /// Ask whether a roll back would work: a dry run.
    DryRun {
        /// Who.
        by: String,
    },
    /// Restart a container.
    Restart {
        /// Whose; without it that of the part which the incident lies with, or else the application's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        part: Option<Part>,
        /// Because of which incident.
        incident: Option<u32>,
        /// Who decides it.
        by: String,
        /// Why.
        reason: String,
    },
    /// Roll back to the previous version.
    RollBack {
        /// Because of which incident.
        incident: Option<u32>,
        /// Who decides it.
        by: String,
        /// Why.
        reason: String,
        /// The digest of the plan that they have seen.
        plan: Hash,
        /// That they accept that the database may be newer than the previous version knows.
        accept_schema: bool,
    },
    /// Go on with a roll back that was interrupted.
    Finish {
        /// Which action.
        action: u32,
        /// Who decides it.
        by: String,
    },
    /// Undo a roll back that was interrupted or is done.
    Undo {
        /// Which action.
        action: u32,
        /// Who decides it.
        by: String,
        /// Why.
        reason: String,
    },
    /// Say that a roll back that was interrupted is mended by hand.
    TakeOver {
        /// Which action.
        action: u32,
        /// Who does it.
        by: String,
        /// What they do.
        remark: String,
    },
    /// Decide on the verdict and close the session.
    SignOff {
        /// Who.
        by: String,
        /// What.
        decision: Decision,
        /// In what words.
        remark: String,
        /// Sign off although the plan has not run to its end.
        early: bool,
    },
}

impl Command {
    /// Whether it takes a watch that stands: what comes of it is asked, or done, at once.
    pub const fn needs_a_watch(&self) -> bool {
        matches!(
            self,
            Self::CheckNow
                | Self::DryRun { .. }
                | Self::Restart { .. }
                | Self::RollBack { .. }
                | Self::Finish { .. }
                | Self::Undo { .. }
        )
    }
}

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing can be written any more.
    #[error("the session is signed off and closed for writing; start a new one to watch again")]
    Closed,
    /// The deployment has no such container, or it is not watched.
    #[error(
        "{part} has no container of its own that is watched: name it in the configuration before the watch starts"
    )]
    NoContainer {
        /// Whose.
        part: &'static str,
    },
    /// Nobody says who it is that asks.
    #[error("the name is missing")]
    NoName,
    /// A reason or a text is missing.
    #[error("{what} is missing: {advice}")]
    Missing {
        /// What.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// There is no such incident.
    #[error("there is no incident #{0}")]
    NoIncident(u32),
    /// The incident is in a state in which the request makes no sense.
    #[error("incident #{incident} {why}")]
    NotNow {
        /// Which.
        incident: u32,
        /// Why.
        why: &'static str,
    },
    /// There is no such check, or it has no result yet.
    #[error("there is no taken check {0:?}")]
    NoCheck(String),
    /// The item is not on that check's list, or the watch answers it itself.
    #[error("the check {check:?} has no line {item:?} for a person to answer")]
    NoItem {
        /// The check.
        check: String,
        /// The line.
        item: &'static str,
    },
    /// A checkpoint is being taken.
    #[error("a check is being taken just now; its result is there in a moment")]
    CheckRunning,
    /// Too early.
    #[error(
        "the plan has not run to its end ({left} left); wait for it, or say `early` and give the reason as the remark"
    )]
    TooEarly {
        /// What is left.
        left: Span,
    },
    /// Against the verdict.
    #[error("the verdict is {verdict}: {decision} against it needs a reason as the remark")]
    AgainstVerdict {
        /// The verdict.
        verdict: &'static str,
        /// The decision.
        decision: &'static str,
    },
    /// Longer than is kept.
    #[error(
        "{what} has {length} characters, and {most} are kept at most: shorten it, or write it in several"
    )]
    TooLong {
        /// What.
        what: &'static str,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// The configuration forbids it.
    #[error("a {kind} is not allowed: the session was begun with `never` for it")]
    Forbidden {
        /// What.
        kind: &'static str,
    },
    /// Something is being done to the deployment.
    #[error("{what} is under way or half done: never two at once; bring it to its end first")]
    UnderWay {
        /// What.
        what: String,
    },
    /// It could not work.
    #[error("it cannot be done now: {why}")]
    NotReady {
        /// Why.
        why: String,
    },
    /// The deployment is not as it was when the plan was made.
    #[error("the plan has changed since it was shown: look at the new one, then decide")]
    PlanChanged,
    /// The database may be too new for the previous version.
    #[error("{why}: it takes a person's word that this is accepted")]
    SchemaRisk {
        /// Why.
        why: String,
    },
    /// There is no such action.
    #[error("there is no action #{0}")]
    NoAction(u32),
    /// The action is in a state in which the request makes no sense.
    #[error("action #{action} {why}")]
    NotThen {
        /// Which.
        action: u32,
        /// Why.
        why: &'static str,
    },
    /// The plan has run to its end.
    #[error("the plan has run to its end: nothing that is announced or done now would be seen")]
    Over,
    /// A length out of bounds.
    #[error("an announcement lasts from 1 s to 24 h")]
    BadLength,
}

const MOST_TEXT: usize = 4_000;
const MOST_NAME: usize = 100;

pub(super) fn carry_out(session: &Session, command: &Command, now: Moment) -> Result<Vec<Fact>, Refusal> {
    Ok(match command {
        Command::CheckNow => {
            if session.checks.iter().any(|c| c.status == CheckStatus::Running) {
                return Err(Refusal::CheckRunning);
            }
            let n = session.checks.iter().filter(|c| c.phase.is_none()).count() + 1;
            vec![Fact::CheckBegan { check: format!("extra-{n}"), late: false }]
        }
        Command::Note { by, text } => {
            vec![Fact::NoteAdded { by: name(by)?, text: words(text, "the note's text")? }]
        }
        Command::Acknowledge { incident, by, reason } => {
            let it = session.incident(*incident).ok_or(Refusal::NoIncident(*incident))?;
            if it.acknowledged.is_some() {
                return Err(Refusal::NotNow { incident: *incident, why: "has been acknowledged already" });
            }
            if it.state == IncidentState::Closed {
                return Err(Refusal::NotNow { incident: *incident, why: "is closed already" });
            }
            vec![Fact::IncidentAcknowledged {
                incident: *incident,
                by: name(by)?,
                reason: words(reason, "the reason")?,
            }]
        }
        Command::Act { incident, step, by, remark } => {
            let it = session.incident(*incident).ok_or(Refusal::NoIncident(*incident))?;
            if it.is_done(*step) {
                return Err(Refusal::NotNow { incident: *incident, why: "has that step done already" });
            }
            if !it.is_critical() {
                return Err(Refusal::NotNow {
                    incident: *incident,
                    why: "is not critical, so that no clock runs on it: write a note instead",
                });
            }
            vec![Fact::StepDone {
                incident: *incident,
                step: *step,
                by: name(by)?,
                remark: words(remark, "what was done")?,
            }]
        }
        Command::Confirm { incident, by, remark } => {
            return judge(session, *incident, Judgement::Confirmed, by, remark);
        }
        Command::Dismiss { incident, by, remark } => {
            return judge(session, *incident, Judgement::Dismissed, by, remark);
        }
        Command::Close { incident, by, remark } => {
            let it = session.incident(*incident).ok_or(Refusal::NoIncident(*incident))?;
            match it.state {
                IncidentState::Closed => {
                    return Err(Refusal::NotNow { incident: *incident, why: "is closed already" });
                }
                _ if it.standing() == Standing::Undecided && it.explained_by.is_none() => {
                    return Err(Refusal::NotNow {
                        incident: *incident,
                        why: "has not been judged: confirm it first, or dismiss it, which closes it",
                    });
                }
                IncidentState::Open if !it.waits_for_a_person() && it.explained_by.is_none() => {
                    return Err(Refusal::NotNow {
                        incident: *incident,
                        why: "still lasts; it can be closed once it has recovered",
                    });
                }
                IncidentState::Open | IncidentState::Recovered => {}
            }
            vec![Fact::IncidentClosed {
                incident: *incident,
                by: name(by)?,
                remark: words(remark, "the root cause")?,
            }]
        }
        Command::Tick { check, item, good, by, remark } => {
            let it = session.check(check).ok_or_else(|| Refusal::NoCheck(check.clone()))?;
            let result = it.result.as_ref().ok_or_else(|| Refusal::NoCheck(check.clone()))?;
            // What the watch could not test, for want of an account, a person may.
            let by_hand = [
                Item::BasicFunctionality,
                Item::FeatureFunctionality,
                Item::AllFeaturesFunctional,
                // Unknown while a suspicion waits for a person's word.
                Item::NoBreaches,
            ];
            let is_owed = |i: &ItemResult| match i.outcome {
                ItemOutcome::Owed => true,
                ItemOutcome::Unknown => by_hand.contains(item),
                ItemOutcome::Passed | ItemOutcome::Failed => false,
            };
            let owed = result.items.iter().any(|i| i.item == *item && is_owed(i));
            if !owed {
                return Err(Refusal::NoItem { check: check.clone(), item: item.id() });
            }
            vec![Fact::ItemTicked {
                check: check.clone(),
                item: *item,
                outcome: if *good { ItemOutcome::Passed } else { ItemOutcome::Failed },
                by: name(by)?,
                remark: words(remark, "what was seen")?,
            }]
        }
        Command::Announce { what, by, lasts } => {
            if session.concluded.is_some() {
                return Err(Refusal::Over);
            }
            if *lasts < Span::secs(1) || *lasts > Span::hours(24) {
                return Err(Refusal::BadLength);
            }
            vec![Fact::Announced(Announcement {
                what: words(what, "what is going to be done")?,
                by: name(by)?,
                from: now.watch,
                until: now.watch + *lasts,
            })]
        }
        Command::DryRun { by } => vec![Fact::DryRunAsked { by: name(by)? }],
        Command::Restart { part, incident, by, reason } => {
            return orders::restart(session, &Asked { incident: *incident, by, reason }, *part);
        }
        Command::RollBack { incident, by, reason, plan, accept_schema } => {
            let asked = Asked { incident: *incident, by, reason };
            return orders::roll_back(session, &asked, *plan, *accept_schema);
        }
        Command::Finish { action, by } => return orders::finish(session, *action, by),
        Command::Undo { action, by, reason } => return orders::undo(session, *action, by, reason),
        Command::TakeOver { action, by, remark } => return orders::take_over(session, *action, by, remark),
        Command::SignOff { by, decision, remark, early } => {
            return sign_off(session, by, *decision, remark, *early, now);
        }
    })
}

/// A dismissal closes at once: there is nothing left to find out.
fn judge(
    session: &Session,
    incident: u32,
    judgement: Judgement,
    by: &str,
    remark: &str,
) -> Result<Vec<Fact>, Refusal> {
    let it = session.incident(incident).ok_or(Refusal::NoIncident(incident))?;
    let why = if !it.is_for_a_person() {
        Some(
            "is no suspicion that could be confirmed or dismissed: close it with its cause once it has recovered",
        )
    } else if it.state == IncidentState::Closed {
        Some("is closed already")
    } else if judgement == Judgement::Confirmed && it.judged.is_some() {
        Some("has been confirmed already")
    } else {
        None
    };
    if let Some(why) = why {
        return Err(Refusal::NotNow { incident, why });
    }
    let (by, remark) = (name(by)?, words(remark, "how you know")?);
    let judged = Fact::IncidentJudged { incident, judgement, by: by.clone(), remark: remark.clone() };
    Ok(match judgement {
        Judgement::Confirmed => vec![judged],
        Judgement::Dismissed => vec![judged, Fact::IncidentClosed { incident, by, remark }],
    })
}

fn sign_off(
    session: &Session,
    by: &str,
    decision: Decision,
    remark: &str,
    early: bool,
    now: Moment,
) -> Result<Vec<Fact>, Refusal> {
    let by = name(by)?;
    let verdict = session.verdict(now.watch);
    let remark = clean(remark, "the remark", MOST_TEXT)?;
    if session.concluded.is_none() && (!early || remark.is_empty()) {
        return Err(Refusal::TooEarly { left: session.end().since(now.watch) });
    }
    if decision.against(verdict.finding) && remark.is_empty() {
        return Err(Refusal::AgainstVerdict { verdict: verdict.finding.label(), decision: decision.label() });
    }
    let mut facts = Vec::new();
    // A session that was left is judged with the time in which nobody watched it.
    facts.extend(session.unwritten_gap(now.watch).map(|g| Fact::GapOpened { cause: g.cause, from: g.from }));
    if session.observed.count > session.sealed.count {
        facts.push(Fact::ReadingsSealed { count: session.observed.count, digest: session.observed.digest });
    }
    facts.push(Fact::SignedOff { by, decision, remark, verdict: Box::new(verdict) });
    Ok(facts)
}

pub(super) fn name(by: &str) -> Result<String, Refusal> {
    let by = clean(by, "the name", MOST_NAME)?.replace('\n', " ");
    if by.is_empty() {
        return Err(Refusal::NoName);
    }
    Ok(by)
}

pub(super) fn words(text: &str, what: &'static str) -> Result<String, Refusal> {
    let text = clean(text, what, MOST_TEXT)?;
    if text.is_empty() {
        return Err(Refusal::Missing { what, advice: "a word or two are enough" });
    }
    Ok(text)
}

/// Without control characters and secrets.
fn clean(text: &str, what: &'static str, most: usize) -> Result<String, Refusal> {
    let plain = crate::redact::visible(text);
    let length = plain.trim().chars().count();
    if length > most {
        return Err(Refusal::TooLong { what, length, most });
    }
    Ok(crate::redact::redact(plain.trim()).into_owned())
}
