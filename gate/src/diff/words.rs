//! Types and values as people read them.

use std::borrow::Cow;

use ottla_formats::avro::{Kind, Name, Schema, TypeId};
use ottla_formats::json::{Value, write_string};

/// How many characters of a text are shown.
const SHOWN: usize = 80;

/// How many branches of a union are shown, and how many types within each other.
const SHOWN_BRANCHES: usize = 8;
const SHOWN_DEPTH: usize = 6;

/// How much is said of named types.
#[derive(Debug, Clone, Copy)]
pub(super) enum Detail {
    /// The name.
    Simple,
    /// The full name.
    Full,
    /// The kind and the full name.
    Kind,
}

/// The words for two types that differ: as few as tell them apart.
pub(super) fn both(old: (&Schema, TypeId), new: (&Schema, TypeId)) -> (String, String) {
    let words = |detail| (words_for(old.0, old.1, detail), words_for(new.0, new.1, detail));
    let told = [Detail::Simple, Detail::Full].into_iter().map(words).find(|(old, new)| old != new);
    told.unwrap_or_else(|| words(Detail::Kind))
}

/// The words for a type.
pub(super) fn type_words(schema: &Schema, ty: TypeId) -> String {
    words_for(schema, ty, Detail::Simple)
}

fn words_for(schema: &Schema, ty: TypeId, detail: Detail) -> String {
    let mut text = String::new();
    write_type(schema, ty, detail, SHOWN_DEPTH, &mut text);
    text
}

/// Recurses as deeply as it is told to.
fn write_type(schema: &Schema, id: TypeId, detail: Detail, depth: usize, text: &mut String) {
    let ty = schema.ty(id);
    let Some(within) = depth.checked_sub(1) else {
        text.push_str("...");
        return;
    };
    match &ty.kind {
        Kind::Array(inner) | Kind::Map(inner) => {
            text.push_str(ty.kind.word());
            text.push_str(" of ");
            let is_union = matches!(schema.kind(*inner), Kind::Union(_));
            text.push_str(if is_union { "(" } else { "" });
            write_type(schema, *inner, detail, within, text);
            text.push_str(if is_union { ")" } else { "" });
        }
        Kind::Union(branches) => write_union(schema, branches, detail, within, text),
        kind => match kind.name() {
            Some(name) => text.push_str(&name_words(kind, name, detail)),
            None => text.push_str(kind.word()),
        },
    }
    if let Some(Value::String(logical)) = ty.attribute("logicalType") {
        text.push_str(&format!(" ({})", logical_words(logical, ty)));
    }
}

fn write_union(schema: &Schema, branches: &[TypeId], detail: Detail, depth: usize, text: &mut String) {
    if branches.len() < 2 {
        text.push_str("union of ");
        text.push_str(if branches.is_empty() { "nothing" } else { "" });
    }
    for (at, branch) in branches.iter().take(SHOWN_BRANCHES).enumerate() {
        text.push_str(if at > 0 { " | " } else { "" });
        write_type(schema, *branch, detail, depth, text);
    }
    if branches.len() > SHOWN_BRANCHES {
        text.push_str(&format!(" | ... ({} branches)", branches.len()));
    }
}

fn name_words(kind: &Kind, name: &Name, detail: Detail) -> String {
    match detail {
        Detail::Simple => short(name.simple()).into_owned(),
        Detail::Full => short(name.full()).into_owned(),
        Detail::Kind => format!("{} {}", kind.word(), short(name.full())),
    }
}

/// A logical type with its parameters: `decimal 10, 2`.
pub(super) fn logical_words(logical: &str, ty: &ottla_formats::avro::Type) -> String {
    let mut text = short(logical).into_owned();
    let parameters = ["precision", "scale"].into_iter().filter_map(|name| ty.attribute(name));
    if logical == "decimal" {
        let parameters: Vec<String> = parameters.map(value).collect();
        text.push_str(if parameters.is_empty() { "" } else { " " });
        text.push_str(&parameters.join(", "));
    }
    text
}

/// A JSON value.
pub(super) fn value(value: &Value<'_>) -> String {
    short(&value.to_text()).into_owned()
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(&short(text), &mut out);
    out
}

/// Names, the first few of them.
pub(super) fn list(names: &[&str]) -> String {
    let shown: Vec<Cow<'_, str>> = names.iter().take(SHOWN_BRANCHES).map(|name| short(name)).collect();
    let more = names.len().saturating_sub(SHOWN_BRANCHES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// The beginning of a long text.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
