//! JSON that would mend it.

use ottla_formats::avro::{Enum, Kind, Schema, Slot, TypeId};

use super::case::{Case, Side};
use super::snippet::{one_line, type_json};
use super::words::{list, quoted, type_words};

/// How long a type is that a suggestion repeats.
const SHORT: usize = 100;

/// A default for a field, as in `make it optional: "type": ["null", "string"], "default": null`. `json`: the type as it is
/// written.
pub(super) fn default_of(schema: &Schema, ty: TypeId, json: &str) -> String {
    let has_null = |branch: &TypeId| matches!(schema.kind(*branch), Kind::Null);
    match schema.kind(ty) {
        Kind::Null => "\"default\": null".to_owned(),
        Kind::Array(_) => "\"default\": []".to_owned(),
        Kind::Map(_) => "\"default\": {}".to_owned(),
        Kind::Union(branches) if branches.first().is_some_and(has_null) => "\"default\": null".to_owned(),
        Kind::Union(branches) if branches.iter().any(has_null) => {
            "\"default\": null, with \"null\" as the first branch of its type".to_owned()
        }
        Kind::Union(_) => match short(json) {
            Some(branches) if branches.starts_with('[') && branches.len() > 2 => {
                format!("\"type\": [\"null\", {}, \"default\": null", &branches[1..])
            }
            _ => "\"default\": null, with \"null\" as the first branch of its type".to_owned(),
        },
        _ => format!("\"type\": [\"null\", {}], \"default\": null", short(json).unwrap_or("{…}".to_owned())),
    }
}

fn short(json: &str) -> Option<String> {
    let line = one_line(json, SHORT);
    (!line.ends_with('…')).then_some(line)
}

/// The default of an enum: a symbol that says that nothing is known, else the first.
pub(super) fn enum_default(of: &Enum) -> Option<String> {
    const UNKNOWN: [&str; 6] = ["unknown", "unspecified", "undefined", "other", "unrecognized", "none"];
    let is_unknown = |symbol: &&String| UNKNOWN.iter().any(|word| symbol.eq_ignore_ascii_case(word));
    let symbol = of.symbols.iter().find(is_unknown).or(of.symbols.first())?;
    Some(format!("\"default\": {}", quoted(symbol)))
}

/// A union of what was written and what the file has, as JSON, if that is short and defines nothing anew. If the field has a
/// default, the branch that it is of comes first: before Avro 1.12 it could be of no other.
pub(super) fn union_of_both(case: &Case<'_>, written: TypeId, new: Side) -> Option<String> {
    let was = without_names(case.old, written)?;
    let has = short(case.located.text(case.located.slot(new.slot)))?;
    let branches = was.strip_prefix('[').and_then(|was| was.strip_suffix(']')).unwrap_or(&was);
    Some(match has_default(case, new.slot) {
        true => format!("[{has}, {branches}]"),
        false => format!("[{branches}, {has}]"),
    })
}

fn has_default(case: &Case<'_>, slot: Slot) -> bool {
    let Slot::Field(record, at) = slot else { return false };
    let Kind::Record(of) = case.candidate().kind(record) else { return false };
    of.fields.get(at as usize).is_some_and(|field| field.default.is_some())
}

/// Has a type a meaning beyond that of its bytes?
pub(super) fn is_logical(schema: &Schema, ty: TypeId) -> bool {
    schema.ty(ty).attributes.iter().any(|(key, _)| key == "logicalType")
}

/// The union of the file with one more branch, as JSON, if that is short and defines nothing anew.
pub(super) fn with_branch(case: &Case<'_>, union: TypeId, branch: TypeId) -> Option<String> {
    let has = short(case.located.text(case.located.ty(union)))?;
    let more = without_names(case.old, branch)?;
    let branches = has.strip_prefix('[')?.strip_suffix(']')?;
    Some(if branches.is_empty() { format!("[{more}]") } else { format!("[{branches}, {more}]") })
}

/// A type of a version as JSON, if that is short and has no names: those may mean something else in the file.
fn without_names(schema: &Schema, ty: TypeId) -> Option<String> {
    let mut open = vec![ty];
    let mut count = 0;
    while let Some(ty) = open.pop() {
        count += 1;
        if schema.kind(ty).name().is_some() || count > SHORT {
            return None;
        }
        open.extend(schema.slots(ty).map(|(_, part)| part));
    }
    short(&type_json(schema, ty, SHORT + 1))
}

/// A type as it should stay: as JSON if that is short, else in words.
pub(super) fn type_to_keep(schema: &Schema, ty: TypeId) -> String {
    match schema.kind(ty) {
        _ if is_logical(schema, ty) => short(&type_json(schema, ty, SHORT + 1)),
        Kind::Union(_) | Kind::Array(_) | Kind::Map(_) => short(&type_json(schema, ty, SHORT + 1)),
        _ => None,
    }
    .unwrap_or_else(|| type_words(schema, ty))
}

/// The types that read what was written as another one.
pub(super) fn readers_of(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Int => &["long", "float", "double"],
        Kind::Long => &["float", "double"],
        Kind::Float => &["double"],
        Kind::String => &["bytes"],
        Kind::Bytes => &["string"],
        _ => &[],
    }
}

/// The types that are read as another one.
pub(super) fn read_by(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Long => &["int"],
        Kind::Float => &["int", "long"],
        Kind::Double => &["int", "long", "float"],
        Kind::String => &["bytes"],
        Kind::Bytes => &["string"],
        _ => &[],
    }
}

/// Types of those lists in words.
pub(super) fn any_of(types: &[&str]) -> String {
    list(types.iter().map(|&word| word.to_owned()), types.len(), "or")
}
