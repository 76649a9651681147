//! Tags that stand in a schema's text, under `confluent:tags`.

use std::collections::BTreeSet;

use super::{Attributes, Kind, Schema};
use crate::json::Value;

/// The attribute that holds tags.
pub const TAGS: &str = "confluent:tags";

/// What can have tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A record, by its full name.
    Record,
    /// A field, by the full name of its record and its own.
    Field,
}

/// A place in a schema, and tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityTags {
    /// The full name of the record, for a field followed by a dot and its name.
    pub path: String,
    /// What is there.
    pub kind: EntityKind,
    /// The tags.
    pub tags: BTreeSet<String>,
}

impl Schema {
    /// All tags in the schema's own types, in the order of the text.
    pub fn tags(&self) -> Vec<EntityTags> {
        let mut found = Vec::new();
        for ty in self.types.iter().filter(|t| !t.referenced) {
            let Kind::Record(record) = &ty.kind else { continue };
            let mut add = |kind, path: String, attributes: &Attributes| {
                let tags = tags_in(attributes);
                if !tags.is_empty() {
                    found.push(EntityTags { path, kind, tags });
                }
            };
            add(EntityKind::Record, record.name.full().to_owned(), &ty.attributes);
            for field in &record.fields {
                add(EntityKind::Field, format!("{}.{}", record.name, field.name), &field.attributes);
            }
        }
        found
    }

    /// The schema with tags added and then others removed. Places that are not there are passed over.
    pub fn with_tags(&self, add: &[EntityTags], remove: &[EntityTags]) -> Self {
        let mut schema = self.clone();
        for ty in schema.types.iter_mut().filter(|t| !t.referenced) {
            let Kind::Record(record) = &mut ty.kind else { continue };
            let name = record.name.full().to_owned();
            edit(&mut ty.attributes, EntityKind::Record, &name, add, remove);
            for field in &mut record.fields {
                let path = format!("{name}.{}", field.name);
                edit(&mut field.attributes, EntityKind::Field, &path, add, remove);
            }
        }
        schema
    }
}

fn tags_in(attributes: &Attributes) -> BTreeSet<String> {
    let tags = attributes.iter().find(|(key, _)| key == TAGS).and_then(|(_, value)| value.as_array());
    tags.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn edit(
    attributes: &mut Attributes,
    kind: EntityKind,
    path: &str,
    add: &[EntityTags],
    remove: &[EntityTags],
) {
    let here = |e: &&EntityTags| e.kind == kind && e.path == path;
    if !add.iter().chain(remove).any(|e| here(&e)) {
        return;
    }
    let mut tags = tags_in(attributes);
    tags.extend(add.iter().filter(here).flat_map(|e| e.tags.iter().cloned()));
    for tag in remove.iter().filter(here).flat_map(|e| &e.tags) {
        tags.remove(tag);
    }
    let value = Value::Array(tags.into_iter().map(Value::from).collect());
    let at = attributes.iter().position(|(key, _)| key == TAGS);
    match (at, value) {
        (Some(at), Value::Array(tags)) if tags.is_empty() => {
            attributes.remove(at);
        }
        (Some(at), value) => attributes[at].1 = value,
        (None, Value::Array(tags)) if tags.is_empty() => {}
        (None, value) => attributes.push((TAGS.to_owned(), value)),
    }
}
