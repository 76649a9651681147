//! The named types of a schema.

use ottla_formats::avro::{Kind, Schema, TypeId};

/// The named types that can be reached from the outermost type, each once, in the order of the text.
pub(crate) fn named(schema: &Schema) -> Vec<TypeId> {
    let mut is_met = vec![false; schema.len()];
    let mut types = Vec::new();
    // The next one is the last.
    let mut open = vec![schema.root()];
    while let Some(id) = open.pop() {
        let kind = schema.kind(id);
        if kind.name().is_some() {
            if std::mem::replace(&mut is_met[id.index()], true) {
                continue;
            }
            types.push(id);
        }
        match kind {
            Kind::Array(inner) | Kind::Map(inner) => open.push(*inner),
            Kind::Union(branches) => open.extend(branches.iter().rev()),
            Kind::Record(record) => open.extend(record.fields.iter().rev().map(|field| field.ty)),
            _ => {}
        }
    }
    types
}
