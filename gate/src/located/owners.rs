//! In what the types without a name stand.

use ottla_formats::avro::{Schema, Slot, TypeId};

/// For each type of a schema where it stands: a type without a name stands in one place only, but for primitives, of which
/// the first place is known.
#[derive(Debug)]
pub struct Owners(Vec<Option<Slot>>);

impl Owners {
    /// Those of a schema.
    pub fn of(schema: &Schema) -> Self {
        let mut owners = vec![None; schema.len()];
        owners[schema.root().index()] = Some(Slot::Root);
        for id in schema.ids() {
            for (slot, part) in schema.slots(id) {
                owners[part.index()].get_or_insert(slot);
            }
        }
        Self(owners)
    }

    /// Where a type stands; of those that stand in several places, in one of them.
    pub fn slot(&self, ty: TypeId) -> Slot {
        self.0.get(ty.index()).copied().flatten().unwrap_or(Slot::Root)
    }

    /// The way to a slot: the field (or the schema) that it is in, and the slots from there on, the last one last. For a
    /// field's type that way is empty.
    pub fn way(&self, slot: Slot) -> (Slot, Vec<Slot>) {
        let mut way = Vec::new();
        let mut slot = slot;
        // Types without a name cannot be within themselves, so this is never longer.
        while let Slot::Items(outer) | Slot::Values(outer) | Slot::Branch(outer, _) = slot {
            way.push(slot);
            slot = if way.len() <= self.0.len() { self.slot(outer) } else { Slot::Root };
        }
        way.reverse();
        (slot, way)
    }
}
