//! Which session is meant, and what a new one is called.

use chrono::{DateTime, Utc};
use watchkeeper_store::{SessionState, SessionSummary, Store, StoreError};

use crate::DeskError;

/// What the id of a check's own short session ends with.
const CHECK: &str = "-check";

/// What a new session is; its id tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary watch.
    Watch,
    /// The plan is compressed.
    Rehearsal,
    /// The deployment is simulated.
    Demo,
    /// One checkpoint and no more.
    Check,
}

/// The session that `wanted` names by its id or the beginning of it; without it the one that is being watched, else the
/// newest.
///
/// # Errors
/// Where there is none, or more than one.
pub async fn session(store: &Store, wanted: Option<&str>) -> Result<SessionSummary, DeskError> {
    let all = store.sessions().await?;
    let watched = |s: &SessionSummary| store.writer_of(&s.id);
    Ok(choose(&all, wanted, watched)?.clone())
}

/// The one of `all` that `wanted` names by its id or the beginning of it.
///
/// # Errors
/// Where there is none, or more than one.
pub fn among<'a>(all: &'a [SessionSummary], wanted: &str) -> Result<&'a SessionSummary, DeskError> {
    choose(all, Some(wanted), |_| Ok(false))
}

fn choose<'a>(
    all: &'a [SessionSummary],
    wanted: Option<&str>,
    watched: impl Fn(&SessionSummary) -> Result<bool, StoreError>,
) -> Result<&'a SessionSummary, DeskError> {
    let Some(wanted) = wanted.filter(|w| !w.is_empty()) else {
        for session in all.iter().filter(|s| s.state == SessionState::Open) {
            if watched(session)? {
                return Ok(session);
            }
        }
        let lasting = all.iter().find(|s| !is_check(s));
        return lasting.or_else(|| all.first()).ok_or_else(none);
    };
    if let Some(exact) = all.iter().find(|s| s.id == wanted) {
        return Ok(exact);
    }
    let found: Vec<&SessionSummary> = all.iter().filter(|s| s.id.starts_with(wanted)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] if all.is_empty() => Err(none()),
        [] => Err(DeskError::usage(
            format!("there is no session `{wanted}`"),
            "`watchkeeper sessions` lists them; the beginning of an id is enough",
        )),
        several => {
            let ids: Vec<&str> = several.iter().take(6).map(|s| s.id.as_str()).collect();
            let more = several.len().saturating_sub(ids.len());
            let more = if more > 0 { format!("\n  … and {more} more") } else { String::new() };
            Err(DeskError::usage(
                format!(
                    "`{wanted}` could be any of {} sessions:\n  {}{more}",
                    several.len(),
                    ids.join("\n  ")
                ),
                "write more of the id",
            ))
        }
    }
}

fn none() -> DeskError {
    DeskError::usage(
        "there is no session yet",
        "start one with `watchkeeper watch`, or see a simulated day with `watchkeeper demo`; \
         if there should be one, look at --data and WATCHKEEPER_DATA",
    )
}

/// The open session that a new watch would go on with: the newest of the same deployment and version that was not
/// simulated and ran at the same speed.
pub fn left_open<'a>(
    all: &'a [SessionSummary],
    deployment: &str,
    version: &str,
    speed: f64,
) -> Option<&'a SessionSummary> {
    all.iter().find(|s| {
        s.state == SessionState::Open
            && s.deployment == deployment
            && s.version == version
            && s.simulated.is_none()
            && (s.speed - speed).abs() < 1e-9
            && !is_check(s)
    })
}

/// Whether it is a check's own short session, with which no watch goes on.
pub fn is_check(session: &SessionSummary) -> bool {
    session.id.ends_with(CHECK)
}

