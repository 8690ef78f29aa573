//! Only what continues the journal gets in, and what is in stays.

use watchkeeper_core::{chain, event::Fact};
use watchkeeper_engine::ports::{Evidence, Journal};
use watchkeeper_store::{Access, Counts, SessionState, Store, StoreError};

use crate::fixture::{
    Home, SESSION, Writer, evidence, meddle, moment, note, opening, reading, readings, sign_off, utc, verdict,
};

#[tokio::test]
async fn what_is_stored_comes_back_exactly() {
    let home = Home::new();
    let store = home.store().await;
    let writer = Writer::whole(&store, SESSION).await;
    let events = store.events(SESSION).await.unwrap();
    assert_eq!(events.len(), 7);
    assert_eq!(chain::verify(&events), Ok(writer.head));
    assert_eq!(store.events_after(SESSION, 3, 2).await.unwrap(), events[3..5]);
    assert_eq!(store.counts(SESSION).await.unwrap(), Counts { events: 7, readings: 10, evidence: 2 });
    let kept = store.evidence(SESSION).await.unwrap();
    assert_eq!(kept[0].text, "ERROR: «σφάλμα»\u{0}\n");
    assert_eq!((kept[1].incident, kept[1].kind.as_str()), (2, "logs"));

    // The same after everything was closed, and for those who only read.
    drop(writer);
    store.close().await.unwrap();
    let store = Store::open(&home.path(), Access::ReadOnly).await.unwrap();
    assert_eq!(store.events(SESSION).await.unwrap(), events);
    assert_eq!(store.evidence(SESSION).await.unwrap(), kept);
    assert!(matches!(store.session(SESSION).await, Err(StoreError::ReadOnly { .. })));
    assert!(matches!(store.post(SESSION, "{}").await, Err(StoreError::ReadOnly { .. })));
}

#[tokio::test]
async fn the_list_says_how_far_each_session_is() {
    let home = Home::new();
    let store = home.store().await;
    assert_eq!(store.sessions().await.unwrap(), []);
    let mut simulated = opening("b");
    simulated.simulated = Some("healthy".into());
    simulated.pace.speed = 720.0;
    // Cut short before its first event: not listed, and its id is free.
    drop(store.create_session(&opening("B"), utc(50)).await.unwrap());
    assert_eq!(store.sessions().await.unwrap(), []);
    let journal = store.create_session(&simulated, utc(60_000)).await.unwrap();
    let opened =
        chain::link(chain::Hash::ZERO, 1, moment(60_000), Fact::Opened(Box::new(simulated.clone()))).unwrap();
    journal.append(&[opened]).await.unwrap();
    store.verify("b").await.unwrap();
    let mut writer = Writer::open(&store, "a").await;

    let list = store.sessions().await.unwrap();
    assert_eq!(list.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["b", "a"], "the newest first");
    let [b, a] = &list[..] else { panic!("{list:?}") };
    assert_eq!(
        (b.simulated.as_deref(), b.speed, b.opened),
        (Some("healthy"), 720.0, utc(60_000) - chrono::TimeDelta::nanoseconds(456_789))
    );
    assert_eq!(
        (a.deployment.as_str(), a.owner.as_str(), a.version.as_str()),
        ("QNAP Κύπρος", "η βάρδια", "1.15.1")
    );
    assert_eq!((a.state, a.events, &a.finding), (SessionState::Open, 1, &None));

    writer.append(vec![Fact::Concluded(verdict()), note("late")]).await;
    let a = store.summary("a").await.unwrap();
    assert_eq!(
        (a.state, a.events, a.finding.as_deref(), a.decision),
        (SessionState::Concluded, 3, Some("pass"), None)
    );
    writer.append(vec![sign_off()]).await;
    let a = store.summary("A").await.unwrap();
    assert_eq!((a.state, a.decision.as_deref()), (SessionState::SignedOff, Some("approved")));
    assert!(matches!(store.summary("c").await, Err(StoreError::NoSession { .. })));
    assert!(matches!(store.events("../a").await, Err(StoreError::SessionId(_))));
}

