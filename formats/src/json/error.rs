//! Why a text is not JSON, and where.

use std::fmt;

use super::Step;

/// Why a text is not JSON, and where. The texts are Jackson's, which the registry's clients know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: &'static str,
    /// The part of Jackson's text that follows what was found.
    pub(super) told: String,
    /// The class of Java's exception.
    pub class: &'static str,
    /// Where, in bytes from the start of the text.
    pub offset: usize,
    /// The steps to the innermost value that had begun.
    pub path: Vec<Step>,
}

/// The classes of Java's exceptions.
pub(super) const MALFORMED: &str = "com.fasterxml.jackson.core.JsonParseException";
pub(super) const TRUNCATED: &str = "com.fasterxml.jackson.core.io.JsonEOFException";
pub(super) const TOO_MUCH: &str = "com.fasterxml.jackson.core.exc.StreamConstraintsException";

/// What Jackson says instead of a place in the text.
pub(super) const SOURCE: &str = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

impl Error {
    /// Java's text of the error, with its class and the place.
    pub fn java_text(&self, text: &str) -> String {
        let Self { found, told, class, .. } = self;
        if *class == TOO_MUCH {
            return format!("{class}: {found}{told}");
        }
        let at = super::Position::of(text, self.offset);
        format!("{class}: {found}{told}\n at {SOURCE}; line: {}, column: {}]", at.line, at.column)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (expected {})", self.found, self.expected)
    }
}

impl std::error::Error for Error {}

/// A character as Jackson describes it.
pub(super) fn describe(c: char) -> String {
    let code = u32::from(c);
    match c {
        c if c.is_control() => format!("(CTRL-CHAR, code {code})"),
        c if code > 255 => format!("'{c}' (code {code} / 0x{code:x})"),
        c => format!("'{c}' (code {code})"),
    }
}
