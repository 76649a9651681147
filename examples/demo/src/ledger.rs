//! What the database says.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::Problem;

/// How long the service may do nothing while there is something to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// Both tables, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger {
    /// Orders for which a unit is kept.
    pub reserved: i64,
    /// Orders for which there was none left.
    pub rejected: i64,
    /// Units that there were.
    pub initial: i64,
    /// Units that are left.
    pub available: i64,
    /// Items whose units do not add up.
    pub wrong: i64,
}

/// `reservations` has one row for each order: the id is its key.
const ROWS: &str = "SELECT COUNT(*) FILTER (WHERE status = 'reserved'), COUNT(*) FILTER (WHERE status = 'rejected') FROM reservations";

const COUNT: &str = "SELECT COUNT(*) FROM reservations";

const STOCK: &str = "SELECT SUM(initial), SUM(available), SUM(initial - available <> (
    SELECT COUNT(*) FROM reservations AS r WHERE r.item = stock.item AND r.status = 'reserved'
)) FROM stock";

impl Ledger {
    /// Reads it, in one transaction, beside the service.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn read(file: &Path) -> Result<Self, Problem> {
        let mut database: SqliteConnection = SqliteConnectOptions::new().filename(file).connect().await?;
        let mut transaction = database.begin().await?;
        let (reserved, rejected) = sqlx::query_as(ROWS).fetch_one(&mut *transaction).await?;
        let (initial, available, wrong) = sqlx::query_as(STOCK).fetch_one(&mut *transaction).await?;
        transaction.rollback().await?;
        Ok(Self { reserved, rejected, initial, available, wrong })
    }

    /// Waits until the service commits the next transaction, and for nothing else. `go` is done when it would be noticed.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn next_commit(file: &Path, go: impl FnOnce()) -> Result<i64, Problem> {
        let mut database: SqliteConnection = SqliteConnectOptions::new().filename(file).connect().await?;
        let mut count = async || sqlx::query_scalar(COUNT).fetch_one(&mut database).await;
        let before: i64 = count().await?;
        go();
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            match count().await? {
                rows if rows > before => return Ok(rows),
                _ => tokio::task::yield_now().await,
            }
        }
        Err("nothing is committed to the database".into())
    }

    /// How many orders there are.
    pub fn rows(&self) -> usize {
        usize::try_from(self.reserved + self.rejected).unwrap_or_default()
    }

    /// Is what there was what is left and what is reserved?
    pub fn adds_up(&self) -> bool {
        self.wrong == 0 && self.available >= 0 && self.initial == self.available + self.reserved
    }
}
