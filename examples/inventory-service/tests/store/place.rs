//! A database of a test's own.

use std::time::Duration;

use inventory_service::store::{Effect, Seed, Source, Store, Wanted};
use ottla_tests::postgres::Cluster;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use tempfile::TempDir;

/// More than anything takes that is not stuck.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A time at which things are decided.
pub const NOW: i64 = 1_700_000_000_000;

/// A database, and which kind it is.
#[derive(Debug)]
pub struct Place {
    pub url: String,
    /// The file is in there.
    _folder: Option<TempDir>,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::Builder::new().prefix("ottla-store-").tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("inventory.db").display());
        Self { url, _folder: Some(folder) }
    }

    pub fn postgres() -> Option<Self> {
        Some(Self::on(Cluster::shared()?))
    }

    pub fn on(cluster: &Cluster) -> Self {
        Self { url: cluster.database(), _folder: None }
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    pub async fn open(&self, items: u32, stock: i64) -> Store {
        Store::open(&self.url, Seed { items, stock }, PATIENCE).await.expect("a store")
    }

    /// Runs statements past the store. The first column of what they give, which has to be text.
    pub async fn run(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        if self.is_sqlite() {
            let mut database = SqliteConnection::connect(&self.url).await.expect("the file");
            let rows = sql.fetch_all(&mut database).await.expect("rows");
            rows.iter().map(|row| row.get(0)).collect()
        } else {
            let mut database = PgConnection::connect(&self.url).await.expect("the server");
            let rows = sql.fetch_all(&mut database).await.expect("rows");
            rows.iter().map(|row| row.get(0)).collect()
        }
    }

    /// Everything that is stored about orders, by order.
    pub async fn rows(&self) -> Vec<String> {
        self.run(
            "SELECT order_id || ' ' || item || ' ' || status || ' ' || source_partition || '/' || source_offset
                || ' ' || decided_at FROM reservations ORDER BY order_id",
        )
        .await
    }

    /// What is left of each item.
    pub async fn stock(&self) -> Vec<String> {
        self.run("SELECT item || ' ' || available FROM stock ORDER BY length(item), item").await
    }

    /// What there was is what is left and what is reserved.
    pub async fn adds_up(&self) {
        let wrong = self
            .run(
                "SELECT item || ': ' || initial || ' are not ' || available || ' and what is reserved' FROM stock
                WHERE available < 0 OR initial <> available + (SELECT count(*) FROM reservations
                    WHERE reservations.item = stock.item AND status = 'reserved')",
            )
            .await;
        assert_eq!(wrong, [""; 0]);
    }

    /// From now on the database does something about new rows of orders whose ids contain `bad`.
    pub async fn trigger(&self, what: Trigger) {
        let sql = match (self.is_sqlite(), what) {
            (true, Trigger::Raise) => {
                "CREATE TRIGGER odd BEFORE INSERT ON reservations WHEN NEW.order_id LIKE '%bad%'
                BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            }
            (true, Trigger::PassOver) => {
                "CREATE TRIGGER odd BEFORE INSERT ON reservations WHEN NEW.order_id LIKE '%bad%'
                BEGIN SELECT RAISE(IGNORE); END"
            }
            (false, Trigger::Raise) => {
                "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
                CREATE TRIGGER odd BEFORE INSERT ON reservations FOR EACH ROW
                    WHEN (NEW.order_id LIKE '%bad%') EXECUTE FUNCTION odd()"
            }
            (false, Trigger::PassOver) => {
                "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
                CREATE TRIGGER odd BEFORE INSERT ON reservations FOR EACH ROW
                    WHEN (NEW.order_id LIKE '%bad%') EXECUTE FUNCTION odd()"
            }
        };
        self.run(sql).await;
    }
}

/// What a database does about a row that it does not like.
#[derive(Debug, Clone, Copy)]
pub enum Trigger {
    Raise,
    PassOver,
}

/// An order, and the record it comes in.
pub fn order(id: &str, partition: i32, offset: i64) -> Wanted {
    Wanted { order_id: id.to_owned(), source: Source { partition, offset } }
}

/// Effects in short.
pub fn shown(effects: &[Effect]) -> Vec<String> {
    let effects = effects.iter().map(|effect| match effect {
        Effect::Decided(decision) if decision.is_reserved => "reserved".to_owned(),
        Effect::Decided(_) => "rejected".to_owned(),
        Effect::Again(decision) if decision.is_reserved => "again reserved".to_owned(),
        Effect::Again(_) => "again rejected".to_owned(),
        Effect::Duplicate => "duplicate".to_owned(),
        Effect::Refused(reason) => format!("refused: {reason}"),
    });
    effects.collect()
}
