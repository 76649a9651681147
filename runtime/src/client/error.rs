//! Why a registry did not do what it was asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::references::ReferenceError;
use super::transport::{Method, Response, TransportError};
use super::{Guid, SchemaId};

/// How much of a body that is not understood is shown, in characters.
const SHOWN: usize = 200;

/// Why a registry did not do what it was asked. Cheap to clone.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum Error {
    /// The registry said no.
    #[error("{0}")]
    Refused(Arc<Refusal>),
    /// No registry answered.
    #[error("{0}")]
    Unreachable(Arc<Unreachable>),
    /// The registry answered something that is not understood.
    #[error("{0}")]
    Unexpected(Arc<Unexpected>),
    /// The provider of the bearer token has none.
    #[error("{asked}: no credentials: {reason}")]
    Credentials {
        /// What was asked.
        asked: Arc<Asked>,
        /// What the provider said.
        reason: Arc<str>,
    },
    /// The references of a schema cannot be followed.
    #[error(transparent)]
    References(#[from] ReferenceError),
    /// The client cannot be built like this.
    #[error("{0}")]
    Settings(Arc<str>),
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// Path and query, percent-encoded, without the base URL.
    pub path: String,
    /// The subject that it was about, as it was given.
    pub subject: Option<String>,
    /// The schema id that it was about.
    pub id: Option<SchemaId>,
    /// The content hash that it was about.
    pub guid: Option<Guid>,
}

/// An answer that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What was asked.
    pub asked: Asked,
    /// Who said no: the base URL, without credentials.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The registry's code, such as 40403; the status, if the answer has none.
    pub error_code: i32,
    /// The registry's message; the beginning of the body, if that is not what registries send.
    pub message: String,
    /// How often the request was sent, to any URL.
    pub tries: usize,
}

/// No answer from anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreachable {
    /// What was asked.
    pub asked: Asked,
    /// What was tried, in order.
    pub attempts: Vec<Attempt>,
    /// May the request have taken place all the same?
    pub outcome_unknown: bool,
}

/// One try that got no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The base URL, without credentials.
    pub url: String,
    /// Why there was no answer.
    pub reason: AttemptError,
}

/// Why one try got no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AttemptError {
    /// The connection failed.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The time for one request was up.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
}

/// An answer that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unexpected {
    /// What was asked.
    pub asked: Asked,
    /// Who answered: the base URL, without credentials.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with it.
    pub reason: String,
    /// The beginning of the body.
    pub body: String,
}

/// What registries send when they say no.
#[derive(serde::Deserialize)]
struct Body {
    error_code: i32,
    #[serde(default)]
    message: Option<String>,
}

impl Error {
    /// The registry's code, such as 40403; the HTTP status if it told none. `None` if nobody answered.
    pub fn error_code(&self) -> Option<i32> {
        self.refusal().map(|refusal| refusal.error_code)
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Unexpected(unexpected) => Some(unexpected.status),
            _ => None,
        }
    }

    /// The refusal, if the registry said no.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Does the registry say that there is no such subject, version, schema or setting (404 with one of its own codes)?
    /// A wrong base URL or a proxy that answers 404 is not meant.
    pub fn is_not_found(&self) -> bool {
        self.refusal().is_some_and(|r| r.status == 404 && (40400..40500).contains(&r.error_code))
    }

    /// Is the schema incompatible with an earlier version (40901, in older registries 409)?
    pub fn is_incompatible(&self) -> bool {
        self.refusal().is_some_and(|r| r.status == 409 && matches!(r.error_code, 409 | 40901))
    }

    /// Is the schema, or a reference of it, not valid (42201)?
    pub fn is_invalid_schema(&self) -> bool {
        self.error_code() == Some(42201)
    }

    /// Are the credentials missing, wrong, or not enough (401, 403)?
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Credentials { .. }) || matches!(self.status(), Some(401 | 403))
    }

    /// May the same request succeed later: nobody answered, or the registry had trouble of its own (5xx, 408, 429)?
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(refusal) => is_temporary(refusal.status),
            Self::Unreachable(_) => true,
            _ => false,
        }
    }

    /// Was the request sent, and nobody knows whether it took place?
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::Unreachable(unreachable) if unreachable.outcome_unknown)
    }
}

/// Is it a status of passing trouble?
pub(super) fn is_temporary(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502..=504 | 506..=599)
}

impl Refusal {
    /// Reads the answer.
    pub(super) fn new(asked: &Asked, url: &str, response: &Response, tries: usize) -> Self {
        let status = response.status;
        let (error_code, message) = match serde_json::from_slice::<Body>(&response.body) {
            Ok(body) => (body.error_code, body.message.unwrap_or_default()),
            Err(_) => match response.header("location") {
                Some(to) => (
                    status.into(),
                    format!("it redirects to {}, which is not followed", shown(to.as_bytes())),
                ),
                None => (status.into(), shown(&response.body)),
            },
        };
        Self { asked: asked.clone(), url: url.to_owned(), status, error_code, message, tries }
    }
}

/// The beginning of a body, as text on one line.
pub(super) fn shown(body: &[u8]) -> String {
    // A character takes at most four bytes.
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN + 4)]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asked, url, status, error_code, message, .. } = self;
        write!(f, "{asked}: {url} says {status}")?;
        if *error_code != i32::from(*status) {
            write!(f, " ({error_code})")?;
        }
        if !message.is_empty() {
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: no registry answered", self.asked)?;
        for (i, attempt) in self.attempts.iter().enumerate() {
            let separator = if i == 0 { ": " } else { "; " };
            write!(f, "{separator}{}: {}", attempt.url, attempt.reason)?;
        }
        if self.outcome_unknown {
            f.write_str(" (it may have taken place)")?;
        }
        Ok(())
    }
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asked, url, status, reason, body } = self;
        write!(f, "{asked}: the answer of {url} ({status}) is not understood: {reason}: {body}")
    }
}