#[tokio::test]
async fn an_event_that_does_not_follow_is_refused_with_its_whole_batch() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    writer.append(vec![note("two")]).await;
    let good = writer.link(vec![note("three"), note("four")]);
    let mut gap = good.clone();
    gap.remove(0);
    let mut twice = good.clone();
    twice[1] = twice[0].clone();
    let mut changed = good.clone();
    changed[1].fact = note("another");
    let mut other_time = good.clone();
    other_time[0].moment = moment(1);
    let elsewhere = vec![chain::link(chain::Hash::ZERO, 3, moment(9), note("three")).unwrap()];
    let opened = writer.link(vec![Fact::Opened(Box::new(opening(SESSION)))]);
    for (name, events) in [
        ("a hole", gap),
        ("one twice", twice),
        ("a changed fact", changed),
        ("a changed time", other_time),
        ("another chain", elsewhere),
        ("opened again", opened),
    ] {
        let error = writer.journal.append(&events).await.unwrap_err();
        assert!(error.to_string().contains("was refused"), "{name}: {error}");
        assert_eq!(store.counts(SESSION).await.unwrap().events, 2, "{name}");
    }
    writer.journal.append(&[]).await.unwrap();
    writer.journal.append(&good).await.unwrap();
    assert_eq!(store.events(SESSION).await.unwrap().len(), 4);
}

#[tokio::test]
async fn the_first_event_opens_this_session() {
    let home = Home::new();
    let store = home.store().await;
    let journal = store.create_session(&opening("mine"), utc(0)).await.unwrap();
    for fact in [note("first"), Fact::Opened(Box::new(opening("other")))] {
        let event = chain::link(chain::Hash::ZERO, 1, moment(0), fact).unwrap();
        assert!(journal.append(&[event]).await.is_err());
    }
    assert_eq!(store.counts("mine").await.unwrap().events, 0);
}

#[tokio::test]
async fn readings_keep_their_place_among_the_events() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    writer.append(vec![note("two")]).await;
    writer.journal.record(1, &readings(0, 2)).await.unwrap();
    writer.journal.record(2, &[]).await.unwrap();
    writer.journal.record(2, &readings(2, 1)).await.unwrap();
    for (after, why) in
        [(3, "an event that is not there"), (1, "before the last reading"), (u64::MAX, "nonsense")]
    {
        let error = writer.journal.record(after, &[reading(9)]).await.unwrap_err();
        assert!(error.to_string().contains("was refused"), "{why}: {error}");
    }
    assert_eq!(store.counts(SESSION).await.unwrap().readings, 3);
}

#[tokio::test]
async fn after_the_sign_off_nothing_is_written() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    let after = writer.link(vec![sign_off(), note("after")]);
    assert!(writer.journal.append(&after).await.is_err(), "nothing follows in the same batch either");
    writer.append(vec![sign_off()]).await;
    let next = writer.link(vec![note("after")]);
    for error in [
        writer.journal.append(&next).await,
        writer.journal.record(2, &[reading(0)]).await,
        writer.journal.keep(1, &evidence("late")).await,
    ] {
        let error = error.unwrap_err().to_string();
        assert!(error.contains("signed off"), "{error}");
    }
    drop(writer);
    assert!(matches!(store.session(SESSION).await, Err(StoreError::SignedOff(_))));
    assert!(matches!(store.post(SESSION, "{}").await, Err(StoreError::SignedOff(_))));
    assert!(matches!(
        store.create_session(&opening(SESSION), utc(0)).await,
        Err(StoreError::SessionExists(_))
    ));
}

