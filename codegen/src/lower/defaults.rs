//! Defaults that are no values of their logical types: `""` is no UUID. Such a logical type does not suit, and is ignored like
//! any that does not (Avro specification, "Logical Types"). Those that the types of other crates cannot hold are errors.

use std::collections::HashSet;

use ottla_formats::avro::{Field, Kind, Name, TypeId};

use super::encoded::Encoded;
use super::{Lowering, held, logical};
use crate::model::Logical;
use crate::source::PlaceId;

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
                    self.walk(definition.source, field.ty, &bytes, &mut |source, id, bytes| {
                        let ty = self.sources[source].schema.ty(id);
                        if logical::of(ty).is_some_and(|logical| !logical::takes(logical, bytes)) {
                            ignored.insert((source, id));
                        }
                    });
                }
            }
        }
        ignored
    }

    /// Goes over the values without parts in a default, where a type of ours or of an option stands for them.
    fn walk(&self, source: usize, ty: TypeId, bytes: &[u8], visit: &mut dyn FnMut(usize, TypeId, &[u8])) {
        Walk { lowering: self, rest: Encoded(bytes), visit }.value(source, ty, true);
    }

    /// Tells of a default that a type of another crate cannot hold: `new` would have no value for the field.
    pub(super) fn check_held(&mut self, source: usize, field: &Field, bytes: &[u8], place: PlaceId) {
        let mut refused = None;
        self.walk(source, field.ty, bytes, &mut |source, id, bytes| {
            let ty = self.sources[source].schema.ty(id);
            let Some(logical) = self.logical(source, id) else { return };
            let word = ty.attribute("logicalType").and_then(|word| word.as_str()).unwrap_or_default();
            let names = ty.kind.name().map(Name::full).into_iter().chain([word]);
            // What a type of the user's can hold only its author knows.
            let is_users = names.into_iter().any(|name| self.choices.mapped(name).is_some());
            if !is_users && let Some(holder) = held::refusing(logical, bytes, self.choices.options) {
                refused = Some((word, holder));
            }
        });
        if let Some((word, holder)) = refused {
            let message =
                format!("the default of {} holds a {word} that {holder} has no value for", field.name);
            let help = "choose another default, or a type for it that has one, with `map_type`";
            self.fail(source, self.sources[source].file.places.member(place, "default"), message, help);
        }
    }
}

/// A walk along a default in Avro's encoding: that says which branches of unions were taken, and holds the defaults of fields
/// within it. Defaults do not nest deeply, so that it may be recursive.
struct Walk<'w, 'a> {
    lowering: &'w Lowering<'a>,
    rest: Encoded<'w>,
    /// What is done with a value: its source, its type, and its bytes, of `bytes` and `string` without the length.
    visit: &'w mut dyn FnMut(usize, TypeId, &[u8]),
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
            Kind::Int | Kind::Long | Kind::Enum(_) => {
                let before = self.rest.0;
                self.rest.long()?;
                &before[..before.len() - self.rest.0.len()]
            }
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
        if ours {
            (self.visit)(source, id, bytes);
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
