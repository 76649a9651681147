//! From JSON text to the model (Avro specification, "Schema Declaration").
//!
//! What is accepted and how a refusal reads follows Apache Avro Java 1.12 as the registry uses it: registry clients
//! see the texts. A text is refused that Java takes if it is beyond [`MAX_TEXT`], [`MAX_TYPES`],
//! [`json::MAX_DEPTH`] or [`json::MAX_VALUES`], or if what Java prints of it is another schema.

mod build;
mod error;
mod fields;
mod names;
mod parts;
mod scope;

pub use error::ParseError;

use super::Schema;
use crate::json::{self, Position};

/// How strictly a text is read. What else may differ is the same in all ways: defaults of enums have to be symbols, and
/// texts as defaults of floats and doubles have to be numbers.
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

/// How many types a schema may have, those of its references included. All uses of a primitive without attributes are
/// one type.
pub const MAX_TYPES: usize = 65_536;

/// Reads a schema that refers to no other. See [`parse_with`].
pub fn parse(text: &str, mode: Mode) -> Result<Schema, ParseError> {
    parse_with(text, mode, &[])
}

/// Reads a schema. The named types of the referenced schemas are known to it; of two with one name the first counts.
///
/// The text may hold comments (`//`, `/* */`), use names before it defines them, and define a type twice if both
/// definitions are equal. The first thing that is wrong with it is the error; nothing is mended or passed over.
pub fn parse_with(text: &str, mode: Mode, references: &[&Schema]) -> Result<Schema, ParseError> {
    let (schema, looks_ahead) = read(text, mode, references)?;
    if looks_ahead || text.len() > MAX_TEXT / 3 {
        check_text(&schema, mode, references)?;
    }
    Ok(schema)
}

/// Reads a schema, and says whether it uses names before it defines them.
fn read(text: &str, mode: Mode, references: &[&Schema]) -> Result<(Schema, bool), ParseError> {
    if text.len() > MAX_TEXT {
        return Err(too_long());
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

/// What a registry keeps of a schema is its text, so that has to be readable, and as the same schema. If names are used
/// before they are defined, it may nest deeper than the text that was read; and the name of a type without a namespace
/// may stand after the definition of another that has the name within the namespace. If numbers are written out, it may
/// be longer.
fn check_text(schema: &Schema, mode: Mode, references: &[&Schema]) -> Result<(), ParseError> {
    let text = schema.to_text();
    if text.len() > MAX_TEXT {
        return Err(too_long());
    }
    json::parse(&text).map_err(|e| in_full(&e.found, e.expected))?;
    if mode != Mode::Register {
        return Ok(());
    }
    let again = read(&text, Mode::Lookup, references).map_err(|e| in_full(e.message(), e.expected()))?.0;
    if again.parsing_canonical_form() != schema.parsing_canonical_form() {
        let what = "a name without a namespace becomes that of another type within one";
        return Err(in_full(what, "different names"));
    }
    Ok(())
}

fn in_full(what: &str, expected: &str) -> ParseError {
    ParseError::at_start(format!("The schema in full: {what}"), expected)
}

fn too_long() -> ParseError {
    ParseError::at_start(format!("Schema text is longer than {MAX_TEXT} bytes"), "a shorter text")
}
