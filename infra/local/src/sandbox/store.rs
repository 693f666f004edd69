//! Where the sandbox keeps what must outlive it: JSON values by kind and key, in `SQLite`.

use std::path::Path;

use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The sandbox could not read or write its file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// `SQLite` refused.
    #[error("the sandbox's database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A value is not what this version wrote.
    #[error("the sandbox's database holds a value it cannot read: {0}")]
    Json(#[from] serde_json::Error),
}

/// A write-through store: the maps in memory serve every read, this serves the next start.
#[derive(Debug)]
pub(super) struct Store(Option<Connection>);

impl Store {
    /// Opens the file, or nothing at all when everything stays in memory.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, StoreError> {
        let Some(path) = path else { return Ok(Self(None)) };
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS entries (
                 kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)
             ) WITHOUT ROWID",
        )?;
        Ok(Self(Some(connection)))
    }

    pub(super) fn put(&self, kind: &str, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
        let Some(connection) = &self.0 else { return Ok(()) };
        connection
            .prepare_cached("INSERT OR REPLACE INTO entries (kind, key, value) VALUES (?1, ?2, ?3)")?
            .execute(params![kind, key, serde_json::to_string(value)?])?;
        Ok(())
    }

    pub(super) fn delete(&self, kind: &str, key: &str) -> Result<(), StoreError> {
        let Some(connection) = &self.0 else { return Ok(()) };
        connection
            .prepare_cached("DELETE FROM entries WHERE kind = ?1 AND key = ?2")?
            .execute(params![kind, key])?;
        Ok(())
    }

    pub(super) fn load<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(String, T)>, StoreError> {
        let Some(connection) = &self.0 else { return Ok(Vec::new()) };
        let mut statement = connection.prepare("SELECT key, value FROM entries WHERE kind = ?1")?;
        let rows = statement
            .query_map(params![kind], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (key, value) = row?;
            Ok((key, serde_json::from_str(&value)?))
        })
        .collect()
    }
}
