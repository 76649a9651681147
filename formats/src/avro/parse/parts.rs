//! The parts of a schema that hold no other schema: names, aliases, symbols, attributes.

use super::error::Mistake;
use super::names::{check_full_name, check_name};
use super::{Mode, scope};
use crate::avro::seen::Seen;
use crate::avro::{Attributes, Enum, Fixed, Name, Order};
use crate::json::{Number, Value};

/// How large a fixed may be: Java cannot hold a longer array.
const MAX_FIXED: i64 = 2_147_483_639;

type Result<T> = std::result::Result<T, Mistake>;

pub(super) fn text_of<'a>(value: &'a Value<'_>, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// A member is missing, or another kind of value than it has to be.
pub(super) fn lacks(value: &Value<'_>, key: &'static str, what: &str, expected: &'static str) -> Mistake {
    let mistake = Mistake::new(format!("{what}: {}", value.to_text()), expected);
    if value.get(key).is_some() { mistake.within(key) } else { mistake }
}

/// The name of a named type.
pub(super) fn name(value: &Value<'_>, namespace: Option<&str>, mode: Mode) -> Result<Name> {
    let Some(simple) = text_of(value, "name") else {
        return Err(lacks(value, "name", "No name in schema", "a member \"name\" with a text"));
    };
    let name = Name::resolve(simple, text_of(value, "namespace"), namespace);
    let is_own = simple.contains('.') || value.get("namespace").is_none();
    check_full_name(&name, mode, if is_own { "name" } else { "namespace" })?;
    if scope::primitive(name.full()).is_some() {
        let message = format!("Schemas may not be named after primitives: {name}");
        return Err(Mistake::new(message, "another name").within("name"));
    }
    Ok(name)
}

pub(super) fn doc(value: &Value<'_>) -> Option<String> {
    text_of(value, "doc").map(str::to_owned)
}

/// The aliases of a named type.
pub(super) fn aliases(value: &Value<'_>, name: &Name, mode: Mode) -> Result<Vec<Name>> {
    let texts = alias_texts(value)?;
    let aliases: Vec<Name> = texts.iter().map(|text| Name::resolve(text, None, name.namespace())).collect();
    if mode != Mode::Lookup {
        for (at, alias) in aliases.iter().enumerate() {
            check_name(alias.simple(), mode).map_err(|m| m.within(at).within("aliases"))?;
        }
    }
    let mut seen = Seen::default();
    Ok(aliases.iter().filter(|alias| seen.add(alias.full()).is_none()).cloned().collect())
}

/// The aliases of a field.
pub(super) fn field_aliases(value: &Value<'_>) -> Result<Vec<String>> {
    let mut seen = Seen::default();
    let texts = alias_texts(value)?.into_iter();
    Ok(texts.filter(|alias| seen.add(alias).is_none()).map(str::to_owned).collect())
}

fn alias_texts<'a>(value: &'a Value<'_>) -> Result<Vec<&'a str>> {
    let Some(aliases) = value.get("aliases") else { return Ok(Vec::new()) };
    let Some(list) = aliases.as_array() else {
        let message = format!("aliases not an array: {}", value.to_text());
        return Err(Mistake::new(message, "a list of names").within("aliases"));
    };
    let text = |(at, alias): (usize, &'a Value<'_>)| {
        alias.as_str().ok_or_else(|| {
            let message = format!("alias not a string: {}", alias.to_text());
            Mistake::new(message, "a name as text").within(at).within("aliases")
        })
    };
    list.iter().enumerate().map(text).collect()
}

/// The attributes that the specification does not name.
pub(super) fn further(value: &Value<'_>, known: impl Fn(&str) -> bool) -> Attributes {
    let members = value.as_object().unwrap_or_default().iter();
    members
        .filter(|(key, _)| !known(key))
        .map(|(key, value)| (key.as_ref().to_owned(), value.to_static()))
        .collect()
}

pub(super) fn enumeration(value: &Value<'_>, name: Name, mode: Mode) -> Result<Enum> {
    let Some(list) = value.get("symbols").and_then(Value::as_array) else {
        let expected = "a member \"symbols\" with a list of names";
        return Err(lacks(value, "symbols", "Enum has no symbols", expected));
    };
    let mut symbols = Vec::with_capacity(list.len());
    let mut seen = Seen::default();
    for (at, symbol) in list.iter().enumerate() {
        let within = |m: Mistake| m.within(at).within("symbols");
        let symbol =
            symbol.as_str().ok_or_else(|| within(Mistake::new("Null name", "a symbol: a name as text")))?;
        check_name(symbol, mode).map_err(within)?;
        if seen.add(symbol).is_some() {
            let message = format!("Duplicate enum symbol: {symbol}");
            return Err(within(Mistake::new(message, "different symbols")));
        }
        symbols.push(symbol.to_owned());
    }
    let default = text_of(value, "default").map(str::to_owned);
    if let Some(default) = default.as_ref().filter(|d| seen.find(d).is_none()) {
        let message =
            format!("The Enum Default: {default} is not in the enum symbol set: [{}]", symbols.join(", "));
        return Err(Mistake::new(message, "one of the symbols").within("default"));
    }
    let aliases = aliases(value, &name, mode)?;
    Ok(Enum { name, aliases, doc: doc(value), symbols, default })
}

pub(super) fn fixed(value: &Value<'_>, name: Name, mode: Mode) -> Result<Fixed> {
    let size = match value.get("size") {
        Some(Value::Number(Number::Int(size))) if i32::try_from(*size).is_ok() => *size,
        _ => {
            let expected = "a member \"size\" with a number of bytes";
            return Err(lacks(value, "size", "Invalid or no size", expected));
        }
    };
    let valid = usize::try_from(size).ok().filter(|_| size <= MAX_FIXED);
    let Some(size) = valid else {
        let what = if size < 0 { "Length is negative" } else { "Length is too large" };
        let message = format!("Malformed data. {what}: {size}");
        return Err(Mistake::new(message, "a number from 0 to 2147483639").within("size"));
    };
    let aliases = aliases(value, &name, mode)?;
    Ok(Fixed { name, aliases, doc: doc(value), size })
}

/// The sort order of a field.
pub(super) fn order(value: &Value<'_>) -> Result<Order> {
    let Some(order) = value.get("order") else { return Ok(Order::Ascending) };
    let word = match order {
        Value::String(text) => text.to_uppercase(),
        other => other.to_text(),
    };
    match (order, word.as_str()) {
        (Value::String(_), "ASCENDING") => Ok(Order::Ascending),
        (Value::String(_), "DESCENDING") => Ok(Order::Descending),
        (Value::String(_), "IGNORE") => Ok(Order::Ignore),
        _ => {
            let message = format!("No enum constant org.apache.avro.Schema.Field.Order.{word}");
            Err(Mistake::new(message, "\"ascending\", \"descending\" or \"ignore\"").within("order"))
        }
    }
}

/// A text as the default of a float or double: Java reads the number in it.
pub(super) fn number(text: &str) -> Result<Value<'static>> {
    let trimmed = text.trim();
    let value = match trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed) {
        "NaN" => Some(f64::NAN),
        "Infinity" if trimmed.starts_with('-') => Some(f64::NEG_INFINITY),
        "Infinity" => Some(f64::INFINITY),
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => trimmed.parse().ok(),
        _ => None,
    };
    match value {
        Some(value) => Ok(Value::Number(Number::Double(value))),
        None if trimmed.is_empty() => Err(Mistake::new("empty String", "a number").within("default")),
        None => Err(Mistake::new(format!("For input string: \"{text}\""), "a number").within("default")),
    }
}
