//! From values to text, as Jackson and Java write them.

use std::fmt::Write as _;
use std::slice::Iter;

use super::{Member, Number, Value};

impl Value<'_> {
    /// The compact text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Appends the compact text.
    pub fn write(&self, out: &mut String) {
        let mut open: Vec<Open<'_, '_>> = Vec::new();
        let mut next = self;
        loop {
            match next {
                Self::Null => out.push_str("null"),
                Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
                Self::Number(number) => number.write(out),
                Self::String(text) => write_string(text, out),
                Self::Array(elements) => {
                    out.push('[');
                    open.push(Open::Array(elements.iter()));
                }
                Self::Object(members) => {
                    out.push('{');
                    open.push(Open::Object(members.iter()));
                }
            }
            next = loop {
                let Some(innermost) = open.last_mut() else { return };
                if let Some(value) = innermost.next(out) {
                    break value;
                }
                open.pop();
            };
        }
    }
}

/// What is left to write of a list or object.
enum Open<'v, 'a> {
    Array(Iter<'v, Value<'a>>),
    Object(Iter<'v, Member<'a>>),
}

impl<'v, 'a> Open<'v, 'a> {
    /// Writes what stands before the next value, or the end.
    fn next(&mut self, out: &mut String) -> Option<&'v Value<'a>> {
        let (value, close) = match self {
            Self::Array(rest) => (rest.next().map(|value| (None, value)), ']'),
            Self::Object(rest) => (rest.next().map(|(key, value)| (Some(key), value)), '}'),
        };
        let Some((key, value)) = value else {
            out.push(close);
            return None;
        };
        if !out.ends_with(['[', '{']) {
            out.push(',');
        }
        if let Some(key) = key {
            write_string(key, out);
            out.push(':');
        }
        Some(value)
    }
}

impl Number {
    fn write(&self, out: &mut String) {
        match self {
            Self::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Self::Big(digits) => out.push_str(digits),
            Self::Double(value) if value.is_finite() => out.push_str(&double_text(*value)),
            Self::Double(value) => {
                out.push('"');
                out.push_str(&double_text(*value));
                out.push('"');
            }
        }
    }
}

/// Appends a text in quotes. What has to be escaped is, and nothing else.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[from..at]);
        from = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            other => {
                let _ = write!(out, "\\u{other:04X}");
            }
        }
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// A double as Java's `Double.toString` writes it.
pub fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity".into() } else { "-Infinity".into() };
    }
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    // Java writes at least one digit after the point, and does not always find the shortest text.
    match (digits, exponent) {
        ("5", "-324") => "4.9E-324".into(),
        ("-5", "-324") => "-4.9E-324".into(),
        _ if digits.contains('.') => format!("{digits}E{exponent}"),
        _ => format!("{digits}.0E{exponent}"),
    }
}
