//! Why a text is no schema, and where.

use std::fmt;

use crate::json::{self, Position, Step};

/// Why a text is no schema, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    message: String,
    /// What is wrong in words for people, where the message has others.
    found: Option<String>,
    expected: String,
    pointer: String,
    position: Position,
}

impl ParseError {
    pub(super) fn new(message: String, expected: &str, pointer: String, position: Position) -> Self {
        let expected = expected.to_owned();
        Self(Box::new(Inner { message, found: None, expected, pointer, position }))
    }

    pub(super) fn at_start(message: String, expected: &str) -> Self {
        Self::new(message, expected, String::new(), Position { line: 1, column: 1 })
    }

    pub(super) fn not_json(text: &str, error: &json::Error) -> Self {
        Self(Box::new(Inner {
            message: error.java_text(text),
            found: Some(error.found.clone()),
            expected: error.expected.to_owned(),
            pointer: json::pointer(&error.path),
            position: Position::of(text, error.offset),
        }))
    }

    /// What is wrong, in the words that registry clients know.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What should stand there.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// The JSON pointer (RFC 6901) of the value that is wrong; empty for the whole text. Where something is missing, of
    /// what misses it; where the text is not JSON, of the innermost value that has begun.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// The line of that value, or of the character that is wrong, from 1.
    pub fn line(&self) -> usize {
        self.0.position.line
    }

    /// The column of the same, from 1, in characters.
    pub fn column(&self) -> usize {
        self.0.position.column
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, found, expected, pointer, position } = &*self.0;
        let wrong = found.as_ref().unwrap_or(message);
        write!(f, "{}:{}: {wrong} (expected {expected}", position.line, position.column)?;
        if !pointer.is_empty() {
            write!(f, " at {pointer}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for ParseError {}

/// An error on its way out of a value: the steps to it are added from the innermost on.
#[derive(Debug)]
pub(super) struct Mistake(Box<Steps>);

#[derive(Debug)]
struct Steps {
    message: String,
    found: Option<String>,
    expected: &'static str,
    /// From the inside out.
    path: Vec<Step>,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>, expected: &'static str) -> Self {
        Self(Box::new(Steps { message: message.into(), found: None, expected, path: Vec::new() }))
    }

    /// The same, told to people in other words than to the registry's clients.
    pub(super) fn told(mut self, found: String) -> Self {
        self.0.found = Some(found);
        self
    }

    /// The same, seen from one level further out.
    pub(super) fn within(mut self, step: impl Into<Step>) -> Self {
        self.0.path.push(step.into());
        self
    }

    /// Finds the place in the text.
    pub(super) fn locate(self, text: &str) -> ParseError {
        let Steps { message, found, expected, mut path } = *self.0;
        path.reverse();
        ParseError(Box::new(Inner {
            message,
            found,
            expected: expected.to_owned(),
            pointer: json::pointer(&path),
            position: json::locate(text, &path),
        }))
    }
}
