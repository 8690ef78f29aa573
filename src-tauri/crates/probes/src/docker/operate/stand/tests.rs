use watchkeeper_core::{action::ImageRef, chain::Hash, time::Span};

use super::*;

fn plan() -> RollBackPlan {
    RollBackPlan {
        container: "sms".into(),
        container_id: "0123456789abcdef".into(),
        from: ImageRef { name: "sms:2".into(), id: "sha256:02".into() },
        to: ImageRef { name: "sms:1".into(), id: "sha256:01".into() },
        aside: "sms-aside".into(),
        made_as: "sms-new".into(),
        restart_policy: "always".into(),
        stop_timeout: Span::secs(10),
        settings: Vec::new(),
        digest: Hash::ZERO,
    }
}

/// A container as `name status policy`, where a status may be `healthy`.
fn seen(id: &str, image: &str, words: &str) -> Seen {
    let [name, status, policy] = words.split(' ').collect::<Vec<_>>()[..] else { panic!("{words}") };
    let running = if status == "healthy" { "running" } else { status };
    Seen::read(&serde_json::json!({
        "Id": id,
        "Name": format!("/{name}"),
        "Image": image,
        "Created": "2026-11-23T04:20:11.5Z",
        "State": {"Status": running, "Health": {"Status": status}},
        "HostConfig": {"RestartPolicy": {"Name": policy}},
        "Config": {"Image": "sms"},
        "NetworkSettings": {"Networks": {"net": {}}},
    }))
    .unwrap()
}

fn stand(old: &str, new: &str) -> Stand {
    let some = |id, image, words: &str| (!words.is_empty()).then(|| seen(id, image, words));
    Stand {
        old: some("0123456789abcdef", "sha256:02", old),
        new: some("new", "sha256:01", new),
        others: Vec::new(),
    }
}

#[test]
fn wherever_it_was_interrupted_the_next_step_is_known() {
    let old = || plan().container_id;
    let new = || "new".to_owned();
    let named = |id: String, name: &str| Step::Rename(id, name.to_owned());
    let policy = |id: String, policy: &str| Step::Policy(id, policy.to_owned());
    // Before; of the previous image; the last stage; forward; back.
    for (before, made, stage, forward, back) in [
        ("sms running always", "", None, Step::Create, Step::Wait(old())),
        ("sms exited always", "", None, Step::Create, Step::Start(old())),
        (
            "sms running always",
            "sms-new created no",
            Some(Stage::Create),
            Step::Stop(old()),
            Step::Remove(new()),
        ),
        (
            "sms restarting always",
            "sms-new created no",
            Some(Stage::Create),
            Step::Stop(old()),
            Step::Remove(new()),
        ),
        (
            "sms exited always",
            "sms-new created no",
            Some(Stage::Stop),
            policy(old(), "no"),
            Step::Remove(new()),
        ),
        (
            "sms exited no",
            "sms-new created no",
            Some(Stage::Stop),
            named(old(), "sms-aside"),
            Step::Remove(new()),
        ),
        (
            "sms-aside exited no",
            "sms-new created no",
            Some(Stage::SetAside),
            named(new(), "sms"),
            Step::Remove(new()),
        ),
        (
            "sms-aside exited no",
            "sms created no",
            Some(Stage::TakeName),
            policy(new(), "always"),
            Step::Remove(new()),
        ),
        (
            "sms-aside exited no",
            "sms created always",
            Some(Stage::TakeName),
            Step::Start(new()),
            Step::Remove(new()),
        ),
        (
            "sms-aside exited no",
            "sms exited always",
            Some(Stage::TakeName),
            Step::Start(new()),
            Step::Remove(new()),
        ),
        (
            "sms-aside exited no",
            "sms running always",
            Some(Stage::Start),
            Step::Wait(new()),
            Step::Stop(new()),
        ),
        (
            "sms-aside exited no",
            "sms healthy always",
            Some(Stage::Healthy),
            Step::Wait(new()),
            Step::Stop(new()),
        ),
        // Somebody started it beside the other.
        (
            "sms-aside running no",
            "sms running always",
            Some(Stage::Create),
            Step::Stop(old()),
            Step::Stop(new()),
        ),
        // On the way back.
        ("sms-aside exited no", "", Some(Stage::Remove), Step::Create, named(old(), "sms")),
        ("sms exited no", "", None, Step::Create, policy(old(), "always")),
    ] {
        let stand = stand(before, made);
        assert_eq!(stand.stage(&plan()), stage, "{before} / {made}");
        assert_eq!(stand.forward(&plan()), Ok(forward), "{before} / {made}");
        assert_eq!(stand.back(&plan()), Ok(back), "{before} / {made}");
    }
}

