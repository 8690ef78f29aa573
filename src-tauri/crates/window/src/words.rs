//! What the program says to the person outside of the window, in the window's language. The record stays English.

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    escalation::Step,
    matrix::{Issue, Severity},
    notify::NotifyReason,
    plan::Plan,
    reading::Place,
    session::{IncidentState, NotificationRecord, Standing},
    verdict::Finding,
    view::{IncidentView, StepState, View},
};
use watchkeeper_engine::ports::Notification;

use crate::tray::Words;

/// The test alarm.
pub(crate) const fn test_alarm(words: Words) -> (&'static str, &'static str) {
    match words {
        Words::En => ("Test alarm", "This is how a critical incident would be told. Nothing has happened."),
        Words::El => {
            ("Δοκιμή ειδοποίησης", "Έτσι θα ειδοποιηθείτε για κρίσιμο συμβάν. Δεν έχει συμβεί τίποτα.")
        }
    }
}

/// A watch that does not go on. `why` comes from the program, in English.
pub(crate) fn in_vain(words: Words, session: &str, why: &str) -> (&'static str, String) {
    match words {
        Words::En => {
            ("The watch could not go on", format!("{why}. Nobody watches {session} until it is resumed."))
        }
        Words::El => (
            "Η βάρδια δεν συνεχίστηκε",
            format!("Κανείς δεν παρακολουθεί τη συνεδρία {session}, ώσπου να τη συνεχίσετε.{}", cause(why)),
        ),
    }
}

/// A session that cannot be shown. `why` comes from the program, in English.
pub(crate) fn not_shown(words: Words, session: &str, why: &str) -> (&'static str, String) {
    match words {
        Words::En => ("The session cannot be shown", format!("{session}: {why}")),
        Words::El => ("Η συνεδρία δεν μπορεί να εμφανιστεί", format!("Συνεδρία {session}.{}", cause(why))),
    }
}

/// What the program says in English, behind Greek words: on a line of its own that says so.
pub(crate) fn cause(why: &str) -> String {
    format!("\nΑιτία (στα αγγλικά): {why}")
}

/// Whether a text begins in Greek.
pub(crate) fn is_greek(text: &str) -> bool {
    text.starts_with(|c| ('\u{370}'..='\u{3ff}').contains(&c))
}

/// Whether the session goes by the built-in plan: its titles are the program's own words.
pub(crate) fn is_built_in(view: &View) -> bool {
    view.opening.plan == Plan::standard()
}

/// A checkpoint's title. What a person called it stays as it is.
pub(crate) fn check(words: Words, view: &View, id: &str, title: &str) -> String {
    let number = |prefix: &str| id.strip_prefix(prefix).filter(|n| n.parse::<u32>().is_ok());
    if words == Words::En {
        return title.to_owned();
    }
    if let Some(n) = number("extra-") {
        return format!("Έκτακτος έλεγχος {n}");
    }
    if !is_built_in(view) {
        return title.to_owned();
    }
    match (number("hour-"), number("check-")) {
        (Some(n), _) => format!("Ώρα {n}"),
        (_, Some(n)) => format!("Έλεγχος {n}"),
        _ if id == "final" => "Τελικός έλεγχος".into(),
        _ => title.to_owned(),
    }
}

/// A notification of the watch in Greek: title and body. `None` where there are no words for it.
pub(crate) fn notification(view: &View, notification: &Notification) -> Option<(String, String)> {
    let is_it =
        |n: &&NotificationRecord| n.title == notification.title && n.incident == notification.incident();
    let mut all = view.notifications.iter().rev().filter(is_it);
    let newest = all.next()?;
    // What could not be shown is said again, for the reason that it had.
    let (record, late) = match newest.reason {
        NotifyReason::Undelivered => (all.find(|n| n.reason != NotifyReason::Undelivered)?, true),
        _ => (newest, false),
    };
    let (title, body) = match record.incident {
        Some(id) => of_incident(view, view.incidents.iter().find(|i| i.incident.id == id)?, record.reason),
        None => of_session(view, record)?,
    };
    let late = if late { format!(" (από τις {})", clock(record.decided.utc)) } else { String::new() };
    Some((title, body + &late))
}

