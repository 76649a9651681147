//! Which database keeps the log: `sqlite://...` or `postgres://...`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

/// Which database keeps the log. Printed without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of this machine.
    SqliteFile(PathBuf),
    /// Gone with the process; for tests.
    SqliteMemory,
    /// A server, by its URL.
    Postgres(String),
}

/// The text names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// It begins like no database that is known.
    #[error("a database is sqlite://FILE, sqlite::memory: or postgres://USER@HOST/NAME, not {0}")]
    Scheme(String),
    /// No file is named.
    #[error("{0} names no file")]
    NoFile(String),
    /// SQLite takes no parameters.
    #[error("{0} has parameters, and SQLite takes none")]
    Parameters(String),
    /// The file's name is escaped in a way that gives no text.
    #[error("the file name in {0} is not UTF-8")]
    Encoding(String),
    /// The server's URL is not understood.
    #[error("the PostgreSQL URL is not understood: {0}")]
    Postgres(String),
}

impl Database {
    /// Is it a server that several registries can share?
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

impl FromStr for Database {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let parsed = text.parse::<sqlx::postgres::PgConnectOptions>();
            return match parsed {
                Ok(_) => Ok(Self::Postgres(text.to_owned())),
                Err(e) => Err(DatabaseError::Postgres(e.to_string())),
            };
        }
        let Some(file) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) else {
            return Err(DatabaseError::Scheme(without_password(text)));
        };
        match file {
            ":memory:" => return Ok(Self::SqliteMemory),
            "" => return Err(DatabaseError::NoFile(text.to_owned())),
            _ if file.contains('?') => return Err(DatabaseError::Parameters(text.to_owned())),
            _ => {}
        }
        let decoded = percent_decode_str(file).decode_utf8();
        let file = decoded.map_err(|_| DatabaseError::Encoding(text.to_owned()))?;
        Ok(Self::SqliteFile(PathBuf::from(file.into_owned())))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteFile(file) => write!(f, "sqlite://{}", file.display()),
            Self::SqliteMemory => f.write_str("sqlite::memory:"),
            Self::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The URL without what stands between the user and the host, and without its parameters, which may hold a password
/// too.
fn without_password(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    // A mistyped URL may hold a password too.
    let behind = |separator| url.find(separator).map(|at| at + str::len(separator));
    let Some(begin) = behind("://").or_else(|| behind(":/")).or_else(|| behind(":")) else {
        return url.to_owned();
    };
    let (scheme, rest) = url.split_at(begin);
    let authority_end = rest.find('/').unwrap_or(rest.len());
    let Some(at) = rest[..authority_end].rfind('@').or_else(|| rest.rfind('@')) else {
        return url.to_owned();
    };
    let user = rest[..at].split(':').next().unwrap_or_default();
    format!("{scheme}{user}{}", &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_databases() {
        let file = |path: &str| Ok(Database::SqliteFile(path.into()));
        for (text, expected) in [
            ("sqlite://ottla.db", file("ottla.db")),
            ("sqlite:ottla.db", file("ottla.db")),
            ("sqlite:///var/lib/ottla.db", file("/var/lib/ottla.db")),
            ("sqlite://a%20b.db", file("a b.db")),
            ("sqlite::memory:", Ok(Database::SqliteMemory)),
            ("sqlite://:memory:", Ok(Database::SqliteMemory)),
            ("sqlite://", Err("sqlite:// names no file")),
            ("sqlite://x?mode=ro", Err("sqlite://x?mode=ro has parameters, and SQLite takes none")),
            (
                "mysql://u:p@h/d",
                Err(
                    "a database is sqlite://FILE, sqlite::memory: or postgres://USER@HOST/NAME, not mysql://u@h/d",
                ),
            ),
            ("sqlite://%ff", Err("the file name in sqlite://%ff is not UTF-8")),
        ] {
            assert_eq!(
                text.parse().map_err(|e: DatabaseError| e.to_string()),
                expected.map_err(str::to_owned),
                "{text}"
            );
        }
    }

    #[test]
    fn passwords_are_not_printed() {
        for (url, printed) in [
            ("postgres://u:secret@h:5/d", "postgres://u@h:5/d"),
            ("postgres://u:se@cret@h/d?password=x", "postgres://u@h/d"),
            ("postgresql://h/d", "postgresql://h/d"),
            ("postgres://u:se/cret@h", "postgres://u@h"),
            ("postgres:/u:secret@h", "postgres:/u@h"),
            ("postgres:u:secret@h", "postgres:u@h"),
        ] {
            let database = Database::Postgres(url.into());
            assert_eq!((database.to_string().as_str(), format!("{database:?}").as_str()), (printed, printed));
        }
    }
}
