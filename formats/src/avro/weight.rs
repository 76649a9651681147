//! How much memory a schema takes.

use std::mem::size_of;

use super::{Attributes, Field, Kind, Name, Schema, Type};
use crate::json::{Member, Number, Value};

impl Schema {
    /// About how many bytes it takes in memory. What an allocator adds is not in it.
    pub fn weight(&self) -> usize {
        self.types.iter().map(of_type).sum::<usize>() + size_of::<Self>()
    }
}

fn of_type(ty: &Type) -> usize {
    let content = match &ty.kind {
        Kind::Union(branches) => size_of_val(branches.as_slice()),
        Kind::Record(record) => text(record.doc.as_ref()) + record.fields.iter().map(of_field).sum::<usize>(),
        Kind::Enum(enumeration) => {
            text(enumeration.doc.as_ref()) + texts(&enumeration.symbols) + text(enumeration.default.as_ref())
        }
        Kind::Fixed(fixed) => text(fixed.doc.as_ref()),
        _ => 0,
    };
    let names = ty.kind.name().into_iter().chain(ty.kind.aliases());
    let names: usize = names.map(|name| size_of::<Name>() + name.full().len()).sum();
    size_of::<Type>() + content + names + of_attributes(&ty.attributes)
}

fn of_field(field: &Field) -> usize {
    size_of::<Field>()
        + field.name.len()
        + texts(&field.aliases)
        + text(field.doc.as_ref())
        + field.default.as_ref().map_or(0, of_value)
        + of_attributes(&field.attributes)
}

fn of_attributes(attributes: &Attributes) -> usize {
    let of_attribute = |(key, value): &(String, _)| size_of::<String>() + key.len() + of_value(value);
    attributes.iter().map(of_attribute).sum()
}

fn text(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}

fn texts(texts: &[String]) -> usize {
    texts.iter().map(|text| size_of::<String>() + text.len()).sum()
}

fn of_value(value: &Value<'_>) -> usize {
    let mut bytes = 0;
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        bytes += size_of::<Value<'_>>();
        match value {
            Value::String(text) => bytes += text.len(),
            Value::Number(Number::Big(digits)) => bytes += digits.len(),
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => {
                bytes += members.iter().map(|(key, _)| size_of::<Member<'_>>() + key.len()).sum::<usize>();
                open.extend(members.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    bytes
}
