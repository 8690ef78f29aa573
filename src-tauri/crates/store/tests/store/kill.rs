//! `kill -9` at any moment loses no event whose append had returned.

use std::{
    io::{BufRead, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use watchkeeper_store::{Access, Store};

use crate::fixture::{Home, SESSION, Writer, note, readings};

/// Tells the child where the journal is.
const JOURNAL: &str = "WATCHKEEPER_TEST_JOURNAL";

/// Not a test: what the others run in a process of its own, and kill.
#[test]
#[ignore = "run by the tests that kill it"]
fn writes_until_it_is_killed() {
    let path = std::env::var_os(JOURNAL).expect("started by a test");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(Path::new(&path), Access::Write).await.unwrap();
        let mut writer = if store.sessions().await.unwrap().is_empty() {
            Writer::open(&store, SESSION).await
        } else {
            Writer::resume(&store, SESSION).await
        };
        let mut out = std::io::stdout();
        loop {
            writer.record(&readings(writer.count, 7)).await;
            writer.append(vec![writer.seal(), note("between"), note(&"long ".repeat(900))]).await;
            writeln!(out, "committed {}", writer.seq).unwrap();
            out.flush().unwrap();
        }
    });
}

fn child(path: &Path) -> (Child, impl Iterator<Item = u64> + use<>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(JOURNAL, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let committed = lines.map_while(Result::ok).filter_map(|l| l.strip_prefix("committed ")?.parse().ok());
    (child, committed)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_committed_event_is_lost() {
    let home = Home::new();
    let mut before = 0;
    for round in 0..20_usize {
        let (mut child, mut committed) = child(&home.path());
        // At least one commit, then at another moment each time: the child is in the middle of the next ones.
        let told = committed.by_ref().take(1 + round % 4).last().expect("the child writes");
        for _ in 0..round * 20_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it told before the kill reached it counts as well.
        let told = committed.last().unwrap_or(told);
        assert!(told > before, "round {round}: it went on where the one before ended");

        let store = Store::open(&home.path(), Access::ReadOnly).await.unwrap();
        let proof = store.verify(SESSION).await.unwrap();
        assert!(
            proof.events >= told,
            "round {round}: {told} events were committed, {} are there",
            proof.events
        );
        assert_eq!(proof.events % 3, 1, "round {round}: a batch is there whole or not at all");
        assert!(!store.writer_of(SESSION).unwrap(), "round {round}: the lock ended with the process");
        before = proof.events;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_has_one_writing_process() {
    let home = Home::new();
    let (mut child, mut committed) = child(&home.path());
    committed.next().expect("the child writes");
    let store = home.store().await;
    assert!(store.writer_of(SESSION).unwrap());
    let error = store.session(SESSION).await.unwrap_err().to_string();
    assert!(error.contains("another process"), "{error}");
    // Meanwhile everything can be read, and the inbox takes commands.
    assert!(store.verify(SESSION).await.unwrap().events > 0);
    store.post(SESSION, "{}").await.unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let mut writer = Writer::resume(&store, SESSION).await;
    writer.append(vec![note("mine")]).await;
    store.verify(SESSION).await.unwrap();
}
