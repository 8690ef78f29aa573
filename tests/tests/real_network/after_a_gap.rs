//! What is read back of a time in which the watch did not see, and that it says what it does not know.

use serde_json::Value;
use watchkeeper_core::{matrix::Issue, reading::ContainerStatus, view::View};
use watchkeeper_tests::{
    dockerd::{Dockerd, SmsOptions},
    netns::on_the_pc,
    standing::{Standing, lines, texts},
};

use crate::support::{deployment, until};

#[test]
fn what_happened_meanwhile_is_read_back_and_labelled() {
    on_the_pc(|lan| async move {
        let dockerd = Dockerd::start_on_the_nas(&lan).await.unwrap();
        let options = SmsOptions { health_check: true, restart: "always".into(), ..SmsOptions::default() };
        let sms = dockerd.run_sms(options).await.unwrap();
        let deployment = deployment(&dockerd, &sms);
        let standing = Standing::over(&deployment).await;
        standing.until("Hour 1", |v| lines(v, "Hour 1 complete") > 0).await;
        let offline = |v: &View| v.gaps.last().is_some_and(|g| g.to.is_none());
        let sees = |v: &View| v.gaps.last().is_some_and(|g| g.to.is_some());

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
        standing.until("health", |v| lines(v, "turned healthy") > 1).await;
        lan.unplug_pc().unwrap();
        standing.until("the second gap", offline).await;
        dockerd.kill();
        dockerd.start_again().await.unwrap();
        lan.plug_in_pc().unwrap();
        standing.until("second sight", sees).await;
        let ended = |v: &View| {
            texts(v).iter().any(|t| {
                ["restarted", "killed", "stopped", "crashed"].iter().any(|how| t.contains(how))
                    && t.starts_with("Container ")
                    && t.contains("(reconstructed)")
            })
        };
        let view = standing.until("the end that nobody saw", ended).await;
        assert!(view.incidents.iter().any(|i| i.incident.problem.issue == Issue::ContainerCrash));
        standing
            .until("the start", |v| {
                v.container.as_ref().is_some_and(|c| c.status == ContainerStatus::Running)
            })
            .await;
        let observed = standing.check().await;
        let gap = observed.iter().rfind(|o| o.contains("unobserved: PC offline")).unwrap();
        assert!(gap.contains("of the container (now running, started "), "{gap}");
        standing.end().await;
    });
}
