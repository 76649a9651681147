//! SQLite: a file, for one machine. Several processes may share it.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Error, Row as _, SqlStr};

use super::reserve::reserve;
use super::tables::{Row, Stored, Tables};
use super::{Away, Effect, OpenError, Seed, Source};

const TABLES: &str = include_str!("../../migrations/sqlite/0001_tables.sql");

const SEED: &str = "
    WITH RECURSIVE numbers (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < ?1)
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

/// The database.
#[derive(Debug)]
pub(super) struct Sqlite {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
}

impl Sqlite {
    pub(super) fn new(url: &str, patience: Duration) -> Option<Self> {
        let options: SqliteConnectOptions = url.parse().ok()?;
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What is committed is on the disk: Kafka is told only then that it is handled.
            .synchronous(SqliteSynchronous::Full)
            // Other processes may be at work with the same file.
            .busy_timeout(patience);
        Some(Self { options, connection: None })
    }

    /// Makes what is missing. The items.
    pub(super) async fn prepare(&mut self, seed: Seed) -> Result<Vec<String>, OpenError> {
        let mut connection = self.options.connect().await.map_err(away)?;
        // Another process may just be doing the same, which fails here.
        let mut attempts = 0;
        while let Err(error) = migrator().run(&mut connection).await {
            attempts += 1;
            if !matches!(error, MigrateError::Execute(_) | MigrateError::ExecuteMigration(..))
                || attempts > 20
            {
                return Err(OpenError::Tables(error));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let seeded = sqlx::query(SEED).bind(seed.items).bind(seed.stock).execute(&mut connection).await;
        seeded.map_err(away)?;
        let items = sqlx::query("SELECT item FROM stock ORDER BY length(item), item");
        let items = items.fetch_all(&mut connection).await.map_err(away)?;
        self.connection = Some(connection);
        items.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(|error| away(error).into())
    }

    pub(super) async fn reserve(&mut self, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<Effect>, Away> {
        // Taken out: it is put back only if all went well, also if nobody waits for the end of this.
        let mut connection = self.take().await?;
        let effects = reserve(&mut connection, rows, decided_at).await.map_err(away)?;
        self.connection = Some(connection);
        Ok(effects)
    }

    pub(super) async fn ping(&mut self) -> Result<(), Away> {
        let mut connection = self.take().await?;
        connection.ping().await.map_err(away)?;
        self.connection = Some(connection);
        Ok(())
    }

    async fn take(&mut self) -> Result<SqliteConnection, Away> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.options.connect().await.map_err(away),
        }
    }
}

fn migrator() -> Migrator {
    let migration =
        Migration::new(1, "tables".into(), MigrationType::Simple, SqlStr::from_static(TABLES), false);
    Migrator::with_migrations(vec![migration])
}

fn away(error: Error) -> Away {
    Away(error.to_string())
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
