//! The database's log: PostgreSQL's words at its start and its end, and its checkpoints.

use super::logs::Found;
use crate::{
    random::Topic,
    timeline::{Ms, Stay, Timeline},
    world::{Stream, World, ticks},
};

/// `checkpoint_timeout`.
const CHECKPOINT: Ms = 5 * 60_000;

/// The longest that a checkpoint takes.
const LONGEST: Ms = 12_000;

/// A start after an ordinary end, with the milliseconds after it.
const STARTUP: [(Ms, &str); 3] = [
    (20, "starting PostgreSQL 16.4 on x86_64-pc-linux-musl, compiled by gcc 13.2.1, 64-bit"),
    (40, "listening on IPv4 address \"0.0.0.0\", port 5432"),
    (310, "database system is ready to accept connections"),
];

/// What comes into it after an end that was none.
const RECOVERY: [(Ms, &str); 3] = [
    (80, "database system was not properly shut down; automatic recovery in progress"),
    (120, "redo starts at 0/1A2B3C8"),
    (200, "redo done at 0/1A2F7D0 system usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.08 s"),
];

/// An ordinary end, with the milliseconds before it.
const SHUTDOWN: [(Ms, &str); 3] =
    [(240, "received fast shutdown request"), (200, "shutting down"), (60, "database system is shut down")];

/// Why the server ends by itself.
const CRASH: [(Ms, &str); 3] = [
    (60, "could not open file \"postmaster.pid\": No such file or directory"),
    (40, "performing immediate shutdown because data directory lock file is invalid"),
    (20, "database system is shut down"),
];

/// Server, checkpointer and the process of the start, by their ids.
const SERVER: u32 = 1;
const CHECKPOINTER: u32 = 71;
const STARTER: u32 = 29;

pub(super) fn tell(world: &World, life: &Timeline, found: &mut Found) {
    let (from, to) = found.window();
    let mut before: Option<&Stay> = None;
    for (stay, until, first) in life.stays(from - LONGEST, to.saturating_add(1_000)) {
        let mut say = |at: Ms, process: u32, words: &str| {
            if at < until {
                found.tell(at, Stream::Stderr, || line(world, at, process, words));
            }
        };
        if super::runs(stay) {
            STARTUP.iter().for_each(|(after, words)| say(stay.started + after, SERVER, words));
            if before.is_some_and(|ended| ended.exit_code != 0) {
                RECOVERY.iter().for_each(|(after, words)| say(stay.started + after, STARTER, words));
            }
            let begin = (from - LONGEST).max(stay.started + CHECKPOINT);
            for (n, at) in ticks(stay.started, CHECKPOINT, begin, to.min(until)) {
                let bits = world.draw(Topic::LogFault, u64::MAX, n);
                say(at, CHECKPOINTER, "checkpoint starting: time");
                let (buffers, took) = (1 + bits % 90, 100 * (1 + bits % 90).cast_signed());
                say(at + took, CHECKPOINTER, &completed(buffers, took));
            }
        }
        if !first && stay.finished == Some(stay.from) {
            let last = if stay.exit_code == 0 { SHUTDOWN } else { CRASH };
            last.iter().for_each(|(ahead, words)| say(stay.from - ahead, SERVER, words));
        }
        before = Some(stay);
    }
}

fn completed(buffers: u64, took: Ms) -> String {
    let write = took as f64 / 1_000.0;
    format!(
        "checkpoint complete: wrote {buffers} buffers ({:.1}%); 0 WAL file(s) added, 0 removed, 0 recycled; \
         write={write:.3} s, sync=0.004 s, total={:.3} s; sync files=7, longest=0.002 s, average=0.001 s; distance=64 kB, \
         estimate=71 kB",
        buffers as f64 / 163.84,
        write + 0.012
    )
}

fn line(world: &World, at: Ms, process: u32, words: &str) -> String {
    format!("{} UTC [{process}] LOG:  {words}", world.utc_ms(at).format("%Y-%m-%d %H:%M:%S%.3f"))
}
