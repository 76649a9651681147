//! The statements that both databases have in their own words.

use sqlx::Error;

use super::{Source, Wanted};

/// What is wanted, and the item it takes.
pub(super) type Row<'w> = (&'w Wanted, &'w str);

/// A row as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub order_id: String,
    pub item: String,
    pub is_reserved: bool,
    pub source: Source,
    pub decided_at: i64,
}

/// The tables, through a connection.
pub(super) trait Tables {
    /// Begins a transaction that will write.
    const BEGIN: &'static str;
    /// The same, but what is wrong with a row is told at once, and never when the transaction ends.
    const BEGIN_STRICT: &'static str = Self::BEGIN;
    /// Ends it well.
    const COMMIT: &'static str = "COMMIT";
    /// Ends it as if it had never been.
    const ROLLBACK: &'static str = "ROLLBACK";

    /// Runs a statement that takes and gives nothing.
    async fn run(&mut self, sql: &'static str) -> Result<(), Error>;

    /// Adds rows as reserved, unless there are rows of their orders. The orders whose rows are new.
    async fn insert(&mut self, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<String>, Error>;

    /// What is left of items. Nobody else takes any of them before the end of the transaction.
    async fn available(&mut self, items: &[&str]) -> Result<Vec<(String, i64)>, Error>;

    /// Takes units of items.
    async fn take(&mut self, units: &[(&str, i64)]) -> Result<(), Error>;

    /// Makes rows rejected.
    async fn reject(&mut self, order_ids: &[&str]) -> Result<(), Error>;

    /// Rows of orders.
    async fn find(&mut self, order_ids: &[&str]) -> Result<Vec<Stored>, Error>;
}
