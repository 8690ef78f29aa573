//! A NAS whose clock is an hour off, either way, and one whose clock is set right in the middle.

use std::{sync::Arc, time::Duration};

use chrono::{TimeDelta, Utc};
use watchkeeper_core::reading::{ContainerAction, Outcome, Source, Value};
use watchkeeper_probes::{
    Deployment, DockerEndpoint,
    docker::{Events, LogBound, LogStart, Logs, Patience},
    ladder::RungOutcome,
};
use watchkeeper_tests::{
    dockerd::{Dockerd, SmsOptions},
    netns::on_the_pc,
    other_clock::OtherClock,
};

use crate::support::{Numbers, Told, ask, config, event};

const HOUR: i64 = 3_600;
const QUICK: Patience = Patience {
    first: Duration::from_millis(200),
    longest: Duration::from_secs(2),
    ping: Duration::from_secs(1),
};

#[test]
fn a_clock_that_is_an_hour_off_costs_nothing() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let options = SmsOptions { count_every_ms: Some(50), ..SmsOptions::default() };
        let sms = dockerd.run_sms(options).await.unwrap();
        for ahead in [HOUR, -HOUR] {
            let clock = OtherClock::before(dockerd.socket_path(), ahead).await.unwrap();
            let docker = DockerEndpoint::parse(clock.address(), None).unwrap();
            let deployment = Deployment::connect(config(docker, &sms.address())).unwrap();
            match ask(&deployment, Source::Engine).await.outcome {
                Outcome::Value(Value::Engine(engine)) => {
                    let off = engine.clock_ahead_ms.unwrap();
                    assert!((off - ahead * 1_000).abs() < 2_000, "{off}");
                }
                other => panic!("{other:?}"),
            }
            let (engine, start) = (deployment.engine(), Utc::now() - TimeDelta::minutes(5));
            let bound = LogBound { lines: 30, ..LogBound::default() };
            let logs = Logs::new(engine.clone(), "sms-app".into(), LogStart::At(start), bound);
            let numbers = Numbers::read_by(logs);
            // The clocks are known to the second: the start is older than that.
            numbers.at_least(100).await;
            let told = Told::by(Arc::new(Events::new(engine.clone(), "sms-app".into(), start, QUICK)));
            assert!(told.event(0, &ContainerAction::Start).await.reconstructed, "before anybody looked");

            let from = told.so_far();
            sms.restart().await.unwrap();
            let answer = told.event(from, &ContainerAction::Restart).await;
            // Whether it counts as read back is not held: the clock is known to the second, and it came within one.
            let there = event(&answer).unwrap().at - Utc::now();
            assert!((there.num_seconds() - ahead).abs() < 60, "by the NAS's clock: {there}");

            // It is set right while nobody is connected; before it was ahead, it is set back, and the other way round.
            let from = told.so_far();
            clock.set(0).await;
            sms.restart().await.unwrap();
            told.event(from, &ContainerAction::Restart).await;
            let from = told.so_far();
            sms.pause().await.unwrap();
            told.event(from, &ContainerAction::Pause).await;
            clock.set(0).await;
            sms.unpause().await.unwrap();
            told.event(from, &ContainerAction::Unpause).await;
            numbers.assert_catches_up(&dockerd).await;
            told.assert_told_once();
        }
    });
}

#[test]
fn the_doctor_says_that_the_clock_is_off() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
        for (ahead, says) in [(HOUR, "s ahead of this PC's"), (-HOUR, "s behind this PC's"), (0, "")] {
            let clock = OtherClock::before(dockerd.socket_path(), ahead).await.unwrap();
            let docker = DockerEndpoint::parse(clock.address(), None).unwrap();
            let way = watchkeeper_probes::Prospect::new(config(docker, &sms.address())).unwrap().way().await;
            let engine = way.rungs.iter().find(|r| r.title == "Docker Engine").unwrap();
            let RungOutcome::Ok(text) = &engine.outcome else { panic!("{engine:?}") };
            assert!(text.contains(says) && text.contains("its clock") == (ahead != 0), "{text}");
        }
    });
}
