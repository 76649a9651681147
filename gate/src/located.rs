//! Where the types of a schema stand in the files that it was made from.
//!
//! The types of a schema know nothing of texts, and the values of a text nothing of types. Named types are found by the
//! names that a text defines; what has no name stands in a named type, or is the whole schema, so that the way from there
//! leads to it. Types of other files are found in those.
//!
//! ```text
//! located/owners.rs  in what the types without a name stand
//! ```

mod owners;

use std::collections::HashMap;

use ottla_formats::avro::{Schema, Slot, TypeId};

use crate::finding::Place;
use crate::source::{PlaceId, Source};
pub use owners::Owners;

/// The places of one schema. Made when something is to be shown: it takes a walk through the schema.
#[derive(Debug)]
pub struct Located<'s> {
    sources: &'s [Source],
    at: usize,
    /// Where the named types are defined.
    definitions: HashMap<&'s str, Spot>,
    owners: Owners,
}

/// A value in one of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The index of the source.
    pub source: usize,
    /// The place in its text.
    pub place: PlaceId,
}

impl<'s> Located<'s> {
    /// The places of the schema of a source. `sources`: all that it may refer to.
    ///
    /// # Panics
    /// There is no source at that index.
    pub fn new(sources: &'s [Source], at: usize) -> Self {
        let owners = Owners::of(&sources[at].schema);
        Self { sources, at, definitions: definitions(sources, at), owners }
    }

    /// The schema.
    pub fn schema(&self) -> &'s Schema {
        &self.sources[self.at].schema
    }

    /// In what the types without a name stand.
    pub fn owners(&self) -> &Owners {
        &self.owners
    }

    /// The whole text.
    pub fn root(&self) -> Spot {
        Spot { source: self.at, place: self.sources[self.at].file.places.root() }
    }

    /// A type: its definition if it has a name, else where it stands first.
    pub fn ty(&self, ty: TypeId) -> Spot {
        match self.schema().kind(ty).name() {
            Some(name) => self.definitions.get(name.full()).copied().unwrap_or_else(|| self.root()),
            None => self.slot(self.owners.slot(ty)),
        }
    }

    /// What stands in a slot: the type's definition, or its name. For a field that a record has not, the record.
    pub fn slot(&self, slot: Slot) -> Spot {
        let (start, way) = self.owners.way(slot);
        let start = match start {
            Slot::Field(record, at) => self.field_member(record, at, "type"),
            Slot::Absent(record) => self.ty(record),
            _ => self.root(),
        };
        way.iter().fold(start, |spot, step| match step {
            Slot::Items(_) => self.within(spot, "items"),
            Slot::Values(_) => self.within(spot, "values"),
            Slot::Branch(_, at) => self.element(spot, *at),
            _ => spot,
        })
    }

    /// Is a type defined where it stands?
    pub fn is_definition(&self, slot: Slot, ty: TypeId) -> bool {
        self.slot(slot) == self.ty(ty)
    }

    /// A member of a type's definition, as in `name`, `symbols`, `size`; the definition if it has no such member.
    pub fn member(&self, ty: TypeId, key: &str) -> Spot {
        self.within(self.ty(ty), key)
    }

    /// A field of a record.
    pub fn field(&self, record: TypeId, at: u32) -> Spot {
        self.element(self.member(record, "fields"), at)
    }

    /// A member of a field, as in `type`, `default`, `aliases`; the field if it has no such member.
    pub fn field_member(&self, record: TypeId, at: u32, key: &str) -> Spot {
        self.within(self.field(record, at), key)
    }

    /// A symbol of an enum.
    pub fn symbol(&self, ty: TypeId, at: u32) -> Spot {
        self.element(self.member(ty, "symbols"), at)
    }

    /// A member of a value, or the value if it has none.
    pub fn within(&self, spot: Spot, key: &str) -> Spot {
        Spot { place: self.sources[spot.source].file.places.member(spot.place, key), ..spot }
    }

    /// An element of a list, or the list if it has none.
    pub fn element(&self, spot: Spot, at: u32) -> Spot {
        Spot { place: self.sources[spot.source].file.places.element(spot.place, at as usize), ..spot }
    }

    /// The file, the lines and columns, and the pointer of a value.
    pub fn place(&self, spot: Spot) -> Place {
        self.sources[spot.source].file.located(spot.place)
    }

    /// The text of a value.
    pub fn text(&self, spot: Spot) -> &'s str {
        self.sources[spot.source].file.text_of(spot.place)
    }
}

/// Where the names are defined that a source knows: by itself, else by the first of those that it refers to.
fn definitions(sources: &[Source], at: usize) -> HashMap<&str, Spot> {
    let mut definitions = HashMap::new();
    let mut met = vec![false; sources.len()];
    let mut open = vec![at];
    while let Some(source) = open.pop() {
        if std::mem::replace(&mut met[source], true) {
            continue;
        }
        for definition in &sources[source].file.scan.definitions {
            let spot = Spot { source, place: definition.place };
            definitions.entry(definition.name.as_str()).or_insert(spot);
        }
        open.extend(sources[source].references.iter().rev().map(|(_, to)| *to));
    }
    definitions
}
