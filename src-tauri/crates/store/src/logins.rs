//! Logins that may have counted as failures, for the programs that come after.

use async_trait::async_trait;
use chrono::DateTime;
use watchkeeper_engine::ports::{JournalError, LoginLedger, LoginTry};

use crate::{Store, StoreError, connect::Durability};

impl Store {
    async fn last_login(&self, account: &str) -> Result<Option<LoginTry>, StoreError> {
        let row: Option<(i64, bool)> =
            sqlx::query_as("SELECT tried_utc_ms, refused FROM logins WHERE account = ?")
                .bind(account)
                .fetch_optional(&self.inner.readers)
                .await
                .map_err(self.says("looking up earlier logins"))?;
        Ok(row.map(|(at, refused)| LoginTry {
            at: DateTime::from_timestamp_millis(at).unwrap_or_default(),
            refused,
        }))
    }

    async fn note_login(&self, account: &str, last: Option<LoginTry>) -> Result<(), StoreError> {
        let doing = "noting a login";
        let says = self.says(doing);
        let mut line = self.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(&says)?;
        let query = match last {
            Some(last) => sqlx::query(
                "INSERT INTO logins (account, tried_utc_ms, refused) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET tried_utc_ms = ?2, refused = ?3",
            )
            .bind(account)
            .bind(last.at.timestamp_millis())
            .bind(last.refused),
            None => sqlx::query("DELETE FROM logins WHERE account = ?").bind(account),
        };
        query.execute(&mut *tx).await.map_err(&says)?;
        tx.commit().await.map_err(&says)
    }
}

#[async_trait]
impl LoginLedger for Store {
    async fn last(&self, account: &str) -> Result<Option<LoginTry>, JournalError> {
        Ok(self.last_login(account).await?)
    }
    async fn note(&self, account: &str, last: Option<LoginTry>) -> Result<(), JournalError> {
        Ok(self.note_login(account, last).await?)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use watchkeeper_core::chain::Hash;

    use super::*;
    use crate::Access;

    #[tokio::test]
    async fn the_last_login_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("watchkeeper.db");
        let account = Hash::of(b"http://nas.local/ watch@sms.gr").to_string();
        let at = DateTime::from_timestamp_millis(1_768_062_600_123).unwrap();
        for last in [
            Some(LoginTry { at, refused: false }),
            Some(LoginTry { at: at + TimeDelta::seconds(1), refused: true }),
            None,
            None,
        ] {
            let store = Store::open(&path, Access::Write).await.unwrap();
            store.note(&account, last).await.unwrap();
            store.close().await.unwrap();
            let store = Store::open(&path, Access::Write).await.unwrap();
            assert_eq!(store.last(&account).await.unwrap(), last);
            assert_eq!(store.last("another").await.unwrap(), None);
            store.close().await.unwrap();
        }
    }
}
