//! SQLite: a file, for one machine. Several processes may share it.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Error, Row as _, SqlStr};
use tokio::sync::Mutex;
use tokio::time::sleep;

use super::blame::{is_busy, migrating};
use super::link::Database;
use super::tables::{Row, Stored, Tables};
use super::{OpenError, Seed, Source};

const TABLES: &str = include_str!("../../migrations/sqlite/0001_tables.sql");

const SEED: &str = "
    WITH RECURSIVE numbers (number) AS
        (SELECT 0 WHERE ?1 > 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < ?1)
    INSERT INTO stock (item, initial, available) SELECT 'item-' || number, ?2, ?2 FROM numbers
    WHERE NOT EXISTS (SELECT 1 FROM stock)";

/// `WHERE true` keeps the parser from taking ON CONFLICT for the condition of a join.
const INSERT: &str = "
    INSERT INTO reservations (order_id, item, status, source_partition, source_offset, decided_at)
    SELECT e.value ->> 0, e.value ->> 1, 'reserved', e.value ->> 2, e.value ->> 3, ?2 FROM json_each(?1) AS e
    WHERE true ON CONFLICT (order_id) DO NOTHING RETURNING order_id";

const AVAILABLE: &str = "SELECT item, available FROM stock WHERE item IN (SELECT value FROM json_each(?1))";

const TAKE: &str = "
    UPDATE stock SET available = available - (e.value ->> 1) FROM json_each(?1) AS e WHERE item = e.value ->> 0";

const REJECT: &str = "
    UPDATE reservations SET status = 'rejected' WHERE order_id IN (SELECT value FROM json_each(?1))";

const FIND: &str = "
    SELECT order_id, item, status, source_partition, source_offset, decided_at FROM reservations
    WHERE order_id IN (SELECT value FROM json_each(?1))";

const ITEMS: &str = "SELECT item FROM stock ORDER BY length(item), item";

/// A file, or something in memory.
pub(super) struct Sqlite {
    options: SqliteConnectOptions,
    is_in_memory: bool,
    /// What is in memory is gone with its last connection: this one stays.
    anchor: Mutex<Option<SqliteConnection>>,
}

impl Sqlite {
    pub(super) fn new(url: &str, patience: Duration) -> Result<Self, Error> {
        let options: SqliteConnectOptions = url.parse()?;
        if options.get_filename().as_os_str().is_empty() {
            // SQLite would take one that is gone when it is closed.
            return Err(Error::Configuration("no file is named".into()));
        }
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            // What is committed is on the disk: Kafka is told only then that it is handled.
            .synchronous(SqliteSynchronous::Full)
            // 40 MB. Ids are random, so that batch after batch changes the same pages: they are moved to the file all at once.
            .pragma("wal_autocheckpoint", "10000")
            // Other processes may be at work with the same file. SQLite gives up before we do.
            .busy_timeout(patience * 4 / 5)
            .disable_statement_logging();
        let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
        Ok(Self { options, is_in_memory, anchor: Mutex::new(None) })
    }

    async fn try_prepare(&self, seed: Seed) -> Result<(SqliteConnection, Vec<String>), MigrateError> {
        let mut connection = self.options.clone().create_if_missing(true).connect().await?;
        if self.is_in_memory {
            *self.anchor.lock().await = Some(self.options.connect().await?);
        }
        // Several processes may start at once. One does all this, the others find it done.
        let mut transaction = connection.begin_with(SqliteConnection::BEGIN).await?;
        // Like `run`, which cannot be waited for in a task of its own.
        migrator().run_direct(None, &mut *transaction, false).await?;
        sqlx::query(SEED).bind(seed.items).bind(seed.stock).execute(&mut *transaction).await?;
        let items = sqlx::query(ITEMS).fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        let items = items.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        Ok((connection, items))
    }
}

impl Database for Sqlite {
    type Connection = SqliteConnection;

    async fn connect(&self) -> Result<SqliteConnection, Error> {
        self.options.connect().await
    }

    async fn prepare(&self, seed: Seed) -> Result<(SqliteConnection, Vec<String>), OpenError> {
        loop {
            match self.try_prepare(seed).await {
                // Not everything waits by itself for other processes.
                Err(MigrateError::Execute(error)) if is_busy(&error) => {
                    sleep(Duration::from_millis(20)).await
                }
                prepared => return prepared.map_err(migrating),
            }
        }
    }
}

fn migrator() -> Migrator {
    let migration =
        Migration::new(1, "tables".into(), MigrationType::Simple, SqlStr::from_static(TABLES), false);
    Migrator::with_migrations(vec![migration])
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Encode(error.into()))
}

impl Tables for SqliteConnection {
    // Who begins to read and then wants to write may be refused; who says so from the start waits.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";

    async fn run(&mut self, sql: &'static str) -> Result<(), Error> {
        sqlx::query(sql).execute(self).await.map(drop)
    }

    async fn insert(&mut self, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<String>, Error> {
        let rows: Vec<_> = rows
            .iter()
            .map(|(wanted, item)| (&wanted.order_id, item, wanted.source.partition, wanted.source.offset))
            .collect();
        let new = sqlx::query(INSERT).bind(json(&rows)?).bind(decided_at).fetch_all(self).await?;
        new.iter().map(|row| row.try_get(0)).collect()
    }

    async fn available(&mut self, items: &[&str]) -> Result<Vec<(String, i64)>, Error> {
        let rows = sqlx::query(AVAILABLE).bind(json(&items)?).fetch_all(self).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn take(&mut self, units: &[(&str, i64)]) -> Result<(), Error> {
        sqlx::query(TAKE).bind(json(&units)?).execute(self).await.map(drop)
    }

    async fn reject(&mut self, order_ids: &[&str]) -> Result<(), Error> {
        sqlx::query(REJECT).bind(json(&order_ids)?).execute(self).await.map(drop)
    }

    async fn find(&mut self, order_ids: &[&str]) -> Result<Vec<Stored>, Error> {
        let rows = sqlx::query(FIND).bind(json(&order_ids)?).fetch_all(self).await?;
        let stored = rows.iter().map(|row| {
            Ok(Stored {
                order_id: row.try_get(0)?,
                item: row.try_get(1)?,
                is_reserved: row.try_get::<&str, _>(2)? == "reserved",
                source: Source { partition: row.try_get(3)?, offset: row.try_get(4)? },
                decided_at: row.try_get(5)?,
            })
        });
        stored.collect()
    }
}
