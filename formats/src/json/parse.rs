//! From text to values.

use std::collections::HashMap;
use std::fmt;

use super::{Number, Value};

/// How deep lists and objects may be nested. Java's reader takes 1,000 levels, which no schema needs; what is read
/// here is walked by recursion later, and has to fit into any thread's stack.
pub const MAX_DEPTH: usize = 200;

/// How many digits a number may have: as in Jackson.
const MAX_DIGITS: usize = 1000;

/// From how many members on an object's keys are indexed while it is read.
const INDEXED: usize = 16;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What was found, and what was expected.
    pub message: String,
    /// Where, in bytes from the start of the text.
    pub offset: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Reads the first value of a text, and tells where it ends.
///
/// Comments may stand before and within the value. Of a repeated key the last value counts.
pub fn parse(text: &str) -> Result<(Value, usize), Error> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0 };
    parser.skip_space()?;
    let value = parser.value(0)?;
    Ok((value, parser.at))
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, Error> {
        Err(Error { message: message.into(), offset: self.at })
    }

    fn unexpected<T>(&self, expected: &str) -> Result<T, Error> {
        match self.text[self.at..].chars().next() {
            Some(c) => self.error(format!(
                "Unexpected character ('{}' (code {})): was expecting {expected}",
                c.escape_debug(),
                u32::from(c)
            )),
            None => self.error(format!("Unexpected end-of-input: was expecting {expected}")),
        }
    }

    fn skip_space(&mut self) -> Result<(), Error> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn skip_comment(&mut self) -> Result<(), Error> {
        let rest = &self.bytes[self.at..];
        let end = match rest.get(1) {
            Some(b'/') => rest.iter().position(|b| matches!(b, b'\n' | b'\r')).or(Some(rest.len())),
            Some(b'*') => rest[2..].windows(2).position(|w| w == b"*/").map(|at| at + 4),
            _ => return self.unexpected("a comment or a value"),
        };
        match end {
            Some(end) => {
                self.at += end;
                Ok(())
            }
            None => self.error("Unexpected end-of-input in a comment"),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Error> {
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                self.error(format!("Document nesting depth exceeds the maximum allowed ({MAX_DEPTH})"))
            }
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(Value::Number(self.number()?)),
            Some(b) if b.is_ascii_alphabetic() || b == b'_' || b == b'$' || b >= 0x80 => self.word(),
            _ => self.unexpected("a value"),
        }
    }

    fn word(&mut self) -> Result<Value, Error> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let value = match &rest[..end] {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            other => {
                let shown: String = other.chars().take(256).collect();
                return self.error(format!(
                    "Unrecognized token '{shown}': was expecting (JSON String, Number, Array, Object or token \
                     'null', 'true' or 'false')"
                ));
            }
        };
        self.at += end;
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, Error> {
        self.at += 1;
        let mut members: Vec<(String, Value)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        self.skip_space()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.unexpected("double-quote to start field name");
            }
            let key = self.string()?;
            self.skip_space()?;
            if self.peek() != Some(b':') {
                return self.unexpected("a colon to separate field name and value");
            }
            self.at += 1;
            self.skip_space()?;
            let value = self.value(depth)?;
            insert(&mut members, &mut index, key, value);
            self.skip_space()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                _ => return self.unexpected("comma to separate Object entries"),
            }
            self.skip_space()?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Error> {
        self.at += 1;
        let mut elements = Vec::new();
        self.skip_space()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value(depth)?);
            self.skip_space()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(elements));
                }
                _ => return self.unexpected("comma to separate Array entries"),
            }
            self.skip_space()?;
        }
    }

    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let plain = rest.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20).unwrap_or(rest.len());
            out.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    out.push(c);
                }
                Some(b) => {
                    return self.error(format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {b})): has to be escaped using backslash to be \
                         included in string value"
                    ));
                }
                None => {
                    return self
                        .error("Unexpected end-of-input: was expecting closing quote for a string value");
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let c = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.at += 1;
                return self.error("Unrecognized character escape");
            }
        };
        self.at += 2;
        Ok(c)
    }

    /// A lone surrogate cannot be held in a Rust string, and becomes U+FFFD.
    fn unicode_escape(&mut self) -> Result<char, Error> {
        let high = self.hex4()?;
        if (0xD800..0xDC00).contains(&high) && self.bytes[self.at..].starts_with(b"\\u") {
            let before = self.at;
            let low = self.hex4()?;
            if (0xDC00..0xE000).contains(&low) {
                let c = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let digits = self.bytes.get(self.at + 2..self.at + 6);
        let digits = digits.filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits.and_then(|d| std::str::from_utf8(d).ok()) else {
            return self
                .error("Unexpected character: was expecting a hex-digit for character escape sequence");
        };
        self.at += 6;
        Ok(u32::from_str_radix(digits, 16).unwrap_or_default())
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Result<Number, Error> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading = self.at;
        if self.digits() == 0 {
            return self.unexpected("a digit (0-9) to follow minus sign, for valid numeric value");
        }
        if self.bytes[leading] == b'0' && self.at > leading + 1 {
            return self.error("Invalid numeric value: Leading zeroes not allowed");
        }
        let mut is_double = false;
        if self.peek() == Some(b'.') {
            is_double = true;
            self.at += 1;
            if self.digits() == 0 {
                return self.error("Decimal point not followed by a digit");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_double = true;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.error("Exponent indicator not followed by a digit");
            }
        }
        if self.peek().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_') {
            return self.unexpected("a separator after a number");
        }
        let text = &self.text[from..self.at];
        if text.len() > MAX_DIGITS {
            self.at = from;
            return self.error(format!("Number value length exceeds the maximum allowed ({MAX_DIGITS})"));
        }
        Ok(match text.parse() {
            Ok(int) if !is_double => Number::Int(int),
            _ if !is_double => Number::Big(text.to_owned()),
            _ => Number::Double(text.parse().unwrap_or(f64::INFINITY)),
        })
    }
}

/// Adds a member. Short objects are searched; the keys of long ones are indexed, so that no object takes quadratic
/// time.
fn insert(members: &mut Vec<(String, Value)>, index: &mut HashMap<String, usize>, key: String, value: Value) {
    if members.len() == INDEXED && index.is_empty() {
        index.extend(members.iter().enumerate().map(|(at, (k, _))| (k.clone(), at)));
    }
    let known = if members.len() < INDEXED {
        members.iter().position(|(k, _)| *k == key)
    } else {
        index.get(&key).copied()
    };
    match known {
        Some(at) => members[at].1 = value,
        None => {
            if members.len() >= INDEXED {
                index.insert(key.clone(), members.len());
            }
            members.push((key, value));
        }
    }
}
