//! The log in PostgreSQL, shared by any number of registries.
//!
//! Every statement stands on its own: it is sent whole, in one message of the simple query protocol, and depends on
//! no setting, prepared statement or lock of its session. So it works through a transaction pooler, and a registry
//! that is paused in the middle never holds up the others.

mod layout;
mod link;
mod listener;

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use tokio::sync::{Mutex, Notify};
use uuid::Uuid;

use super::{AppendError, Batch, Chunk, Log, OpenError, Position, ReadError, StorageError, Unavailable};
use link::{Failure, Link};
use listener::Listener;

/// A log in a PostgreSQL database.
#[derive(Debug)]
pub struct PostgresLog {
    /// The writer's connection; nobody else's statement ever stands before an append.
    writer: Mutex<Link>,
    reader: Mutex<Link>,
    listener: Option<Listener>,
    notified: Arc<Notify>,
    reconnects: Arc<AtomicU64>,
    timeout: Duration,
    poll: Duration,
    page: AtomicI64,
}

/// How to talk to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manners {
    /// How long a statement may take before the server counts as unavailable.
    pub timeout: Duration,
    /// How often to look for what others wrote, should no notification come.
    pub poll: Duration,
    /// Ask for notifications? They do not come through a transaction pooler.
    pub listen: bool,
}

/// Rows in a page, at first and at most.
const PAGE: i64 = 2048;
/// Pages that hold more text than this are followed by smaller ones.
const PAGE_BYTES: usize = 8 << 20;

impl PostgresLog {
    /// Connects, and brings the tables up to date.
    pub async fn open(url: &str, manners: Manners) -> Result<Self, OpenError> {
        let Manners { timeout, poll, listen } = manners;
        let options = link::options(url)?;
        let reconnects = Arc::new(AtomicU64::new(0));
        let link = || Link::new(options.clone(), timeout, reconnects.clone());
        let (mut writer, reader) = (link(), link());
        layout::prepare(&mut writer, url).await?;
        let notified = Arc::new(Notify::new());
        let listener = listen.then(|| Listener::start(options.clone(), timeout, notified.clone()));
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            listener,
            notified,
            reconnects,
            timeout,
            poll,
            page: AtomicI64::new(PAGE),
        })
    }

    async fn try_append(&self, expected: Position, batch: &Batch) -> Result<(), AppendError> {
        let statement = append_statement(expected, batch, self.timeout);
        let deadline = Instant::now() + self.timeout;
        let mut link = self.writer.lock().await;
        // Once a statement got lost it may still be carried out at any time, but it cannot be carried out twice, nor
        // together with the same one sent again: whichever comes second finds that the head has moved.
        let mut lost: Option<Unavailable> = None;
        loop {
            if let Some(why) = &lost {
                match find(&mut link, expected, batch).await {
                    Ok(Fate::Appended) => return Ok(()),
                    Ok(Fate::Overtaken) => return Err(AppendError::Conflict),
                    Ok(Fate::Open) => {}
                    Err(_) if Instant::now() < deadline => {
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        continue;
                    }
                    Err(_) => return Err(AppendError::OutcomeUnknown(why.clone())),
                }
            }
            match (link.run(&statement).await, lost.take()) {
                (Ok(rows), None) => return if rows.is_empty() { Err(AppendError::Conflict) } else { Ok(()) },
                (Ok(rows), Some(why)) if rows.is_empty() => lost = Some(why),
                (Ok(_), Some(_)) => return Ok(()),
                (Err(Failure::NotConnected(why)), None) => return Err(why.into()),
                (Err(Failure::Refused(error)), None) => return Err(refusal(&error)),
                (Err(_), Some(why)) if Instant::now() >= deadline => {
                    return Err(AppendError::OutcomeUnknown(why));
                }
                (Err(Failure::Lost(why)), _) | (Err(_), Some(why)) => {
                    tracing::warn!(reason = %why.0, "the connection was lost during a write; looking for its outcome");
                    lost = Some(why);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    async fn try_head(&self) -> Result<Position, Unavailable> {
        let row = self.reader.lock().await.ask(HEAD).await.map_err(Failure::into_unavailable)?;
        let (head, standby) = row
            .as_ref()
            .map(head_of)
            .transpose()
            .map_err(Unavailable::because)?
            .ok_or_else(|| Unavailable("the table ottla_head is empty".into()))?;
        // Its log may lag behind: what it says about the head proves nothing.
        if standby { Err(Unavailable("the server is a standby".into())) } else { Ok(head) }
    }

    async fn try_read(&self, after: Position) -> Result<Option<Chunk>, ReadError> {
        let mut link = self.reader.lock().await;
        loop {
            let page = self.page.load(Ordering::Relaxed);
            let row = match link.ask(&read_statement(after, page)).await {
                Ok(row) => row,
                // A page of very large entries may exceed what a row can hold.
                Err(Failure::Refused(_)) if page > 1 => {
                    self.page.store(1, Ordering::Relaxed);
                    continue;
                }
                Err(failure) => return Err(failure.into_unavailable().into()),
            };
            let Some(row) = row else { return Ok(None) };
            let chunk = chunk(after, &row)?;
            if let Some(chunk) = &chunk {
                let next = if chunk.bytes() > PAGE_BYTES { page / 4 } else { page * 2 };
                self.page.store(next.clamp(1, PAGE), Ordering::Relaxed);
            }
            return Ok(chunk);
        }
    }
}

impl Log for PostgresLog {
    fn append<'a>(&'a self, expected: Position, batch: &'a Batch) -> BoxFuture<'a, Result<(), AppendError>> {
        Box::pin(self.try_append(expected, batch))
    }

    fn head(&self) -> BoxFuture<'_, Result<Position, Unavailable>> {
        Box::pin(self.try_head())
    }

    fn read(&self, after: Position) -> BoxFuture<'_, Result<Option<Chunk>, ReadError>> {
        Box::pin(self.try_read(after))
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            tokio::select! {
                () = self.notified.notified() => {}
                () = tokio::time::sleep(self.poll) => {}
            }
        })
    }

    fn is_private(&self) -> bool {
        false
    }

    fn reconnects(&self) -> u64 {
        self.reconnects.load(Ordering::Relaxed)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(listener) = &self.listener {
                listener.stop();
            }
            self.writer.lock().await.close().await;
            self.reader.lock().await.close().await;
        })
    }
}

