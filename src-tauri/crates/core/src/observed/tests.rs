//! What is learned after a time in which nobody looked.

use chrono::{DateTime, Utc};

use super::*;
use crate::{
    event::ContainerChange,
    reading::{
        ContainerAction, ContainerEvent, ContainerHealth, ContainerState, ContainerStatus, FailedHealthRun,
    },
};

const GAP_AFTER: Span = Span::mins(2);

fn there(s: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + s, 0).unwrap()
}

fn runs(times: &[i64]) -> Vec<FailedHealthRun> {
    times.iter().map(|s| FailedHealthRun { at: there(*s), exit_code: 1, said: "503".into() }).collect()
}

fn state(started: i64, failed_runs: &[i64]) -> Answer {
    let state = ContainerState {
        id: "aaa".into(),
        name: "sms-app".into(),
        image: "sms:1".into(),
        image_id: "sha256:1".into(),
        status: ContainerStatus::Running,
        health: ContainerHealth::Healthy,
        started_at: Some(there(started)),
        finished_at: None,
        restart_count: 0,
        oom_killed: false,
        reach: None,
        named_image: None,
        exit_code: None,
        failed_health_runs: runs(failed_runs),
    };
    Answer::value(Source::Inspect, 1.0, Value::Container(Box::new(state)))
}

fn event(action: ContainerAction, at: i64, reconstructed: bool) -> Answer {
    let event =
        ContainerEvent { at: there(at), action, id: "aaa".into(), image: "sms:1".into(), exit_code: Some(1) };
    Answer { reconstructed, ..Answer::untimed(Source::Events, Value::Event(event)) }
}

fn failure(place: Place) -> Answer {
    Answer::failure(Source::Inspect, None, place, FailureKind::Timeout, "x")
}

/// The fold of answers that came at these seconds of the watch.
fn fold(answers: &[(u64, Answer)]) -> Observed {
    let mut observed = Observed::default();
    for (s, answer) in answers {
        let moment = crate::time::Moment { utc: there(0), watch: WatchTime(s * 1_000) };
        let reading = Reading::at(moment, answer.clone());
        observed.observe(&reading, &reading.record().unwrap(), &Rules::default(), GAP_AFTER);
    }
    observed
}

#[test]
fn what_was_not_seen_to_happen_is_labelled() {
    use ContainerAction as A;
    let restarted = ContainerChange::Restarted { restart_count: 0 };
    for (name, between, expected) in [
        ("looked at all the time", vec![(40, state(0, &[]))], vec![(&restarted, false)]),
        ("the NAS was gone", vec![(40, failure(Place::Nas))], vec![(&restarted, true)]),
        ("the Engine was gone", vec![(40, failure(Place::DockerEngine))], vec![(&restarted, true)]),
        ("this PC was offline for a moment", vec![(40, failure(Place::ThisPc))], vec![(&restarted, true)]),
        // As after a restart of the Engine, which has forgotten how it ended.
        ("a start without an end", vec![(59, event(A::Start, 50, true))], vec![(&restarted, true)]),
        (
            "both are told",
            vec![(58, event(A::Die, 49, true)), (59, event(A::Start, 50, true))],
            vec![(&ContainerChange::Crashed { exit_code: Some(1) }, true), (&ContainerChange::Started, true)],
        ),
    ] {
        let mut answers = vec![(10, state(0, &[]))];
        answers.extend(between);
        answers.push((60, state(50, &[])));
        let observed = fold(&answers);
        let told: Vec<_> =
            observed.application.container.news.iter().map(|n| (&n.change, n.reconstructed)).collect();
        assert_eq!(told, expected, "{name}");
        assert!(observed.application.container.is_up(), "{name}");
        assert!(told.iter().any(|(change, _)| change.is_bad()), "{name}: it was interrupted");
    }
}

#[test]
fn quick_crashes_one_after_the_other_are_as_many() {
    use ContainerAction as A;
    let count = |answers: &[(u64, Answer)]| {
        let news = fold(answers).application.container.news;
        let crashes = news.iter().filter(|n| matches!(n.change, ContainerChange::Crashed { .. })).count();
        let starts = news.iter().filter(|n| n.change == ContainerChange::Started).count();
        (crashes, starts)
    };
    let told = |actions: &[(A, i64)]| {
        let mut answers = vec![(10, state(0, &[]))];
        answers.extend(actions.iter().map(|(action, at)| (60, event(action.clone(), *at, false))));
        answers
    };
    let twice = [(A::Die, 50), (A::Start, 51), (A::Die, 52), (A::Start, 53)];
    for (name, answers, expected) in [
        ("in two lives", told(&twice), (2, 2)),
        (
            "within the same second",
            told(&[(A::Die, 50), (A::Start, 50), (A::Die, 51), (A::Start, 51)]),
            (2, 2),
        ),
        ("the Engine says it again", told(&[twice.as_slice(), twice.as_slice()].concat()), (2, 2)),
        (
            "a look came before the account of it",
            [vec![(10, state(0, &[])), (55, state(50, &[]))], told(&[(A::Start, 51)])[1..].to_vec()].concat(),
            (0, 0),
        ),
    ] {
        assert_eq!(count(&answers), expected, "{name}");
    }
}

#[test]
fn of_the_health_log_the_runs_that_nobody_saw_are_kept() {
    let read_back = |answers: &[(u64, Answer)]| {
        let kept = fold(answers).application.container.health_runs_read_back;
        kept.iter().map(|(at, run)| (at.0 / 1_000, (run.at - there(0)).num_seconds())).collect::<Vec<_>>()
    };
    let seen = (10, state(0, &[5]));
    for (name, answers, expected) in [
        ("at the first look", vec![seen.clone()], vec![]),
        ("while it was looked at", vec![seen.clone(), (40, state(0, &[5, 30]))], vec![]),
        (
            "through a silence",
            vec![seen.clone(), (400, state(0, &[5, 100, 200]))],
            vec![(400, 100), (400, 200)],
        ),
        (
            "while the network was down",
            vec![seen, (40, failure(Place::Network)), (70, state(0, &[60])), (100, state(0, &[60, 90]))],
            vec![(70, 60)],
        ),
    ] {
        assert_eq!(read_back(&answers), expected, "{name}");
    }
    let mut many = vec![(10, state(0, &[]))];
    for n in 1..20 {
        let at = n * 500;
        many.push((at, state(0, &[i64::try_from(at).unwrap() - 2, i64::try_from(at).unwrap() - 1])));
    }
    let kept = read_back(&many);
    assert_eq!((kept.len(), kept.last()), (Container::MOST_HEALTH_RUNS, Some(&(9_500, 9_499))));
}
