//! The front end's log: nginx's own words, and the requests of the users, which it answers or passes on.

use super::logs::Found;
use crate::{
    timeline::{Ms, Timeline},
    world::{Stream, Visit, World},
};

/// What a worker calls itself.
const WORKER: &str = "29#29";

const STARTUP: [&str; 4] =
    ["using the \"epoll\" event method", "nginx/1.27.2", "OS: Linux 5.10.60-qnap", "start worker processes"];

const SHUTDOWN: [&str; 2] = ["signal 15 (SIGTERM) received, exiting", "exit"];

/// Where the application listens, as nginx knows it.
const UPSTREAM: &str = "http://172.20.0.3:8000";

pub(super) fn tell(world: &World, life: &Timeline, found: &mut Found) {
    let (from, to) = found.window();
    let notice = |at, level, words: &str| format!("{} [{level}] 1#1: {words}", stamp(world, at));
    for (stay, until, first) in life.stays(from - 1_000, to.saturating_add(1_000)) {
        if super::runs(stay) {
            for (n, words) in (0..).zip(STARTUP) {
                let at = stay.started + 40 * n;
                if at < until {
                    found.tell(at, Stream::Stderr, || notice(at, "notice", words));
                }
            }
        }
        if first || stay.finished != Some(stay.from) {
            continue;
        }
        if stay.exit_code == 0 {
            for (n, words) in (0..).zip(SHUTDOWN) {
                let at = stay.from - 200 + 80 * n;
                found.tell(at, Stream::Stderr, || notice(at, "notice", words));
            }
        } else {
            let at = stay.from - 20;
            found.tell(at, Stream::Stderr, || notice(at, "alert", "worker process 29 exited on signal 11"));
        }
    }
    for (at, visit) in world.visits(from, to).filter(|(at, _)| super::runs(life.at(*at))) {
        // A page is handed out here, whatever the application does.
        let cause = if visit.of_page { None } else { world.not_answering(at) };
        let status = cause.map_or(visit.status, |(status, _)| status);
        found.tell(at, Stream::Stdout, || access(world, at, &visit, status));
        if let Some((_, cause)) = cause {
            found.tell(at, Stream::Stderr, || error(world, at, &visit, cause));
        }
    }
}

fn access(world: &World, at: Ms, visit: &Visit, status: u16) -> String {
    let time = world.utc_ms(at).format("%d/%b/%Y:%H:%M:%S +0000");
    let bytes = if status == 200 { 1_046 } else { 157 };
    format!(
        "172.20.0.1 - - [{time}] \"{} HTTP/1.1\" {status} {bytes} \"-\" \"Mozilla/5.0\" \"-\"",
        visit.request
    )
}

fn error(world: &World, at: Ms, visit: &Visit, cause: &str) -> String {
    let path = visit.request.split_once(' ').map_or("/", |(_, path)| path);
    format!(
        "{} [error] {WORKER}: *{} {cause}, client: 172.20.0.1, server: localhost, request: \"{} HTTP/1.1\", upstream: \
         \"{UPSTREAM}{path}\", host: \"nas.local\"",
        stamp(world, at),
        at.rem_euclid(100_000_000) / 1_000,
        visit.request
    )
}

fn stamp(world: &World, at: Ms) -> String {
    world.utc_ms(at).format("%Y/%m/%d %H:%M:%S").to_string()
}