fn of_session(view: &View, record: &NotificationRecord) -> Option<(String, String)> {
    match record.reason {
        NotifyReason::CheckMissed => {
            let missed = |title: &str| record.title == format!("{title} was missed");
            let check = &view.checks.iter().find(|c| missed(&c.check.title))?.check;
            let title = self::check(Words::El, view, &check.id, &check.title);
            Some((
                format!("Χάθηκε έλεγχος: {title}"),
                "Η βάρδια δεν παρακολουθούσε εκείνη την ώρα. Ο έλεγχος μένει στην αναφορά ως χαμένος.".into(),
            ))
        }
        NotifyReason::Concluded => {
            let finding = match view.verdict.finding {
                Finding::Pass => "επιτυχία",
                Finding::Inconclusive => "αναπόδεικτο",
                Finding::Fail => "αποτυχία",
            };
            let version = &view.opening.release.version;
            Some((
                format!("Τέλος βάρδιας για την v{version}: {finding}"),
                "Το σχέδιο ολοκληρώθηκε. Διαβάστε την αναφορά και υπογράψτε.".into(),
            ))
        }
        _ => None,
    }
}

fn of_incident(view: &View, it: &IncidentView, reason: NotifyReason) -> (String, String) {
    let incident = &it.incident;
    let at = &view.opening.deployment.name;
    let name = issue(incident.problem.issue);
    let lies = format!("Πού: {}, από τις {}.", place(incident.place), clock(incident.clock.utc));
    let todo = what_to_do(view, it);
    match reason {
        NotifyReason::Reopened => (format!("Ξανά: {name} — {at}"), lies + &todo),
        NotifyReason::Reminder => {
            (format!("Παραμένει: {name} — {at}"), format!("Κανείς δεν το έχει δει ακόμη. {lies}{todo}"))
        }
        NotifyReason::StepDue(s) => {
            (format!("Λήγει σύντομα: {} — {at}", step(view, s)), format!("{name}. {lies}{todo}"))
        }
        NotifyReason::StepOverdue(s) => {
            (format!("Εκπρόθεσμο: {} — {at}", step(view, s)), format!("{name}. {lies}{todo}"))
        }
        NotifyReason::Recovered => {
            let since = incident.recovered.map(|m| format!(" στις {}", clock(m.utc))).unwrap_or_default();
            (format!("Αποκαταστάθηκε: {name} — {at}"), format!("Αποκαταστάθηκε{since}."))
        }
        _ => (format!("{}: {name} — {at}", severity(it.severity)), lies + &todo),
    }
}

/// The step whose time runs, or is over.
fn what_to_do(view: &View, it: &IncidentView) -> String {
    if it.incident.state != IncidentState::Open {
        return String::new();
    }
    if it.incident.standing() == Standing::Undecided {
        return " Ενέργεια: επιβεβαιώστε ή απορρίψτε την υποψία.".into();
    }
    // What is due at once the watch does by itself.
    let began = it.incident.clock.watch;
    let open = it.escalation.iter().filter(|s| {
        matches!(s.state, StepState::Due | StepState::Overdue) && s.due.is_some_and(|due| due > began)
    });
    let Some((next, due)) = open.filter_map(|s| Some((s.step, s.due?))).min_by_key(|(_, due)| *due) else {
        return String::new();
    };
    let clock_began = it.incident.clock;
    let until = view.opening.pace.utc_span(due.since(clock_began.watch));
    let until = chrono::TimeDelta::try_milliseconds(i64::try_from(until.as_millis()).unwrap_or(0))
        .and_then(|d| clock_began.utc.checked_add_signed(d));
    let until = until.map(|t| format!(" ως τις {}", clock(t))).unwrap_or_default();
    format!(" Ενέργεια: {}{until}.", step(view, next))
}

