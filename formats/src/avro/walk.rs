//! The one walk over a schema's types in the order of its texts.

use super::{Field, Kind, Name, Record, Type, TypeId};

/// What a walk meets.
pub(super) enum Event<'a> {
    /// A type begins. Its parts follow, if it has any.
    Begin(&'a Type),
    /// A named type that was met before, or that stands in the text by name only.
    Known(&'a Name),
    /// A field of the record, before its type.
    Field(&'a Record, usize),
    /// A field after its type.
    FieldEnd(&'a Field),
    /// A branch of a union, before its type.
    Branch(usize),
    /// A type ends.
    End(&'a Type),
}

/// Walks from a type to all that is inside; named types are entered once. It keeps its own stack, because types that
/// are used before they are defined can nest far deeper than the text did that they were read from.
pub(super) struct Walk<'a> {
    types: &'a [Type],
    /// Types of referenced schemas stand by name.
    stops_at_references: bool,
    met: Vec<bool>,
    next: Option<TypeId>,
    open: Vec<Open<'a>>,
}

/// A type that has begun.
struct Open<'a> {
    ty: &'a Type,
    rest: Rest<'a>,
}

enum Rest<'a> {
    Nothing,
    Inner(TypeId),
    Branches { branches: &'a [TypeId], at: usize },
    Fields { record: &'a Record, at: usize, in_field: bool },
}

impl<'a> Walk<'a> {
    pub(super) fn new(types: &'a [Type], root: TypeId, stops_at_references: bool) -> Self {
        Self { types, stops_at_references, met: vec![false; types.len()], next: Some(root), open: Vec::new() }
    }

    fn enter(&mut self, id: TypeId) -> Event<'a> {
        let ty = &self.types[id.index()];
        if let Some(name) = ty.kind.name() {
            let met = std::mem::replace(&mut self.met[id.index()], true);
            if met || (self.stops_at_references && ty.referenced) {
                return Event::Known(name);
            }
        }
        let rest = match &ty.kind {
            Kind::Array(inner) | Kind::Map(inner) => Rest::Inner(*inner),
            Kind::Union(branches) => Rest::Branches { branches, at: 0 },
            Kind::Record(record) => Rest::Fields { record, at: 0, in_field: false },
            _ => Rest::Nothing,
        };
        self.open.push(Open { ty, rest });
        Event::Begin(ty)
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(id) = self.next.take() {
            return Some(self.enter(id));
        }
        let Open { ty, rest } = self.open.last_mut()?;
        let ty = *ty;
        match rest {
            Rest::Inner(inner) => {
                let inner = *inner;
                *rest = Rest::Nothing;
                return Some(self.enter(inner));
            }
            Rest::Branches { branches, at } => {
                if let Some(branch) = branches.get(*at) {
                    *at += 1;
                    self.next = Some(*branch);
                    return Some(Event::Branch(*at - 1));
                }
            }
            Rest::Fields { record, at, in_field } => {
                if let Some(field) = record.fields.get(*at) {
                    *in_field = !*in_field;
                    if *in_field {
                        self.next = Some(field.ty);
                        return Some(Event::Field(record, *at));
                    }
                    *at += 1;
                    return Some(Event::FieldEnd(field));
                }
            }
            Rest::Nothing => {}
        }
        self.open.pop();
        Some(Event::End(ty))
    }
}
