//! JSON as Apache Avro Java reads and prints it (Jackson): members in input order, `//` and `/* */` comments,
//! numbers as Java holds and prints them.
//!
//! Values carry no positions. An error that is found later in a value is located by its pointer: [`locate`] reads
//! the text once more, which only those pay for who made the error.
//!
//! Values are read, copied, compared and printed on stacks of their own; only dropping one recurses, once for each
//! level and so [`MAX_DEPTH`] times at most.

mod compare;
mod copy;
mod error;
mod locate;
mod number;
mod parse;
mod print;
mod scan;

use std::borrow::Cow;

pub use error::Error;
pub use locate::{Position, Step, locate, pointer};
pub use number::Number;
pub use parse::{MAX_DEPTH, MAX_VALUES, parse};
pub use print::{double_text, write_string};

/// A JSON value. Two objects are equal whatever the order of their members, as in Jackson. Its texts are borrowed from the text it was read from, where that holds them without escapes.
#[derive(Debug)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Value<'a>>),
    /// Members in input order; of a repeated key the last value counts, at the place of the first.
    Object(Vec<Member<'a>>),
}

/// A key and its value.
pub type Member<'a> = (Cow<'a, str>, Value<'a>);

impl<'a> Value<'a> {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&[Member<'a>]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value of a member.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.as_object()?.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }
}
