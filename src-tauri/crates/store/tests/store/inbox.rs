//! Commands from other processes.

use watchkeeper_store::{Answer, StoreError, Ticket};

use crate::fixture::{Home, Writer, sign_off};

#[tokio::test]
async fn a_command_is_taken_once_and_answered() {
    let home = Home::new();
    let (watch, terminal) = (home.store().await, home.store().await);
    let writer = Writer::open(&watch, "a").await;
    let other = Writer::open(&watch, "b").await;
    assert_eq!(writer.journal.take_new().await.unwrap(), []);
    let one = terminal.post("a", r#"{"note":"ένα"}"#).await.unwrap();
    let two = terminal.post("a", "2").await.unwrap();
    assert_eq!(terminal.answer_of(one).await.unwrap(), Answer::Waiting);
    assert_eq!(other.journal.take_new().await.unwrap(), [], "another session's");
    let taken = writer.journal.take_new().await.unwrap();
    assert_eq!(taken, [(one, r#"{"note":"ένα"}"#.to_owned()), (two, "2".to_owned())]);
    assert_eq!(writer.journal.take_new().await.unwrap(), []);
    assert_eq!(terminal.answer_of(one).await.unwrap(), Answer::Taken);
    assert!(other.journal.answer(one, "{}").await.is_err());
    writer.journal.answer(one, "\"done\"").await.unwrap();
    assert_eq!(terminal.answer_of(one).await.unwrap(), Answer::Answered("\"done\"".into()));
    assert!(matches!(writer.journal.answer(one, "again").await, Err(StoreError::NoTicket(_))));
    assert_eq!(terminal.withdraw(one).await.unwrap(), Answer::Answered("\"done\"".into()));
    assert_eq!(terminal.withdraw(two).await.unwrap(), Answer::Taken, "too late");
    assert!(matches!(terminal.answer_of(Ticket(99)).await, Err(StoreError::NoTicket(99))));
}

#[tokio::test]
async fn nothing_fires_late() {
    let home = Home::new();
    let (watch, terminal) = (home.store().await, home.store().await);
    let writer = Writer::open(&watch, "a").await;
    let taken = terminal.post("a", "1").await.unwrap();
    writer.journal.take_new().await.unwrap();
    let withdrawn = terminal.post("a", "2").await.unwrap();
    assert_eq!(terminal.withdraw(withdrawn).await.unwrap(), Answer::Withdrawn);
    let left = terminal.post("a", "3").await.unwrap();
    drop(writer);
    let unwatched = terminal.post("a", "4").await.unwrap();

    let writer = Writer::resume(&watch, "a").await;
    assert_eq!(writer.journal.take_new().await.unwrap(), []);
    for (ticket, answer) in [
        (taken, Answer::Interrupted),
        (withdrawn, Answer::Withdrawn),
        (left, Answer::Withdrawn),
        (unwatched, Answer::Withdrawn),
    ] {
        assert_eq!(terminal.answer_of(ticket).await.unwrap(), answer, "{ticket}");
    }
    let now = terminal.post("a", "5").await.unwrap();
    assert_eq!(writer.journal.take_new().await.unwrap(), [(now, "5".to_owned())]);
}

#[tokio::test]
async fn what_cannot_be_left_says_why() {
    let home = Home::new();
    let store = home.store().await;
    let mut writer = Writer::open(&store, "a").await;
    let long = "x".repeat(65_537);
    assert!(matches!(store.post("a", &long).await, Err(StoreError::TooLarge { bytes: 65_537, .. })));
    assert!(matches!(store.post("b", "{}").await, Err(StoreError::NoSession { .. })));
    writer.append(vec![sign_off()]).await;
    assert!(matches!(store.post("a", "{}").await, Err(StoreError::SignedOff(_))));
}
