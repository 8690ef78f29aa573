//! A person who reads Greek: what is told outside of the page, and what stands behind the view's English words.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_is_told_in_greek_and_recorded_in_english() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    let settings =
        AppSettings { language: Language::El, owner: "Νυχτερινή".into(), ..AppSettings::default() };
    desktop.set_settings(settings).await.unwrap();
    let id = desktop.start_demo("crash", 720.0).await.unwrap();
    let told = host.message(|m| matches!(m, Message::Told(t) if t.incident.is_some())).await;
    let Message::Told(told) = told else { unreachable!() };
    assert!(!told.english && told.title.starts_with("Κρίσιμο: Κατάρρευση"), "{told:?}");
    for part in ["Πού: Container", "από τις ", "Ενέργεια: Επανεκκίνηση του container ως τις "]
    {
        assert!(told.body.contains(part), "without {part}: {told:?}");
    }
    let mut shown = host.notified.subscribe();
    shown.wait_for(|all| all.iter().any(|(s, n)| *s == id && n.title == told.title)).await.unwrap();

    let view = desktop.shown_view().await.unwrap();
    // The record is English.
    let record = view.view.notifications.iter().find(|n| n.incident == told.incident).unwrap();
    assert!(record.title.starts_with("Critical: "), "{record:?}");
    assert!(view.built_in_plan && !view.next.is_empty());
    assert_eq!(view.log_kinds.len(), view.view.log.len());
    let without: Vec<_> =
        view.view.log.iter().zip(&view.log_kinds).filter(|(_, kind)| kind.is_none()).collect();
    assert!(without.is_empty(), "{without:?}");
    assert_eq!(view.rung_kinds.len(), view.view.ladder.len());
    // The published view has none of it.
    let published = serde_json::to_value(&view.view).unwrap();
    assert!(published["log"][0].get("kind").is_none() && published.get("next").is_none());

    let names = |tray: &Tray| tray.tooltip.contains("Ώρα ") || tray.tooltip.contains("Έλεγχος ");
    host.tray_where(names).await;
    desktop.test_alarm().await.unwrap();
    let alarm = host.notified.borrow().last().unwrap().1.title.clone();
    assert_eq!(alarm, "Δοκιμή ειδοποίησης");
    desktop.stop_all(PATIENCE).await;
}

#[tokio::test]
async fn a_click_that_leads_nowhere_shows_no_other_sessions_incident() {
    let folder = tempfile::tempdir().unwrap();
    let (host, desktop) = opened(folder.path()).await;
    desktop.set_settings(AppSettings { language: Language::El, ..AppSettings::default() }).await.unwrap();
    for page in [true, false] {
        host.page.store(page, SeqCst);
        desktop.clicked("gone", Some(3)).await;
    }
    assert!(!host.names().contains(&"go"), "{:?}", host.names());
    let Message::Told(told) = host.message(|m| matches!(m, Message::Told(_))).await else { unreachable!() };
    assert_eq!(told.incident, None);
    // What is English says so, on a line of its own.
    let english = "\nΑιτία (στα αγγλικά): ";
    assert!(told.body.contains("gone") && told.body.contains(english), "{told:?}");
    // Without a page it is told outside of it.
    let notified = host.notified.borrow().clone();
    assert_eq!(notified.iter().map(|(_, n)| &n.body).collect::<Vec<_>>(), [&told.body]);
}
