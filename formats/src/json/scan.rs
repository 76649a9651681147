//! Blanks, texts, numbers and words; and the words of what is wrong with them.

use std::borrow::Cow;

use super::error::{Error, MALFORMED, TOO_MUCH, TRUNCATED, describe};
use super::{Number, Value};

/// How many digits a number may have: as in Jackson.
const MAX_DIGITS: usize = 1000;

/// What was expected, in Jackson's words and in ours.
pub(super) type Expected = (&'static str, &'static str);

const VALUE: Expected = (
    "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    "a value",
);
pub(super) const KEY: Expected = ("was expecting double-quote to start field name", "a key in double-quotes");
pub(super) const COLON: Expected = ("was expecting a colon to separate field name and value", "a colon");
pub(super) const MEMBER: Expected = ("was expecting comma to separate Object entries", "a comma or }");
pub(super) const ELEMENT: Expected = ("was expecting comma to separate Array entries", "a comma or ]");
const COMMENT: Expected = ("was expecting either '*' or '/' for a comment", "a comment: // or /*");
const HEX: Expected = ("expected a hex-digit for character escape sequence", "a hexadecimal digit");

/// Errors are boxed, so that all that is passed on is small.
pub(super) type Result<T> = std::result::Result<T, Box<Error>>;

/// A text that is being read.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn scalar(&mut self) -> Result<Value<'a>> {
        match self.peek() {
            Some(b'"') => {
                let told = ": was expecting closing quote for a string value";
                Ok(Value::String(self.string(told)?))
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b) if b.is_ascii_alphabetic() || b == b'_' || b == b'$' || b >= 0x80 => self.word(),
            _ => Err(self.unexpected(VALUE)),
        }
    }

    fn word(&mut self) -> Result<Value<'a>> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let value = match &rest[..end] {
            "" => return Err(self.unexpected(VALUE)),
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            token @ ("NaN" | "Infinity" | "INF") => return Err(self.not_finite(token)),
            other => {
                let shown: String = other.chars().take(256).collect();
                let found = format!("Unrecognized token '{shown}'");
                let told =
                    ": was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
                return Err(self.error(MALFORMED, found, told, VALUE.1));
            }
        };
        self.at += end;
        Ok(value)
    }

    fn not_finite(&self, token: &str) -> Box<Error> {
        let found = format!("Non-standard token '{token}'");
        let told = ": enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow";
        self.error(MALFORMED, found, told, "a number, or this in quotes")
    }

    pub(super) fn string(&mut self, at_end: &str) -> Result<Cow<'a, str>> {
        self.at += 1;
        let mut unescaped: Option<String> = None;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20).unwrap_or(rest.len());
            let text = &self.text[self.at..self.at + plain];
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match unescaped {
                        None => Cow::Borrowed(text),
                        Some(before) => Cow::Owned(before + text),
                    });
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    let before = unescaped.get_or_insert_default();
                    before.push_str(text);
                    before.push(c);
                }
                Some(b) => {
                    let found = format!("Illegal unquoted character ({})", describe(char::from(b)));
                    let told = ": has to be escaped using backslash to be included in string value";
                    return Err(self.error(MALFORMED, found, told, "an escape sequence"));
                }
                None => {
                    return Err(self.error(
                        TRUNCATED,
                        "Unexpected end-of-input",
                        at_end,
                        "a closing double-quote",
                    ));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        self.at += 1;
        let c = match self.peek() {
            Some(b @ (b'"' | b'\\' | b'/')) => char::from(b),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                let expected = "one of \" \\ / b f n r t u";
                let Some(c) = self.next_char() else {
                    return Err(self.end(" in character escape sequence", expected));
                };
                let found = format!("Unrecognized character escape {}", describe(c));
                return Err(self.error(MALFORMED, found, "", expected));
            }
        };
        self.at += 1;
        Ok(c)
    }

    /// A lone surrogate cannot be held in a Rust string, and becomes U+FFFD.
    fn unicode_escape(&mut self) -> Result<char> {
        let high = self.hex4()?;
        if (0xD800..0xDC00).contains(&high) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 1;
            let low = self.hex4()?;
            if (0xDC00..0xE000).contains(&low) {
                let c = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Reads `u` and four digits.
    fn hex4(&mut self) -> Result<u32> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|b| char::from(b).to_digit(16)) else {
                return Err(self.unexpected(HEX));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Number> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
            if self.text[self.at..].starts_with("Infinity") {
                return Err(self.not_finite("-Infinity"));
            }
        }
        let leading = self.at;
        self.digits("expected digit (0-9) to follow minus sign, for valid numeric value")?;
        if self.text.as_bytes()[leading] == b'0' && self.at > leading + 1 {
            self.at = leading + 1;
            let found = "Invalid numeric value: Leading zeroes not allowed";
            return Err(self.error(MALFORMED, found, "", "a number without leading zeroes"));
        }
        let whole = self.at;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("Decimal point not followed by a digit")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("Exponent indicator not followed by a digit")?;
        }
        let text = &self.text[from..self.at];
        if text.len() > MAX_DIGITS {
            self.at = from;
            let found = format!("Number value length ({}) exceeds the maximum allowed", text.len());
            return Err(self.error(TOO_MUCH, found, format!(" ({MAX_DIGITS})"), "a shorter number"));
        }
        Ok(Number::of(text, self.at == whole))
    }

    /// Reads one digit at least.
    fn digits(&mut self, missing: &str) -> Result<()> {
        let from = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from {
            return Ok(());
        }
        Err(match self.next_char() {
            None => self.end(" in a Number value", "a digit"),
            Some(c) => {
                let found = format!("Unexpected character ({}) in numeric value", describe(c));
                self.error(MALFORMED, found, format!(": {missing}"), "a digit")
            }
        })
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next_char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn skip_space(&mut self) -> Result<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn skip_comment(&mut self) -> Result<()> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest.get(1) {
            Some(b'/') => rest.iter().position(|b| matches!(b, b'\n' | b'\r')).or(Some(rest.len())),
            Some(b'*') => rest[2..].windows(2).position(|w| w == b"*/").map(|at| at + 4),
            _ => {
                self.at += 1;
                return Err(self.unexpected(COMMENT));
            }
        };
        match length {
            Some(length) => {
                self.at += length;
                Ok(())
            }
            None => {
                self.at = self.text.len();
                Err(self.error(TRUNCATED, "Unexpected end-of-input", " in a comment", "*/"))
            }
        }
    }

    pub(super) fn error(
        &self,
        class: &'static str,
        found: impl Into<String>,
        told: impl Into<String>,
        expected: &'static str,
    ) -> Box<Error> {
        Box::new(Error {
            found: found.into(),
            expected,
            told: told.into(),
            class,
            offset: self.at,
            path: Vec::new(),
        })
    }

    /// The next character is none of those that may stand here.
    pub(super) fn unexpected(&self, (told, expected): Expected) -> Box<Error> {
        match self.next_char() {
            Some(c) if c < ' ' => {
                let found = format!("Illegal character ({})", describe(c));
                let told = ": only regular white space (\\r, \\n, \\t) is allowed between tokens";
                self.error(MALFORMED, found, told, expected)
            }
            Some(c) => {
                let found = format!("Unexpected character ({})", describe(c));
                self.error(MALFORMED, found, format!(": {told}"), expected)
            }
            None => self.end("", expected),
        }
    }

    /// The text ends too early.
    fn end(&self, told: &str, expected: &'static str) -> Box<Error> {
        self.error(TRUNCATED, "Unexpected end-of-input", told, expected)
    }
}
