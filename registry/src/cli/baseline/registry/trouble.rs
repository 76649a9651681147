//! Why there is no answer, and what to do.

use std::fmt;

use ottla::client::{AttemptError, Error, TransportError, Unreachable};

/// What to do about an answer that no registry gives.
pub(super) const NO_REGISTRY: &str =
    "is it the URL of a schema registry, and nothing in between that answers for it?";

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::cli) enum Trouble {
    /// The registry said no, nothing, or what is not understood.
    Registry(Error),
    /// What it said does not fit together; in words.
    Said(String),
}

impl Trouble {
    /// Is there nobody to answer, whatever is asked?
    pub(in crate::cli) fn is_away(&self) -> bool {
        let Self::Registry(Error::Unreachable(unreachable)) = self else { return false };
        unreachable.attempts.iter().all(|attempt| !is_about_one_answer(&attempt.reason))
    }
}

/// The answer to something else may come.
fn is_about_one_answer(reason: &AttemptError) -> bool {
    use TransportError::{Invalid, TooLong};
    matches!(reason, AttemptError::Transport(TooLong { .. } | Invalid(_)))
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Registry(error)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(words) => f.write_str(words),
            Self::Registry(error) => {
                match error {
                    Error::Unreachable(unreachable) => f.write_str(&nobody(unreachable))?,
                    error => write!(f, "{error}")?,
                }
                match advice(error) {
                    Some(advice) => write!(f, "; {advice}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Each URL and what became of it, once: it was tried several times.
fn nobody(unreachable: &Unreachable) -> String {
    let mut told: Vec<String> = Vec::new();
    for attempt in &unreachable.attempts {
        let words = format!("{}: {}", attempt.url, attempt.reason);
        if !told.contains(&words) {
            told.push(words);
        }
    }
    format!("no registry answered: {}", told.join("; "))
}

fn advice(error: &Error) -> Option<&'static str> {
    let status = error.status().unwrap_or_default();
    Some(match error {
        _ if error.is_unauthorized() => {
            "give OTTLA_REGISTRY_TOKEN, or OTTLA_REGISTRY_USER as USER:PASSWORD, of somebody who may read it"
        }
        _ if (300..400).contains(&status) => "give the URL that it redirects to, if it is the registry's",
        _ if status >= 500 || status == 429 => "see the registry's own log, and try again",
        Error::Unreachable(unreachable) => return Some(way_out(unreachable)),
        Error::Unexpected(_) => {
            "is it the URL of a schema registry, and nothing in between that answers for it?"
        }
        // Codes of registries have five digits.
        Error::Refused(refusal) if refusal.error_code < 1000 => {
            "is it the URL of a schema registry, with the path that it is under?"
        }
        error if error.is_not_found() => "was it deleted meanwhile? Try again",
        _ => return None,
    })
}

fn way_out(unreachable: &Unreachable) -> &'static str {
    let is_late = |reason: &AttemptError| matches!(reason, AttemptError::Timeout(_));
    if unreachable.attempts.iter().any(|attempt| is_late(&attempt.reason)) {
        "is it under load, or stopped? --registry-timeout gives it more time"
    } else if unreachable.attempts.iter().all(|attempt| is_about_one_answer(&attempt.reason)) {
        "is it the URL of a schema registry?"
    } else {
        "is it running, and is that its URL?"
    }
}
