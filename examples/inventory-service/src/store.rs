//! The database: what is in stock, and what is reserved for whom.
//!
//! ```text
//! sqlite.rs     a file, for one machine          postgres.rs   a server, for several
//! ```
//!
//! An order takes one unit of one item, which follows from its id. Its row in `reservations` says so for ever: who comes with
//! the same order again finds it. The row keeps where in the topic the order came from, which tells a record that is handled again
//! (the same source) from an order that was sent twice (another).

mod postgres;
mod sqlite;

use std::time::Duration;

/// The items that there are, and how many of each a new database begins with.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    /// How many items.
    pub items: u32,
    /// How many units of each.
    pub stock: i64,
}

/// Where in the orders' topic a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
}

/// An order that wants one unit of its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The order.
    pub order_id: String,
    /// The record it came in.
    pub source: Source,
}

/// What was decided about an order, once and for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The item.
    pub item: String,
    /// Is a unit kept for it? If not, there was none left.
    pub is_reserved: bool,
    /// When it was decided, in milliseconds since 1970.
    pub decided_at: i64,
}

/// What has become of an order that wanted something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It was decided now.
    Decided(Decision),
    /// The same record was handled before, and this was decided. Whether others have heard of it is not known.
    Again(Decision),
    /// The order came before in another record: this one has no effect.
    Duplicate,
    /// The database does not take this one, whatever is done; it has no effect.
    Refused(String),
}

/// Why nothing was done at all. It may go better later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database: {0}")]
pub struct Away(pub String);
