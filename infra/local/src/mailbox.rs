//! The mails that were sent, kept for people and tests to read.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Serialize, Serializer};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS mails (id INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT NOT NULL) STRICT;
";

/// One mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mail {
    pub(crate) to: Vec<String>,
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) ics: Option<String>,
    #[serde(serialize_with = "rfc3339")]
    pub(crate) sent_at: DateTime<Utc>,
}

fn rfc3339<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

/// Why the mailbox cannot keep or show a mail.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailboxError {
    #[error("the mailbox cannot be read or written")]
    Database(#[from] rusqlite::Error),
    #[error("a mail in the mailbox cannot be read or written")]
    Mail(#[from] serde_json::Error),
}

/// A mail and the number it has in the mailbox.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) id: i64,
    pub(crate) mail: Mail,
}

/// All mails, oldest first.
#[derive(Debug)]
pub(crate) struct Mailbox {
    connection: Mutex<Connection>,
}

impl Mailbox {
    /// Opens the mailbox in `file`, or in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, MailboxError> {
        let connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Keeps a mail.
    pub(crate) fn keep(&self, mail: &Mail) -> Result<(), MailboxError> {
        let text = serde_json::to_string(mail)?;
        self.connection().execute("INSERT INTO mails (mail) VALUES (?1)", [text])?;
        Ok(())
    }

    /// All mails, oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Kept>, MailboxError> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT id, mail FROM mails ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (id, text) = row?;
            Ok(Kept { id, mail: serde_json::from_str(&text)? })
        })
        .collect()
    }

    /// Throws all mails away.
    pub(crate) fn clear(&self) -> Result<(), MailboxError> {
        self.connection().execute("DELETE FROM mails", [])?;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
