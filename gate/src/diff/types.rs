//! Two types.

use ottla_formats::avro::{Kind, TypeId};

use super::ChangeKind;
use super::named::is_same_kind;
use super::path::Step;
use super::walk::{At, Part, Task, Walk};
use super::words::both;

impl<'a> Walk<'a> {
    /// Compares two types and puts off what is in them.
    pub(super) fn types(&mut self, old: TypeId, new: TypeId, at: At) {
        self.spend(1);
        let (a, b) = (self.old, self.new);
        match (a.kind(old), b.kind(new)) {
            (Kind::Union(_), _) | (_, Kind::Union(_)) => self.unions(old, new, at),
            (Kind::Array(i), Kind::Array(j)) => self.containers(old, new, at, (*i, *j, Part::Items)),
            (Kind::Map(i), Kind::Map(j)) => self.containers(old, new, at, (*i, *j, Part::Values)),
            (x, y) if x.name().is_some() && is_same_kind(x, y) => {
                self.named(old, new, at);
            }
            (x, y) if is_same_kind(x, y) => {
                let owner = self.owner(at);
                self.type_attributes(old, new, at, &owner);
            }
            _ => self.type_changed(old, new, at),
        }
    }

    fn containers(&mut self, old: TypeId, new: TypeId, at: At, inner: (TypeId, TypeId, Part)) {
        let owner = self.owner(at);
        self.type_attributes(old, new, at, &owner);
        let (old, new, part) = inner;
        let step = if part == Part::Items { Step::Items } else { Step::Values };
        let path = self.step(at.path, step);
        self.later(vec![Task::Types(old, new, At { path, part })]);
    }

    /// Whose attributes those of a type are.
    fn owner(&self, at: At) -> String {
        match at.part {
            Part::Root => "the schema".to_owned(),
            _ => format!("the type of {}", self.label(at)),
        }
    }

    /// Tells that a type is another one.
    pub(super) fn type_changed(&mut self, old: TypeId, new: TypeId, at: At) {
        let (old, new) = both((self.old, old), (self.new, new));
        let words = format!("{}: type {old} -> {new}", self.label(at));
        self.tell(self.change(ChangeKind::TypeChanged, at.path, words).of(Some(old), Some(new)));
    }
}
