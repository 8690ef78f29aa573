//! The order of events and readings, however they were recorded.

use proptest::prelude::*;
use watchkeeper_core::{event::Fact, reading::Reading};
use watchkeeper_store::{Entry, Folded, Store, StoreError};

use crate::fixture::{Home, SESSION, Writer, meddle, note, readings};

/// `E3` for the third event, `R7` for the reading of the 7th millisecond.
async fn order(store: &Store, session: &str) -> Vec<String> {
    let mut order = Vec::new();
    let folded = store
        .fold(session, |entry| match entry {
            Entry::Event(event) => order.push(format!("E{}", event.seq)),
            Entry::Reading(reading, text) => {
                assert_eq!(serde_json::to_string(&reading).unwrap(), text);
                order.push(format!("R{}", reading.watch.0));
            }
        })
        .await
        .unwrap();
    assert_eq!(folded.events + folded.readings, order.len() as u64);
    order
}

#[tokio::test]
async fn events_and_readings_come_in_the_order_in_which_they_were_recorded() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    writer.record(&readings(1, 2)).await;
    writer.append(vec![note("two"), note("three")]).await;
    writer.record(&readings(3, 1)).await;
    writer.append(vec![note("four")]).await;
    assert_eq!(order(&store, SESSION).await, ["E1", "R1", "R2", "E2", "E3", "R3", "E4"]);
}

#[tokio::test]
async fn a_fold_goes_on_with_what_was_added_and_reads_nothing_twice() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    let reader = home.store().await;
    let (mut taken, mut all) = (Folded::default(), Vec::new());
    for (readings_added, notes, expected) in
        [(2, 0, 3), (0, 0, 0), (3, 2, 5), (0, 1, 1), (300, 0, 300), (250, 205, 455)]
    {
        if readings_added > 0 {
            writer.record(&readings(writer.count, readings_added)).await;
        }
        writer.append(vec![note("more"); notes]).await;
        let mut read = 0;
        taken = reader
            .fold_on(SESSION, taken, |entry| {
                read += 1;
                all.push(match entry {
                    Entry::Event(event) => format!("E{}", event.seq),
                    Entry::Reading(reading, _) => format!("R{}", reading.watch.0),
                });
            })
            .await
            .unwrap();
        assert_eq!(read, expected);
        assert_eq!(taken, Folded { events: writer.seq, readings: writer.count });
        assert_eq!(all, order(&store, SESSION).await);
    }
}

#[derive(Debug, Clone)]
enum Step {
    Record(u64),
    Append(usize),
    Seal,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        // Over a page of readings, over a page of events.
        (0_u64..260).prop_map(Step::Record),
        (0_usize..5).prop_map(Step::Append),
        Just(Step::Append(205)),
        Just(Step::Seal),
        Just(Step::Restart),
    ];
    prop::collection::vec(step, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_history_folds_in_order_and_verifies(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let home = Home::new();
            let mut store = home.store().await;
            let mut writer = Writer::open(&store, SESSION).await;
            let mut expected = vec!["E1".to_owned()];
            let mut sealed = 0;
            for step in steps {
                let facts: Vec<Fact> = match step {
                    Step::Record(n) => {
                        let new: Vec<Reading> = readings(writer.count, n);
                        expected.extend(new.iter().map(|r| format!("R{}", r.watch.0)));
                        writer.record(&new).await;
                        continue;
                    }
                    Step::Restart => {
                        drop(writer);
                        store.close().await.unwrap();
                        store = home.store().await;
                        writer = Writer::resume(&store, SESSION).await;
                        continue;
                    }
                    Step::Append(n) => vec![note("more"); n],
                    Step::Seal => {
                        sealed = writer.count;
                        vec![writer.seal()]
                    }
                };
                expected.extend((1..=facts.len() as u64).map(|i| format!("E{}", writer.seq + i)));
                writer.append(facts).await;
            }
            assert_eq!(order(&store, SESSION).await, expected);
            let proof = store.verify(SESSION).await.unwrap();
            assert_eq!((proof.events, proof.head), (writer.seq, writer.head));
            let kept = watchkeeper_store::Sealed::Kept { sealed, unsealed: writer.count - sealed };
            assert_eq!(proof.readings, kept);
        });
    }
}

#[tokio::test]
async fn an_unreadable_row_is_named() {
    let damages = [
        ("events", "UPDATE events SET json = '{\"seq\":2' WHERE seq = 2", "event 2"),
        ("events", "UPDATE events SET json = CAST(x'7B22C3' AS TEXT) WHERE seq = 2", "event 2"),
        (
            "events",
            "UPDATE events SET hash = replace(hash, substr(hash, 5, 1), 'x') WHERE seq = 2",
            "event 2",
        ),
        ("events", "DELETE FROM events WHERE seq = 2", "event 2"),
        ("readings", "UPDATE readings SET json = '{}' WHERE n = 3", "reading 3"),
        ("readings", "UPDATE readings SET json = CAST(x'FF' AS TEXT) WHERE n = 3", "reading 3"),
        ("readings", "UPDATE readings SET after_seq = -1 WHERE n = 3", "reading 3"),
        ("readings", "DELETE FROM readings WHERE n = 3", "reading 3"),
        ("readings", "DELETE FROM readings WHERE n < 4", "reading 1"),
    ];
    for (table, damage, named) in damages {
        let home = Home::new();
        let store = home.store().await;
        Writer::whole(&store, SESSION).await;
        let mut connection = meddle(&home.path()).await;
        for trigger in ["fixed", "kept"] {
            let drop = format!("DROP TRIGGER {table}_{trigger}");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut connection).await.unwrap();
        }
        assert_ne!(
            sqlx::query(damage).execute(&mut connection).await.unwrap().rows_affected(),
            0,
            "{damage}"
        );
        let error = store.fold(SESSION, |_| {}).await.unwrap_err();
        assert!(matches!(error, StoreError::Row { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(SESSION) && text.contains(named), "{damage}: {text}");
    }
}
