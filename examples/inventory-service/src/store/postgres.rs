//! PostgreSQL: a server, for replicas on several machines.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Error, Row as _, SqlStr};

use super::reserve::reserve;
use super::tables::{Row, Stored, Tables};
use super::{Away, Effect, OpenError, Seed, Source};

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

/// The database.
#[derive(Debug)]
pub(super) struct Postgres {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
}

impl Postgres {
    pub(super) fn new(url: &str, patience: Duration) -> Option<Self> {
        let options: PgConnectOptions = url.parse().ok()?;
        let limit = format!("{}ms", patience.as_millis());
        let options = options.application_name("inventory-service").options([
            // When we have given up, nobody waits for what we had locked.
            ("statement_timeout", limit.as_str()),
            ("idle_in_transaction_session_timeout", limit.as_str()),
            // What is committed is on the disk: Kafka is told only then that it is handled.
            ("synchronous_commit", "on"),
        ]);
        Some(Self { options, connection: None })
    }

    /// Makes what is missing. The items.
    pub(super) async fn prepare(&mut self, seed: Seed) -> Result<Vec<String>, OpenError> {
        let mut connection = self.options.connect().await.map_err(away)?;
        migrator().run(&mut connection).await.map_err(|error| match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => away(error).into(),
            error => OpenError::Tables(error),
        })?;
        // Several replicas may start at once.
        let mut transaction = connection.begin().await.map_err(away)?;
        let locked = sqlx::query("LOCK TABLE stock IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction);
        locked.await.map_err(away)?;
        let items = i64::from(seed.items);
        let seeded = sqlx::query(SEED).bind(items).bind(seed.stock).execute(&mut *transaction);
        seeded.await.map_err(away)?;
        transaction.commit().await.map_err(away)?;
        let items = sqlx::query("SELECT item FROM stock ORDER BY length(item), item COLLATE \"C\"");
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

    async fn take(&mut self) -> Result<PgConnection, Away> {
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

impl Tables for PgConnection {
    const BEGIN: &'static str = "BEGIN";

    async fn run(&mut self, sql: &'static str) -> Result<(), Error> {
        sqlx::query(sql).execute(self).await.map(drop)
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
