//! A program that only inserts the rows of registrations, in batches, as durably as the server does.

use std::path::Path;
use std::time::{Duration, Instant};

use clap::Args;
use ottla_registry::log::codec::encode;
use ottla_registry::log::postgres::{Manners, PostgresLog};
use ottla_registry::log::sqlite::SqliteLog;
use ottla_registry::log::{Database, Entry, Log as _};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _};
use uuid::Uuid;

use crate::client::block_on;
use crate::error::Error;
use crate::population::{Population, now};
use crate::run::seconds;

/// Flags of `ottla-load insert`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where to; the tables are made as the server makes them
    #[arg(long)]
    database: String,
    /// Rows of a transaction
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    batch: u32,
    /// How long
    #[arg(long, value_parser = seconds)]
    seconds: f64,
}

/// What it came to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Inserted {
    pub(crate) rows: u64,
    pub(crate) seconds: f64,
}

/// Rows that were encoded before, and are inserted again and again under new numbers.
struct Rows {
    entries: Vec<Entry>,
    next: usize,
}

/// Texts of that many schemas.
const TEXTS: usize = 8192;

/// Inserts, and prints what it came to as JSON.
pub(crate) fn run(options: &Options) -> Result<(), Error> {
    let database = options.database.parse::<Database>().map_err(|e| Error::Usage(e.to_string()))?;
    let population = Population { subjects: TEXTS, versions: 1 };
    let entries = (0..TEXTS).map(|nth| encode(&population.record(nth))).collect::<Result<_, _>>()?;
    let rows = Rows { entries, next: 0 };
    let (batch, time) = (options.batch as usize, Duration::from_secs_f64(options.seconds));
    let inserted = match &database {
        Database::SqliteFile(file) => block_on(into_sqlite(file, rows, batch, time))?,
        Database::Postgres(url) => block_on(into_postgres(url, rows, batch, time))?,
        Database::SqliteMemory => return Err(Error::Usage("memory is not durable".to_owned())),
    };
    let text = serde_json::to_string(&inserted).map_err(|e| Error::io("the report")(e.into()))?;
    println!("{text}");
    Ok(())
}

async fn into_sqlite(file: &Path, mut rows: Rows, batch: usize, time: Duration) -> Result<Inserted, Error> {
    SqliteLog::open(file).await?.close().await;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let values = vec!["(?,?,?,?,?)"; batch].join(",");
    let sql = format!("INSERT INTO log (seq, key, value, written_at, batch) VALUES {values}");
    let last = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM log").fetch_one(&mut connection);
    let mut seq: i64 = last.await?;
    let begin = Instant::now();
    let mut inserted = 0;
    while begin.elapsed() < time {
        let (id, at) = (Uuid::new_v4(), now());
        let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
        for entry in rows.take(batch) {
            seq += 1;
            query = query.bind(seq).bind(&entry.key).bind(&entry.value).bind(at);
            query = query.bind(id.as_bytes().as_slice());
        }
        inserted += query.execute(&mut connection).await?.rows_affected();
    }
    let seconds = begin.elapsed().as_secs_f64();
    connection.close().await?;
    Ok(Inserted { rows: inserted, seconds })
}

async fn into_postgres(url: &str, mut rows: Rows, batch: usize, time: Duration) -> Result<Inserted, Error> {
    let timeout = Duration::from_secs(10);
    PostgresLog::open(url, Manners { timeout, poll: timeout, listen: false }).await?.close().await;
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql("SET synchronous_commit = on").execute(&mut connection).await?;
    let last = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM ottla_log").fetch_one(&mut connection);
    let mut seq: i64 = last.await?;
    let begin = Instant::now();
    let mut inserted = 0;
    while begin.elapsed() < time {
        let taken: Vec<&Entry> = rows.take(batch).collect();
        let keys: Vec<&str> = taken.iter().map(|e| e.key.as_str()).collect();
        let values: Vec<Option<&str>> = taken.iter().map(|e| e.value.as_deref()).collect();
        let numbers: Vec<i64> = (seq + 1..).take(batch).collect();
        seq += batch as i64;
        let query = sqlx::query(
            "INSERT INTO ottla_log (seq, key, value, written_at, batch)
            SELECT seq, key, value, $4, $5 FROM unnest($1::bigint[], $2::text[], $3::text[]) AS r (seq, key, value)",
        );
        let query = query.bind(numbers).bind(keys).bind(values).bind(now()).bind(Uuid::new_v4());
        inserted += query.execute(&mut connection).await?.rows_affected();
    }
    let seconds = begin.elapsed().as_secs_f64();
    connection.close().await?;
    Ok(Inserted { rows: inserted, seconds })
}

impl Rows {
    fn take(&mut self, n: usize) -> impl Iterator<Item = &Entry> {
        let (start, entries) = (self.next, &self.entries);
        self.next = (start + n) % entries.len();
        (start..start + n).map(|i| &entries[i % entries.len()])
    }
}
