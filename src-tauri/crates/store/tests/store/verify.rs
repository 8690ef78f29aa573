//! What was changed is found and named.

use sqlx::{AssertSqlSafe, SqliteConnection};
use watchkeeper_core::{
    chain::Hash,
    event::Fact,
    reading::{Answer, FailureKind, Place, Source},
};
use watchkeeper_store::{Broken, Sealed, Store, VerifyError};

use crate::fixture::{Home, SESSION, Writer, evidence, meddle, note, readings};

async fn without_triggers(home: &Home) -> SqliteConnection {
    let mut connection = meddle(&home.path()).await;
    let triggers: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for trigger in triggers {
        sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).execute(&mut connection).await.unwrap();
    }
    connection
}

async fn broken(store: &Store) -> Broken {
    match store.verify(SESSION).await {
        Err(VerifyError::Broken(broken)) => broken,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_whole_session_holds() {
    let home = Home::new();
    let store = home.store().await;
    let writer = Writer::whole(&store, SESSION).await;
    let proof = store.verify(SESSION).await.unwrap();
    assert_eq!((proof.events, proof.head, proof.evidence), (7, writer.head, 2));
    assert_eq!(proof.readings, Sealed::Kept { sealed: 10, unsealed: 0 });
}

#[tokio::test]
async fn evidence_that_could_not_be_kept_is_no_break() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    writer
        .append(vec![Fact::EvidenceStored {
            incident: 1,
            kind: "logs".into(),
            digest: Hash::of(b"too long"),
            bytes: 8,
            failure: Some("2000000 bytes are too many".into()),
        }])
        .await;
    assert_eq!(store.verify(SESSION).await.unwrap().evidence, 0);
}

#[tokio::test]
async fn each_change_is_found_and_named() {
    let lower_e = "replace(json, 'e', 'f')";
    let cases: Vec<(String, &str)> = vec![
        (format!("UPDATE events SET json = {lower_e} WHERE seq = 3"), "event 3 does not match its hash"),
        (
            "UPDATE events SET hash = replace(hash, substr(hash, 9, 1), 'z') WHERE seq = 4".into(),
            "event 4 does not match",
        ),
        ("UPDATE events SET json = CAST(x'FFFE' AS TEXT) WHERE seq = 2".into(), "event 2 does not match"),
        ("UPDATE events SET seq = seq + 1 WHERE seq = 7".into(), "event 7 is missing"),
        ("DELETE FROM events WHERE seq = 5".into(), "event 5 is missing"),
        ("UPDATE events SET utc_ms = utc_ms + 1 WHERE seq = 2".into(), "event 2 has another"),
        ("UPDATE events SET watch_ms = 0 WHERE seq = 3".into(), "event 3 has another"),
        ("UPDATE events SET kind = 'opened' WHERE seq = 3".into(), "event 3 has another"),
        ("DELETE FROM events WHERE seq = 7".into(), "the session's entry"),
        (
            "UPDATE readings SET json = replace(json, '200', '201') WHERE n = 5".into(),
            "reading 5 does not match its mark",
        ),
        (
            "UPDATE readings SET json = CAST(x'FF' AS TEXT) WHERE n = 1".into(),
            "reading 1 does not match its mark",
        ),
        ("UPDATE readings SET utc_ms = utc_ms + 1 WHERE n = 6".into(), "reading 6 has another"),
        ("UPDATE readings SET watch_ms = 99 WHERE n = 6".into(), "reading 6 has another"),
        ("UPDATE readings SET source = 'live' WHERE n = 6".into(), "reading 6 has another"),
        (
            "UPDATE readings SET after_seq = 2 WHERE n = 5".into(),
            "reading 5 claims to be taken after event 2",
        ),
        (
            "UPDATE readings SET after_seq = 1 WHERE n = 6".into(),
            "reading 6 claims to be taken after event 1",
        ),
        ("UPDATE readings SET n = 11 WHERE n = 10".into(), "reading 10 is missing"),
        ("DELETE FROM readings WHERE n = 2".into(), "reading 2 is missing"),
        ("DELETE FROM readings WHERE n > 5".into(), "reading 6 is missing; event 6 seals 10"),
        ("DELETE FROM readings".into(), "reading 1 is missing"),
        (
            "UPDATE evidence_texts SET text = text || ' ' WHERE text = 'second'".into(),
            "`logs` of incident 2, named by event 5, does not match",
        ),
        ("DELETE FROM evidence_texts WHERE text = 'second'".into(), "named by event 5, is missing"),
        (
            "UPDATE evidence SET incident = 3 WHERE incident = 1".into(),
            "incident 1, named by event 4, is missing",
        ),
        ("UPDATE sessions SET version = '1.15.2'".into(), "the session's entry"),
        ("UPDATE sessions SET state = 'open'".into(), "the session's entry"),
    ];
    for (change, named) in cases {
        let home = Home::new();
        let store = home.store().await;
        Writer::whole(&store, SESSION).await;
        let mut connection = without_triggers(&home).await;
        let changed = sqlx::query(AssertSqlSafe(change.as_str()))
            .execute(&mut connection)
            .await
            .unwrap()
            .rows_affected();
        assert_ne!(changed, 0, "{change}");
        let found = broken(&store).await.to_string();
        assert!(found.contains(named), "{change}: {found}");
    }
}

#[tokio::test]
async fn a_reading_changed_with_its_mark_is_found_by_the_seal() {
    let home = Home::new();
    let store = home.store().await;
    Writer::whole(&store, SESSION).await;
    let mut connection = without_triggers(&home).await;
    let json: String =
        sqlx::query_scalar("SELECT json FROM readings WHERE n = 9").fetch_one(&mut connection).await.unwrap();
    let forged = json.replace("200", "204");
    assert_ne!(forged, json);
    let mark = i64::from_str_radix(&Hash::of(forged.as_bytes()).short(), 16).unwrap();
    sqlx::query("UPDATE readings SET json = ?, mark = ? WHERE n = 9")
        .bind(forged)
        .bind(mark)
        .execute(&mut connection)
        .await
        .unwrap();
    assert_eq!(broken(&store).await, Broken::Seal { seq: 6, from: 6, to: 10 });
}

/// Any one byte of the texts, wherever it lies in the file.
#[tokio::test]
async fn one_flipped_byte_in_the_file_is_found() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    writer.append(vec![note("MARK-EVENT")]).await;
    writer.keep(1, &evidence("MARK-EVIDENCE")).await;
    let mut marked = readings(0, 3);
    marked[1].answer = Answer::failure(Source::Api, None, Place::Nas, FailureKind::Timeout, "MARK-READING");
    writer.record(&marked).await;
    writer.append(vec![writer.seal()]).await;
    drop(writer);
    store.close().await.unwrap();
    let whole = std::fs::read(home.path()).unwrap();
    for (mark, named) in
        [("MARK-EVENT\"", "event 2 "), ("MARK-EVIDENCE", "named by event 3"), ("MARK-READING", "reading 2 ")]
    {
        let at = whole.windows(mark.len()).position(|w| w == mark.as_bytes()).unwrap();
        for bit in [0, 7] {
            let mut flipped = whole.clone();
            flipped[at + 2] ^= 1 << bit;
            std::fs::write(home.path(), flipped).unwrap();
            let store = home.store().await;
            let found = broken(&store).await.to_string();
            assert!(found.contains(named), "{mark}: {found}");
            store.close().await.unwrap();
        }
    }
}
