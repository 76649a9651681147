//! PostgreSQL: a private cluster that is made and removed, or a server that is there.

use ottla_tests::postgres::Cluster;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};

use crate::client::block_on;
use crate::error::Error;
use crate::load::unique_name;

/// A server on which databases are made.
#[derive(Debug)]
pub(crate) enum Postgres {
    /// Of our own; gone with this value.
    Private(Cluster),
    /// One that is there.
    Given(Given),
}

/// A server that is there, with the databases that were made on it, which are gone with this value.
#[derive(Debug)]
pub(crate) struct Given {
    url: String,
    made: Vec<String>,
}

impl Postgres {
    /// A server that is there: its user may make databases.
    pub(crate) fn at(url: &str) -> Result<Self, Error> {
        let (before, name) = url.rsplit_once('/').unwrap_or_default();
        if !before.contains("://") || name.is_empty() || name.contains('?') {
            return Err(Error::Usage("expected postgres://USER:PASSWORD@HOST:PORT/NAME".to_owned()));
        }
        Ok(Self::Given(Given { url: url.to_owned(), made: Vec::new() }))
    }

    /// A new cluster on loopback, which syncs to the disk.
    pub(crate) fn start() -> Result<Self, Error> {
        Cluster::durable().map(Self::Private).map_err(|reason| Error::program("PostgreSQL", reason))
    }

    /// The URL of a new, empty database.
    pub(crate) fn database(&mut self) -> Result<String, Error> {
        match self {
            Self::Private(cluster) => Ok(cluster.database()),
            Self::Given(given) => given.database(),
        }
    }

    /// As it calls itself.
    pub(crate) fn version(&self) -> Result<String, Error> {
        match self {
            Self::Private(cluster) => Ok(cluster.sql("postgres", "SHOW server_version")),
            Self::Given(given) => given.ask("SHOW server_version"),
        }
    }

    /// Its main process, if it is ours.
    pub(crate) fn pid(&self) -> Option<u32> {
        let Self::Private(cluster) = self else { return None };
        let file = cluster.sql("postgres", "SELECT pg_read_file('postmaster.pid')");
        file.lines().next()?.parse().ok()
    }
}

impl Given {
    fn database(&mut self) -> Result<String, Error> {
        let name = format!("ottla_load_{}_{}", unique_name(), self.made.len());
        self.execute(&format!("CREATE DATABASE {name}"))?;
        let server = self.url.rsplit_once('/').map_or("", |(server, _)| server);
        let url = format!("{server}/{name}");
        self.made.push(name);
        Ok(url)
    }

    fn ask(&self, sql: &'static str) -> Result<String, Error> {
        block_on(async {
            let mut connection = PgConnection::connect(&self.url).await?;
            let answer = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(answer)
        })
    }

    fn execute(&self, sql: &str) -> Result<(), Error> {
        block_on(async {
            let mut connection = PgConnection::connect(&self.url).await?;
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await?;
            Ok(connection.close().await?)
        })
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        for name in &self.made {
            if let Err(error) = self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")) {
                eprintln!("ottla-load: the database {name} is left: {error}");
            }
        }
    }
}
