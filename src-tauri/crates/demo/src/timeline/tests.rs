use super::*;

const BORN: Ms = -720_000;

fn words(timeline: &Timeline, from: Ms) -> String {
    let words: Vec<String> = timeline
        .happenings(from, FOREVER)
        .iter()
        .map(|h| {
            let word = match &h.action {
                ContainerAction::Health(w) => format!("health:{w:?}"),
                ContainerAction::Kill(signal) => format!("kill:{}", signal.as_deref().unwrap_or("")),
                other => format!("{other:?}"),
            };
            let code = h.exit_code.map_or(String::new(), |c| format!("({c})"));
            format!("{}{word}{code}", h.at).to_lowercase()
        })
        .collect();
    words.join(" ")
}

#[test]
fn each_fault_of_the_container_tells_its_own_story() {
    let s = Span::secs;
    let at = s(100);
    let cases = [
        (
            Fault::new(FaultKind::ContainerCrash { exit_code: 3 }, at, s(8)),
            "100000die(3) 108000start 138000health:healthy",
        ),
        (Fault::lasting(FaultKind::ContainerCrash { exit_code: 1 }, at), "100000die(1)"),
        (
            Fault::new(FaultKind::OomKill, at, s(5)),
            "100000oom 100000die(137) 105000start 135000health:healthy",
        ),
        (
            Fault::lasting(FaultKind::OperatorRestart, at),
            "100000kill:15 100300die(0) 100300stop 101000start 101000restart 131000health:healthy",
        ),
        (
            Fault::new(FaultKind::ContainerStopped, at, s(60)),
            "100000kill:15 100300die(0) 100300stop 160000start 190000health:healthy",
        ),
        (Fault::new(FaultKind::ContainerPaused, at, s(45)), "100000pause 145000unpause"),
        (
            Fault::lasting(FaultKind::ContainerRecreated, at),
            "100000kill:15 100300die(0) 100300stop 100300destroy 103000create 103000start 133000health:healthy",
        ),
        (Fault::new(FaultKind::DatabaseDown, at, s(200)), "180000health:unhealthy 300000health:healthy"),
        (Fault::new(FaultKind::DatabaseDown, at, s(50)), ""),
    ];
    for (fault, story) in cases {
        assert_eq!(words(&Timeline::new(BORN, &[fault], &[]), 0), story, "{fault:?}");
    }
}

#[test]
fn a_leak_ends_the_container_again_and_again() {
    let leak = Fault::lasting(FaultKind::MemoryLeak { mib_per_hour: 612.0 }, Span::hours(1));
    let timeline = Timeline::new(BORN, &[leak], &[]);
    assert!(words(&timeline, 0).starts_with("7200000oom 7200000die(137) 7205000start"));
    assert_eq!(timeline.at(7_205_000).restarts, 1);
    assert_eq!(timeline.at(3 * 7_200_000).restarts, 4);
    let short = Fault::new(FaultKind::MemoryLeak { mib_per_hour: 612.0 }, Span::hours(1), Span::mins(50));
    assert_eq!(words(&Timeline::new(BORN, &[short], &[]), 0), "");
}

#[test]
fn states_follow_the_story() {
    let faults = [
        Fault::new(FaultKind::OomKill, Span::secs(100), Span::secs(5)),
        // Would fall into the time in which the container is down: it waits.
        Fault::new(FaultKind::ContainerPaused, Span::secs(102), Span::secs(10)),
        Fault::lasting(FaultKind::ImageSwapped, Span::secs(200)),
        Fault::lasting(FaultKind::ContainerStopped, Span::secs(300)),
        Fault::lasting(FaultKind::OomKill, Span::secs(400)),
    ];
    let timeline = Timeline::new(BORN, &faults, &[]);
    use ContainerStatus::{Exited, Paused, Restarting, Running};
    for (t, exists, status, container, image, restarts, oom, exit_code) in [
        (-9_000_000, true, Running, 0, 0, 0, false, 0),
        (99_999, true, Running, 0, 0, 0, false, 0),
        (100_000, true, Restarting, 0, 0, 0, true, 137),
        (105_000, true, Paused, 0, 0, 1, false, 0),
        (115_000, true, Running, 0, 0, 1, false, 0),
        (201_000, false, Exited, 0, 0, 1, false, 0),
        (203_000, true, Running, 1, 1, 0, false, 0),
        (301_000, true, Exited, 1, 1, 0, false, 0),
        (999_000_000, true, Exited, 1, 1, 0, false, 0),
    ] {
        let s = timeline.at(t);
        assert_eq!(
            (s.exists, s.status, s.container, s.image, s.restarts, s.oom, s.exit_code),
            (exists, status, container, image, restarts, oom, exit_code),
            "{t}"
        );
    }
}
