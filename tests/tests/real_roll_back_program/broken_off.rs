//! What becomes of a roll back that broke off in the middle: the watch finds how far it came, and a person decides.

use std::time::Duration;

use watchkeeper_tests::{
    dockerd::{Dockerd, Moment, Proxy, Then},
    running::Running,
    sshd::Sshd,
};

use crate::bench::{Bench, ROLL_BACK, of, stages};

/// However slow the machine: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(60);
const ORDER: &str = "roll-back --reason it-loses-grades --accept-schema --yes";
const HALF_DONE: &str = "Roll back to sms-app:1.14.3 is half done, a person has to decide: ";

/// Between two stages the tunnel is gone and stays so for a while.
pub(crate) async fn the_link_is_lost_and_it_is_finished(dockerd: &Dockerd) {
    let Some(mut sshd) = Sshd::start(&[]).unwrap() else { return };
    let bench = Bench::new(dockerd, "tunnel").await;
    // The container was set aside, and the one that was made does not bear its name yet.
    let proxy = Proxy::new(dockerd, bench.data(), 5, Moment::Before, Then::Hold).unwrap();
    sshd.admit_to(proxy.socket()).unwrap();
    sshd.introduce(&bench.data().join("known_hosts")).unwrap();
    let address = sshd.address_to(proxy.socket());
    bench.configure(&format!("docker = \"{address}\"\nssh_key = \"{}\"", sshd.key().display()));
    let mut watch = bench.watch();
    watch.until("Hour 0 complete");

    let mut order = ordered(&bench, &proxy).await;
    assert!(proxy.seen().last().unwrap().contains("/rename?name=tunnel"), "{:?}", proxy.seen());
    sshd.stop();
    let line = watch.until(HALF_DONE);
    assert!(!line.contains("found: "), "nobody can have looked: {line}");
    sshd.restart(&[]).unwrap();
    found_half_done(&mut watch, &mut order);
    let (name, aside) = (bench.sms.name(), bench.aside());
    let left = bench.containers().await;
    assert!(left.contains(&format!("{aside} sms-app:1.15.1 exited")), "{left:?}");
    assert!(left.iter().any(|c| c.ends_with(" sms-app:1.14.3 created")), "{left:?}");
    assert!(!left.iter().any(|c| c.starts_with(&format!("{name} "))), "{left:?}");

    finish(&bench, watch).await;
}

/// The program is killed while the Engine carries out what it has just been asked for.
pub(crate) async fn the_program_is_killed_and_it_is_undone(dockerd: &Dockerd) {
    let bench = Bench::new(dockerd, "killed").await;
    let proxy = Proxy::new(dockerd, bench.data(), 2, Moment::After, Then::Hold).unwrap();
    bench.configure(&format!("docker = \"{}\"", proxy.address()));
    let mut watch = bench.watch();
    watch.until("Hour 0 complete");

    let mut order = ordered(&bench, &proxy).await;
    assert!(proxy.seen().last().unwrap().ends_with("/stop"), "{:?}", proxy.seen());
    watch.kill();
    assert_eq!(order.end(), 4, "{}", order.text());
    assert!(order.text().contains("is half done") && order.text().contains("--resume"), "{}", order.text());
    // Nobody watches, so nobody does anything.
    assert_ne!(bench.run("undo --reason too-early").code, 0);
    let stopped = bench.containers().await;
    assert!(stopped.contains(&"killed sms-app:1.15.1 exited".to_owned()), "{stopped:?}");

    let mut watch = bench.watch();
    watch.until("goes on");
    let line = watch.until("; found: ");
    assert!(line.contains(HALF_DONE) && line.contains("the program ended in the middle of it"), "{line}");
    let status = bench.run("status").with_code(0).out;
    assert!(status.contains("half done: finish it or undo it"), "{status}");
    let said = bench.run("undo --reason we-mend-it").with_code(0).out;
    assert!(said.contains("roll back to sms-app:1.14.3: undone"), "{said}");
    bench.assert_as_at_first().await;
    watch.interrupt();
    assert_eq!(watch.end(), 2, "{}", watch.text());

    let (facts, markdown) = bench.report();
    // That the container was stopped was found by looking, and not told by who was killed.
    assert_eq!(stages(&facts, 1), ["create", "remove", "start", "healthy"]);
    let interrupted = of(&facts, "action_interrupted");
    assert_eq!(interrupted.len(), 2, "{interrupted:#?}");
    assert_eq!(interrupted[1]["found"]["stage"], "stop");
    assert_eq!(of(&facts, "undo_began").len(), 1);
    assert_eq!(of(&facts, "action_ended")[0]["outcome"], "undone");
    for part in ["it-loses-grades", "we-mend-it", "is half done, a person has to decide"] {
        assert!(markdown.contains(part), "without {part:?}: {markdown}");
    }
}