#[tokio::test]
async fn the_file_itself_refuses_changes() {
    let home = Home::new();
    let store = home.store().await;
    Writer::whole(&store, "signed").await;
    let mut writer = Writer::open(&store, "open").await;
    writer.record(&readings(0, 2)).await;
    drop(writer);
    let mut connection = meddle(&home.path()).await;
    let insert_event = "INSERT INTO events (session, seq, utc_ms, watch_ms, kind, json, hash)
                        SELECT session, seq + 1, 0, 0, 'note_added', '{}', hash FROM events WHERE ";
    let insert_reading = "INSERT INTO readings (session, n, after_seq, utc_ms, watch_ms, source, mark, json)
                          SELECT session, n + 1, 0, 0, 0, 'api', 0, '{}' FROM readings WHERE ";
    let statements = [
        "UPDATE events SET json = '{}'".to_owned(),
        "UPDATE events SET seq = seq + 100".to_owned(),
        "DELETE FROM events".to_owned(),
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE session = 2".to_owned(),
        format!("{insert_event} session = 1 AND seq = 7"),
        format!("{} session = 2", insert_event.replace("seq + 1", "seq + 2")),
        "UPDATE readings SET json = '{}'".to_owned(),
        "DELETE FROM readings".to_owned(),
        format!("{insert_reading} session = 1 AND n = 10"),
        format!("{} session = 2 AND n = 2", insert_reading.replace("n + 1", "n + 2")),
        "UPDATE evidence SET incident = 9".to_owned(),
        "DELETE FROM evidence".to_owned(),
        "UPDATE evidence_texts SET text = ''".to_owned(),
        "DELETE FROM evidence_texts".to_owned(),
        "INSERT INTO evidence (session, incident, kind, digest) SELECT 1, 9, kind, digest FROM evidence"
            .to_owned(),
        "DELETE FROM sessions".to_owned(),
        "UPDATE sessions SET id = 'x' WHERE key = 1".to_owned(),
        "UPDATE sessions SET state = 'open' WHERE key = 1".to_owned(),
        "UPDATE sessions SET readings_pruned_utc_ms = 1 WHERE key = 2".to_owned(),
    ];
    for statement in statements {
        let error = sqlx::query(sqlx::AssertSqlSafe(statement.as_str())).execute(&mut connection).await;
        let error = error.expect_err(&statement).to_string();
        assert!(error.contains("code: 1811"), "{statement}: refused by a trigger, not by {error}");
    }
    store.verify("signed").await.unwrap();
    store.verify("open").await.unwrap();
}

#[tokio::test]
async fn equal_evidence_is_kept_once_and_too_much_is_refused() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    let text = "x".repeat(1 << 20);
    writer.keep(1, &evidence(&text)).await;
    let size = store.file_size().unwrap();
    writer.keep(2, &evidence(&text)).await;
    writer.journal.keep(2, &evidence(&text)).await.unwrap();
    assert!(store.file_size().unwrap() - size < 100_000);
    let failed = Evidence { kind: "health".into(), text: String::new(), failure: Some("no answer".into()) };
    writer.keep(2, &failed).await;
    let kept = store.evidence(SESSION).await.unwrap();
    assert_eq!(
        kept.iter().map(|e| (e.incident, e.text.len())).collect::<Vec<_>>(),
        [(1, 1 << 20), (2, 1 << 20), (2, 0)]
    );
    assert_eq!(kept[2].failure.as_deref(), Some("no answer"));

    let error = writer.journal.keep(3, &evidence(&format!("{text}x"))).await.unwrap_err().to_string();
    assert!(error.contains("1048577 bytes"), "{error}");
    assert_eq!(store.counts(SESSION).await.unwrap().evidence, 3);
}

#[tokio::test]
async fn one_writer_a_session() {
    let home = Home::new();
    let (one, two) = (home.store().await, home.store().await);
    assert!(!one.writer_of("a").unwrap());
    let writer = Writer::open(&one, "a").await;
    assert!(two.writer_of("a").unwrap());
    assert!(matches!(two.session("a").await, Err(StoreError::InUse { .. })));
    assert!(matches!(two.session("A").await, Err(StoreError::InUse { .. })), "one session, one lock");
    assert!(matches!(two.create_session(&opening("a"), utc(0)).await, Err(StoreError::InUse { .. })));
    // Another session is another matter, in the same moment.
    let mut other = Writer::open(&two, "b").await;
    other.append(vec![note("two")]).await;
    drop(writer);
    assert!(!two.writer_of("a").unwrap());
    let mut writer = Writer::resume(&two, "a").await;
    writer.append(vec![note("two")]).await;
    assert_eq!(one.events("a").await.unwrap().len(), 2);
}

#[tokio::test]
async fn two_processes_that_write_at_once_both_get_through() {
    let home = Home::new();
    let (one, two) = (home.store().await, home.store().await);
    let mut a = Writer::open(&one, "a").await;
    let mut b = Writer::open(&two, "b").await;
    let write = async |writer: &mut Writer| {
        for n in 0..100 {
            writer.record(&readings(n * 3, 3)).await;
            writer.append(vec![note("more")]).await;
        }
    };
    tokio::join!(write(&mut a), write(&mut b));
    for session in ["a", "b"] {
        assert_eq!(one.verify(session).await.unwrap().events, 101);
        assert_eq!(one.counts(session).await.unwrap().readings, 300);
    }
}
