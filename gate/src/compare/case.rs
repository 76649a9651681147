//! A version and a direction: the two sides of an incompatibility.

use std::cell::Cell;

use ottla_formats::avro::{Incompatibility, Kind, Reader, Schema, Slot, TypeId, Writer};
use ottla_formats::compatibility::{Direction, Level};

use super::words::quoted;
use crate::located::Located;

/// A version that is compared with the schema of a file.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    /// The schema of the file.
    pub(super) located: &'a Located<'a>,
    /// The version.
    pub(super) old: &'a Schema,
    /// What the version is called.
    pub(super) label: &'a str,
    pub(super) level: Level,
    pub(super) direction: Direction,
    /// How many fields may still be looked at to find out how others are called now.
    pub(super) looks: &'a Cell<usize>,
}

/// A type and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Side {
    pub(super) ty: TypeId,
    pub(super) slot: Slot,
}

/// What stands against what.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    /// In the schema of the file.
    pub(super) new: Side,
    /// In the version.
    pub(super) old: Side,
}

impl<'a> Case<'a> {
    /// The schema of the file.
    pub(super) fn candidate(&self) -> &'a Schema {
        self.located.schema()
    }

    pub(super) fn writer(&self) -> Writer<'a> {
        match self.direction {
            Direction::Backward => Writer(self.old),
            Direction::Forward => Writer(self.candidate()),
        }
    }

    pub(super) fn reader(&self) -> Reader<'a> {
        match self.direction {
            Direction::Backward => Reader(self.candidate()),
            Direction::Forward => Reader(self.old),
        }
    }

    pub(super) fn sides(&self, found: &Incompatibility) -> Sides {
        let reader = Side { ty: found.reader_type(), slot: found.reader_slot() };
        let writer = Side { ty: found.writer_type(), slot: found.writer_slot() };
        match self.direction {
            Direction::Backward => Sides { new: reader, old: writer },
            Direction::Forward => Sides { new: writer, old: reader },
        }
    }

    /// Does the level ask for the other direction as well?
    pub(super) fn is_full(&self) -> bool {
        self.level.directions().len() > 1
    }

    /// What holds a type of the file, in words: `field "lines"`, `the items of field "lines"`, `the schema`.
    pub(super) fn holder(&self, slot: Slot) -> String {
        let (start, way) = self.located.owners().way(slot);
        let start = match start {
            Slot::Field(record, at) => self.field(record, at),
            _ => "the schema".to_owned(),
        };
        way.iter().fold(start, |holder, step| match step {
            Slot::Items(_) => format!("the items of {holder}"),
            Slot::Values(_) => format!("the values of {holder}"),
            _ => holder,
        })
    }

    /// The same for what a type is said of: `type of field "lines"`, `the schema`.
    pub(super) fn type_of(&self, slot: Slot) -> String {
        match self.holder(slot) {
            whole if whole == "the schema" => whole,
            holder => format!("type of {holder}"),
        }
    }

    /// A field of the file in words, and of which record it is if not of the outermost.
    pub(super) fn field(&self, record: TypeId, at: u32) -> String {
        field(self.candidate(), record, at)
    }

    /// Is the type that of a field, so that another field could be added beside it?
    pub(super) fn is_in_field(&self, slot: Slot) -> bool {
        matches!(self.located.owners().way(slot).0, Slot::Field(..))
    }
}

/// A field of a schema in words.
pub(super) fn field(schema: &Schema, record: TypeId, at: u32) -> String {
    let Kind::Record(of) = schema.kind(record) else { return "a field".to_owned() };
    let name = quoted(of.fields.get(at as usize).map_or("", |field| &field.name));
    match record == schema.root() {
        true => format!("field {name}"),
        false => format!("field {name} of {}", of.name.simple()),
    }
}
