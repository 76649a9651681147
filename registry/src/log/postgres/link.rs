//! One connection to the server, made anew whenever it was lost.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgRow, PgSeverity};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::time::timeout;

use crate::log::{Database, OpenError, Unavailable};

/// A connection that is made when it is needed. Whatever goes wrong on it, but for a statement that the server
/// refuses, ends it: nobody has to know in which state it was left.
pub(super) struct Link {
    options: PgConnectOptions,
    timeout: Duration,
    connection: Option<PgConnection>,
    was_connected: bool,
    is_closed: bool,
    reconnects: Arc<AtomicU64>,
}

/// Why a statement gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// There was no connection to send it on.
    NotConnected(Unavailable),
    /// It was sent, and the connection was lost or the server took too long.
    Lost(Unavailable),
    /// The server refused it.
    Refused(Refusal),
}

/// A refusal in the server's words.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The five characters of `SQLSTATE`.
    pub(super) code: Box<str>,
    message: Box<str>,
}

impl Link {
    pub(super) fn new(options: PgConnectOptions, timeout: Duration, reconnects: Arc<AtomicU64>) -> Self {
        Self { options, timeout, connection: None, was_connected: false, is_closed: false, reconnects }
    }

    /// Sends statements and gives the rows of all of them.
    pub(super) async fn run(&mut self, sql: &str) -> Result<Vec<PgRow>, Failure> {
        // It is out of its place while in use: should this future be dropped, so is the connection.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await.map_err(Failure::NotConnected)?,
        };
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection);
        let failure = match timeout(self.timeout, query).await {
            Ok(Ok(rows)) => {
                self.connection = Some(connection);
                return Ok(rows);
            }
            Ok(Err(error)) => failure(&error),
            Err(_) => Failure::Lost(Unavailable("the server does not answer in time".into())),
        };
        if matches!(failure, Failure::Refused(_)) {
            self.connection = Some(connection);
        }
        Err(failure)
    }

    /// Sends one question and gives the first row of its answer. A connection that turns out to have been lost while
    /// nobody looked is made anew, and the question asked again: asking twice does no harm.
    pub(super) async fn ask(&mut self, sql: &str) -> Result<Option<PgRow>, Failure> {
        let idle = self.connection.is_some();
        let rows = match self.run(sql).await {
            Err(Failure::Lost(why)) if idle => {
                tracing::debug!(reason = %why.0, "the connection was lost; asking again");
                self.run(sql).await
            }
            other => other,
        };
        rows.map(|rows| rows.into_iter().next())
    }

    async fn connect(&mut self) -> Result<PgConnection, Unavailable> {
        if self.is_closed {
            return Err(Unavailable("it is closed".into()));
        }
        if self.was_connected {
            self.reconnects.fetch_add(1, Ordering::Relaxed);
        }
        match timeout(self.timeout, self.options.connect()).await {
            Ok(Ok(connection)) => {
                self.was_connected = true;
                Ok(connection)
            }
            Ok(Err(error)) => Err(Unavailable(words(&error).into())),
            Err(_) => Err(Unavailable("no connection in time".into())),
        }
    }

    /// Ends the connection, and makes no other.
    pub(super) async fn close(&mut self) {
        self.is_closed = true;
        self.disconnect().await;
    }

    /// Ends the connection; the next statement makes another.
    pub(super) async fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Ok(Err(error)) = timeout(self.timeout, connection.close()).await
        {
            tracing::debug!(%error, "a connection did not close cleanly");
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("connected", &self.connection.is_some()).finish_non_exhaustive()
    }
}

impl Failure {
    /// For questions, where it does not matter whether they arrived.
    pub(super) fn into_unavailable(self) -> Unavailable {
        match self {
            Self::NotConnected(why) | Self::Lost(why) => why,
            Self::Refused(refusal) => Unavailable::because(refusal),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (SQLSTATE {})", self.message, self.code)
    }
}

/// How to connect to the server at a URL.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = url.parse::<PgConnectOptions>().map_err(|e| OpenError::Unsuitable {
        database: Database::Postgres(url.to_owned()).to_string(),
        reason: words(&e),
    })?;
    // Poolers refuse start-up parameters that they do not know.
    let options = options.extra_float_digits(None);
    let options =
        if options.get_application_name().is_some() { options } else { options.application_name("ottla") };
    Ok(options.disable_statement_logging())
}

/// A session that the server ends itself may have carried out its last statement: only errors that leave the session
/// alive say that nothing happened.
fn failure(error: &sqlx::Error) -> Failure {
    let refusal = error.as_database_error().and_then(|e| e.try_downcast_ref::<PgDatabaseError>());
    match refusal {
        Some(e) if e.severity() == PgSeverity::Error => {
            Failure::Refused(Refusal { code: e.code().into(), message: e.message().into() })
        }
        _ => Failure::Lost(Unavailable(words(error).into())),
    }
}

/// The server's or the system's own words, without the library's around them.
pub(super) fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}
