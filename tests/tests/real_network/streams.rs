//! The event stream and the log, through whatever happens on the way to the Engine and to the Engine itself.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use tokio::time::Instant;
use watchkeeper_core::reading::{Answer, ContainerAction, Place, Source};
use watchkeeper_probes::docker::{Events, LogBound, LogStart, Logs, Patience};
use watchkeeper_tests::{
    dockerd::{Dockerd, SmsOptions},
    netns::on_the_pc,
};

use crate::support::{Numbers, REQUEST, Told, ask, deployment, event, failure, until};

const QUICK: Patience = Patience {
    first: Duration::from_millis(200),
    longest: Duration::from_secs(2),
    ping: Duration::from_secs(1),
};

fn lost(answer: &Answer) -> bool {
    answer.source == Source::Events && failure(answer).is_some()
}

#[test]
fn no_line_is_lost_and_no_event_is_told_twice() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let options = SmsOptions {
            restart: "always".into(),
            count_every_ms: Some(50),
            // A new file every few seconds: the log is rotated through it all.
            log_file: Some("16k".into()),
            ..SmsOptions::default()
        };
        let sms = dockerd.run_sms(options).await.unwrap();
        let deployment = deployment(&dockerd, &sms);
        let (engine, start) = (deployment.engine(), Utc::now() - chrono::TimeDelta::minutes(5));
        let told = Told::by(Arc::new(Events::new(engine.clone(), "sms-app".into(), start, QUICK)));
        let bound = LogBound { lines: 30, ..LogBound::default() };
        let numbers =
            Numbers::read_by(Logs::new(engine.clone(), "sms-app".into(), LogStart::At(start), bound));
        told.event(0, &ContainerAction::Start).await;

        // As it happens.
        let from = told.so_far();
        sms.restart().await.unwrap();
        assert!(!told.event(from, &ContainerAction::Restart).await.reconstructed);

        // Packets are dropped in the middle of both streams; nobody says goodbye.
        let (from, dropped) = (told.so_far(), Instant::now());
        lan.drop_packets().unwrap();
        let answer = told.first(from, "the loss", lost).await;
        // A ping and its time-out twice, with the look at the network and a new connection that is tried after each.
        let bound = (QUICK.ping + REQUEST * 3) * 2;
        assert!(dropped.elapsed() < bound, "noticed after {:?}", dropped.elapsed());
        assert_eq!(failure(&answer).unwrap().place, Place::Nas, "{answer:?}");
        dockerd.docker(["restart", "sms-app"]).await.unwrap();
        let from = told.so_far();
        lan.heal().unwrap();
        let answer = told.event(from, &ContainerAction::Restart).await;
        assert!(answer.reconstructed, "nobody saw it: {answer:?}");
        told.first(from, "the Engine", |a| a.source == Source::Engine && failure(a).is_none()).await;

        // The Engine is killed, and its containers with it.
        let from = told.so_far();
        dockerd.kill();
        let answer = told.first(from, "the loss", lost).await;
        assert_eq!(failure(&answer).unwrap().place, Place::DockerEngine, "{answer:?}");
        dockerd.start_again().await.unwrap();
        sms.answers().await.unwrap();
        told.event(from, &ContainerAction::Start).await;

        // The Engine is restarted as an update does it.
        let from = told.so_far();
        dockerd.stop();
        told.first(from, "the loss", lost).await;
        dockerd.start_again().await.unwrap();
        sms.answers().await.unwrap();
        told.event(from, &ContainerAction::Start).await;

        // The NAS loses its power, and comes back.
        let from = told.so_far();
        lan.unplug_nas().unwrap();
        dockerd.lose_power().await.unwrap();
        let answer = told.first(from, "the loss", lost).await;
        assert_eq!(failure(&answer).unwrap().place, Place::Nas, "{answer:?}");
        lan.plug_in_nas().unwrap();
        dockerd.start_again().await.unwrap();
        sms.answers().await.unwrap();
        told.event(from, &ContainerAction::Start).await;

        told.assert_told_once();
        sms.stop().await.unwrap();
        numbers.assert_all_read(&dockerd).await;
    });
}

/// A firewall or a router may forget one connection and let new ones through: pings go well, and the stream is dead.
#[test]
fn a_connection_that_is_half_open_is_noticed() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
        let listening = deployment(&dockerd, &sms);
        // No ping within this test: what notices is the connection's own keep-alive.
        let patience = Patience { ping: Duration::from_secs(3_600), ..QUICK };
        let events = Events::new(listening.engine().clone(), "sms-app".into(), Utc::now(), patience);
        let told = Told::by(Arc::new(events));
        let asking = deployment(&dockerd, &sms);
        for source in [Source::Engine, Source::Live] {
            let answer = ask(&asking, source).await;
            assert!(failure(&answer).is_none(), "{answer:?}");
        }
        sms.pause().await.unwrap();
        told.event(0, &ContainerAction::Pause).await;

        let (from, forgotten) = (told.so_far(), Instant::now());
        lan.forget_connections(Dockerd::NAS_PORT).unwrap();
        sms.unpause().await.unwrap();
        // The pooled connections are dead as well. Each request is bounded, and ends the one that it was sent over.
        until("an answer of the Engine", || async {
            let asked = Instant::now();
            let answer = ask(&asking, Source::Engine).await;
            assert!(asked.elapsed() < REQUEST * 3, "{:?}", asked.elapsed());
            failure(&answer).is_none().then_some(())
        })
        .await;
        assert!(forgotten.elapsed() < REQUEST * 4, "{:?}", forgotten.elapsed());
        let lost = told.first(from, "the loss", lost).await;
        let noticed = forgotten.elapsed();
        assert!(noticed < Duration::from_secs(50), "noticed after {noticed:?}: {lost:?}");
        let answer = told.event(from, &ContainerAction::Unpause).await;
        assert!(answer.reconstructed, "{answer:?}");
        told.assert_told_once();

        // The same for the SMS's own.
        lan.heal().unwrap();
        assert!(failure(&ask(&asking, Source::Live).await).is_none());
        lan.forget_connections(8_080).unwrap();
        let forgotten = Instant::now();
        until("an answer of the SMS", || async {
            failure(&ask(&asking, Source::Live).await).is_none().then_some(())
        })
        .await;
        assert!(forgotten.elapsed() < REQUEST * 4, "{:?}", forgotten.elapsed());
        assert!(told.all().iter().filter_map(event).count() >= 2);
    });
}
