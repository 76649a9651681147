//! What goes wrong, and how far that reaches.

use std::fmt::Display;
use std::io;

/// What goes wrong, in words.
#[derive(Debug)]
pub(super) enum Failure {
    /// With one message: those after it may be read.
    Message(String),
    /// With one file: where its next message begins is not known.
    File(String),
    /// With all that is still to come.
    End(String),
    /// Nobody reads what is printed any more.
    Closed,
}

impl Failure {
    pub(super) fn message(words: impl Display) -> Self {
        Self::Message(words.to_string())
    }

    pub(super) fn file(words: impl Display) -> Self {
        Self::File(words.to_string())
    }

    pub(super) fn end(words: impl Display) -> Self {
        Self::End(words.to_string())
    }

    /// Printing did not work.
    pub(super) fn output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::End(format!("standard output: {error}")),
        }
    }

    /// With the place before it, if there is one.
    pub(super) fn at(self, place: impl Display) -> Self {
        let place = place.to_string();
        let at = |words: String| if place.is_empty() { words } else { format!("{place}: {words}") };
        match self {
            Self::Message(words) => Self::Message(at(words)),
            Self::File(words) => Self::File(at(words)),
            Self::End(words) => Self::End(at(words)),
            Self::Closed => Self::Closed,
        }
    }
}
