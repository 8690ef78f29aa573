//! A whole watch through real faults: each is placed where it lies, and what lies at the PC or at the network is not held
//! against the deployment.

use watchkeeper_core::{
    gap::GapCause,
    reading::{Outcome, Place, Reading},
    time::WatchTime,
    view::View,
};
use watchkeeper_tests::{
    dockerd::{Dockerd, SmsOptions},
    netns::on_the_pc,
    standing::{Standing, lines, texts},
};

use crate::support::deployment;

fn places(readings: &[Reading], from: WatchTime, to: WatchTime) -> Vec<Place> {
    let within = readings.iter().filter(|r| r.watch > from && r.watch <= to);
    let mut places: Vec<Place> = within
        .filter_map(|r| match &r.answer.outcome {
            Outcome::Failure(failure) => Some(failure.place),
            Outcome::Value(_) => None,
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

#[test]
fn each_fault_is_placed_where_it_lies() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
        let deployment = deployment(&dockerd, &sms);
        let standing = Standing::over(&deployment).await;
        let before = standing.until("Hour 1", |v| lines(v, "Hour 1 complete") > 0).await;
        assert!(before.incidents.is_empty(), "{:?}", before.incidents);

        // This PC, and the network: gaps, and no incident of the deployment's.
        lan.unplug_pc().unwrap();
        standing.until("the gap", |v| v.gaps.last().is_some_and(|g| g.cause == GapCause::Offline)).await;
        standing.rounds("rounds without a cable").await;
        lan.plug_in_pc().unwrap();
        standing.until("sight", |v| v.gaps.last().is_some_and(|g| g.to.is_some())).await;
        let pc = standing.rounds("rounds with a cable").await;
        lan.switch_router_off().unwrap();
        standing.until("the gap", |v| v.gaps.last().is_some_and(|g| g.cause == GapCause::Network)).await;
        standing.rounds("rounds without a router").await;
        lan.switch_router_on().unwrap();
        standing.until("sight", |v| v.gaps.last().is_some_and(|g| g.to.is_some())).await;
        let network = standing.rounds("rounds with a router").await;
        assert!(network.incidents.is_empty(), "{:#?}", texts(&network));

        // From here on it is the deployment's.
        let incident = |place: Place, n: usize| {
            move |v: &View| v.incidents.iter().filter(|i| i.incident.place == place).count() >= n
        };
        let well = |v: &View| v.incidents.iter().all(|i| !i.incident.is_running());
        lan.drop_packets().unwrap();
        standing.until("an incident at the NAS", incident(Place::Nas, 1)).await;
        lan.heal().unwrap();
        let nas = standing.until("the NAS", well).await;

        dockerd.kill();
        standing.until("an incident at the Engine", incident(Place::DockerEngine, 1)).await;
        dockerd.start_again().await.unwrap();
        sms.start().await.unwrap();
        let engine = standing.until("the Engine", well).await;

        sms.stop().await.unwrap();
        standing.until("an incident at the container", incident(Place::Container, 1)).await;
        // Its event was enough for that; what else is asked is to fail, too.
        standing.rounds("rounds without the container").await;
        sms.start().await.unwrap();
        let container = standing.until("the container", well).await;

        for (kind, seen) in [("api_down", "answered 500"), ("database_down", "at the database: ")] {
            let fault = format!("{{\"kind\":\"{kind}\",\"lasts\":\"8s\"}}");
            assert!(sms.post_json("/__demo/fault", &fault).await.unwrap().contains(" 202 "));
            standing.until(kind, |v| lines(v, seen) > 0).await;
            standing.until("the end of it", well).await;
        }

        let readings = standing.end().await.readings;
        for (name, from, to, right) in [
            ("before", WatchTime::START, before.now.watch, None),
            ("this PC", before.now.watch, pc.now.watch, Some(Place::ThisPc)),
            ("the network", pc.now.watch, network.now.watch, Some(Place::Network)),
        ] {
            let places = places(&readings, from, to);
            // When a cable was just plugged in, the router may take its moment.
            assert!(places.iter().all(|p| !p.is_deployment()), "{name}: {places:?}");
            assert!(right.is_none_or(|right| places.contains(&right)), "{name}: {places:?}");
        }
        assert_eq!(places(&readings, network.now.watch, nas.now.watch), [Place::Nas]);
        let at_the_engine = places(&readings, nas.now.watch, engine.now.watch);
        assert!(at_the_engine.contains(&Place::DockerEngine), "{at_the_engine:?}");
        let at_the_container = places(&readings, engine.now.watch, container.now.watch);
        assert_eq!(at_the_container, [Place::Container], "the Engine answers meanwhile");
        let in_it = places(&readings, container.now.watch, WatchTime(u64::MAX));
        assert!(in_it.contains(&Place::Application), "{in_it:?}");
        assert!(in_it.iter().all(|p| matches!(p, Place::Application | Place::Database)), "{in_it:?}");
    });
}
