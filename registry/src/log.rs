//! The log: everything that was ever decided, in order, and the databases that keep it.
//!
//! A log knows one write, [`Log::append`]: a batch of entries goes in whole if the log still ends where the writer
//! thinks it does, and not at all otherwise. Nothing is overwritten, so what was read once stays true.

pub mod chunk;
pub mod codec;
pub mod database;
pub mod postgres;
pub mod sqlite;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use uuid::Uuid;

pub use chunk::Chunk;
pub use database::{Database, DatabaseError};

/// A place in the log: the sequence number of an entry, and the batch that the entry came with.
///
/// The batch tells two histories apart that have the same length, as after a fail-over that lost the tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The number of the entry, from 1; 0 before the first.
    pub seq: u64,
    /// The batch of that entry; nil before the first.
    pub batch: Uuid,
}

impl Position {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, batch: Uuid::nil() };
}

/// A key and a value as the log keeps them: JSON texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the entry is about.
    pub key: String,
    /// What is said about it; nothing where the key is removed.
    pub value: Option<String>,
}

/// Entries that are appended as one.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Unique; it is how a writer that lost its connection finds out whether the batch went in.
    pub id: Uuid,
    /// Milliseconds since 1970.
    pub written_at: i64,
    /// In order, and never none.
    pub entries: Vec<Entry>,
}

impl Batch {
    /// Where the log ends once the batch was appended after `expected`.
    pub fn end(&self, expected: Position) -> Position {
        Position { seq: expected.seq + self.entries.len() as u64, batch: self.id }
    }
}

/// An append-only sequence of entries that several processes may share.
pub trait Log: Send + Sync {
    /// Adds the batch if the log still ends at `expected`. Returns once the entries are durable.
    ///
    /// A lost connection is mended inside: the log is asked whether the batch went in before it is tried again.
    fn append<'a>(&'a self, expected: Position, batch: &'a Batch) -> BoxFuture<'a, Result<(), AppendError>>;

    /// Where the log ends.
    fn head(&self) -> BoxFuture<'_, Result<Position, Unavailable>>;

    /// Some of the entries that follow `after`; nothing at the end.
    fn read(&self, after: Position) -> BoxFuture<'_, Result<Option<Chunk>, ReadError>>;

    /// Waits until another process may have appended. May wake for nothing, and may miss a change.
    fn changed(&self) -> BoxFuture<'_, ()>;

    /// Is this process the only one that appends?
    fn is_private(&self) -> bool;

    /// How often a connection to the database was made anew.
    fn reconnects(&self) -> u64 {
        0
    }

    /// Lets go of the database.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// The database does not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database is not available: {0}")]
pub struct Unavailable(pub Arc<str>);

impl Unavailable {
    /// Because of what the error says.
    pub fn because(error: impl std::fmt::Display) -> Self {
        Self(error.to_string().into())
    }
}

/// Why a batch was not appended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Another writer was first; nothing was appended.
    #[error("the log has moved on")]
    Conflict,
    /// The database does not answer; nothing was appended.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The database went away in the middle, and could not be asked in time whether the batch went in.
    #[error("it is not known whether the write took place: {0}")]
    OutcomeUnknown(Unavailable),
    /// The database refused the entries; nothing was appended.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a database takes no entries although it answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// No space is left.
    #[error("the disk of the database is full")]
    Full,
    /// The file or the server takes no writes.
    #[error("the database is read-only")]
    ReadOnly,
    /// Anything else, in the database's words.
    #[error("the database failed: {0}")]
    Failed(Arc<str>),
}

/// Why the log could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// The database does not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The log holds another history than the one that was read so far: it lost its tail.
    #[error("the log no longer holds the entry {0} that was read from it before")]
    Diverged(u64),
    /// Entries are missing in the middle.
    #[error("the log is damaged: {0}")]
    Damaged(Arc<str>),
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("{file} is in use by another process{}: it holds a lock on {lock}", pid.as_ref().map(|p| format!(" (pid {p})")).unwrap_or_default())]
    InUse {
        /// The database.
        file: String,
        /// The file beside it.
        lock: String,
        /// As the other process wrote it down.
        pid: Option<String>,
    },
    /// The file cannot be opened or made.
    #[error("cannot open {file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// The file is none of ours.
    #[error("{file} is not a registry's database: {reason}")]
    Foreign {
        /// The file or database.
        file: String,
        /// How that shows.
        reason: String,
    },
    /// A later version wrote it.
    #[error(
        "{file} was written by a newer version of ottla (layout {found}, this version knows up to {known})"
    )]
    Newer {
        /// The file or database.
        file: String,
        /// Its layout.
        found: i64,
        /// Our latest.
        known: i64,
    },
    /// The server is too old or set up in a way that does not do.
    #[error("{database} cannot be used: {reason}")]
    Unsuitable {
        /// The database.
        database: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database refuses writes.
    #[error("{0} cannot be written to: it is read-only")]
    ReadOnly(String),
    /// The database does not answer.
    #[error("cannot use {database}: {reason}")]
    Unavailable {
        /// The database.
        database: String,
        /// Its words, or the system's.
        reason: String,
    },
    /// The log could not be read.
    #[error("cannot read the log in {database}: {reason}")]
    Unreadable {
        /// The database.
        database: String,
        /// Why not.
        reason: ReadError,
    },
}
