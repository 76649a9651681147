//! Why a text is no schema, and where.

use std::fmt;

use crate::json::{self, Position};

/// Why a text is no schema, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    message: String,
    expected: String,
    pointer: String,
    position: Position,
}

impl ParseError {
    pub(super) fn new(message: String, expected: &str, pointer: String, position: Position) -> Self {
        Self(Box::new(Inner { message, expected: expected.to_owned(), pointer, position }))
    }

    pub(super) fn at_start(message: String, expected: &str) -> Self {
        Self::new(message, expected, String::new(), Position { line: 1, column: 1 })
    }

    pub(super) fn not_json(text: &str, error: &json::Error) -> Self {
        let position = Position::of(text, error.offset);
        let message = format!(
            "com.fasterxml.jackson.core.JsonParseException: {}\n at [Source: REDACTED \
             (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: {}, column: {}]",
            error.message, position.line, position.column
        );
        Self::new(message, "JSON", String::new(), position)
    }

    /// What is wrong, in the words that registry clients know.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What should stand there.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// The JSON pointer of the value that is wrong; empty for the whole text.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// The line of that value, from 1.
    pub fn line(&self) -> usize {
        self.0.position.line
    }

    /// The column of that value, from 1, in characters.
    pub fn column(&self) -> usize {
        self.0.position.column
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, expected, pointer, position } = &*self.0;
        write!(f, "{}:{}: {message} (expected {expected}", position.line, position.column)?;
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
    expected: &'static str,
    /// From the inside out.
    path: Vec<String>,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>, expected: &'static str) -> Self {
        Self(Box::new(Steps { message: message.into(), expected, path: Vec::new() }))
    }

    /// The same, seen from one level further out.
    pub(super) fn within(mut self, step: impl Into<String>) -> Self {
        self.0.path.push(step.into());
        self
    }

    /// Finds the place in the text.
    pub(super) fn locate(self, text: &str) -> ParseError {
        let Steps { message, expected, mut path } = *self.0;
        path.reverse();
        let position = json::locate(text, &path);
        let escaped = path.iter().map(|step| step.replace('~', "~0").replace('/', "~1"));
        let pointer: String = escaped.map(|step| format!("/{step}")).collect();
        ParseError::new(message, expected, pointer, position)
    }
}
