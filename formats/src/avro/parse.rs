//! From JSON text to the model.
//!
//! What is accepted and how a refusal reads follows Apache Avro Java 1.12 as the registry uses it: registry clients
//! see the texts.

mod build;
mod error;
mod names;

pub use error::ParseError;

use super::Schema;
use crate::json::{self, Position};

/// How strictly a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Names of any letters, digits and `_`; default values have to suit their types.
    Strict,
    /// The same without looking at default values.
    Lenient,
    /// A new schema of a registry: names of ASCII letters, digits and `_`; default values are checked.
    Register,
    /// A known schema of a registry: names as in [`Mode::Strict`], namespaces, aliases and default values unchecked.
    Lookup,
}

impl Mode {
    fn checks_defaults(self) -> bool {
        matches!(self, Self::Strict | Self::Register)
    }

    fn checks_namespaces(self) -> bool {
        self != Self::Lookup
    }
}

/// How long a text may be, in bytes.
pub const MAX_TEXT: usize = 16 << 20;

/// How many types a schema may have, those of its references included.
pub const MAX_TYPES: usize = 200_000;

/// Reads a schema that refers to no other.
pub fn parse(text: &str, mode: Mode) -> Result<Schema, ParseError> {
    parse_with(text, mode, &[])
}

/// Reads a schema. The named types of the referenced schemas are known to it; of two with one name the first counts.
pub fn parse_with(text: &str, mode: Mode, references: &[&Schema]) -> Result<Schema, ParseError> {
    if text.len() > MAX_TEXT {
        let message = format!("Schema text is longer than {MAX_TEXT} bytes");
        return Err(ParseError::at_start(message, "a shorter text"));
    }
    if text.trim().is_empty() {
        return Err(ParseError::at_start("Cannot parse <null> schema".into(), "a schema"));
    }
    let (value, end) = json::parse(text).map_err(|e| ParseError::not_json(text, &e))?;
    let rest = text[end..].trim_matches(|c: char| c <= ' ');
    if !rest.is_empty() {
        let shown: String = rest.chars().take(256).collect();
        let message = format!("dangling content after end of schema: {shown}");
        let at = text.len() - text[end..].trim_start().len();
        return Err(ParseError::new(message, "the end of the text", String::new(), Position::of(text, at)));
    }
    build::build(&value, mode, references).map_err(|mistake| mistake.locate(text))
}
