//! A deployment's plan: seen, changed, taken back, and never overwritten unasked.

use super::*;
use watchkeeper_core::plan::Plan;
use watchkeeper_window::contract::PlanDraft;

const MINE: &str = "length = \"2h\" # as short as that\n\n[[phase]]\ntitle = \"Only\"\nat = \"1h\"\nlabel = \"Look\"\n\
                    items = [\"container_health\", \"git_tag\"]\n";

async fn deployed(folder: &Path) -> (Arc<Noted>, Arc<Desktop>, String) {
    let (host, desktop) = opened(folder).await;
    let set_up = SetUp {
        name: "NAS".into(),
        url: "http://nas:8080".into(),
        docker: "unix:///var/run/docker.sock".into(),
        version: "1.15.1".into(),
        ..desktop.set_up()
    };
    let id = desktop.finish_set_up(&set_up).unwrap();
    (host, desktop, id)
}

#[tokio::test]
async fn a_plan_is_saved_beside_its_deployment_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop, id) = deployed(folder.path()).await;
    let deployments = folder.path().join("deployments");
    let config = deployments.join(format!("{id}.toml"));
    let comments = |path: &Path| std::fs::read_to_string(path).unwrap().matches('#').count();
    let before = comments(&config);

    let page = desktop.plan(&id).await.unwrap();
    assert_eq!((page.file.as_deref(), page.check.plan.as_ref()), (None, Some(&Plan::standard())));
    let refused = desktop.save_plan(&id, "length = \"2h\"", &page.mark).await.unwrap_err();
    assert!(refused.code == ErrorCode::Input && refused.message.contains("line 1"), "{refused:?}");
    desktop.keep_plan_draft(&id, Some(&PlanDraft { text: MINE.into(), mark: page.mark.clone() })).unwrap();
    assert_eq!(desktop.plan(&id).await.unwrap().draft.unwrap().text, MINE);

    let saved = desktop.save_plan(&id, MINE, &page.mark).await.unwrap();
    let own = deployments.join(format!("{id}.plan.toml"));
    assert!(saved.saved && saved.page.draft.is_none(), "{saved:?}");
    assert_eq!(saved.page.file.as_deref(), Some(format!("{id}.plan.toml").as_str()));
    assert_eq!((std::fs::read_to_string(&own).unwrap().as_str(), comments(&config)), (MINE, before));
    // It is none of the deployments, and the next session goes by it.
    let home = desktop.home().await.unwrap();
    assert_eq!((home.deployments.len(), home.unreadable.len()), (1, 0));
    let plan = saved.page.check.plan.unwrap();
    assert_eq!((plan.length, plan.phases.len()), (Span::hours(2), 1));

    // Another program writes it; what was begun before is not put over it.
    std::fs::write(&own, MINE.replace("Only", "Theirs")).unwrap();
    let late = desktop.save_plan(&id, MINE, &saved.page.mark).await.unwrap();
    assert!(!late.saved && late.page.text.unwrap().contains("Theirs"));
    assert!(!desktop.drop_plan(&id, &saved.page.mark).await.unwrap().saved);

    let back = desktop.drop_plan(&id, &late.page.mark).await.unwrap();
    assert!(back.saved && back.page.file.is_none(), "{back:?}");
    let aside = own.with_extension("toml.removed");
    assert!(!own.exists() && std::fs::read_to_string(&aside).unwrap().contains("Theirs"));
    assert_eq!(comments(&config), before);
}

#[tokio::test]
async fn another_file_that_is_named_is_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop, id) = deployed(folder.path()).await;
    let theirs = folder.path().join("deployments").join("shared.plan.toml");
    std::fs::write(&theirs, MINE).unwrap();
    desktop.change_config(&id, "watch.plan", Some("shared.plan.toml")).unwrap();
    let page = desktop.plan(&id).await.unwrap();
    assert_eq!(page.text.as_deref(), Some(MINE));
    let saved = desktop.save_plan(&id, &MINE.replace("Only", "Mine"), &page.mark).await.unwrap();
    assert!(saved.saved && saved.page.path.unwrap() == saved.page.own);
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), MINE);
    // Back to it, and away from it again: it stays where it is.
    desktop.change_config(&id, "watch.plan", Some("shared.plan.toml")).unwrap();
    let page = desktop.plan(&id).await.unwrap();
    assert!(desktop.drop_plan(&id, &page.mark).await.unwrap().saved);
    assert!(theirs.exists());
}

