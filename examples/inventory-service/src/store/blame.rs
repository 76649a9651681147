//! Whose fault it is that a statement failed.

use sqlx::Error;

/// Is it that of what was to be written? Then it fails whenever it is tried. Otherwise it is the database's, for now.
pub(super) fn is_the_order_s(error: &Error) -> bool {
    let Error::Database(error) = error else { return false };
    let code = error.code().unwrap_or_default();
    match code.parse::<u32>() {
        // SQLite: too big, constraint (a trigger's RAISE as well), mismatch, in the lower byte.
        Ok(code) if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => {
            matches!(code & 0xff, 18..=20)
        }
        // PostgreSQL: data exception, integrity constraint, raised by a function, more than an index can hold.
        _ => ["22", "23", "P0", "54"].iter().any(|class| code.starts_with(class)),
    }
}
