//! Which parts of two schemas belong together: kinds, names, fields and symbols.

use std::collections::HashMap;

use super::super::name::Name;
use super::super::schema::{Enum, Field, Kind, Record};
use super::TypeId;

/// So many names are found faster by looking at each than by hashing.
const SCANNED: usize = 12;

/// How a reader's type stands to a writer's type, before anything inside them is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The same type, and there is nothing inside.
    Same,
    /// The specification lets the reader convert what it reads.
    Promoted(Promotion),
    Array,
    Map,
    Fixed,
    Enum,
    Record,
    /// Both are unions.
    Unions,
    WriterUnion,
    ReaderUnion,
    /// The reader cannot read it.
    Different,
}

/// A conversion from the type that was written to the type that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Promotion {
    /// `int` read as `long`
    IntToLong,
    /// `int` read as `float`, rounded to the nearest
    IntToFloat,
    /// `int` read as `double`
    IntToDouble,
    /// `long` read as `float`, rounded to the nearest
    LongToFloat,
    /// `long` read as `double`, rounded to the nearest
    LongToDouble,
    /// `float` read as `double`
    FloatToDouble,
    /// `string` read as `bytes`
    StringToBytes,
    /// `bytes` read as `string`
    BytesToString,
}

impl Shape {
    pub(super) fn of(writer: &Kind, reader: &Kind) -> Self {
        use Kind::*;
        match (writer, reader) {
            (Union(_), Union(_)) => Self::Unions,
            (Union(_), _) => Self::WriterUnion,
            (_, Union(_)) => Self::ReaderUnion,
            (Record(_), Record(_)) => Self::Record,
            (Enum(_), Enum(_)) => Self::Enum,
            (Fixed(_), Fixed(_)) => Self::Fixed,
            (Array(_), Array(_)) => Self::Array,
            (Map(_), Map(_)) => Self::Map,
            (Null, Null)
            | (Boolean, Boolean)
            | (Int, Int)
            | (Long, Long)
            | (Float, Float)
            | (Double, Double)
            | (Bytes, Bytes)
            | (String, String) => Self::Same,
            (Int, Long) => Self::Promoted(Promotion::IntToLong),
            (Int, Float) => Self::Promoted(Promotion::IntToFloat),
            (Int, Double) => Self::Promoted(Promotion::IntToDouble),
            (Long, Float) => Self::Promoted(Promotion::LongToFloat),
            (Long, Double) => Self::Promoted(Promotion::LongToDouble),
            (Float, Double) => Self::Promoted(Promotion::FloatToDouble),
            (String, Bytes) => Self::Promoted(Promotion::StringToBytes),
            (Bytes, String) => Self::Promoted(Promotion::BytesToString),
            _ => Self::Different,
        }
    }
}

/// Records, enums and fixed: only these can be met by more than one way.
pub(super) fn is_named(kind: &Kind) -> bool {
    matches!(kind, Kind::Record(_) | Kind::Enum(_) | Kind::Fixed(_))
}

/// May the reader's type stand for the writer's by its name? Namespaces are ignored if the simple names agree, and
/// aliases of the writer do not count. `None`: one of them has no name.
pub(super) fn names_match(writer: &Kind, reader: &Kind) -> Option<bool> {
    let (written, expected) = (writer.name()?, reader.name()?);
    Some(written.simple() == expected.simple() || has_alias(reader, written))
}

/// Does an alias of the reader's type stand for a name? As in Java, one without a namespace stands for nothing if the
/// type itself has a namespace.
pub(super) fn has_alias(reader: &Kind, written: &Name) -> bool {
    let lost = written.namespace().is_none() && reader.name().is_some_and(|name| name.namespace().is_some());
    !lost && reader.aliases().contains(written)
}

/// Does the reader's enum have a symbol to take for those that it does not know?
pub(super) fn enum_default(ty: &Enum) -> Option<usize> {
    let default = ty.default.as_ref()?;
    ty.symbols.iter().position(|s| s == default)
}

/// Finds names in the fields or symbols of types; long lists are indexed when they are first asked.
#[derive(Debug)]
pub(super) struct Positions<'a> {
    indexed: HashMap<TypeId, HashMap<&'a str, usize>>,
}

/// What of a writer's record a reader's field stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldMatch {
    /// Nothing: the writer has no such field.
    None,
    /// The field at this position.
    One(usize),
    /// Its name and its aliases stand for different fields.
    Many,
}

impl<'a> Positions<'a> {
    pub(super) fn new() -> Self {
        Self { indexed: HashMap::new() }
    }

    /// The writer's field that a reader's field stands for, by its name or an alias.
    pub(super) fn writer_field(
        &mut self,
        writer: TypeId,
        record: &'a Record,
        field: &Field,
        hint: usize,
    ) -> FieldMatch {
        let mut found = self.field(writer, record, &field.name, hint);
        for alias in &field.aliases {
            let other = self.field(writer, record, alias, hint);
            match (found, other) {
                (None, _) => found = other,
                (Some(a), Some(b)) if a != b => return FieldMatch::Many,
                _ => {}
            }
        }
        found.map_or(FieldMatch::None, FieldMatch::One)
    }

    /// The position of the field of a name. `hint` is tried first: most records keep their order.
    pub(super) fn field(
        &mut self,
        owner: TypeId,
        record: &'a Record,
        name: &str,
        hint: usize,
    ) -> Option<usize> {
        self.find(owner, &record.fields, |f| &f.name, name, hint)
    }

    /// The position of a symbol.
    pub(super) fn symbol(&mut self, owner: TypeId, ty: &'a Enum, symbol: &str, hint: usize) -> Option<usize> {
        self.find(owner, &ty.symbols, |s| s, symbol, hint)
    }

    fn find<T>(
        &mut self,
        owner: TypeId,
        list: &'a [T],
        name_of: fn(&'a T) -> &'a str,
        wanted: &str,
        hint: usize,
    ) -> Option<usize> {
        if list.get(hint).is_some_and(|item| name_of(item) == wanted) {
            return Some(hint);
        }
        if list.len() <= SCANNED {
            return list.iter().position(|item| name_of(item) == wanted);
        }
        let index = self
            .indexed
            .entry(owner)
            .or_insert_with(|| list.iter().enumerate().rev().map(|(at, item)| (name_of(item), at)).collect());
        index.get(wanted).copied()
    }
}
