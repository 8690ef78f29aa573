//! What is read back of a time in which the watch did not see, and that it says what it does not know.

use serde_json::Value;
use watchkeeper_core::event::ContainerChange;
use watchkeeper_tests::{
    dockerd::{Dockerd, SmsOptions},
    netns::on_the_pc,
};

use crate::{
    support::{deployment, until},
    watch::{Standing, lines, texts},
};

#[test]
fn what_happened_meanwhile_is_read_back_and_labelled() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let options = SmsOptions { health_check: true, restart: "always".into(), ..SmsOptions::default() };
        let sms = dockerd.run_sms(options).await.unwrap();
        let deployment = deployment(&dockerd, &sms);
        let standing = Standing::over(&deployment).await;
        standing.until("Hour 1", |v| lines(v, "Hour 1 complete") > 0).await;
        let offline = |v: &watchkeeper_core::view::View| v.gaps.last().is_some_and(|g| g.to.is_none());
        let sees = |v: &watchkeeper_core::view::View| v.gaps.last().is_some_and(|g| g.to.is_some());

        // The HEALTHCHECK fails while nobody looks.
        let fault = r#"{"kind":"database_down","lasts":"10s"}"#;
        assert!(sms.post_json("/__demo/fault", fault).await.unwrap().contains(" 202 "));
        lan.unplug_pc().unwrap();
        standing.until("the gap", offline).await;
        until("failed runs", || async {
            let log: Value =
                serde_json::from_str(&sms.inspect("{{json .State.Health.Log}}").await.unwrap()).unwrap();
            let failed = log.as_array().unwrap().iter().filter(|run| run["ExitCode"] == 1).count();
            (failed >= 3).then_some(())
        })
        .await;
        lan.plug_in_pc().unwrap();
        standing.until("sight", sees).await;
        let view = standing.rounds("rounds after the gap").await;
        assert_eq!(lines(&view, "; not known of that time: what the SMS answered and how fast"), 1);
        let unhealthy =
            texts(&view).iter().any(|t| t.contains("turned unhealthy") && t.contains("(reconstructed)"));
        assert!(unhealthy, "{:#?}", texts(&view));
        let observed = standing.check().await;
        let gap = observed.iter().find(|o| o.contains("unobserved: PC offline")).unwrap();
        for part in [
            "read back (reconstructed)",
            "restart count 0",
            "failed runs of the HEALTHCHECK, the last at ",
            "with exit code 1: HTTP/1.1 503 Service Unavailable",
            "of the log",
            "not known of that time",
        ] {
            assert!(gap.contains(part), "without {part:?}: {gap}");
        }

        // It crashes and is started again by its policy, and the Engine is restarted: the Engine does not know of the crash.
        standing.until("health", |v| lines(v, "turned healthy") > 0).await;
        lan.unplug_pc().unwrap();
        standing.until("the second gap", offline).await;
        dockerd.kill();
        dockerd.start_again().await.unwrap();
        lan.plug_in_pc().unwrap();
        standing.until("second sight", sees).await;
        let bad = |v: &watchkeeper_core::view::View| {
            texts(v).iter().any(|t| {
                (t.starts_with("Container was restarted")
                    || t.starts_with("Container was killed")
                    || t.starts_with("Container crashed"))
                    && t.contains("(reconstructed)")
            })
        };
        let view = standing.until("the restart", bad).await;
        let told = view.log.iter().filter(|l| {
            l.text.starts_with(&ContainerChange::Started.describe())
                || l.text.starts_with("Container was restarted")
        });
        assert!(told.count() >= 1, "{:#?}", texts(&view));
        let observed = standing.check().await;
        let gap = observed.iter().rfind(|o| o.contains("unobserved: PC offline")).unwrap();
        assert!(gap.contains("of the container (now running, started "), "{gap}");
        standing.end().await;
    });
}
