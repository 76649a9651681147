//! Defaults, as far as a macro can check them.

use ottla_formats::json::{Number, Position, Value, parse};
use syn::{Expr, ExprLit, Lit, LitStr, Type};

use super::attributes::Errors;
use super::types::{Known, known};

/// The default that a literal holds, without blanks and comments. `ty`: the type of the field, if it is that of the schema.
pub(super) fn read(text: &LitStr, ty: Option<&Type>, errors: &mut Errors) -> Option<String> {
    let json = text.value();
    let wrong = |what: String| format!("`default` is the JSON of a value: {what}");
    let (value, end) = match parse(&json) {
        Ok(read) => read,
        Err(error) => {
            let Position { line, column } = Position::of(&json, error.offset);
            let help = if json.chars().all(char::is_alphanumeric) {
                format!(". A text is \"\\\"{json}\\\"\"")
            } else {
                String::new()
            };
            let what = format!("{}, expected {} (at {line}:{column}){help}", error.found, error.expected);
            errors.at(text.span(), wrong(what));
            return None;
        }
    };
    if !json[end..].trim().is_empty() {
        errors.at(text.span(), wrong(format!("there is more after {}", value.to_text())));
        return None;
    }
    if let Some(expected) = ty.and_then(|ty| expected(ty, &value)) {
        errors.at(text.span(), format!("the default {} is not {expected}", value.to_text()));
        return None;
    }
    Some(value.to_text())
}

/// What a value should be, if it can be seen that it is none of the type.
fn expected(ty: &Type, value: &Value<'_>) -> Option<String> {
    let (suits, expected) = match known(ty) {
        Known::Null => (matches!(value, Value::Null), "null"),
        Known::Boolean => (matches!(value, Value::Bool(_)), "true or false"),
        Known::Int => (matches!(value, Value::Number(Number::Int(n)) if i32::try_from(*n).is_ok()), "an int"),
        Known::Long => (matches!(value, Value::Number(Number::Int(_))), "a long"),
        Known::Float | Known::Double => (is_float(value), "a number"),
        Known::String => (value.as_str().is_some(), "a text"),
        Known::Bytes => (is_bytes(value, None), "a text whose characters, up to U+00FF, stand for bytes"),
        Known::Fixed(_, size) => {
            (is_bytes(value, literal(size)), "a text with one character, up to U+00FF, for each byte")
        }
        Known::Array(item) => match value.as_array() {
            Some(items) => return items.iter().find_map(|value| self::expected(item, value)),
            None => (false, "an array"),
        },
        Known::Map(_, values) => match value.as_object() {
            Some(members) => return members.iter().find_map(|(_, value)| self::expected(values, value)),
            None => (false, "an object"),
        },
        Known::Option(some) => match value {
            Value::Null => (true, ""),
            value => return self::expected(some, value).map(|what| format!("null or {what}")),
        },
        Known::Boxed(inner) => return self::expected(inner, value),
        Known::Unsuitable(_) | Known::Unknown => (true, ""),
    };
    (!suits).then(|| expected.to_owned())
}

/// What is beyond the range of a double has become an infinity, which cannot be written down.
fn is_float(value: &Value<'_>) -> bool {
    match value {
        Value::Number(Number::Double(n)) => n.is_finite(),
        Value::Number(_) => true,
        _ => false,
    }
}

fn is_bytes(value: &Value<'_>, size: Option<usize>) -> bool {
    value.as_str().is_some_and(|text| {
        text.chars().all(|c| c <= '\u{ff}') && size.is_none_or(|size| text.chars().count() == size)
    })
}

fn literal(size: &Expr) -> Option<usize> {
    match size {
        Expr::Lit(ExprLit { lit: Lit::Int(n), .. }) => n.base10_parse().ok(),
        _ => None,
    }
}
