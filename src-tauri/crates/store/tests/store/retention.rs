//! What retention removes, and what it never does.

use watchkeeper_store::{Broken, Counts, Pruned, Sealed, Store, StoreError, VerifyError};

use crate::fixture::{Home, Writer, meddle, note, opening, readings, sign_off};

/// Sessions that began one after the other, each with 3 000 readings; the last two are not signed off.
async fn five(store: &Store) {
    for (n, id) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let start = crate::fixture::utc(n as u64 * 1_000);
        let journal = store.create_session(&opening(id), start).await.unwrap();
        let (head, digest) = Default::default();
        let mut writer = Writer { journal, seq: 0, head, count: 0, digest };
        writer.append(vec![watchkeeper_core::event::Fact::Opened(Box::new(opening(id)))]).await;
        writer.record(&readings(0, 3_000)).await;
        writer.append(vec![writer.seal(), note("more")]).await;
        if n < 3 {
            writer.append(vec![sign_off()]).await;
        }
    }
}

async fn held(store: &Store) -> Vec<u64> {
    let mut held = Vec::new();
    for id in ["a", "b", "c", "d", "e"] {
        held.push(store.counts(id).await.unwrap().readings);
    }
    held
}

#[tokio::test]
async fn the_oldest_signed_off_sessions_lose_their_readings_and_nothing_else() {
    let home = Home::new();
    let store = home.store().await;
    five(&store).await;
    let none = store.prune(3, u64::MAX).await.unwrap();
    assert_eq!((none.sessions.len(), none.readings), (0, 0));
    assert!(none.bytes > 0);
    let size = store.file_size().unwrap();

    let pruned = store.prune(1, u64::MAX).await.unwrap();
    assert_eq!((pruned.sessions.as_slice(), pruned.readings), (&["a".to_owned(), "b".to_owned()][..], 6_000));
    assert_eq!(held(&store).await, [0, 0, 3_000, 3_000, 3_000]);
    assert_eq!(store.counts("a").await.unwrap(), Counts { events: 4, readings: 0, evidence: 0 });
    assert!(store.file_size().unwrap() < size * 3 / 4, "the file shrinks");
    assert_eq!(store.file_size().unwrap(), pruned.bytes);

    let proof = store.verify("a").await.unwrap();
    let at = store.summary("a").await.unwrap().readings_pruned.unwrap();
    assert_eq!((proof.events, proof.readings), (4, Sealed::Pruned { at, sealed: 3_000 }));
    assert!(matches!(store.verify("c").await.unwrap().readings, Sealed::Kept { sealed: 3_000, unsealed: 0 }));
    let folded = store.fold("a", |_| {}).await.unwrap();
    assert_eq!((folded.events, folded.readings), (4, 0));
    // Another process's next start finds nothing amiss.
    store.close().await.unwrap();
    assert_eq!(home.store().await.prune(1, u64::MAX).await.unwrap().sessions, Vec::<String>::new());
}

#[tokio::test]
async fn the_size_counts_too_but_never_against_an_open_session() {
    let home = Home::new();
    let store = home.store().await;
    five(&store).await;
    let bytes = store.prune(9, u64::MAX).await.unwrap().bytes;
    let pruned = store.prune(9, bytes - 1).await.unwrap();
    assert_eq!(pruned.sessions, ["a"], "no more than it takes");
    assert!(pruned.bytes < bytes);
    assert_eq!(store.prune(9, 0).await.unwrap().sessions, ["b", "c"]);
    assert_eq!(
        store.prune(0, 0).await.unwrap(),
        Pruned { sessions: vec![], readings: 0, bytes: store.file_size().unwrap() }
    );
    assert_eq!(held(&store).await, [0, 0, 0, 3_000, 3_000]);
}

