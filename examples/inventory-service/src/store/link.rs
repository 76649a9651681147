//! The one connection, made anew when it is needed and there is none.
//!
//! It is out of its place while it is in use, and is put back only if all went well, also if nobody waits for the end of that: what
//! state a connection was left in by a failure nobody has to know.

use std::fmt;
use std::sync::{Mutex as StdMutex, PoisonError};
use std::time::Duration;

use sqlx::{Connection, Error};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::blame::words;
use super::reserve::reserve;
use super::tables::{Row, Tables};
use super::{Away, Effect, OpenError, Seed};

/// A database of some kind.
pub(super) trait Database {
    /// A connection to it.
    type Connection: Tables + Connection;

    /// Connects.
    async fn connect(&self) -> Result<Self::Connection, Error>;

    /// Connects, makes what is missing, and tells the items.
    async fn prepare(&self, seed: Seed) -> Result<(Self::Connection, Vec<String>), OpenError>;
}

/// A database, and the connection to it.
pub(super) struct Link<D: Database> {
    database: D,
    patience: Duration,
    connection: Mutex<Option<D::Connection>>,
    /// How it was when it was needed last.
    last: StdMutex<Result<(), Away>>,
}

impl<D: Database> Link<D> {
    /// Opens it. The items.
    pub(super) async fn open(
        database: D,
        seed: Seed,
        patience: Duration,
    ) -> Result<(Self, Vec<String>), OpenError> {
        let prepared = timeout(patience, database.prepare(seed)).await;
        let (connection, items) = prepared.map_err(|_| silent(patience))??;
        let connection = Mutex::new(Some(connection));
        Ok((Self { database, patience, connection, last: StdMutex::new(Ok(())) }, items))
    }

    pub(super) async fn reserve(&self, rows: &[Row<'_>], decided_at: i64) -> Result<Vec<Effect>, Away> {
        self.watch(async {
            let mut place = self.connection.lock().await;
            let mut connection = self.take(&mut place).await?;
            let effects = reserve(&mut connection, rows, decided_at).await?;
            *place = Some(connection);
            Ok(effects)
        })
        .await
    }

    /// Who finds it in use is told how it was last.
    pub(super) async fn ping(&self) -> Result<(), Away> {
        let Ok(mut place) = self.connection.try_lock() else {
            return self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        };
        self.watch(async {
            let mut connection = self.take(&mut place).await?;
            connection.ping().await?;
            *place = Some(connection);
            Ok(())
        })
        .await
    }

    pub(super) async fn close(&self) {
        let closing = async {
            match self.connection.lock().await.take() {
                Some(connection) => connection.close().await,
                None => Ok(()),
            }
        };
        if let Ok(Err(error)) = timeout(self.patience, closing).await {
            tracing::debug!(%error, "the database did not close cleanly");
        }
    }

    async fn take(&self, place: &mut Option<D::Connection>) -> Result<D::Connection, Error> {
        match place.take() {
            Some(connection) => Ok(connection),
            None => self.database.connect().await,
        }
    }

    /// Waits for the end of something, but not for ever, and remembers how it went.
    async fn watch<T>(&self, doing: impl Future<Output = Result<T, Error>>) -> Result<T, Away> {
        let done = match timeout(self.patience, doing).await {
            Ok(done) => done.map_err(|error| Away(words(&error))),
            Err(_) => Err(silent(self.patience)),
        };
        let last = done.as_ref().map(drop).map_err(Clone::clone);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
        done
    }
}

/// Of its options nothing is shown: they may hold a password.
impl<D: Database> fmt::Debug for Link<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("last", &self.last).finish_non_exhaustive()
    }
}

fn silent(patience: Duration) -> Away {
    Away(format!("it did not answer within {patience:?}"))
}
