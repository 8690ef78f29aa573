//! What a person orders from a second terminal, while the first one watches over TLS.

use watchkeeper_tests::dockerd::Dockerd;

use crate::bench::{Bench, ROLL_BACK, of, stages};

pub(crate) async fn restart_roll_back_and_undo(dockerd: &Dockerd) {
    let bench = Bench::new(dockerd, "ordered").await;
    let (address, certificates) = dockerd.tls().unwrap();
    bench.configure(&format!("docker = \"{address}\"\ndocker_certificates = \"{}\"", certificates.display()));
    let mut watch = bench.watch();
    watch.until("Hour 0 complete");

    // What would be done is shown, and nothing of it is done.
    let shown = bench.run("roll-back --dry-run").with_code(0).out;
    for part in [
        "yes  its image is on the NAS",
        "?    the database fits the previous version",
        "nothing of which is done yet",
        "ordered goes from sms-app:1.15.1 back to sms-app:1.14.3",
        &format!("kept as {}", bench.aside()),
        "restart policy: always",
    ] {
        assert!(shown.contains(part), "without {part:?}: {shown}");
    }
    bench.assert_as_at_first().await;

    // The API fails; a restart mends it for a while.
    let fault = r#"{"kind":"api_down"}"#;
    assert!(bench.sms.post_json("/__demo/fault", fault).await.unwrap().contains(" 202 "));
    watch.until("#1 ");
    watch.until("evidence stored: readings");
    let started = bench.sms.inspect("{{.State.StartedAt}}").await.unwrap();
    let said = bench.run("restart 1 --reason the-API-fails --yes").with_code(0).out;
    for part in ["restarted the container", "the container is healthy", "restart: done and verified"] {
        assert!(said.contains(part), "without {part:?}: {said}");
    }
    bench.assert_as_at_first().await;
    assert_ne!(bench.sms.inspect("{{.State.StartedAt}}").await.unwrap(), started);

    // Nobody has said which schema the version before knows: that risk is a person's to take.
    let order = "roll-back 1 --reason it-fails-again --yes";
    let refused = bench.run(order).with_code(3);
    assert!(refused.err.contains("--accept-schema"), "{}", refused.err);
    bench.assert_as_at_first().await;
    let said = bench.run(&format!("{order} --accept-schema")).with_code(0).out;
    assert!(said.contains("roll back to sms-app:1.14.3: done and verified"), "{said}");
    bench.assert_rolled_back().await;
    watch.until("Roll back to sms-app:1.14.3 done and verified");
    let (facts, markdown) = bench.report();
    assert_eq!(stages(&facts, 1), ["restart", "healthy", "verify"]);
    assert_eq!(stages(&facts, 2), ROLL_BACK);
    let began = of(&facts, "action_began");
    assert_eq!(began.len(), 2, "{began:#?}");
    assert_eq!(began[1]["order"]["reason"], "it-fails-again");
    assert_eq!(began[1]["order"]["plan"]["container_id"], bench.first);
    for part in ["✅ DONE AND VERIFIED", "the-API-fails", "it-fails-again", "Accepted risk", &bench.aside()]
    {
        assert!(markdown.contains(part), "without {part:?}: {markdown}");
    }

    let said = bench.run("undo --reason the-old-one-is-worse").with_code(0).out;
    assert!(said.contains("roll back to sms-app:1.14.3: undone"), "{said}");
    bench.assert_as_at_first().await;
    watch.interrupt();
    assert_eq!(watch.end(), 2, "{}", watch.text());
    let (facts, markdown) = bench.report();
    assert_eq!(stages(&facts, 2), [&ROLL_BACK[..], &["remove", "give_back", "start", "healthy"]].concat());
    let ended: Vec<_> = of(&facts, "action_ended").iter().map(|f| f["outcome"].clone()).collect();
    assert_eq!(ended, ["done", "done", "undone"]);
    assert!(markdown.contains("⚠️ UNDONE") && markdown.contains("the-old-one-is-worse"), "{markdown}");
    // What the watch did itself is no crash, and no hands on the container.
    let opened = of(&facts, "incident_opened");
    assert_eq!(opened.len(), 1, "{opened:#?}");
}
