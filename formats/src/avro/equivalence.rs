//! Are two schemas the same to a registry that looks one up?

use std::collections::HashSet;

use super::{Attributes, Field, Kind, Schema, TypeId};

impl Schema {
    /// The same parsed form, docs, aliases and defaults; the order of attributes and aliases does not count, nor
    /// whether types are defined here or in a referenced schema.
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
                        && i.is_error == j.is_error
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
            && a.default == b.default
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
    a.len() == b.len() && a.iter().all(|(key, value)| b.iter().any(|(k, v)| k == key && v == value))
}
