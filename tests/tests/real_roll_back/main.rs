//! Restart, roll back and the way back on a real Docker Engine: what the containers are before and after, and what
//! becomes of an interruption at each point of the way.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod failures;
mod house;
mod kills;
mod whole;

use house::House;

/// One Engine for all: to start it and to build the images takes longer than most of what is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_is_rolled_back_and_back_again() {
    let Some(house) = House::build().await else { return };
    whole::there_and_back(&house).await;
    tokio::join!(
        kills::forward(&house, "lane-a", 1..=4, kills::End::Finish),
        kills::forward(&house, "lane-b", 5..=8, kills::End::Finish),
        kills::forward(&house, "lane-c", 1..=8, kills::End::Undo),
        kills::back(&house, "lane-d"),
        kills::broken_links(&house, "lane-e"),
        failures::all(&house),
    );
}
