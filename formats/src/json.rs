//! JSON as Apache Avro Java reads and prints it (Jackson): members in input order, `//` and `/* */` comments,
//! numbers as Java holds and prints them.
//!
//! Values carry no positions. An error that is found later in a value is located by its pointer: [`locate`] reads
//! the text once more, which only those pay for who made the error.
//!
//! Reading keeps its own stack. What walks a value afterwards (comparing, printing, dropping) recurses once for each
//! level, and so [`MAX_DEPTH`] times at most.

mod error;
mod locate;
mod number;
mod parse;
mod print;

use std::borrow::Cow;
use std::collections::HashMap;

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

    /// The same value, with texts of its own.
    pub fn to_static(&self) -> Value<'static> {
        self.with_texts(|text| Cow::Owned(text.as_ref().to_owned()))
    }

    /// The same value with other texts. One function that calls itself needs less of the stack than derived code.
    fn with_texts<'b>(&self, text: fn(&Cow<'a, str>) -> Cow<'b, str>) -> Value<'b> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
            Self::String(s) => Value::String(text(s)),
            Self::Array(elements) => {
                let mut copies = Vec::with_capacity(elements.len());
                for element in elements {
                    copies.push(element.with_texts(text));
                }
                Value::Array(copies)
            }
            Self::Object(members) => {
                let mut copies = Vec::with_capacity(members.len());
                for (key, value) in members {
                    copies.push((text(key), value.with_texts(text)));
                }
                Value::Object(copies)
            }
        }
    }
}

impl Clone for Value<'_> {
    fn clone(&self) -> Self {
        self.with_texts(Cow::clone)
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a.len() == b.len() && same_members(a, b),
            _ => false,
        }
    }
}

/// Are the members of two objects the same? Mostly they have one order.
fn same_members(a: &[Member<'_>], b: &[Member<'_>]) -> bool {
    if a.iter().zip(b).all(|((a, _), (b, _))| a == b) {
        return a.iter().zip(b).all(|((_, a), (_, b))| a == b);
    }
    let known: HashMap<&str, &Value<'_>> = b.iter().map(|(key, value)| (key.as_ref(), value)).collect();
    a.iter().all(|(key, a)| known.get(key.as_ref()).is_some_and(|b| a == *b))
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }
}
