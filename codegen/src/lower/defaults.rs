//! Defaults that are no values of their logical types: `""` is no UUID. Such a logical type does not suit, and is ignored like
//! any that does not (Avro specification, "Logical Types").

use std::collections::HashSet;

use ottla_formats::avro::{Kind, Name, TypeId};

use super::encoded::Encoded;
use super::{Lowering, logical};
use crate::model::Logical;

/// Types whose logical types are ignored, where they are defined: the source and the type.
pub(super) type Ignored = HashSet<(usize, TypeId)>;

impl Lowering<'_> {
    /// The logical type of a type, if it suits.
    pub(super) fn logical(&self, source: usize, id: TypeId) -> Option<Logical> {
        let (source, id) = self.defined(source, id);
        if self.ignored.contains(&(source, id)) {
            return None;
        }
        logical::of(self.sources[source].schema.ty(id))
    }

    /// Where a type is defined.
    fn defined(&self, source: usize, id: TypeId) -> (usize, TypeId) {
        let name = self.sources[source].schema.kind(id).name();
        let definition = name.and_then(|name| self.definitions.get(name.full()));
        definition.map_or((source, id), |definition| (definition.source, definition.ty))
    }

    /// Finds the types whose logical types do not take a default that has a value of them somewhere within.
    pub(super) fn unsuitable(&self) -> Ignored {
        let mut ignored = Ignored::new();
        for (_, definition) in self.reached() {
            let schema = &self.sources[definition.source].schema;
            let Kind::Record(record) = schema.kind(definition.ty) else { continue };
            for field in &record.fields {
                let Some(default) = &field.default else { continue };
                // One that cannot be written is told of where its field is.
                if let Ok(bytes) = schema.encode_default(field.ty, default) {
                    let mut walk = Walk { lowering: self, rest: Encoded(&bytes), ignored: &mut ignored };
                    walk.value(definition.source, field.ty, true);
                }
            }
        }
        ignored
    }
}

/// A walk along a default in Avro's encoding: that says which branches of unions were taken, and holds the defaults of fields
/// within it. Defaults do not nest deeply, so that it may be recursive.
struct Walk<'w, 'a> {
    lowering: &'w Lowering<'a>,
    rest: Encoded<'w>,
    ignored: &'w mut Ignored,
}

impl Walk<'_, '_> {
    /// Goes over a value. What is made elsewhere is not `ours`. Nothing if the bytes end, as those of defaults do not.
    fn value(&mut self, source: usize, id: TypeId, ours: bool) -> Option<()> {
        let (source, id) = self.lowering.defined(source, id);
        let ty = self.lowering.sources[source].schema.ty(id);
        let is_extern = |name: &Name| self.lowering.choices.external(name.full()).is_some();
        let ours = ours && !ty.kind.name().is_some_and(is_extern);
        let bytes = match &ty.kind {
            Kind::Null => &[],
            Kind::Boolean => self.rest.take(1)?,
            Kind::Int | Kind::Long | Kind::Enum(_) => return self.rest.long().map(drop),
            Kind::Float => self.rest.take(4)?,
            Kind::Double => self.rest.take(8)?,
            Kind::Bytes | Kind::String => self.rest.prefixed()?,
            Kind::Fixed(fixed) => self.rest.take(fixed.size)?,
            Kind::Array(items) => return self.parts(source, *items, ours, false),
            Kind::Map(values) => return self.parts(source, *values, ours, true),
            Kind::Union(branches) => {
                let branch = usize::try_from(self.rest.long()?).ok()?;
                return self.value(source, *branches.get(branch)?, ours);
            }
            Kind::Record(record) => {
                return record.fields.iter().try_for_each(|field| self.value(source, field.ty, ours));
            }
        };
        if ours && logical::of(ty).is_some_and(|logical| !logical::takes(logical, bytes)) {
            self.ignored.insert((source, id));
        }
        Some(())
    }

    /// The items of an array, or the keys and values of a map.
    fn parts(&mut self, source: usize, id: TypeId, ours: bool, keys: bool) -> Option<()> {
        loop {
            let count = self.rest.long()?;
            if count == 0 {
                return Some(());
            }
            for _ in 0..count {
                if keys {
                    self.rest.prefixed()?;
                }
                self.value(source, id, ours)?;
            }
        }
    }
}
