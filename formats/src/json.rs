//! JSON as Apache Avro Java reads and prints it (Jackson): members in input order, `//` and `/* */` comments,
//! numbers as Java holds and prints them.
//!
//! Values carry no positions. An error that is found later in a value is located by its pointer: [`locate`] reads
//! the text once more, which only those pay for who made the error.

mod locate;
mod parse;
mod print;

pub use locate::{Position, locate};
pub use parse::{Error, MAX_DEPTH, parse};
pub use print::{double_text, write_string};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Members in input order; of a repeated key the last value counts, at the place of the first.
    Object(Vec<(String, Value)>),
}

/// A number, told apart as Jackson does.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// Written without fraction and exponent, fits 64 bits.
    Int(i64),
    /// Written without fraction and exponent, beyond 64 bits: its digits.
    Big(String),
    /// Written with fraction or exponent.
    Double(f64),
}

impl Value {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&[(String, Value)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value of a member.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// What it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
