//! PostgreSQL: a server, for replicas on several machines.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Error, Row as _, SqlStr};

use super::blame::migrating;
use super::link::Database;
use super::tables::{Row, Stored, Tables};
use super::{OpenError, Seed, Source};

const TABLES: &str = include_str!("../../migrations/postgres/0001_tables.sql");

const SEED: &str = "
    INSERT INTO stock (item, initial, available)
    SELECT 'item-' || number, $2, $2 FROM generate_series(0, $1 - 1) AS number
    WHERE NOT EXISTS (SELECT 1 FROM stock)";

const INSERT: &str = "
    INSERT INTO reservations (order_id, item, status, source_partition, source_offset, decided_at)
    SELECT order_id, item, 'reserved', source_partition, source_offset, $5
    FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS n (order_id, item, source_partition, source_offset)
    ON CONFLICT (order_id) DO NOTHING RETURNING order_id";

/// In order, so that two replicas do not wait for each other.
const AVAILABLE: &str =
    "SELECT item, available FROM stock WHERE item = ANY ($1) ORDER BY item FOR NO KEY UPDATE";

const TAKE: &str = "
    UPDATE stock SET available = available - n.units
    FROM unnest($1::text[], $2::bigint[]) AS n (item, units) WHERE stock.item = n.item";

const REJECT: &str = "UPDATE reservations SET status = 'rejected' WHERE order_id = ANY ($1)";

const FIND: &str = "
    SELECT order_id, item, status, source_partition, source_offset, decided_at FROM reservations
    WHERE order_id = ANY ($1)";

const ITEMS: &str = "SELECT item FROM stock ORDER BY length(item), item COLLATE \"C\"";

/// Nobody waits long for what a replica has locked that has stopped in the middle.
const LONGEST_IDLE: Duration = Duration::from_secs(3);

/// A server.
pub(super) struct Postgres {
    options: PgConnectOptions,
    settings: String,
}

impl Postgres {
    pub(super) fn new(url: &str, patience: Duration) -> Result<Self, Error> {
        let options: PgConnectOptions = url.parse()?;
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("inventory-service"),
        };
        // The server gives up before we do, so that nobody waits for what we had locked.
        let limit = (patience * 4 / 5).as_millis().max(1);
        let idle = patience.min(LONGEST_IDLE).as_millis().max(1);
        // What is committed is on the disk: Kafka is told only then that it is handled.
        let settings = format!(
            "SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {idle};
            SET synchronous_commit = on"
        );
        Ok(Self { options: options.disable_statement_logging(), settings })
    }

    async fn items(&self, connection: &mut PgConnection) -> Result<Vec<String>, Error> {
        let items = sqlx::query(ITEMS).fetch_all(connection).await?;
        items.iter().map(|row| row.try_get(0)).collect()
    }

    async fn try_prepare(&self, seed: Seed) -> Result<(PgConnection, Vec<String>), MigrateError> {
        let mut connection = self.connect().await?;
        // Like `run`, which cannot be waited for in a task of its own.
        migrator().run_direct(None, &mut connection, false).await?;
        let items = self.items(&mut connection).await?;
        if !items.is_empty() {
            return Ok((connection, items));
        }
        // Several replicas may start at once. One puts things in stock, the others find them.
        let mut transaction = connection.begin().await?;
        sqlx::query("LOCK TABLE stock IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
        let seeded = sqlx::query(SEED).bind(i64::from(seed.items)).bind(seed.stock);
        seeded.execute(&mut *transaction).await?;
        transaction.commit().await?;
        let items = self.items(&mut connection).await?;
        Ok((connection, items))
    }
}

impl Database for Postgres {
    type Connection = PgConnection;

    async fn connect(&self) -> Result<PgConnection, Error> {
        let mut connection = self.options.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(self.settings.clone())).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn prepare(&self, seed: Seed) -> Result<(PgConnection, Vec<String>), OpenError> {
        self.try_prepare(seed).await.map_err(migrating)
    }
}

fn migrator() -> Migrator {
    let migration =
        Migration::new(1, "tables".into(), MigrationType::Simple, SqlStr::from_static(TABLES), false);
    Migrator::with_migrations(vec![migration])
}

impl Tables for PgConnection {
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED";
    const BEGIN_STRICT: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET CONSTRAINTS ALL IMMEDIATE";

    async fn run(&mut self, sql: &'static str) -> Result<(), Error> {
        sqlx::raw_sql(sql).execute(self).await.map(drop)
    }

    async fn insert(&mut self, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<String>, Error> {
        let ids: Vec<_> = rows.iter().map(|(wanted, _)| wanted.order_id.as_str()).collect();
        let items: Vec<_> = rows.iter().map(|(_, item)| *item).collect();
        let partitions: Vec<_> = rows.iter().map(|(wanted, _)| wanted.source.partition).collect();
        let offsets: Vec<_> = rows.iter().map(|(wanted, _)| wanted.source.offset).collect();
        let insert = sqlx::query(INSERT).bind(ids).bind(items).bind(partitions).bind(offsets);
        let new = insert.bind(decided_at).fetch_all(self).await?;
        new.iter().map(|row| row.try_get(0)).collect()
    }

    async fn available(&mut self, items: &[&str]) -> Result<Vec<(String, i64)>, Error> {
        let rows = sqlx::query(AVAILABLE).bind(items).fetch_all(self).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn take(&mut self, units: &[(&str, i64)]) -> Result<(), Error> {
        let (items, counts): (Vec<_>, Vec<_>) = units.iter().copied().unzip();
        sqlx::query(TAKE).bind(items).bind(counts).execute(self).await.map(drop)
    }

    async fn reject(&mut self, order_ids: &[&str]) -> Result<(), Error> {
        sqlx::query(REJECT).bind(order_ids).execute(self).await.map(drop)
    }

    async fn find(&mut self, order_ids: &[&str]) -> Result<Vec<Stored>, Error> {
        let rows = sqlx::query(FIND).bind(order_ids).fetch_all(self).await?;
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
