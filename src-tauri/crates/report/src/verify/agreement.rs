//! Whether a view says what its events say: they are folded anew, and what comes of them is held against it.
//!
//! What rests on readings cannot be folded from events: baselines, the ladder, log patterns, the container as last seen,
//! and the verdict of a session that is not over. The seal alone covers these.

use watchkeeper_core::{
    event::{Event, Fact},
    session::Session,
    view::{CheckView, IncidentView, View},
};

use super::VerifyError;

/// A clock that steps further is none, and would not fit into the calendar.
const FARTHEST_STEP_MS: u64 = 1_000 * 366 * 86_400_000;

/// The session that `events` are, each in a place where it can be.
pub(super) fn session(events: &[Event]) -> Result<Session, VerifyError> {
    let wrong = |entry, why| Err(VerifyError::Order { entry, why });
    let mut all = events.iter();
    let Some(mut session) = all.next().and_then(Session::open) else {
        return wrong(1, "a journal begins with the opening of its session");
    };
    let mut stepped = 0_u64;
    for event in all {
        if session.signed_off.is_some() {
            return wrong(event.seq, "nothing comes after the sign-off");
        }
        match &event.fact {
            Fact::Opened(_) => return wrong(event.seq, "a session is opened once"),
            Fact::ClockJumped { by_ms } => {
                stepped = stepped.saturating_add(by_ms.unsigned_abs());
                if stepped > FARTHEST_STEP_MS {
                    return wrong(event.seq, "no clock steps that far");
                }
            }
            _ => {}
        }
        session.apply(event);
    }
    Ok(session)
}

/// Holds `view` against `session`. `same_words` says that both were put into words by the same version of this program;
/// otherwise only facts are compared.
pub(super) fn verify(mut session: Session, view: &View, same_words: bool) -> Result<(), VerifyError> {
    // The one number that sentences take from the readings.
    session.observed.count = view.readings;
    session.observed.last = view.last_reading;
    let folded = View::of(&session, view.now);
    // Through JSON, as the view came: what JSON cannot tell apart is no contradiction.
    let folded = serde_json::to_value(&folded).and_then(serde_json::from_value::<View>);
    let Ok(folded) = folded else { return Err(VerifyError::Contradiction { what: "view" }) };
    let judged = session.concluded.is_some() || session.signed_off.is_some();
    let facts = [
        ("head", view.head == folded.head),
        ("opening", view.opening == folded.opening),
        ("sign_off", view.sign_off == folded.sign_off),
        ("verdict", !judged || view.verdict == folded.verdict),
        ("stage", view.stage == folded.stage),
        ("started", view.started == folded.started),
        ("planned_end", view.planned_end == folded.planned_end),
        ("ended", view.ended == folded.ended),
        ("elapsed", view.elapsed == folded.elapsed),
        ("left", view.left == folded.left),
        ("phase", view.phase == folded.phase),
        ("next_check", view.next_check == folded.next_check),
        ("checks", same(&view.checks, &folded.checks, check_facts)),
        ("matrix", view.matrix == folded.matrix),
        ("incidents", same(&view.incidents, &folded.incidents, incident_facts)),
        ("tone", view.tone == folded.tone),
        ("gaps", view.gaps == folded.gaps),
        ("coverage_percent", view.coverage_percent == folded.coverage_percent),
        ("notes", view.notes == folded.notes),
        ("announcements", view.announcements == folded.announcements),
        ("notifications", view.notifications == folded.notifications),
        (
            "log",
            same(&view.log, &folded.log, |a, b| {
                (a.moment, a.seq, a.severity, a.incident) == (b.moment, b.seq, b.severity, b.incident)
            }),
        ),
        ("sealed", view.sealed == folded.sealed),
        // None at all are those that the retention has removed.
        ("readings", view.readings >= view.sealed.count || view.readings == 0),
    ];
    let words = [
        ("checks", view.checks == folded.checks),
        ("incidents", view.incidents == folded.incidents),
        ("log", view.log == folded.log),
        ("next_steps", view.next_steps == folded.next_steps),
        ("confidence", !judged || view.confidence == folded.confidence),
    ];
    let words = words.iter().filter(|_| same_words);
    match facts.iter().chain(words).find(|(_, agrees)| !agrees) {
        Some((what, _)) => Err(VerifyError::Contradiction { what }),
        None => Ok(()),
    }
}

fn same<T>(a: &[T], b: &[T], facts: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| facts(a, b))
}

fn check_facts(a: &CheckView, b: &CheckView) -> bool {
    a.check == b.check
        && (a.due_utc, a.until_utc) == (b.due_utc, b.until_utc)
        && a.issues == b.issues
        && same(&a.lines, &b.lines, |a, b| (a.item, a.outcome) == (b.item, b.outcome))
}

fn incident_facts(a: &IncidentView, b: &IncidentView) -> bool {
    a.incident == b.incident
        && (a.severity, a.lasted) == (b.severity, b.lasted)
        && a.escalation == b.escalation
}
