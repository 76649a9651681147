//! How to pass over what a writer wrote and a reader does not want.

use std::collections::HashMap;
use std::ops::Range;

use super::super::schema::{Kind, Schema};
use super::TypeId;
use super::build::{PlanError, append, limited};
use super::plan::{SkipId, StoredSkip};

/// The skips of a plan.
pub(super) struct Skips<'a> {
    writer: &'a Schema,
    pub(super) all: Vec<StoredSkip>,
    /// The branches of unions and fields of records.
    pub(super) lists: Vec<SkipId>,
    known: HashMap<TypeId, SkipId>,
}

impl<'a> Skips<'a> {
    pub(super) fn new(writer: &'a Schema) -> Self {
        Self { writer, all: Vec::new(), lists: Vec::new(), known: HashMap::new() }
    }

    /// How to pass over a type of the writer. Types that are met again are made once.
    pub(super) fn of(&mut self, ty: TypeId) -> Result<SkipId, PlanError> {
        let mut open = Vec::new();
        let skip = self.slot(ty, &mut open)?;
        while let Some((id, ty)) = open.pop() {
            let stored = match self.writer.kind(ty) {
                Kind::Array(item) => StoredSkip::Array(self.slot(*item, &mut open)?),
                Kind::Map(value) => StoredSkip::Map(self.slot(*value, &mut open)?),
                Kind::Union(branches) => {
                    let list = self.list(branches.iter().copied(), &mut open)?;
                    StoredSkip::Union(list)
                }
                Kind::Record(record) => {
                    let list = self.list(record.fields.iter().map(|f| f.ty), &mut open)?;
                    StoredSkip::Record(list)
                }
                _ => continue,
            };
            self.all[id.index()] = stored;
        }
        Ok(skip)
    }

    fn list(
        &mut self,
        types: impl Iterator<Item = TypeId>,
        open: &mut Vec<(SkipId, TypeId)>,
    ) -> Result<Range<u32>, PlanError> {
        let ids = types.map(|ty| self.slot(ty, open)).collect::<Result<Vec<_>, _>>()?;
        append(&mut self.lists, ids)
    }

    fn slot(&mut self, ty: TypeId, open: &mut Vec<(SkipId, TypeId)>) -> Result<SkipId, PlanError> {
        if let Some(known) = self.known.get(&ty) {
            return Ok(*known);
        }
        let id = SkipId(limited(self.all.len())?);
        self.all.push(match self.writer.kind(ty) {
            Kind::Null => StoredSkip::Nothing,
            Kind::Boolean => StoredSkip::Bytes(1),
            Kind::Int | Kind::Long | Kind::Enum(_) => StoredSkip::Varint,
            Kind::Float => StoredSkip::Bytes(4),
            Kind::Double => StoredSkip::Bytes(8),
            Kind::Bytes | Kind::String => StoredSkip::Prefixed,
            Kind::Fixed(f) => StoredSkip::Bytes(f.size),
            Kind::Array(_) | Kind::Map(_) | Kind::Union(_) | Kind::Record(_) => {
                open.push((id, ty));
                StoredSkip::Nothing
            }
        });
        self.known.insert(ty, id);
        Ok(id)
    }
}
