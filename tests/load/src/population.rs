//! Many versions, written into a database at once, in the server's own format.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use ottla_formats::Format;
use ottla_registry::domain::{Content, Record, SchemaValue, Subject};
use ottla_registry::log::codec::encode;
use ottla_registry::log::postgres::{Manners, PostgresLog};
use ottla_registry::log::sqlite::SqliteLog;
use ottla_registry::log::{Batch, Database, Log, Position};
use uuid::Uuid;

use crate::error::Error;
use crate::interrupt;
use crate::schemas::Shape;

/// Flags of `ottla-load fill`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The database, which must be empty: sqlite://FILE or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL")]
    database: String,
    /// How many subjects
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    subjects: u32,
    /// How many versions each has
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    versions: u32,
}

/// Subjects that all have the same number of versions. No two versions have the same content, all have nearly the
/// same size, and each reads what the one before wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Population {
    pub(crate) subjects: usize,
    pub(crate) versions: usize,
}

/// Entries of one append.
const BATCH: usize = 4096;

/// Fills the database that the command line names.
pub(crate) fn run(options: &Options) -> Result<(), Error> {
    let database = options.database.parse::<Database>().map_err(|e| Error::Usage(e.to_string()))?;
    let (subjects, versions) = (options.subjects as usize, options.versions as usize);
    Population { subjects, versions }.fill(&database)
}

impl Population {
    /// The name of a subject, from 0.
    pub(crate) fn subject(subject: usize) -> String {
        format!("load-filled-{subject}")
    }

    /// The name of its record.
    pub(crate) fn name(subject: usize) -> String {
        format!("Filled{subject}")
    }

    /// The schema of a version, from 1.
    pub(crate) fn schema(subject: usize, version: usize) -> String {
        Shape::Order.with_optional(&Self::name(subject), &format!("added_in_version_{version}"))
    }

    /// The nth version's record in the log. Subjects grow in turn, as they do in life.
    pub(crate) fn record(self, nth: usize) -> Record {
        let (subject, version) = (nth % self.subjects, nth / self.subjects + 1);
        let text = Self::schema(subject, version).into();
        let content = Arc::new(Content::new(Format::Avro, text, Vec::new(), None, None));
        Record::Schema {
            subject: Subject::parse(&Self::subject(subject)),
            version: i32::try_from(version).unwrap_or(i32::MAX),
            value: Some(SchemaValue {
                id: i32::try_from(nth + 1).unwrap_or(i32::MAX),
                deleted: false,
                content,
            }),
        }
    }

    /// Writes all of it, into an empty log.
    pub(crate) fn fill(self, database: &Database) -> Result<(), Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.map_err(Error::io("a runtime"))?.block_on(self.write(database))
    }

    async fn write(self, database: &Database) -> Result<(), Error> {
        let log = open(database).await?;
        let mut position = log.head().await?;
        if position != Position::START {
            return Err(Error::Usage(format!("{database} is not empty")));
        }
        let all = self.subjects * self.versions;
        for start in (0..all).step_by(BATCH) {
            interrupt::check()?;
            let entries = (start..all.min(start + BATCH)).map(|nth| encode(&self.record(nth)));
            let entries = entries.collect::<Result<_, _>>()?;
            let batch = Batch { id: Uuid::new_v4(), written_at: now(), entries };
            log.append(position, &batch).await?;
            position = batch.end(position);
        }
        log.close().await;
        Ok(())
    }
}

async fn open(database: &Database) -> Result<Box<dyn Log>, Error> {
    Ok(match database {
        Database::SqliteFile(path) => Box::new(SqliteLog::open(path).await?),
        Database::SqliteMemory => {
            return Err(Error::Usage("a database in memory is gone with this program".to_owned()));
        }
        Database::Postgres(url) => {
            let timeout = Duration::from_secs(60);
            Box::new(PostgresLog::open(url, Manners { timeout, poll: timeout, listen: false }).await?)
        }
    })
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
