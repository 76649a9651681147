//! Types and lists as people read them.

use ottla_formats::avro::{Kind, Schema, TypeId};
use ottla_formats::json::write_string;

/// How many names or branches are listed.
const LISTED: usize = 6;

/// How many levels of items, values and branches are told.
const LEVELS: usize = 4;

/// A type in words: `int`, `record Money`, `array of string`, `null or long`.
pub(super) fn type_words(schema: &Schema, ty: TypeId) -> String {
    words(schema, ty, LEVELS)
}

/// The number of levels bounds the recursion.
fn words(schema: &Schema, ty: TypeId, levels: usize) -> String {
    let kind = schema.kind(ty);
    let inner = |inner: TypeId| {
        let text = words(schema, inner, levels - 1);
        if matches!(schema.kind(inner), Kind::Union(_)) { format!("({text})") } else { text }
    };
    match kind {
        Kind::Array(_) | Kind::Map(_) | Kind::Union(_) if levels == 0 => kind.word().to_owned(),
        Kind::Array(items) => format!("array of {}", inner(*items)),
        Kind::Map(values) => format!("map of {}", inner(*values)),
        Kind::Union(branches) => {
            let shown = branches.iter().take(LISTED);
            list(shown.map(|branch| words(schema, *branch, levels - 1)), branches.len(), "or")
        }
        _ => match kind.name() {
            Some(name) => format!("{} {}", kind.word(), name.simple()),
            None => kind.word().to_owned(),
        },
    }
}

/// Names as a list: `"A", "B" and "C"`.
pub(super) fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = names.len();
    list(names.take(LISTED).map(quoted), count, "and")
}

/// Words as a list of so many, of which the first may be all that is told.
pub(super) fn list(words: impl IntoIterator<Item = String>, count: usize, and: &str) -> String {
    let words: Vec<String> = words.into_iter().collect();
    if count > words.len() {
        return format!("{} {and} {} more", words.join(", "), count - words.len());
    }
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} {and} {last}", first.join(", ")),
    }
}

/// A name in quotation marks, as JSON.
pub(super) fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    write_string(name, &mut text);
    text
}
