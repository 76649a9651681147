//! From text to values.

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::{Error, MALFORMED, SOURCE, TOO_MUCH, TRUNCATED, describe};
use super::{Member, Number, Position, Step, Value};

/// How deep lists and objects may be nested. Java's reader takes 1,000 levels, which no schema needs.
pub const MAX_DEPTH: usize = 200;

/// How many values a text may hold, so that a short text cannot take very much memory.
pub const MAX_VALUES: usize = 1_000_000;

/// How many digits a number may have: as in Jackson.
const MAX_DIGITS: usize = 1000;

/// From how many members on an object's keys are indexed while it is read.
const INDEXED: usize = 16;

/// What was expected, in Jackson's words and in ours.
type Expected = (&'static str, &'static str);

const VALUE: Expected = (
    "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    "a value",
);
const KEY: Expected = ("was expecting double-quote to start field name", "a key in double-quotes");
const COLON: Expected = ("was expecting a colon to separate field name and value", "a colon");
const MEMBER: Expected = ("was expecting comma to separate Object entries", "a comma or }");
const ELEMENT: Expected = ("was expecting comma to separate Array entries", "a comma or ]");
const COMMENT: Expected = ("was expecting either '*' or '/' for a comment", "a comment: // or /*");
const HEX: Expected = ("expected a hex-digit for character escape sequence", "a hexadecimal digit");

type Result<T> = std::result::Result<T, Error>;

/// Reads the first value of a text, and tells where it ends.
///
/// Comments may stand before and within the value. Of a repeated key the last value counts.
pub fn parse(text: &str) -> Result<(Value<'_>, usize)> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, values: 0, open: Vec::new() };
    match parser.document() {
        Ok(value) => Ok((value, parser.at)),
        Err(error) => Err(Error { path: parser.path(), ..error }),
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    values: usize,
    /// The lists and objects that have begun, from the outermost on.
    open: Vec<Open<'a>>,
}

/// A list or object that has begun.
struct Open<'a> {
    start: usize,
    content: Content<'a>,
}