#[test]
fn each_way_ends_wherever_it_begins() {
    for before in ["sms running always", "sms exited always", "sms exited no", "sms-aside exited no"] {
        for made in ["", "sms-new created no", "sms-new running no", "sms-new exited always"] {
            for forward in [true, false] {
                let mut stand = stand(before, made);
                let mut steps = Vec::new();
                loop {
                    let step = if forward { stand.forward(&plan()) } else { stand.back(&plan()) }.unwrap();
                    steps.push(step.clone());
                    assert!(steps.len() < 12, "{before} / {made}: {steps:?}");
                    if let Step::Wait(_) = step {
                        break;
                    }
                    take(&mut stand, step);
                }
                let (old, new) = (stand.old.unwrap(), stand.new);
                let last = (old.state.name.as_str(), old.lives(), old.policy.as_str());
                if forward {
                    let new = new.unwrap();
                    assert_eq!(last, ("sms-aside", false, "no"));
                    assert_eq!(
                        (new.state.name.as_str(), new.lives(), new.policy.as_str()),
                        ("sms", true, "always")
                    );
                } else {
                    assert_eq!((last, new), (("sms", true, "always"), None));
                }
            }
        }
    }
}

/// What the Engine makes of a step.
fn take(stand: &mut Stand, step: Step) {
    if step == Step::Create {
        stand.new = Some(seen("new", "sha256:01", "sms-new created no"));
        return;
    }
    if let Step::Remove(_) = step {
        assert!(!stand.new.as_ref().unwrap().lives());
        stand.new = None;
        return;
    }
    let (Step::Stop(id) | Step::Start(id) | Step::Policy(id, _) | Step::Rename(id, _)) = &step else {
        panic!("{step:?}")
    };
    let taken = [&stand.old, &stand.new].map(|one| one.as_ref().map(|one| one.state.name.clone()));
    let all = [stand.old.as_mut(), stand.new.as_mut()];
    let one = all.into_iter().flatten().find(|one| one.state.id == *id).unwrap();
    match step {
        Step::Stop(_) => one.state.status = ContainerStatus::Exited,
        Step::Start(_) => one.state.status = ContainerStatus::Running,
        Step::Policy(_, policy) => one.policy = policy,
        Step::Rename(_, name) => {
            assert!(!taken.contains(&Some(name.clone())), "{name} is taken");
            one.state.name = name;
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_somebody_else_made_is_in_the_way() {
    for (old, new, name, forward, back) in [
        ("sms running always", "", "sms-aside", Some("sms-aside is taken"), None),
        ("sms running always", "", "sms-new", Some("sms-new is taken"), None),
        ("sms-aside exited no", "sms-new created no", "sms", Some("sms is taken"), Some("sms is taken")),
        ("sms-aside exited no", "", "sms", Some("sms is taken"), Some("sms is taken")),
        (
            "",
            "sms running always",
            "x",
            Some("no longer there; left as it is: sms (new"),
            Some("no longer there"),
        ),
        ("other exited no", "", "x", Some("somebody renamed it"), None),
    ] {
        let mut stand = stand(old, new);
        stand.others.push(seen("stranger", "sha256:03", &format!("{name} running no")));
        for (found, says) in [(stand.forward(&plan()), forward), (stand.back(&plan()), back)] {
            match says {
                Some(says) => {
                    assert!(found.as_ref().is_err_and(|why| why.contains(says)), "{says}: {found:?}")
                }
                None => assert!(found.is_ok(), "{old} / {new} / {name}: {found:?}"),
            }
        }
    }
}

#[test]
fn networks_and_image_are_put_right_before_anything_is_stopped() {
    let mut stand = stand("sms running always", "sms-new created no");
    stand.old.as_mut().unwrap().networks.insert("second".into());
    assert_eq!(stand.forward(&plan()), Ok(Step::Connect("second".into(), "new".into())));
    assert_eq!(stand.stage(&plan()), None, "it is not made yet");
    stand.new.as_mut().unwrap().networks.extend(["second".into(), "bridge".into()]);
    assert_eq!(stand.forward(&plan()), Ok(Step::Disconnect("bridge".into(), "new".into())));
    stand.new.as_mut().unwrap().state.image_id = "sha256:03".into();
    assert_eq!(stand.forward(&plan()), Ok(Step::Remove("new".into())));
}
