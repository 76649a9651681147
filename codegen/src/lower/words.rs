//! Types as people read them: `array of long (timestamp-millis)`.

use ottla_formats::avro::{Kind, Name, Schema, TypeId};

use super::logical;
use crate::model::Logical;

/// How many branches of a union are named.
const MAX_BRANCHES: usize = 6;

/// How many arrays and maps within each other are told.
const MAX_NESTED: usize = 4;

/// The logical types that suit.
type Logicals<'l> = &'l dyn Fn(TypeId) -> Option<Logical>;

/// A type in few words.
pub(super) fn of(schema: &Schema, ty: TypeId, logicals: Logicals<'_>) -> String {
    nested(schema, ty, logicals, MAX_NESTED)
}

fn nested(schema: &Schema, id: TypeId, logicals: Logicals<'_>, levels: usize) -> String {
    let ty = schema.ty(id);
    let word = match &ty.kind {
        Kind::Array(_) | Kind::Map(_) | Kind::Union(_) if levels == 0 => "...".to_owned(),
        Kind::Array(items) => format!("array of {}", grouped(schema, *items, logicals, levels - 1)),
        Kind::Map(values) => format!("map of {}", grouped(schema, *values, logicals, levels - 1)),
        Kind::Union(branches) => return union(schema, branches, logicals, levels - 1),
        kind => kind.name().map_or(kind.word(), Name::full).to_owned(),
    };
    match ty.attribute("logicalType").and_then(|logical| logical.as_str()) {
        None => word,
        Some(name) => match logicals(id) {
            Some(Logical::Decimal { precision, scale, .. }) => {
                format!("{word} (decimal of {precision} digits, {scale} after the point)")
            }
            None if logical::is_known(name) => word,
            _ => format!("{word} ({name})"),
        },
    }
}

/// A union within another type.
fn grouped(schema: &Schema, id: TypeId, logicals: Logicals<'_>, levels: usize) -> String {
    let text = nested(schema, id, logicals, levels);
    if matches!(schema.kind(id), Kind::Union(_)) { format!("({text})") } else { text }
}

fn union(schema: &Schema, branches: &[TypeId], logicals: Logicals<'_>, levels: usize) -> String {
    let named = branches.iter().take(MAX_BRANCHES).map(|branch| nested(schema, *branch, logicals, levels));
    let mut named: Vec<String> = named.collect();
    let more = branches.len().saturating_sub(MAX_BRANCHES);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    match named.pop() {
        None => "nothing".to_owned(),
        Some(last) if named.is_empty() => last,
        Some(last) => format!("{} or {last}", named.join(", ")),
    }
}
