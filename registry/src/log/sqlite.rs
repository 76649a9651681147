//! The log in a SQLite file.
//!
//! This process is the only one that writes: a lock on a file beside the database keeps others out, while any tool
//! may read the database or back it up. Commits are synced (write-ahead log, `synchronous=FULL`), so what was
//! appended survives a power cut.

mod layout;
mod lock;

use std::path::Path;

use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{AppendError, Batch, Chunk, Log, OpenError, Position, ReadError, StorageError, Unavailable};
use lock::Lock;

/// A log in a SQLite file, or in memory.
#[derive(Debug)]
pub struct SqliteLog {
    /// Nothing once it is closed.
    open: Mutex<Option<Open>>,
    page: AtomicI64,
}

#[derive(Debug)]
struct Open {
    connection: SqliteConnection,
    /// Released after the connection is gone.
    _lock: Option<Lock>,
}

/// Compare and swap in one statement: the rows go in if the log ends at `?1` with the batch `?2`.
const APPEND: &str = "
    INSERT INTO log (seq, key, value, written_at, batch)
    SELECT ?1 + 1 + e.key, e.value ->> 0, e.value ->> 1, ?4, ?5 FROM json_each(?3) AS e
    WHERE (SELECT count(*) FROM log WHERE seq > ?1) = 0
      AND (?1 = 0 OR (SELECT batch FROM log WHERE seq = ?1) = ?2)";

const HEAD: &str = "SELECT seq, batch FROM log ORDER BY seq DESC LIMIT 1";

/// Many entries in one row: a row each would cost more than everything else. `char(30)` is the separator of chunks.
/// Beside `max`, SQLite takes a bare column from the row that has the maximum: `batch` is that of the last entry.
const READ: &str = "
    SELECT count(*), max(seq), batch,
        group_concat(written_at || char(30) || key || char(30) || coalesce(value, ''), char(30)),
        ?1 = 0 OR coalesce((SELECT batch FROM log WHERE seq = ?1) = ?2, 0)
    FROM (SELECT * FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?3) AS page";

/// Rows in a page, at first and at most.
const PAGE: i64 = 512;
/// Pages that hold more text than this are followed by smaller ones.
const PAGE_BYTES: usize = 4 << 20;

impl SqliteLog {
    /// Opens the file, makes it if it is missing, and brings its layout up to date.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let (path, lock) = Lock::take(path)?;
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let name = path.display().to_string();
        let mut connection = connect(&options, &name).await?;
        layout::prepare(&mut connection, &name, true).await?;
        lock::sync_folder(&path)?;
        Ok(Self::over(connection, Some(lock)))
    }

    /// A log that lives as long as the process.
    pub async fn in_memory() -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new().in_memory(true);
        let mut connection = connect(&options, "sqlite::memory:").await?;
        layout::prepare(&mut connection, "sqlite::memory:", false).await?;
        Ok(Self::over(connection, None))
    }

    fn over(connection: SqliteConnection, lock: Option<Lock>) -> Self {
        Self { open: Mutex::new(Some(Open { connection, _lock: lock })), page: AtomicI64::new(PAGE) }
    }

    async fn try_append(&self, expected: Position, batch: &Batch) -> Result<(), AppendError> {
        let entries = Entries(batch).to_json().map_err(|e| StorageError::Failed(e.to_string().into()))?;
        let mut guard = self.open.lock().await;
        let connection = &mut guard.as_mut().ok_or_else(closed)?.connection;
        let inserted = sqlx::query(APPEND)
            .bind(signed(expected.seq))
            .bind(expected.batch.as_bytes().as_slice())
            .bind(entries)
            .bind(batch.written_at)
            .bind(batch.id.as_bytes().as_slice())
            .execute(&mut *connection)
            .await;
        match inserted {
            Ok(done) if done.rows_affected() == 0 => Err(AppendError::Conflict),
            Ok(_) => Ok(()),
            // A failed statement was undone, but look before saying so.
            Err(error) => match head(connection).await {
                Ok(head) if head == batch.end(expected) => Ok(()),
                Ok(_) => Err(refusal(&error)),
                Err(_) => Err(AppendError::OutcomeUnknown(Unavailable(reason(&error).into()))),
            },
        }
    }

    async fn try_read(&self, after: Position) -> Result<Option<Chunk>, ReadError> {
        let mut guard = self.open.lock().await;
        let connection = &mut guard.as_mut().ok_or_else(closed)?.connection;
        loop {
            let page = self.page.load(Ordering::Relaxed);
            let row = sqlx::query(READ)
                .bind(signed(after.seq))
                .bind(after.batch.as_bytes().as_slice())
                .bind(page)
                .fetch_one(&mut *connection)
                .await;
            let row = match row {
                Ok(row) => row,
                // A page of very large entries may exceed what a row can hold.
                Err(error) if is_too_big(&error) && page > 1 => {
                    self.page.store(1, Ordering::Relaxed);
                    continue;
                }
                Err(error) => return Err(Unavailable(reason(&error).into()).into()),
            };
            let chunk = chunk(after, &row)?;
            if let Some(chunk) = &chunk {
                let next = if chunk.bytes() > PAGE_BYTES { page / 4 } else { page * 2 };
                self.page.store(next.clamp(1, PAGE), Ordering::Relaxed);
            }
            return Ok(chunk);
        }
    }
}