#[tokio::test]
async fn bad_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop, id) = deployed(folder.path()).await;
    for other in ["", "../nas", "nothing", "a/b"] {
        assert_eq!(desktop.plan(other).await.unwrap_err().code, ErrorCode::NotFound, "{other}");
        assert_eq!(desktop.save_plan(other, MINE, "").await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(desktop.keep_plan_draft(other, None).unwrap_err().code, ErrorCode::NotFound);
    }
    let draft = PlanDraft { text: "#".repeat(300_000), mark: String::new() };
    assert_eq!(desktop.keep_plan_draft(&id, Some(&draft)).unwrap_err().code, ErrorCode::Input);
    let mark = desktop.plan(&id).await.unwrap().mark;
    let large = format!("{MINE}{}", "#".repeat(300_000));
    assert_eq!(desktop.save_plan(&id, &large, &mark).await.unwrap_err().code, ErrorCode::Input);
    // With the deployment its draft goes.
    desktop.keep_plan_draft(&id, Some(&PlanDraft { text: MINE.into(), mark })).unwrap();
    desktop.remove_deployment(&id).unwrap();
    let left = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with("plan-draft")));
}

#[tokio::test]
async fn what_the_configuration_does_not_take_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop, id) = deployed(folder.path()).await;
    let deployments = folder.path().join("deployments");
    let (config, own) = (deployments.join(format!("{id}.toml")), deployments.join(format!("{id}.plan.toml")));
    std::fs::write(&own, "# of an earlier time").unwrap();
    let good = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, good.replace("http://nas:8080", "nowhere")).unwrap();
    let mark = desktop.plan(&id).await.unwrap().mark;
    let refused = desktop.save_plan(&id, MINE, &mark).await.unwrap_err();
    assert!(refused.code == ErrorCode::Input && refused.message.contains("deployment.url"), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&own).unwrap(), "# of an earlier time");
    assert_eq!(desktop.plan(&id).await.unwrap().mark, mark);
    // Corrected, it is saved from where it began.
    std::fs::write(&config, good).unwrap();
    assert!(desktop.save_plan(&id, MINE, &mark).await.unwrap().saved);
    assert_eq!(std::fs::read_to_string(&own).unwrap(), MINE);
}

#[tokio::test]
async fn each_plan_that_is_put_aside_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop, id) = deployed(folder.path()).await;
    for title in ["One", "Two", "Three"] {
        let mark = desktop.plan(&id).await.unwrap().mark;
        let saved = desktop.save_plan(&id, &MINE.replace("Only", title), &mark).await.unwrap();
        assert!(desktop.drop_plan(&id, &saved.page.mark).await.unwrap().saved);
    }
    for (name, title) in [("removed", "One"), ("removed-2", "Two"), ("removed-3", "Three")] {
        let path = folder.path().join("deployments").join(format!("{id}.plan.toml.{name}"));
        assert!(std::fs::read_to_string(&path).unwrap().contains(title), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_are_saved_at_once_one_is_told_of_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (_host, desktop, id) = deployed(folder.path()).await;
    for _ in 0..20 {
        let mark = desktop.plan(&id).await.unwrap().mark;
        let save = |title: &'static str| {
            let (desktop, id, mark) = (Arc::clone(&desktop), id.clone(), mark.clone());
            tokio::spawn(async move {
                desktop.save_plan(&id, &MINE.replace("Only", title), &mark).await.unwrap().saved
            })
        };
        let (one, two) = (save("One"), save("Two"));
        assert_ne!(one.await.unwrap(), two.await.unwrap());
        let mark = desktop.plan(&id).await.unwrap().mark;
        assert!(desktop.drop_plan(&id, &mark).await.unwrap().saved);
    }
}