const HEAD: &str = "SELECT seq, batch, pg_is_in_recovery() FROM ottla_head";

/// What became of an append whose connection was lost.
enum Fate {
    /// It went in.
    Appended,
    /// It cannot go in any more.
    Overtaken,
    /// It may still be on its way.
    Open,
}

async fn find(link: &mut Link, expected: Position, batch: &Batch) -> Result<Fate, Unavailable> {
    let sql = format!(
        "SELECT h.seq, h.batch, pg_is_in_recovery(),
            EXISTS (SELECT 1 FROM ottla_log WHERE seq = {} AND batch = '{}')
        FROM ottla_head AS h",
        batch.end(expected).seq,
        batch.id
    );
    let row = link.ask(&sql).await.map_err(Failure::into_unavailable)?;
    let row = row.ok_or_else(|| Unavailable("the table ottla_head is empty".into()))?;
    let (head, standby) = head_of(&row).map_err(Unavailable::because)?;
    if standby {
        return Err(Unavailable("the server is a standby".into()));
    }
    Ok(match row.try_get(3).map_err(Unavailable::because)? {
        true => Fate::Appended,
        false if head == expected => Fate::Open,
        false => Fate::Overtaken,
    })
}

/// The one write. Its settings end with its transaction, and the transaction with the message: all three statements
/// are one.
///
/// `synchronous_commit` is set because a server may be configured to acknowledge what a crash would lose; the timeout
/// ends it should it wait for a lock after the registry gave it up. Only where the head moves, rows go in, others are
/// notified, and a row comes back.
fn append_statement(expected: Position, batch: &Batch, timeout: Duration) -> String {
    let count = batch.entries.len();
    let size: usize =
        batch.entries.iter().map(|e| e.key.len() + e.value.as_ref().map_or(0, String::len)).sum();
    let mut sql = String::with_capacity(size + size / 4 + 40 * count + 1024);
    // The server gives up before the registry does, and then it is known that nothing was written.
    let (millis, seq) = ((timeout * 4 / 5).as_millis().max(1), expected.seq);
    let (before, id, at) = (expected.batch, batch.id, batch.written_at);
    // Writing to a string does not fail.
    let _ = write!(
        sql,
        "SET LOCAL synchronous_commit = on; SET LOCAL statement_timeout = {millis};
        WITH head AS (
            UPDATE ottla_head SET seq = seq + {count}, batch = '{id}'
            WHERE seq = {seq} AND batch = '{before}' RETURNING seq
        ), added AS (
            INSERT INTO ottla_log (seq, key, value, written_at, batch)
            SELECT {seq} + e.number, e.key, e.value, {at}, '{id}'
            FROM head, (VALUES "
    );
    for (number, entry) in (1..).zip(&batch.entries) {
        let _ = write!(sql, "{}({number}, ", if number == 1 { "" } else { ", " });
        push_literal(&mut sql, &entry.key);
        sql.push_str(", ");
        match &entry.value {
            Some(value) => push_literal(&mut sql, value),
            None => sql.push_str("NULL::text"),
        }
        sql.push(')');
    }
    let _ = write!(
        sql,
        ") AS e (number, key, value)
        )
        SELECT head.seq, pg_notify('{}', head.seq::text)::text FROM head",
        listener::CHANNEL
    );
    sql
}

/// A text as a literal that means the same whatever `standard_conforming_strings` says.
fn push_literal(sql: &mut String, text: &str) {
    sql.push_str("E'");
    for part in text.split_inclusive(['\'', '\\']) {
        sql.push_str(part);
        if part.ends_with('\'') {
            sql.push('\'');
        } else if part.ends_with('\\') {
            sql.push('\\');
        }
    }
    sql.push_str("'::text");
}

/// Many entries in one row: a row each would cost more than everything else. `chr(30)` is the separator of chunks.
fn read_statement(after: Position, page: i64) -> String {
    let Position { seq, batch } = after;
    format!(
        "SELECT count(*), max(seq), (array_agg(batch ORDER BY seq DESC))[1],
            string_agg(written_at || chr(30) || key || chr(30) || coalesce(value, ''), chr(30) ORDER BY seq),
            {seq} = 0 OR EXISTS (SELECT 1 FROM ottla_log WHERE seq = {seq} AND batch = '{batch}')
        FROM (SELECT * FROM ottla_log WHERE seq > {seq} ORDER BY seq LIMIT {page}) AS page"
    )
}

fn head_of(row: &PgRow) -> Result<(Position, bool), sqlx::Error> {
    let seq = row.try_get::<i64, _>(0)?.unsigned_abs();
    Ok((Position { seq, batch: row.try_get(1)? }, row.try_get(2)?))
}

fn chunk(after: Position, row: &PgRow) -> Result<Option<Chunk>, ReadError> {
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

/// What it means that the server refused an append. It was undone, whatever the reason.
fn refusal(error: &link::Refusal) -> AppendError {
    match &*error.code {
        // A server that is set up for serializable transactions reports a conflict in this way.
        "40001" | "40P01" => AppendError::Conflict,
        "53100" => StorageError::Full.into(),
        "25006" => StorageError::ReadOnly.into(),
        // Cancelled by the timeout, or by an administrator.
        "57014" => Unavailable::because(error).into(),
        // Out of memory, connections or patience.
        code if code.starts_with("53") || code.starts_with("55") => Unavailable::because(error).into(),
        _ => StorageError::Failed(error.to_string().into()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_escape_quotes_and_backslashes() {
        for (text, literal) in [
            ("", "E''::text"),
            ("a'b", "E'a''b'::text"),
            (r#"{"a":"\"\u0000\\"}"#, r#"E'{"a":"\\"\\u0000\\\\"}'::text"#),
            ("\\'", "E'\\\\'''::text"),
        ] {
            let mut sql = String::new();
            push_literal(&mut sql, text);
            assert_eq!(sql, literal);
        }
    }
}