enum Content<'a> {
    Array {
        elements: Vec<Value<'a>>,
        /// The next element is read.
        reads: bool,
    },
    Object {
        members: Vec<Member<'a>>,
        /// Keys and their places, of long objects only.
        index: HashMap<Cow<'a, str>, usize>,
        /// The key whose value is read.
        key: Option<Cow<'a, str>>,
    },
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Result<Value<'a>> {
        self.skip_space()?;
        loop {
            let Some(mut value) = self.begin()? else { continue };
            // The value is complete, and perhaps what it belongs to.
            loop {
                match self.open.last_mut() {
                    None => return Ok(value),
                    Some(open) => open.content.add(value),
                }
                match self.follow()? {
                    Some(complete) => value = complete,
                    None => break,
                }
            }
        }
    }

    /// Reads a value, or the beginning of one up to its first element or key.
    fn begin(&mut self) -> Result<Option<Value<'a>>> {
        self.values += 1;
        if self.values > MAX_VALUES {
            let found = format!("Document has more than {MAX_VALUES} values");
            return Err(self.error(TOO_MUCH, found, "", "fewer values"));
        }
        let (content, close) = match self.peek() {
            Some(b'{') => (Content::Object { members: Vec::new(), index: HashMap::new(), key: None }, b'}'),
            Some(b'[') => (Content::Array { elements: Vec::new(), reads: false }, b']'),
            _ => return self.scalar().map(Some),
        };
        if self.open.len() >= MAX_DEPTH {
            let found = format!("Document nesting depth ({}) exceeds the maximum allowed", MAX_DEPTH + 1);
            return Err(self.error(TOO_MUCH, found, format!(" ({MAX_DEPTH})"), "less nesting"));
        }
        self.open.push(Open { start: self.at, content });
        self.at += 1;
        self.skip_space()?;
        if self.peek() == Some(close) {
            return Ok(self.close());
        }
        self.key()?;
        Ok(None)
    }

    /// Goes on after an element or member: to the next, or to the end of the list or object, which is the answer.
    fn follow(&mut self) -> Result<Option<Value<'a>>> {
        self.skip_space()?;
        let in_object = self.in_object();
        match (self.peek(), in_object) {
            (Some(b','), _) => self.at += 1,
            (Some(b'}'), true) | (Some(b']'), false) => return Ok(self.close()),
            (_, true) => return Err(self.unexpected(MEMBER)),
            (_, false) => return Err(self.unexpected(ELEMENT)),
        }
        self.skip_space()?;
        self.key()?;
        Ok(None)
    }

    fn in_object(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Object { .. }, .. }))
    }

    fn close(&mut self) -> Option<Value<'a>> {
        self.at += 1;
        Some(match self.open.pop()?.content {
            Content::Array { elements, .. } => Value::Array(elements),
            Content::Object { members, .. } => Value::Object(members),
        })
    }

    /// Goes on to the next element, or reads the next key and its colon.
    fn key(&mut self) -> Result<()> {
        if let Some(Open { content: Content::Array { reads, .. }, .. }) = self.open.last_mut() {
            *reads = true;
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(KEY));
        }
        let name = self.string(" in field name")?;
        self.skip_space()?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected(COLON));
        }
        self.at += 1;
        self.skip_space()?;
        if let Some(Open { content: Content::Object { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(name);
        }
        Ok(())
    }

    fn scalar(&mut self) -> Result<Value<'a>> {
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

    fn not_finite(&self, token: &str) -> Error {
        let found = format!("Non-standard token '{token}'");
        let told = ": enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow";
        self.error(MALFORMED, found, told, "a number, or this in quotes")
    }

    fn string(&mut self, at_end: &str) -> Result<Cow<'a, str>> {
        self.at += 1;
        let mut unescaped: Option<String> = None;
        loop {
            let rest = &self.bytes[self.at..];
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
        if (0xD800..0xDC00).contains(&high) && self.bytes[self.at..].starts_with(b"\\u") {
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
        if self.bytes[leading] == b'0' && self.at > leading + 1 {
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
}

/// Blanks, and what is wrong.
impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next_char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_space(&mut self) -> Result<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn skip_comment(&mut self) -> Result<()> {
        let rest = &self.bytes[self.at..];
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
                self.at = self.bytes.len();
                Err(self.error(TRUNCATED, "Unexpected end-of-input", " in a comment", "*/"))
            }
        }
    }

    fn error(
        &self,
        class: &'static str,
        found: impl Into<String>,
        told: impl Into<String>,
        expected: &'static str,
    ) -> Error {
        Error { found: found.into(), expected, told: told.into(), class, offset: self.at, path: Vec::new() }
    }

    /// The next character is none of those that may stand here.
    fn unexpected(&self, (told, expected): Expected) -> Error {
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
    fn end(&self, told: &str, expected: &'static str) -> Error {
        let told = match self.open.last() {
            Some(open) if told.is_empty() => {
                let kind = if self.in_object() { "Object" } else { "Array" };
                let start = Position::of(self.text, open.start);
                format!(
                    ": expected close marker for {kind} (start marker at {SOURCE}; line: {}, column: {}])",
                    start.line, start.column
                )
            }
            _ => told.to_owned(),
        };
        self.error(TRUNCATED, "Unexpected end-of-input", told, expected)
    }

    /// The steps to the innermost value that has begun.
    fn path(&self) -> Vec<Step> {
        let steps = self.open.iter().map_while(|open| match &open.content {
            Content::Array { elements, reads } => reads.then(|| Step::Index(elements.len())),
            Content::Object { key, .. } => key.as_deref().map(|key| Step::Key(key.to_owned().into())),
        });
        steps.collect()
    }
}

impl<'a> Content<'a> {
    /// Adds an element, or the value of the last key. Short objects are searched for a repeated key; the keys of long
    /// ones are indexed, so that no object takes quadratic time.
    fn add(&mut self, value: Value<'a>) {
        let (members, index, key) = match self {
            Self::Array { elements, reads } => {
                *reads = false;
                return elements.push(value);
            }
            Self::Object { members, index, key } => (members, index, key.take().unwrap_or_default()),
        };
        if members.len() < INDEXED {
            match members.iter_mut().find(|(known, _)| *known == key) {
                Some((_, old)) => *old = value,
                None => members.push((key, value)),
            }
            return;
        }
        if index.is_empty() {
            index.extend(members.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)));
        }
        match index.get(&key) {
            Some(at) => members[*at].1 = value,
            None => {
                index.insert(key.clone(), members.len());
                members.push((key, value));
            }
        }
    }
}
