//! Are two schemas the same to a registry that looks one up?

use std::collections::HashSet;

use super::{Attributes, Field, Kind, Schema, TypeId};
use crate::json::Value;

impl Schema {
    /// The same parsed form, docs, aliases and defaults. The order of attributes, aliases and members of JSON values
    /// does not count, nor whether a record is an `error`, nor whether types are defined here or in a referenced
    /// schema.
    pub fn equivalent(&self, other: &Self) -> bool {
        Pair { a: self, b: other, met: HashSet::new() }.types(self.root, other.root)
    }
}

struct Pair<'a> {
    a: &'a Schema,
    b: &'a Schema,
    /// Pairs of named types that were met: within each other they count as equal.
    met: HashSet<(TypeId, TypeId)>,
}

impl Pair<'_> {
    fn types(&mut self, a: TypeId, b: TypeId) -> bool {
        let (x, y) = (self.a.ty(a), self.b.ty(b));
        if x.kind.name() != y.kind.name() || (x.kind.name().is_some() && !self.met.insert((a, b))) {
            return x.kind.name() == y.kind.name();
        }
        same_attributes(&x.attributes, &y.attributes)
            && same_set(x.kind.aliases(), y.kind.aliases())
            && match (&x.kind, &y.kind) {
                (Kind::Array(i), Kind::Array(j)) | (Kind::Map(i), Kind::Map(j)) => self.types(*i, *j),
                (Kind::Union(i), Kind::Union(j)) => {
                    i.len() == j.len() && i.iter().zip(j).all(|(i, j)| self.types(*i, *j))
                }
                (Kind::Record(i), Kind::Record(j)) => {
                    i.doc == j.doc
                        && i.fields.len() == j.fields.len()
                        && i.fields.iter().zip(&j.fields).all(|(i, j)| self.fields(i, j))
                }
                (Kind::Enum(i), Kind::Enum(j)) => {
                    i.doc == j.doc && i.symbols == j.symbols && i.default == j.default
                }
                (Kind::Fixed(i), Kind::Fixed(j)) => i.doc == j.doc && i.size == j.size,
                (i, j) => i.word() == j.word(),
            }
    }

    fn fields(&mut self, a: &Field, b: &Field) -> bool {
        a.name == b.name
            && a.doc == b.doc
            && same_default(&a.default, &b.default)
            && a.order == b.order
            && same_set(&a.aliases, &b.aliases)
            && same_attributes(&a.attributes, &b.attributes)
            && self.types(a.ty, b.ty)
    }
}

fn same_set<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    a.len() == b.len() && a.iter().all(|x| b.contains(x))
}

/// Are two lists of attributes the same but for their order?
pub(super) fn same_attributes(a: &Attributes, b: &Attributes) -> bool {
    a.len() == b.len() && a.iter().all(|(key, value)| b.iter().any(|(k, v)| k == key && same_value(v, value)))
}

/// Are two default values the same but for the order of members in them?
pub(super) fn same_default(a: &Option<Value>, b: &Option<Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same_value(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Are two values the same but for the order of members? That is how Jackson compares them.
fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same_value(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(key, x)| b.get(key).is_some_and(|y| same_value(x, y)))
        }
        _ => a == b,
    }
}
