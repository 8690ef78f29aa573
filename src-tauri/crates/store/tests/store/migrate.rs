//! Older and newer formats.

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use watchkeeper_store::{Access, Store, StoreError};

use crate::fixture::{Home, SESSION, Writer, meddle, note};

/// A session as the first format has it, left with its write-ahead log not taken in.
async fn first_format(home: &Home) {
    let store = home.store().await;
    let mut writer = Writer::open(&store, SESSION).await;
    writer.append(vec![note("from before")]).await;
    drop(writer);
    store.close().await.unwrap();
    let newest = home.folder.path().join("newest.db");
    std::fs::rename(home.path(), &newest).unwrap();

    let all: Migrator = sqlx::migrate!();
    let first = Migrator::with_migrations(all.iter().take(1).cloned().collect());
    let options = SqliteConnectOptions::new()
        .filename(home.path())
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("wal_autocheckpoint", "0");
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    first.run_direct(None, &mut connection, false).await.unwrap();
    sqlx::query("ATTACH ? AS newest").bind(newest.to_str().unwrap()).execute(&mut connection).await.unwrap();
    for table in ["sessions", "events"] {
        let copy = format!("INSERT INTO main.{table} SELECT * FROM newest.{table}");
        sqlx::query(sqlx::AssertSqlSafe(copy)).execute(&mut connection).await.unwrap();
    }
    // The rows lie in the log alone: copied before the last connection takes them in.
    let (db, wal) = (std::fs::read(home.path()).unwrap(), home.folder.path().join("watchkeeper.db-wal"));
    let log = std::fs::read(&wal).unwrap();
    assert!(!log.is_empty());
    connection.close().await.unwrap();
    std::fs::write(home.path(), db).unwrap();
    std::fs::write(wal, log).unwrap();
}

#[tokio::test]
async fn an_older_journal_is_copied_and_then_brought_up_to_date() {
    let home = Home::new();
    first_format(&home).await;
    assert!(matches!(Store::open(&home.path(), Access::ReadOnly).await, Err(StoreError::Older(_))));
    let store = home.store().await;
    assert_eq!(store.events(SESSION).await.unwrap().len(), 2);
    let mut writer = Writer::resume(&store, SESSION).await;
    writer.append(vec![note("from after")]).await;
    store.post(SESSION, "{}").await.unwrap();
    store.verify(SESSION).await.unwrap();

    let copies = home.files(".before-");
    assert_eq!(copies, ["watchkeeper.db.before-20261124060000"]);
    let mut copy = meddle(&home.folder.path().join(&copies[0])).await;
    let (events, inbox): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM sqlite_schema WHERE name = 'inbox')",
    )
    .fetch_one(&mut copy)
    .await
    .unwrap();
    assert_eq!((events, inbox), (2, 0), "as it was, with what stood in its log");
    // The next start has nothing to do.
    home.store().await;
    assert_eq!(home.files(".before-").len(), 1);
}

#[tokio::test]
async fn a_step_that_fails_leaves_the_journal_and_one_copy() {
    let home = Home::new();
    first_format(&home).await;
    let mut connection = meddle(&home.path()).await;
    sqlx::query("CREATE TABLE inbox (in_the_way)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    for _ in 0..3 {
        let error = Store::open(&home.path(), Access::Write).await.unwrap_err();
        let StoreError::Migration { copy: Some(copy), .. } = &error else { panic!("{error}") };
        assert!(copy.exists());
        assert!(error.to_string().contains(copy.to_str().unwrap()), "{error}");
    }
    assert_eq!(home.files(".before-").len(), 1, "the same copy need not be made twice");
    let mut connection = meddle(&home.path()).await;
    sqlx::query("DROP TABLE inbox").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(home.store().await.events(SESSION).await.unwrap().len(), 2);
    assert_eq!(home.files(".before-").len(), 2, "another content, another copy");
}

#[tokio::test]
async fn a_running_watch_of_an_older_version_is_left_alone() {
    let home = Home::new();
    first_format(&home).await;
    let lock =
        std::fs::File::create(home.folder.path().join(format!("watchkeeper.db.{SESSION}.lock"))).unwrap();
    lock.lock().unwrap();
    let error = Store::open(&home.path(), Access::Write).await.unwrap_err();
    assert!(matches!(&error, StoreError::OlderInUse { session, .. } if session == SESSION), "{error}");
    assert_eq!(home.files(".before-"), Vec::<String>::new());
    drop(lock);
    home.store().await;
}

#[tokio::test]
async fn a_newer_journal_is_refused_and_not_touched() {
    let home = Home::new();
    home.store().await.close().await.unwrap();
    let mut connection = meddle(&home.path()).await;
    sqlx::query("INSERT INTO _sqlx_migrations VALUES (20990101000000, 'future', '', TRUE, x'00', 0)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let before = std::fs::read(home.path()).unwrap();
    for access in [Access::Write, Access::ReadOnly] {
        let error = Store::open(&home.path(), access).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 20_990_101_000_000, .. }), "{error}");
    }
    assert_eq!(std::fs::read(home.path()).unwrap(), before);
}

#[tokio::test]
async fn two_first_starts_at_once_both_succeed() {
    let home = Home::new();
    let path = home.path();
    let (a, b, c) = tokio::join!(
        Store::open(&path, Access::Write),
        Store::open(&path, Access::Write),
        Store::open(&path, Access::Write)
    );
    for store in [a, b, c] {
        assert_eq!(store.unwrap().sessions().await.unwrap(), []);
    }
}
