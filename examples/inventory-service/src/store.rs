//! The database: what is in stock, and what is reserved for whom.
//!
//! ```text
//! sqlite.rs    a file, for one machine        postgres.rs  a server, for several
//! tables.rs    the statements of both         reserve.rs   what they amount to
//! item.rs      which item an order takes      blame.rs     whose fault it is that a statement failed
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
mod postgres;
mod reserve;
mod sqlite;
mod tables;

use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use tokio::sync::Mutex;
use tokio::time::timeout;

use self::item::Items;
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
    #[error("the database: its URL has to be sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME")]
    Url,
    /// It does not answer, or not as it should.
    #[error(transparent)]
    Away(#[from] Away),
    /// Its tables are not those of this program.
    #[error("the tables of the database: {0}")]
    Tables(MigrateError),
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
    patience: Duration,
}

#[derive(Debug)]
enum Kind {
    Sqlite(Mutex<Sqlite>),
    Postgres(Mutex<Postgres>),
}

impl Store {
    /// Connects, makes tables that are missing, and puts things in stock if there never were any. Whatever it is asked for later
    /// may take as long as `patience`.
    ///
    /// # Errors
    /// If the database is away, or its tables are not as they should be.
    pub async fn open(url: &str, seed: Seed, patience: Duration) -> Result<Self, OpenError> {
        let (kind, items) = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let mut database = Sqlite::new(url, patience).ok_or(OpenError::Url)?;
                let items = within(patience, database.prepare(seed)).await?;
                (Kind::Sqlite(Mutex::new(database)), items)
            }
            Some("postgres" | "postgresql") => {
                let mut database = Postgres::new(url, patience).ok_or(OpenError::Url)?;
                let items = within(patience, database.prepare(seed)).await?;
                (Kind::Postgres(Mutex::new(database)), items)
            }
            _ => return Err(OpenError::Url),
        };
        Ok(Self(Arc::new(Shared { kind, items: Items::new(items), patience })))
    }

    /// Decides about orders in this order, in one transaction. There is an effect for each.
    ///
    /// # Errors
    /// If the database is away. Nothing has happened then, or nobody knows: to ask for the same again is safe.
    pub async fn reserve(&self, wanted: &[Wanted], decided_at: i64) -> Result<Vec<Effect>, Away> {
        let Shared { kind, items, patience } = &*self.0;
        let wanted: Vec<_> = wanted.iter().map(|wanted| (wanted, items.of(&wanted.order_id))).collect();
        let decided = match kind {
            Kind::Sqlite(database) => {
                timeout(*patience, database.lock().await.reserve(&wanted, decided_at)).await
            }
            Kind::Postgres(database) => {
                timeout(*patience, database.lock().await.reserve(&wanted, decided_at)).await
            }
        };
        decided.map_err(|_| silent(*patience))?
    }

    /// Is it there? Who is at work with it knows better.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn ping(&self) -> Result<(), Away> {
        let patience = self.0.patience;
        let answered = match &self.0.kind {
            Kind::Sqlite(database) => match database.try_lock() {
                Ok(mut database) => timeout(patience, database.ping()).await,
                Err(_) => Ok(Ok(())),
            },
            Kind::Postgres(database) => match database.try_lock() {
                Ok(mut database) => timeout(patience, database.ping()).await,
                Err(_) => Ok(Ok(())),
            },
        };
        answered.map_err(|_| silent(patience))?
    }
}

async fn within<T>(
    patience: Duration,
    opening: impl Future<Output = Result<T, OpenError>>,
) -> Result<T, OpenError> {
    timeout(patience, opening).await.map_err(|_| silent(patience))?
}

fn silent(patience: Duration) -> Away {
    Away(format!("it did not answer within {patience:?}"))
}
