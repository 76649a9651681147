//! A database for one test, of either kind.

use std::time::Duration;

use ottla_registry::domain::Defaults;
use ottla_registry::engine::{Database, Engine, OpenError, Options};
use ottla_registry::log::Log;
use ottla_registry::log::postgres::{Manners, PostgresLog};
use ottla_registry::log::sqlite::SqliteLog;
use ottla_tests::postgres::Cluster;

pub enum Store {
    Sqlite(tempfile::TempDir),
    Postgres(&'static Cluster, String),
}

impl Store {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// Nothing where no server is installed.
    pub fn postgres() -> Option<Self> {
        let cluster = Cluster::shared()?;
        Some(Self::Postgres(cluster, cluster.database()))
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/ottla.db", folder.path().display()),
            Self::Postgres(_, url) => url.clone(),
        }
    }

    pub fn database(&self) -> Database {
        self.url().parse().unwrap()
    }

    pub async fn open(&self, options: Options) -> Result<Engine, OpenError> {
        Engine::open(&self.database(), Defaults::default(), options).await
    }

    pub async fn engine(&self) -> Engine {
        self.open(Options::default()).await.unwrap()
    }

    pub async fn log(&self) -> Box<dyn Log> {
        match self.database() {
            Database::SqliteFile(path) => Box::new(SqliteLog::open(&path).await.unwrap()),
            Database::SqliteMemory => Box::new(SqliteLog::in_memory().await.unwrap()),
            Database::Postgres(url) => Box::new(PostgresLog::open(&url, manners()).await.unwrap()),
        }
    }
}

pub fn manners() -> Manners {
    Manners { timeout: Duration::from_secs(5), poll: Duration::from_secs(1), listen: true }
}
