//! What the database says.

use std::collections::HashMap;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Row as _};

/// Both tables.
#[derive(Debug)]
pub struct Ledger {
    /// By order.
    pub rows: HashMap<String, Reservation>,
    /// Item, what there was, what is left.
    pub stock: Vec<(String, i64, i64)>,
}

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub struct Reservation {
    pub item: String,
    pub is_reserved: bool,
}

const ROWS: &str = "SELECT order_id, item, status FROM reservations";
const STOCK: &str = "SELECT item, initial, available FROM stock ORDER BY item";

impl Ledger {
    pub async fn read(url: &str) -> Result<Self, sqlx::Error> {
        let (rows, stock): (Vec<(String, String, String)>, _) = if url.starts_with("sqlite:") {
            let mut database = SqliteConnection::connect(url).await?;
            let rows = sqlx::query(ROWS).fetch_all(&mut database).await?;
            let stock = sqlx::query(STOCK).fetch_all(&mut database).await?;
            let rows = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
            (rows, stock.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
        } else {
            let mut database = PgConnection::connect(url).await?;
            let rows = sqlx::query(ROWS).fetch_all(&mut database).await?;
            let stock = sqlx::query(STOCK).fetch_all(&mut database).await?;
            let rows = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
            (rows, stock.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
        };
        let reservation = |(order_id, item, status): (String, String, String)| {
            (order_id, Reservation { item, is_reserved: status == "reserved" })
        };
        Ok(Self { rows: rows.into_iter().map(reservation).collect(), stock })
    }

    /// What there was is what is left and what is reserved.
    pub fn adds_up(&self) {
        for (item, initial, available) in &self.stock {
            let reserved = self.rows.values().filter(|row| row.is_reserved && row.item == *item).count();
            assert_eq!(*initial, available + reserved as i64, "{item}");
            assert!(*available >= 0, "{item}");
        }
    }
}

/// Runs a statement.
pub async fn execute(url: &str, sql: &'static str) -> Result<(), sqlx::Error> {
    if url.starts_with("sqlite:") {
        sqlx::query(sql).execute(&mut SqliteConnection::connect(url).await?).await?;
    } else {
        sqlx::query(sql).execute(&mut PgConnection::connect(url).await?).await?;
    }
    Ok(())
}
