//! Are two schemas, or two definitions in one schema, the same?

use std::collections::{HashMap, HashSet};

use super::seen::Seen;
use super::{Attributes, Field, Kind, Schema, Type, TypeId};

impl Schema {
    /// Are they the same to a registry that looks one up: the same parsed form, docs, aliases and defaults? The order of
    /// attributes, aliases and members of JSON values does not count, nor whether a record is an `error`, nor whether
    /// types are defined here or in a referenced schema.
    pub fn equivalent(&self, other: &Self) -> bool {
        let pair = Pair { a: &self.types, b: &other.types, looks_at_docs: true, looks_within: true };
        pair.same(self.root, other.root)
    }

    /// Are two types the same in that way, but for the definitions of the named types in them? Those have to be the same
    /// by name only, so that each can be compared for itself.
    pub fn same_but_within(&self, ty: TypeId, other: &Self, other_ty: TypeId) -> bool {
        let pair = Pair { a: &self.types, b: &other.types, looks_at_docs: true, looks_within: false };
        pair.same(ty, other_ty)
    }
}

/// Are two definitions the same, as Java's `Schema.equals` sees it? Docs, aliases and enum defaults do not count.
pub(super) fn same_definition(types: &[Type], a: TypeId, b: TypeId) -> bool {
    Pair { a: types, b: types, looks_at_docs: false, looks_within: true }.same(a, b)
}

struct Pair<'a> {
    a: &'a [Type],
    b: &'a [Type],
    /// And at aliases and enum defaults.
    looks_at_docs: bool,
    /// And at the definitions of named types within the first.
    looks_within: bool,
}

impl Pair<'_> {
    /// Compares with all that is inside. Named types are compared once for each pair of them; within each other they
    /// count as equal.
    fn same(&self, a: TypeId, b: TypeId) -> bool {
        let mut met = HashSet::new();
        let mut open = vec![(a, b)];
        while let Some((a, b)) = open.pop() {
            if a == b && std::ptr::eq(self.a, self.b) {
                continue;
            }
            let (x, y) = (&self.a[a.index()], &self.b[b.index()]);
            if x.kind.name() != y.kind.name() {
                return false;
            }
            let is_within = !self.looks_within && !met.is_empty();
            if x.kind.name().is_some() && (is_within || !met.insert((a, b))) {
                continue;
            }
            if !self.alike(x, y) {
                return false;
            }
            open.extend(x.kind.parts().zip(y.kind.parts()));
        }
        true
    }

    /// Are two types the same but for their parts?
    fn alike(&self, a: &Type, b: &Type) -> bool {
        let docs = self.looks_at_docs;
        if !same_attributes(&a.attributes, &b.attributes)
            || (docs && !same_set(a.kind.aliases(), b.kind.aliases(), |name| name.full()))
        {
            return false;
        }
        match (&a.kind, &b.kind) {
            (Kind::Union(i), Kind::Union(j)) => i.len() == j.len(),
            (Kind::Record(i), Kind::Record(j)) => {
                i.fields.len() == j.fields.len()
                    && i.fields.iter().zip(&j.fields).all(|(i, j)| self.alike_fields(i, j))
                    && (!docs || i.doc == j.doc)
            }
            (Kind::Enum(i), Kind::Enum(j)) => {
                i.symbols == j.symbols && (!docs || (i.doc == j.doc && i.default == j.default))
            }
            (Kind::Fixed(i), Kind::Fixed(j)) => i.size == j.size && (!docs || i.doc == j.doc),
            (i, j) => i.word() == j.word(),
        }
    }

    fn alike_fields(&self, a: &Field, b: &Field) -> bool {
        a.name == b.name
            && a.default == b.default
            && a.order == b.order
            && same_attributes(&a.attributes, &b.attributes)
            && (!self.looks_at_docs || (a.doc == b.doc && same_set(&a.aliases, &b.aliases, String::as_str)))
    }
}

/// Do two lists hold the same texts, each once?
fn same_set<T>(a: &[T], b: &[T], text: fn(&T) -> &str) -> bool {
    if a.len() != b.len() || a.is_empty() {
        return a.len() == b.len();
    }
    let known: Seen = b.iter().map(text).collect();
    a.iter().all(|item| known.find(text(item)).is_some())
}

/// Are two lists of attributes the same but for their order?
fn same_attributes(a: &Attributes, b: &Attributes) -> bool {
    if a.len() != b.len() || a == b {
        return a.len() == b.len();
    }
    let known: HashMap<&str, _> = b.iter().map(|(key, value)| (key.as_str(), value)).collect();
    a.iter().all(|(key, value)| known.get(key.as_str()) == Some(&value))
}
