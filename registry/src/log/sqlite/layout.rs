//! The tables of the file, and how older layouts become the present one.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Row as _};

use super::{NOTADB, READONLY, code, reason};
use crate::log::OpenError;

/// Marks the file as a registry's in its header ("Ottl").
const APPLICATION: i64 = 0x4f74_746c;

/// What leads from each layout to the next; the first makes the tables. A layout's number is that of the steps taken.
const STEPS: &[&str] = &["
    CREATE TABLE log (
        seq        INTEGER PRIMARY KEY,
        key        TEXT NOT NULL,
        value      TEXT,
        written_at INTEGER NOT NULL,
        batch      BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log BEGIN SELECT raise(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER log_is_not_cut BEFORE DELETE ON log BEGIN SELECT raise(ABORT, 'the log is append-only'); END;
"];

/// Checks whose file it is, and brings it up to date. `durable` is not asked of memory.
pub(super) async fn prepare(
    connection: &mut SqliteConnection,
    name: &str,
    durable: bool,
) -> Result<(), OpenError> {
    let known = STEPS.len() as i64;
    let found = layout(connection, name).await?;
    if found > known {
        return Err(OpenError::Newer { file: name.to_owned(), found, known });
    }
    let prepared = async {
        if durable {
            // The mark comes first, and before the write-ahead log, so that a half-made file is known as ours.
            if found == 0 {
                pragma(connection, format!("application_id = {APPLICATION}")).await?;
            }
            pragma(connection, "journal_mode = WAL".to_owned()).await?;
            pragma(connection, "synchronous = FULL".to_owned()).await?;
        }
        for (step, number) in STEPS.iter().zip(1_i64..).filter(|(_, number)| *number > found) {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            sqlx::raw_sql(*step).execute(&mut *transaction).await?;
            pragma(&mut transaction, format!("user_version = {number}")).await?;
            transaction.commit().await?;
        }
        // Takes the locks and touches the pages that an append does, so that a read-only file shows at once.
        sqlx::raw_sql("INSERT INTO log SELECT 1, '', '', 0, x'' WHERE 0").execute(&mut *connection).await?;
        Ok(())
    };
    prepared.await.map_err(|error| failure(&error, name))
}

/// The number of the layout; 0 for a file that is still empty.
async fn layout(connection: &mut SqliteConnection, name: &str) -> Result<i64, OpenError> {
    let foreign = |reason: &str| OpenError::Foreign { file: name.to_owned(), reason: reason.to_owned() };
    let application = number(connection, "PRAGMA application_id").await.map_err(|e| failure(&e, name))?;
    let version = number(connection, "PRAGMA user_version").await.map_err(|e| failure(&e, name))?;
    let tables =
        number(connection, "SELECT count(*) FROM sqlite_schema").await.map_err(|e| failure(&e, name))?;
    match (application, version, tables) {
        (APPLICATION, version, _) if version >= 0 => Ok(version),
        (0, 0, 0) => Ok(0),
        (0, _, _) => Err(foreign("another application's tables are in it")),
        _ => Err(foreign("it is marked as another application's")),
    }
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, sqlx::Error> {
    sqlx::raw_sql(sql).fetch_one(connection).await?.try_get(0)
}

async fn pragma(connection: &mut SqliteConnection, setting: String) -> Result<(), sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA {setting}"));
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

fn failure(error: &sqlx::Error, name: &str) -> OpenError {
    match code(error) {
        Some(NOTADB) => {
            OpenError::Foreign { file: name.to_owned(), reason: "it is not a SQLite file".to_owned() }
        }
        Some(READONLY) => OpenError::ReadOnly(name.to_owned()),
        _ => OpenError::Unavailable { database: name.to_owned(), reason: reason(error) },
    }
}