fn clock(at: DateTime<Utc>) -> String {
    at.format("%H:%M:%S UTC").to_string()
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Κρίσιμο",
        Severity::Major => "Σοβαρό",
        Severity::Minor => "Ελάσσον",
    }
}

const fn issue(issue: Issue) -> &'static str {
    match issue {
        Issue::ContainerCrash => "Κατάρρευση/επανεκκίνηση container",
        Issue::DatabaseConnection => "Αποτυχία σύνδεσης με τη βάση",
        Issue::SecurityBreach => "Παραβίαση ασφάλειας",
        Issue::DataCorruption => "Αλλοίωση δεδομένων",
        Issue::FeatureFailure => "Πλήρης αποτυχία λειτουργίας",
        Issue::IntermittentFailures => "Διαλείπουσες αποτυχίες endpoint",
        Issue::SlowQueries => "Αργά ερωτήματα στη βάση",
        Issue::HighMemory => "Υψηλή χρήση μνήμης",
        Issue::HighCpu => "Υψηλή χρήση CPU",
        Issue::LogErrors => "Συσσώρευση σφαλμάτων στο log",
        Issue::OccasionalTimeout => "Περιστασιακό timeout (σπάνιο)",
        Issue::WarningLogs => "Μη κρίσιμες προειδοποιήσεις στο log",
        Issue::PerformanceDip => "Μικρή πτώση απόδοσης",
        Issue::CapacityUsage => "Αναμενόμενη χρήση πόρων",
    }
}

const fn place(place: Place) -> &'static str {
    match place {
        Place::ThisPc => "Αυτό το PC",
        Place::Network => "Δίκτυο",
        Place::Nas => "NAS",
        Place::DockerEngine => "Docker Engine",
        Place::Container => "Container",
        Place::Application => "Εφαρμογή",
        Place::Database => "Βάση δεδομένων",
    }
}