#[tokio::test]
async fn what_was_begun_is_finished() {
    let home = Home::new();
    let store = home.store().await;
    five(&store).await;
    let mut connection = meddle(&home.path()).await;
    for statement in [
        "UPDATE sessions SET readings_pruned_utc_ms = 1768062600000 WHERE id = 'a'",
        "DELETE FROM readings WHERE session = 1 AND n < 100",
    ] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    assert_eq!(store.fold("a", |_| {}).await.unwrap().readings, 0, "half of them would mislead");
    assert!(matches!(store.verify("a").await.unwrap().readings, Sealed::Pruned { .. }));
    let pruned = store.prune(9, u64::MAX).await.unwrap();
    assert_eq!((pruned.sessions.as_slice(), pruned.readings), (&["a".to_owned()][..], 2_901));
}

#[tokio::test]
async fn an_open_session_cannot_claim_to_be_pruned() {
    let home = Home::new();
    let store = home.store().await;
    five(&store).await;
    let mut connection = meddle(&home.path()).await;
    sqlx::query("DROP TRIGGER sessions_pruned").execute(&mut connection).await.unwrap();
    sqlx::query("UPDATE sessions SET readings_pruned_utc_ms = 1 WHERE id = 'd'")
        .execute(&mut connection)
        .await
        .unwrap();
    assert!(matches!(store.verify("d").await, Err(VerifyError::Broken(Broken::Session(_)))));
}

#[tokio::test]
async fn pruned_while_being_read_is_said() {
    let home = Home::new();
    let store = home.store().await;
    five(&store).await;
    let (path, mut first) = (home.path(), true);
    let answer = store
        .fold("a", move |_| {
            if std::mem::take(&mut first) {
                // Another process, at the worst moment.
                let path = path.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let other = Store::open(&path, watchkeeper_store::Access::Write).await.unwrap();
                        other.prune(0, u64::MAX).await.unwrap();
                    });
                })
                .join()
                .unwrap();
            }
        })
        .await;
    assert!(matches!(answer, Err(StoreError::PrunedMeanwhile(_))), "{answer:?}");
}

/// Single checks, rehearsals and simulated days go by themselves, do not count among the watches, and are proven
/// afterwards; a real watch stays, also one whose version only looks like a check.
#[tokio::test]
async fn old_trials_go_without_a_sign_off_and_push_no_watch_out() {
    let home = Home::new();
    let store = home.store().await;
    let simulated = |o: &mut watchkeeper_core::event::Opening| o.simulated = Some("crash".into());
    let fast = |o: &mut watchkeeper_core::event::Opening| o.pace.speed = 720.0;
    type Change<'a> = &'a dyn Fn(&mut watchkeeper_core::event::Opening);
    let kinds: [(&str, Change<'_>, bool); 6] = [
        ("demo", &simulated, true),
        ("rehearsal", &fast, true),
        ("2026-01-10-1630-v1.15.1-check", &|_| {}, true),
        ("signed", &|_| {}, false),
        ("real", &|_| {}, false),
        ("2026-01-10-1630-v2.0.0-checkout", &|_| {}, false),
    ];
    for (id, change, _) in &kinds {
        let mut opening = opening(id);
        opening.pace = watchkeeper_core::event::Pace::REAL;
        opening.simulated = None;
        change(&mut opening);
        let journal = store.create_session(&opening, crate::fixture::utc(0)).await.unwrap();
        let (head, digest) = Default::default();
        let mut writer = Writer { journal, seq: 0, head, count: 0, digest };
        writer.append(vec![watchkeeper_core::event::Fact::Opened(Box::new(opening))]).await;
        writer.record(&readings(0, 100)).await;
        writer.append(vec![writer.seal()]).await;
        if *id == "signed" {
            writer.append(vec![sign_off()]).await;
        }
    }
    let pruned = store.prune(1, u64::MAX).await.unwrap();
    assert_eq!((pruned.sessions.len(), pruned.readings), (3, 300), "{:?}", pruned.sessions);
    for (id, _, gone) in kinds {
        let readings = store.verify(id).await.unwrap().readings;
        assert_eq!(matches!(readings, Sealed::Pruned { .. }), gone, "{id}: {readings:?}");
    }
}
