//! Copies of values.

use std::borrow::Cow;
use std::slice::Iter;

use super::{Member, Value};

impl<'a> Value<'a> {
    /// The same value, with texts of its own.
    pub fn to_static(&self) -> Value<'static> {
        copy(self, |text| Cow::Owned(text.as_ref().to_owned()))
    }
}

impl Clone for Value<'_> {
    fn clone(&self) -> Self {
        copy(self, Cow::clone)
    }
}

/// A list or object that is being copied.
enum Open<'v, 'a, 'b> {
    Array { rest: Iter<'v, Value<'a>>, copies: Vec<Value<'b>> },
    Object { rest: Iter<'v, Member<'a>>, copies: Vec<Member<'b>>, key: Cow<'b, str> },
}

/// Copies a value with `text` applied to all texts.
fn copy<'a, 'b>(value: &Value<'a>, text: fn(&Cow<'a, str>) -> Cow<'b, str>) -> Value<'b> {
    let mut open: Vec<Open<'_, 'a, 'b>> = Vec::new();
    let mut next = value;
    loop {
        let mut complete = match next {
            Value::Null => Some(Value::Null),
            Value::Bool(value) => Some(Value::Bool(*value)),
            Value::Number(number) => Some(Value::Number(number.clone())),
            Value::String(s) => Some(Value::String(text(s))),
            Value::Array(elements) => {
                let copies = Vec::with_capacity(elements.len());
                open.push(Open::Array { rest: elements.iter(), copies });
                None
            }
            Value::Object(members) => {
                let copies = Vec::with_capacity(members.len());
                open.push(Open::Object { rest: members.iter(), copies, key: Cow::default() });
                None
            }
        };
        next = loop {
            let Some(innermost) = open.last_mut() else { return complete.unwrap_or(Value::Null) };
            if let Some(value) = complete {
                innermost.add(value);
            }
            if let Some(value) = innermost.next(text) {
                break value;
            }
            complete = open.pop().map(Open::close);
        };
    }
}

impl<'v, 'a, 'b> Open<'v, 'a, 'b> {
    fn add(&mut self, value: Value<'b>) {
        match self {
            Self::Array { copies, .. } => copies.push(value),
            Self::Object { copies, key, .. } => copies.push((std::mem::take(key), value)),
        }
    }

    /// The next value to copy.
    fn next(&mut self, text: fn(&Cow<'a, str>) -> Cow<'b, str>) -> Option<&'v Value<'a>> {
        match self {
            Self::Array { rest, .. } => rest.next(),
            Self::Object { rest, key, .. } => rest.next().map(|(k, value)| {
                *key = text(k);
                value
            }),
        }
    }

    fn close(self) -> Value<'b> {
        match self {
            Self::Array { copies, .. } => Value::Array(copies),
            Self::Object { copies, .. } => Value::Object(copies),
        }
    }
}