fn step(view: &View, step: Step) -> String {
    let word = match step {
        Step::CheckLogs => "Έλεγχος πρόσφατων logs",
        Step::Notify => "Ενημέρωση της ομάδας",
        Step::Restart => "Επανεκκίνηση του container",
        Step::RollBack => match &view.opening.release.previous {
            Some(version) => return format!("Επαναφορά στην v{version}"),
            None => "Επαναφορά προηγούμενης έκδοσης",
        },
        Step::Document => "Τεκμηρίωση του συμβάντος",
        Step::PostMortem => "Ανάλυση αιτίας (post-mortem)",
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use watchkeeper_engine::ports::About;

    use super::*;

    /// Window and notification call a thing the same.
    #[test]
    fn the_words_are_those_of_the_window() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/i18n/el/core.ts");
        let catalogue = std::fs::read_to_string(path).unwrap();
        let has = |key: &str, id: String, word: &str| {
            let id = id.trim_matches('"');
            let line = format!("'{key}.{id}': '{word}',");
            assert!(catalogue.contains(&line), "without {line}");
        };
        for row in Issue::ALL {
            has("issue", serde_json::to_string(&row).unwrap(), issue(row));
            has("severity", serde_json::to_string(&row.severity()).unwrap(), severity(row.severity()));
        }
        for at in [
            Place::ThisPc,
            Place::Network,
            Place::Nas,
            Place::DockerEngine,
            Place::Container,
            Place::Application,
            Place::Database,
        ] {
            has("place", serde_json::to_string(&at).unwrap(), place(at));
        }
        // The page takes the cause apart from the words before it.
        let line = cause("");
        let label = line.strip_prefix('\n').and_then(|l| l.strip_suffix(": ")).unwrap();
        let words = std::fs::read_to_string(path.replace("core.ts", "common.ts")).unwrap();
        assert!(words.contains(&format!("'toast.cause': '{label}',")), "{label}");
    }

    /// The day that the window's pages are looked at with: its incident #3 is the crash.
    fn day() -> View {
        let day = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/tests/recorded/day.json");
        serde_json::from_str(&std::fs::read_to_string(day).unwrap()).unwrap()
    }

    fn told(
        mut view: View,
        incident: Option<u32>,
        reason: NotifyReason,
        title: &str,
    ) -> Option<(String, String)> {
        let mut record = view.notifications.last().unwrap().clone();
        (record.incident, record.reason, record.title) = (incident, reason, title.to_owned());
        let (body, urgency) = (record.body.clone(), record.urgency);
        if reason == NotifyReason::Undelivered {
            view.notifications.push(NotificationRecord { reason: NotifyReason::Opened, ..record.clone() });
        }
        view.notifications.push(record);
        notification(
            &view,
            &Notification {
                title: title.into(),
                body,
                urgency,
                about: incident.map_or(About::Other, About::Incident),
            },
        )
    }

    #[test]
    fn each_reason_has_its_words() {
        use NotifyReason as R;
        for (incident, reason, title, wanted, body) in [
            (
                Some(3),
                R::Opened,
                "x",
                "Κρίσιμο: Κατάρρευση/επανεκκίνηση container — Simulated NAS",
                "Πού: Container",
            ),
            (Some(3), R::Reopened, "x", "Ξανά: Κατάρρευση", "από τις 20:42:32 UTC"),
            (Some(3), R::Reminder, "x", "Παραμένει: Κατάρρευση", "Κανείς δεν το έχει δει"),
            (Some(3), R::StepDue(Step::Restart), "x", "Λήγει σύντομα: Επανεκκίνηση", "Κατάρρευση"),
            (
                Some(3),
                R::StepOverdue(Step::RollBack),
                "x",
                "Εκπρόθεσμο: Επαναφορά στην v1.14.3",
                "Κατάρρευση",
            ),
            (Some(3), R::Recovered, "x", "Αποκαταστάθηκε: Κατάρρευση", "στις 20:43:24 UTC"),
            (Some(3), R::Undelivered, "x", "Κρίσιμο: Κατάρρευση", "(από τις 20:43:29 UTC)"),
            (None, R::CheckMissed, "Check 2 was missed", "Χάθηκε έλεγχος: Έλεγχος 2", "χαμένος"),
            (None, R::Concluded, "x", "Τέλος βάρδιας για την v1.15.1: αποτυχία", "υπογράψτε"),
        ] {
            let (title, text) = told(day(), incident, reason, title).unwrap();
            assert!(title.starts_with(wanted) && text.contains(body), "{reason:?}: {title}: {text}");
        }
        // What is not known stays in English.
        assert_eq!(told(day(), Some(99), R::Opened, "x"), None);
        assert_eq!(told(day(), None, R::CheckMissed, "Nothing was missed"), None);
    }

    #[test]
    fn an_open_incident_says_what_is_to_be_done_by_a_person() {
        let mut view = day();
        let crash = view.incidents.iter_mut().find(|i| i.incident.id == 3).unwrap();
        crash.incident.state = IncidentState::Open;
        for step in &mut crash.escalation {
            if matches!(step.step, Step::Restart | Step::RollBack) {
                step.state = StepState::Due;
            }
        }
        let (_, body) = told(view, Some(3), NotifyReason::Opened, "x").unwrap();
        assert!(body.ends_with("Ενέργεια: Επανεκκίνηση του container ως τις 20:47:32 UTC."), "{body}");
    }

    #[test]
    fn checks_of_the_built_in_plan_have_greek_names() {
        let mut view = day();
        for (id, title, greek) in [
            ("hour-0", "Hour 0", "Ώρα 0"),
            ("check-5", "Check 5", "Έλεγχος 5"),
            ("final", "Final", "Τελικός έλεγχος"),
            ("extra-2", "Extra check 2", "Έκτακτος έλεγχος 2"),
        ] {
            assert_eq!(check(Words::El, &view, id, title), greek);
            assert_eq!(check(Words::En, &view, id, title), title);
        }
        // A person's own plan stays as it was written.
        view.opening.plan.phases.pop();
        assert_eq!(check(Words::El, &view, "hour-1", "Hour 1"), "Hour 1");
        assert_eq!(check(Words::El, &view, "extra-1", "Extra check 1"), "Έκτακτος έλεγχος 1");
    }
}
