//! Where in a schema a type stands.

use super::schema::{Kind, Schema, TypeId};

/// Where in a schema a type stands. A primitive or a named type may stand in many places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// It is the schema.
    Root,
    /// It is the type of a record's field.
    Field(TypeId, u32),
    /// It is the type of an array's items.
    Items(TypeId),
    /// It is the type of a map's values.
    Values(TypeId),
    /// It is a branch of a union.
    Branch(TypeId, u32),
    /// Nowhere: the record has no such field.
    Absent(TypeId),
}

impl Schema {
    /// The indices of all types, those of referenced schemas included.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..u32::try_from(self.types.len()).unwrap_or(u32::MAX)).map(TypeId)
    }

    /// The types right inside of a type, and where they stand.
    pub fn slots(&self, ty: TypeId) -> impl Iterator<Item = (Slot, TypeId)> + '_ {
        let slot = move |kind: &Kind, at: u32| match kind {
            Kind::Array(_) => Slot::Items(ty),
            Kind::Map(_) => Slot::Values(ty),
            Kind::Union(_) => Slot::Branch(ty, at),
            _ => Slot::Field(ty, at),
        };
        let kind = self.kind(ty);
        (0..).zip(kind.parts()).map(move |(at, part)| (slot(kind, at), part))
    }
}
