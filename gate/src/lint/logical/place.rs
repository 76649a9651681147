//! What the place of a type is called.

use ottla_formats::avro::{Kind, Name, Schema, Slot};

use crate::lint::beside::Pair;
use crate::lint::linted::Linted;

/// What the new type of a pair is called: `field Order.at`, `items Order.times[]`, `branch Order.at<long>`; of a type with a
/// name that, and where it stands.
pub(super) fn label(linted: &Linted<'_>, pair: &Pair) -> String {
    let schema = linted.schema;
    let (start, way) = linted.located.owners().way(pair.slot);
    let (mut what, mut path) = match (start, field_name(schema, start)) {
        (_, Some(field)) => ("field", field),
        _ => ("the schema", String::new()),
    };
    for slot in way {
        match slot {
            Slot::Items(_) => {
                what = "items";
                path.push_str("[]");
            }
            Slot::Values(_) => {
                what = "values";
                path.push_str("{}");
            }
            Slot::Branch(union, at) => {
                if let Some(branch) = branch_name(schema.kind(union), at as usize, schema) {
                    what = "branch";
                    path.push_str(&format!("<{branch}>"));
                }
            }
            _ => {}
        }
    }
    let place = format!("{what} {path}");
    let kind = schema.kind(pair.new);
    match kind.name() {
        Some(name) if path.is_empty() => format!("{} {}", kind.word(), name.simple()),
        Some(name) => format!("{} {} ({place})", kind.word(), name.simple()),
        None => place.trim_end().to_owned(),
    }
}

fn field_name(schema: &Schema, slot: Slot) -> Option<String> {
    let Slot::Field(record, at) = slot else { return None };
    let Kind::Record(record) = schema.kind(record) else { return None };
    let field = record.fields.get(at as usize)?;
    Some(format!("{}.{}", record.name.simple(), field.name))
}

/// What a branch is called, if there is one beside it that is not null.
fn branch_name<'s>(union: &Kind, at: usize, schema: &'s Schema) -> Option<&'s str> {
    let Kind::Union(branches) = union else { return None };
    let others = branches.iter().filter(|branch| !matches!(schema.kind(**branch), Kind::Null));
    let kind = schema.kind(*branches.get(at)?);
    (others.count() > 1).then(|| kind.name().map_or(kind.word(), Name::simple))
}
