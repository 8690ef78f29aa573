//! Stored rows as typed values; one that cannot be read says which it is.

use serde::Deserialize;
use sqlx::{Decode, Row, Sqlite, Type, sqlite::SqliteRow};
use watchkeeper_core::{
    chain::Hash,
    event::{Event, Fact},
    reading::Reading,
    time::Moment,
};

use crate::StoreError;

/// Where rows come from, for errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From<'a> {
    pub(crate) path: &'a std::path::Path,
    pub(crate) session: &'a str,
    pub(crate) table: &'static str,
}

/// The text of an event, as [`watchkeeper_core::chain::content`] writes it.
#[derive(Debug, Deserialize)]
pub(crate) struct EventText {
    pub(crate) seq: u64,
    #[serde(flatten)]
    pub(crate) moment: Moment,
    pub(crate) fact: Fact,
}

impl From<'_> {
    /// The error that names the row `entry`.
    pub(crate) fn unreadable(self, entry: u64, why: impl Into<String>) -> StoreError {
        StoreError::Row {
            path: self.path.to_owned(),
            table: self.table,
            session: self.session.to_owned(),
            entry,
            why: why.into(),
        }
    }

    /// One column of the row `entry`.
    pub(crate) fn get<'r, T>(
        self,
        row: &'r SqliteRow,
        column: &'static str,
        entry: u64,
    ) -> Result<T, StoreError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite>,
    {
        row.try_get(column).map_err(|e| self.unreadable(entry, e.to_string()))
    }

    /// The number in `column`, which is never negative.
    pub(crate) fn number(self, row: &SqliteRow, column: &'static str, entry: u64) -> Result<u64, StoreError> {
        let number: i64 = self.get(row, column, entry)?;
        u64::try_from(number).map_err(|_| self.unreadable(entry, format!("its `{column}` is {number}")))
    }

    /// The event in a row of `seq, json, hash`.
    pub(crate) fn event(self, row: &SqliteRow) -> Result<Event, StoreError> {
        let seq = self.number(row, "seq", 0)?;
        let text: &str = self.get(row, "json", seq)?;
        let hash = Hash::parse(self.get(row, "hash", seq)?);
        let hash = hash.ok_or_else(|| self.unreadable(seq, "its hash is not 64 hexadecimal digits"))?;
        let EventText { seq: told, moment, fact } =
            serde_json::from_str(text).map_err(|e| self.unreadable(seq, e.to_string()))?;
        if told != seq {
            return Err(self.unreadable(seq, format!("its text says that it is number {told}")));
        }
        Ok(Event { seq, moment, fact, hash })
    }

    /// The reading whose text is `text`.
    pub(crate) fn reading(self, n: u64, text: &str) -> Result<Reading, StoreError> {
        serde_json::from_str(text).map_err(|e| self.unreadable(n, e.to_string()))
    }
}
