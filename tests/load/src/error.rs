//! Why there are no figures.

use std::io;
use std::path::Path;

use ottla_registry::log::codec::EncodeError;
use ottla_registry::log::{AppendError, OpenError, Unavailable};

use crate::check::Wrong;
use crate::client::CallError;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A request got no answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// An answer was not the right one.
    #[error(transparent)]
    Wrong(#[from] Wrong),
    /// A load had failures, so its figures do not count.
    #[error("{case}: {errors} requests failed and {wrong} answers were wrong; first: {first}")]
    Load {
        /// What was asked.
        case: String,
        /// Requests without an answer.
        errors: u64,
        /// Answers that were not right.
        wrong: u64,
        /// The first of them in words.
        first: String,
    },
    /// What was asked for does not make sense.
    #[error("{0}")]
    Usage(String),
    /// A program could not be started, or ended too early.
    #[error("{program} does not run: {reason}")]
    Program {
        /// The program.
        program: String,
        /// Its words, or the system's.
        reason: String,
    },
    /// A file or the system failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Sql(#[from] sqlx::Error),
    /// The log could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The log could not be read.
    #[error(transparent)]
    Head(#[from] Unavailable),
    /// The log took no entries.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// A record could not be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A signal asked to end.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// For `map_err`: says what was tried.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// For `map_err`: names the file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(path.display().to_string())
    }

    /// A program does not run.
    pub(crate) fn program(program: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Program { program: program.into(), reason: reason.into() }
    }
}