/// The Docker Engine itself is killed, and started again a while later.
pub(crate) async fn the_engine_is_killed_and_it_is_finished(dockerd: &Dockerd) {
    let bench = Bench::new(dockerd, "engine").await;
    // The container of the version before was made, and the present one has not been stopped.
    let proxy = Proxy::new(dockerd, bench.data(), 2, Moment::Before, Then::Hold).unwrap();
    bench.configure(&format!("docker = \"{}\"", proxy.address()));
    let mut watch = bench.watch();
    watch.until("Hour 0 complete");

    let mut order = ordered(&bench, &proxy).await;
    dockerd.kill();
    proxy.let_go();
    let line = watch.until(HALF_DONE);
    assert!(!line.contains("found: "), "nobody can have looked: {line}");
    dockerd.start_again().await.unwrap();
    found_half_done(&mut watch, &mut order);
    // The Engine has started it by its policy: nothing had been done to it.
    bench.sms.answers().await.unwrap();
    finish(&bench, watch).await;
}

/// Orders it, and waits until it has come as far as the proxy lets it.
async fn ordered(bench: &Bench<'_>, proxy: &Proxy) -> Running {
    let mut order = bench.begin(ORDER);
    if tokio::time::timeout(PATIENCE, proxy.reached()).await.is_err() {
        order.interrupt();
        order.end();
        panic!("it does not come so far: {:?}\n{}", proxy.seen(), order.text());
    }
    order
}

/// Waits until the watch has found how far it came; the one who ordered it is told.
fn found_half_done(watch: &mut Running, order: &mut Running) {
    let line = watch.until("; found: ");
    assert!(line.contains(HALF_DONE), "{line}");
    assert_eq!(order.end(), 2, "{}", order.text());
    assert!(order.text().contains("half done"), "{}", order.text());
    assert!(order.text().contains("watchkeeper finish"), "{}", order.text());
}

/// Has it finished, and ends the watch.
async fn finish(bench: &Bench<'_>, mut watch: Running) {
    let said = bench.run("finish").with_code(0).out;
    assert!(said.contains("roll back to sms-app:1.14.3: done and verified"), "{said}");
    bench.assert_rolled_back().await;
    watch.until("Roll back to sms-app:1.14.3 done and verified");
    watch.interrupt();
    assert_eq!(watch.end(), 2, "{}", watch.text());
    let (facts, markdown) = bench.report();
    assert_eq!(stages(&facts, 1), ROLL_BACK, "no stage is done twice");
    let interrupted = of(&facts, "action_interrupted");
    assert_eq!(interrupted.len(), 2, "{interrupted:#?}");
    assert!(interrupted[0]["found"].is_null() && interrupted[1]["found"].is_object(), "{interrupted:#?}");
    assert_eq!(of(&facts, "action_resumed").len(), 1);
    assert_eq!(of(&facts, "action_ended")[0]["outcome"], "done");
    for part in ["it-loses-grades", "is half done, a person has to decide", "is gone on with, decided by"] {
        assert!(markdown.contains(part), "without {part:?}: {markdown}");
    }
}