/// `2026-01-10-1630-v1.15.1`, with a number behind it where that is taken.
pub fn new_id(all: &[SessionSummary], now: DateTime<Utc>, version: &str, kind: Kind) -> String {
    let version: String = version
        .chars()
        .take(24)
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
        .collect();
    let version = version.trim_matches(['.', '-', '_']);
    let kind = match kind {
        Kind::Watch => "",
        Kind::Rehearsal => "-rehearsal",
        Kind::Demo => "-demo",
        Kind::Check => CHECK,
    };
    let base = format!("{}-v{version}", now.format("%Y-%m-%d-%H%M"));
    let free = |id: &String| !all.iter().any(|s| s.id.eq_ignore_ascii_case(id));
    let first = format!("{base}{kind}");
    if free(&first) {
        return first;
    }
    // Numbers go before the kind, so that the kind is still told by the end.
    (2_u64..).map(|n| format!("{base}-{n}{kind}")).find(free).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(id: &str, state: SessionState) -> SessionSummary {
        SessionSummary {
            id: id.into(),
            opened: DateTime::UNIX_EPOCH,
            last_event: DateTime::UNIX_EPOCH,
            deployment: "QNAP".into(),
            environment: "production".into(),
            version: "1.15.1".into(),
            owner: "A".into(),
            simulated: None,
            speed: 1.0,
            state,
            finding: None,
            decision: None,
            events: 1,
            readings_pruned: None,
        }
    }

    #[test]
    fn a_session_is_chosen_by_as_much_of_its_id_as_tells_it_apart() {
        use SessionState::{Concluded, Open};
        // The newest first, as the store lists them.
        let all = [
            summary("2026-01-12-0900-v1.15.1-check", Concluded),
            summary("2026-01-11-0900-v1.15.1", Open),
            summary("2026-01-10-1630-v1.15.1", Open),
            summary("2026-01-10-1630-v1.15.1-2", Concluded),
        ];
        let watches = |id: &'static str| move |s: &SessionSummary| Ok::<bool, StoreError>(s.id == id);
        for (wanted, watched, expected) in [
            (None, "", Ok("2026-01-11-0900-v1.15.1")),
            (Some(""), "", Ok("2026-01-11-0900-v1.15.1")),
            (None, "2026-01-10-1630-v1.15.1", Ok("2026-01-10-1630-v1.15.1")),
            (Some("2026-01-11"), "", Ok("2026-01-11-0900-v1.15.1")),
            (Some("2026-01-10-1630-v1.15.1"), "", Ok("2026-01-10-1630-v1.15.1")),
            (Some("2026-01-10"), "", Err("any of 2 sessions")),
            (Some("2025"), "", Err("no session `2025`")),
        ] {
            let chosen = choose(&all, wanted, watches(watched));
            match (chosen, expected) {
                (Ok(session), Ok(id)) => assert_eq!(session.id, id, "{wanted:?}"),
                (Err(e), Err(part)) => assert!(e.to_string().contains(part), "{e}"),
                (chosen, _) => panic!("{wanted:?}: {chosen:?}"),
            }
        }
        let nothing = choose(&[], None, watches("")).unwrap_err();
        assert!(nothing.to_string().contains("watchkeeper demo"), "{nothing}");
    }

    #[test]
    fn only_a_watch_of_the_same_kind_is_gone_on_with() {
        let open = summary("a", SessionState::Open);
        let concluded = summary("b", SessionState::Concluded);
        let simulated = SessionSummary { simulated: Some("x".into()), ..open.clone() };
        let fast = SessionSummary { speed: 720.0, ..open.clone() };
        let check = summary("c-check", SessionState::Open);
        for (all, deployment, version, speed, found) in [
            (vec![open.clone()], "QNAP", "1.15.1", 1.0, true),
            (vec![open.clone()], "other", "1.15.1", 1.0, false),
            (vec![open.clone()], "QNAP", "1.15.2", 1.0, false),
            (vec![open], "QNAP", "1.15.1", 720.0, false),
            (vec![fast], "QNAP", "1.15.1", 720.0, true),
            (vec![concluded, simulated, check], "QNAP", "1.15.1", 1.0, false),
        ] {
            assert_eq!(left_open(&all, deployment, version, speed).is_some(), found, "{all:?}");
        }
    }

    #[test]
    fn ids_tell_when_and_what_and_are_never_taken_twice() {
        let now = DateTime::from_timestamp(1_768_062_600, 0).unwrap();
        let taken = [
            summary("2026-01-10-1630-v1.15.1", SessionState::Open),
            summary("2026-01-10-1630-v1.15.1-2", SessionState::Open),
            summary("2026-01-10-1630-v1.15.1-demo", SessionState::Open),
        ];
        for (all, version, kind, id) in [
            (&[][..], "1.15.1", Kind::Watch, "2026-01-10-1630-v1.15.1"),
            (&taken[..], "1.15.1", Kind::Watch, "2026-01-10-1630-v1.15.1-3"),
            (&taken[..], "1.15.1", Kind::Demo, "2026-01-10-1630-v1.15.1-2-demo"),
            (&taken[..], "1.15.1", Kind::Check, "2026-01-10-1630-v1.15.1-check"),
            (&[][..], "2.0.0-rc1+x/y", Kind::Rehearsal, "2026-01-10-1630-v2.0.0-rc1-x-y-rehearsal"),
        ] {
            let made = new_id(all, now, version, kind);
            assert_eq!(made, id);
            assert!(watchkeeper_store::check_session_id(&made).is_ok());
        }
        let long = new_id(&[], now, &"9".repeat(200), Kind::Rehearsal);
        assert!(watchkeeper_store::check_session_id(&long).is_ok(), "{long}");
    }
}