impl Log for SqliteLog {
    fn append<'a>(&'a self, expected: Position, batch: &'a Batch) -> BoxFuture<'a, Result<(), AppendError>> {
        Box::pin(self.try_append(expected, batch))
    }

    fn head(&self) -> BoxFuture<'_, Result<Position, Unavailable>> {
        Box::pin(async {
            let mut guard = self.open.lock().await;
            head(&mut guard.as_mut().ok_or_else(closed)?.connection)
                .await
                .map_err(|e| Unavailable(reason(&e).into()))
        })
    }

    fn read(&self, after: Position) -> BoxFuture<'_, Result<Option<Chunk>, ReadError>> {
        Box::pin(self.try_read(after))
    }

    /// Nobody else appends.
    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn is_private(&self) -> bool {
        true
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(Open { connection, _lock }) = self.open.lock().await.take()
                && let Err(error) = connection.close().await
            {
                tracing::warn!(%error, "the database did not close cleanly");
            }
        })
    }
}

/// The entries of a batch as one parameter: an array of pairs.
struct Entries<'a>(&'a Batch);

impl Entries<'_> {
    fn to_json(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Pair<'a>(&'a str, Option<&'a str>);
        let pairs: Vec<_> = self.0.entries.iter().map(|e| Pair(&e.key, e.value.as_deref())).collect();
        serde_json::to_string(&pairs)
    }
}

async fn connect(options: &SqliteConnectOptions, name: &str) -> Result<SqliteConnection, OpenError> {
    let options = options.clone().disable_statement_logging();
    let connected = options.connect().await;
    connected.map_err(|e| OpenError::File { file: name.to_owned(), reason: reason(&e) })
}

async fn head(connection: &mut SqliteConnection) -> Result<Position, sqlx::Error> {
    let row = sqlx::query(HEAD).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(Position::START) };
    Ok(Position { seq: row.try_get::<i64, _>(0)?.unsigned_abs(), batch: row.try_get(1)? })
}

fn chunk(after: Position, row: &sqlx::sqlite::SqliteRow) -> Result<Option<Chunk>, ReadError> {
    let damaged = |error: sqlx::Error| ReadError::Damaged(error.to_string().into());
    if !row.try_get::<bool, _>(4).map_err(damaged)? {
        return Err(ReadError::Diverged(after.seq));
    }
    let count = row.try_get::<i64, _>(0).map_err(damaged)?.unsigned_abs();
    if count == 0 {
        return Ok(None);
    }
    let seq = row.try_get::<i64, _>(1).map_err(damaged)?.unsigned_abs();
    let batch: Uuid = row.try_get(2).map_err(damaged)?;
    let text: String = row.try_get(3).map_err(damaged)?;
    Chunk::new(after.seq, count, Position { seq, batch }, text).map(Some)
}

/// SQLite's integers are signed; a log does not get that long.
fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn closed() -> Unavailable {
    Unavailable("it is closed".into())
}

/// The primary result code: the lower byte of the extended one.
fn code(error: &sqlx::Error) -> Option<u8> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|c| (c & 0xff) as u8)
}

const BUSY: u8 = 5;
const LOCKED: u8 = 6;
const READONLY: u8 = 8;
const FULL: u8 = 13;
const TOOBIG: u8 = 18;
const NOTADB: u8 = 26;

fn is_too_big(error: &sqlx::Error) -> bool {
    code(error) == Some(TOOBIG)
}

fn refusal(error: &sqlx::Error) -> AppendError {
    match code(error) {
        Some(FULL) => StorageError::Full.into(),
        Some(READONLY) => StorageError::ReadOnly.into(),
        Some(BUSY | LOCKED) => Unavailable("another program has locked it".into()).into(),
        _ => StorageError::Failed(reason(error).into()).into(),
    }
}

/// The database's own words, without the library's around them.
fn reason(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().to_owned())
}
