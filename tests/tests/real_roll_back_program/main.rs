//! Restart, roll back and the way back as a person has them: the built program watches a real container on a real Docker
//! Engine, a second process orders, and in the middle of it the link is lost or the program is killed.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bench;
mod broken_off;
mod ordered;

use std::{future::Future, thread};

use bench::nas;

/// One Engine for all, which stand side by side on it. The programs are waited for without a pause in between: each has a
/// thread of its own.
#[test]
fn the_program_rolls_back_and_back_again() {
    let Some(dockerd) = stand(nas()) else { return };
    thread::scope(|all| {
        let lanes = [
            all.spawn(|| stand(ordered::restart_roll_back_and_undo(&dockerd))),
            all.spawn(|| stand(broken_off::the_link_is_lost_and_it_is_finished(&dockerd))),
            all.spawn(|| stand(broken_off::the_program_is_killed_and_it_is_undone(&dockerd))),
        ];
        for lane in lanes {
            if let Err(panic) = lane.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    stand(broken_off::the_engine_is_killed_and_it_is_finished(&dockerd));
}

fn stand<T>(lane: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(lane)
}
