//! Whose fault it is that a statement failed.

use sqlx::Error;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;

use super::{Away, OpenError};

/// Is it that of what was to be written? Then it fails whenever it is tried. Otherwise it is the database's, for now.
pub(super) fn is_the_order_s(error: &Error) -> bool {
    match error {
        // Neither written nor found: a trigger passes over it.
        Error::RowNotFound => true,
        Error::Database(error) => match sqlite_code(&**error) {
            // Too big, constraint (a trigger's RAISE as well), mismatch.
            Some(code) => matches!(code, 18..=20),
            None => error.code().is_some_and(|code| is_for_records(&code)),
        },
        _ => false,
    }
}

/// A code of PostgreSQL's: data exception, integrity constraint, check option, more than an index can hold. Those that begin with
/// letters from I on are for functions that raise exceptions (P0 are the usual ones), but for XX, which is a defect of the server.
fn is_for_records(code: &str) -> bool {
    let class = code.get(..2).unwrap_or_default();
    let is_raised = class != "XX" && class.starts_with(|first: char| ('I'..='Z').contains(&first));
    is_raised || matches!(class, "22" | "23" | "44" | "54")
}

/// Why a database cannot be opened: will it be otherwise later?
pub(super) fn opening(error: &Error) -> OpenError {
    let is_permanent = match error {
        Error::Configuration(_) | Error::Tls(_) => return OpenError::Url(words(error)),
        Error::Database(error) => match sqlite_code(&**error) {
            // Out of memory, busy (3 kinds), input and output, full, cannot be opened.
            Some(code) => !matches!(code, 5 | 6 | 7 | 10 | 13..=15),
            // What is asked for is not there, or is not allowed.
            None => error.code().is_some_and(|code| code.starts_with("42")),
        },
        _ => false,
    };
    match is_permanent {
        true => OpenError::Migration(words(error)),
        false => Away(words(error)).into(),
    }
}

/// Why tables cannot be made or are not those that were expected.
pub(super) fn migrating(error: MigrateError) -> OpenError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => opening(&error),
        error => OpenError::Migration(error.to_string()),
    }
}

/// Does somebody else write just now?
pub(super) fn is_busy(error: &Error) -> bool {
    let code = error.as_database_error().and_then(sqlite_code);
    matches!(code, Some(5 | 6))
}

/// The words of the database, or of the system, without the library's around them.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::Database(error) => error.message().to_owned(),
        Error::Io(error) => error.to_string(),
        Error::Configuration(error) | Error::Tls(error) => error.to_string(),
        Error::RowNotFound => "it was neither written nor found".to_owned(),
        other => other.to_string(),
    }
}

/// SQLite's code, without its details.
fn sqlite_code(error: &(dyn DatabaseError + 'static)) -> Option<u32> {
    error.try_downcast_ref::<SqliteError>()?;
    Some(error.code()?.parse::<u32>().ok()? & 0xff)
}

#[cfg(test)]
mod tests {
    use super::is_for_records;

    #[test]
    fn codes_of_postgres() {
        for code in ["22021", "23505", "23514", "44000", "54000", "P0001", "P0004", "OT001"] {
            assert!(is_for_records(code), "{code}");
        }
        let database = [
            "08006", "25006", "25P02", "25P03", "40001", "40P01", "42501", "42P01", "53100", "53200",
            "53300", "55P03", "57014", "57P01", "57P03", "58030", "XX000", "",
        ];
        for code in database {
            assert!(!is_for_records(code), "{code}");
        }
    }
}
