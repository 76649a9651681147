//! The database: what is in stock, and what is reserved for whom.
//!
//! ```text
//! sqlite.rs    a file, for one machine        postgres.rs  a server, for several
//! tables.rs    the statements of both         reserve.rs   what they amount to
//! link.rs      the connection                 blame.rs     whose fault it is that a statement failed
//! item.rs      which item an order takes
//! ```
//!
//! An order takes one unit of one item, which follows from its id. Its row in `reservations` says so for ever: who comes with
//! the same order again finds it. The row keeps where in the topic the order came from, which tells a record that is handled again
//! (the same source) from an order that was sent twice (another).
//!
//! There is one connection, as there is one thread that works. After any failure it is thrown away: whatever state it was in,
//! the database has rolled back, or has committed what it will find when the same is asked again.

mod blame;
mod item;
mod link;
mod postgres;
mod reserve;
mod sqlite;
mod tables;

use std::sync::Arc;
use std::time::Duration;

use self::blame::opening;
use self::item::Items;
use self::link::Link;
use self::postgres::Postgres;
use self::sqlite::Sqlite;

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

/// Why there is no database to work with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is none of a database that is known. It may hold a password, so it is not repeated.
    #[error("the database: its URL has to be sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME: {0}")]
    Url(String),
    /// It does not answer, or not as it should.
    #[error(transparent)]
    Away(#[from] Away),
    /// Its tables cannot be made, or are not those of this program.
    #[error("the tables of the database: {0}")]
    Migration(String),
}

impl OpenError {
    /// May it be otherwise later?
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Away(_))
    }
}

/// The database. Clones share its connection.
#[derive(Debug, Clone)]
pub struct Store(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    kind: Kind,
    items: Items,
}

#[derive(Debug)]
enum Kind {
    Sqlite(Link<Sqlite>),
    Postgres(Link<Postgres>),
}

impl Store {
    /// Connects, makes tables that are missing, and puts things in stock if there never were any. This, and whatever is asked for
    /// later, may take as long as `patience`.
    ///
    /// # Errors
    /// If the database is away, or its tables are not as they should be.
    pub async fn open(url: &str, seed: Seed, patience: Duration) -> Result<Self, OpenError> {
        let (kind, items) = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let database = Sqlite::new(url, patience).map_err(|error| opening(&error))?;
                let (link, items) = Link::open(database, seed, patience).await?;
                (Kind::Sqlite(link), items)
            }
            Some("postgres" | "postgresql") => {
                let database = Postgres::new(url, patience).map_err(|error| opening(&error))?;
                let (link, items) = Link::open(database, seed, patience).await?;
                (Kind::Postgres(link), items)
            }
            _ => return Err(OpenError::Url("it begins like no database that is known".to_owned())),
        };
        let items = Items::new(items).ok_or_else(|| OpenError::Migration("there are no items".to_owned()))?;
        Ok(Self(Arc::new(Shared { kind, items })))
    }

    /// Decides about orders in this order, in one transaction. There is an effect for each.
    ///
    /// # Errors
    /// If the database is away. Nothing has happened then, or nobody knows: to ask for the same again is safe.
    pub async fn reserve(&self, wanted: &[Wanted], decided_at: i64) -> Result<Vec<Effect>, Away> {
        let Shared { kind, items } = &*self.0;
        let can_be_stored = |wanted: &&Wanted| !wanted.order_id.contains('\0');
        let rows: Vec<_> = wanted.iter().filter(can_be_stored).map(|w| (w, items.of(&w.order_id))).collect();
        let effects = match kind {
            Kind::Sqlite(link) => link.reserve(&rows, decided_at).await?,
            Kind::Postgres(link) => link.reserve(&rows, decided_at).await?,
        };
        let mut effects = effects.into_iter();
        // SQLite would cut it off there, and PostgreSQL does not take it.
        let refused = || Effect::Refused("the order's id has a character of code 0 in it".to_owned());
        let effect = |wanted| match can_be_stored(&wanted) {
            true => effects.next(),
            false => Some(refused()),
        };
        let effects: Option<_> = wanted.iter().map(effect).collect();
        effects.ok_or_else(|| Away("it has not told about all orders".to_owned()))
    }

    /// Is it there? Who is at work with it knows better.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn ping(&self) -> Result<(), Away> {
        match &self.0.kind {
            Kind::Sqlite(link) => link.ping().await,
            Kind::Postgres(link) => link.ping().await,
        }
    }

    /// Ends the connection. Clones that are used after that make another.
    pub async fn close(self) {
        match &self.0.kind {
            Kind::Sqlite(link) => link.close().await,
            Kind::Postgres(link) => link.close().await,
        }
    }
}
