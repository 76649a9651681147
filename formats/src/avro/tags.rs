//! Tags that stand in a schema's text, under `confluent:tags`.

use std::collections::{BTreeSet, HashMap};

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
        let edits = Edits { add: by_place(add), remove: by_place(remove) };
        for ty in schema.types.iter_mut().filter(|t| !t.referenced) {
            let Kind::Record(record) = &mut ty.kind else { continue };
            edits.apply(EntityKind::Record, record.name.full(), &mut ty.attributes);
            for field in &mut record.fields {
                let path = format!("{}.{}", record.name, field.name);
                edits.apply(EntityKind::Field, &path, &mut field.attributes);
            }
        }
        schema
    }
}

fn tags_in(attributes: &Attributes) -> BTreeSet<String> {
    let tags = attributes.iter().find(|(key, _)| key == TAGS).and_then(|(_, value)| value.as_array());
    tags.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Tags by what has them.
type ByPlace<'a> = HashMap<(EntityKind, &'a str), Vec<&'a BTreeSet<String>>>;

fn by_place(entities: &[EntityTags]) -> ByPlace<'_> {
    let mut places = ByPlace::new();
    for entity in entities {
        places.entry((entity.kind, &entity.path)).or_default().push(&entity.tags);
    }
    places
}

/// What is to be done with the tags of a schema.
struct Edits<'a> {
    add: ByPlace<'a>,
    remove: ByPlace<'a>,
}

impl Edits<'_> {
    /// Changes the tags of one place.
    fn apply(&self, kind: EntityKind, path: &str, attributes: &mut Attributes) {
        let (add, remove) = (self.add.get(&(kind, path)), self.remove.get(&(kind, path)));
        if add.is_none() && remove.is_none() {
            return;
        }
        let mut tags = tags_in(attributes);
        tags.extend(add.into_iter().flatten().flat_map(|added| added.iter().cloned()));
        for tag in remove.into_iter().flatten().flat_map(|removed| removed.iter()) {
            tags.remove(tag);
        }
        let at = attributes.iter().position(|(key, _)| key == TAGS);
        let is_empty = tags.is_empty();
        let value = Value::Array(tags.into_iter().map(Value::from).collect());
        match at {
            Some(at) if is_empty => drop(attributes.remove(at)),
            Some(at) => attributes[at].1 = value,
            None if is_empty => {}
            None => attributes.push((TAGS.to_owned(), value)),
        }
    }
}
