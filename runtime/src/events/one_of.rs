//! How an enum over several types reads what was written with one schema.

use std::any::Any;

use super::branches::Branches;
use super::{EventType, ReadOptions, Reading, Selected, UnknownEvent, Unreadable, WriterSchema};
use crate::codec::DecodeError;
use crate::event::Event;

/// How an enum over several types reads what was written with one schema.
pub struct OneOf<E>(Choice<E>);

enum Choice<E> {
    Known(Box<dyn Variant<E>>),
    Unknown(WriterSchema, fn(UnknownEvent) -> E),
    Union(Branches<OneOf<E>>),
}

/// One of the types, and its variant.
trait Variant<E>: Send + Sync {
    fn read(&self, body: &[u8], options: ReadOptions) -> Result<E, DecodeError>;
    fn reading(&self) -> &dyn Any;
}

struct Known<T: Event, F> {
    reading: Reading<T>,
    wrap: F,
}

impl<E: 'static, T: Event, F: Fn(T) -> E + Send + Sync> Variant<E> for Known<T, F> {
    fn read(&self, body: &[u8], options: ReadOptions) -> Result<E, DecodeError> {
        self.reading.read(body, options).map(&self.wrap)
    }

    fn reading(&self) -> &dyn Any {
        &self.reading
    }
}

impl<E: 'static> OneOf<E> {
    /// For a type, and what makes the enum of its events.
    pub fn known<T: Event>(
        writer: &WriterSchema,
        wrap: impl Fn(T) -> E + Send + Sync + 'static,
    ) -> Result<Self, Unreadable> {
        Ok(Self(Choice::Known(Box::new(Known { reading: Reading::new(writer)?, wrap }))))
    }

    /// Chooses one of the types. `known` makes the reading of the one at a position, `other` is what becomes of those that
    /// are not known.
    pub fn choose(
        writer: &WriterSchema,
        types: &'static [EventType],
        known: impl Fn(usize, &WriterSchema) -> Result<Self, Unreadable>,
        other: Option<fn(UnknownEvent) -> E>,
    ) -> Result<Self, Unreadable> {
        let one = |writer: &WriterSchema| match position(writer, types) {
            Some(position) => known(position, writer),
            None => match other {
                Some(other) => Ok(Self(Choice::Unknown(writer.clone(), other))),
                None => Err(Unreadable::UnknownType {
                    name: writer.name().to_owned(),
                    known: types.iter().map(|ty| ty.name).collect(),
                }),
            },
        };
        // A type of its own may be this very union.
        let branches = match position(writer, types) {
            None => Branches::new(writer, one),
            Some(_) => None,
        };
        match branches {
            None => one(writer),
            Some(branches) => match branches.first_error() {
                Some(error) if !branches.any() => Err(error.clone()),
                _ => Ok(Self(Choice::Union(branches))),
            },
        }
    }

    /// Reads an event.
    pub fn read(&self, body: &[u8], options: ReadOptions) -> Result<E, DecodeError> {
        match &self.0 {
            Choice::Known(variant) => variant.read(body, options),
            Choice::Unknown(writer, other) => Ok(other(UnknownEvent::new(writer, body))),
            Choice::Union(branches) => {
                let (branch, body) = branches.select(body)?;
                branch.read(body, options)
            }
        }
    }

    /// The [`Reading`] of an event that is of one of the types, and its bytes.
    pub fn select<'r, 'b>(&'r self, body: &'b [u8]) -> Selected<'r, 'b> {
        match &self.0 {
            Choice::Known(variant) => Ok(Some((variant.reading(), body))),
            Choice::Unknown(..) => Ok(None),
            Choice::Union(branches) => {
                let (branch, body) = branches.select(body)?;
                branch.select(body)
            }
        }
    }
}

/// The type with the writer's name, else the first that has it as an alias.
fn position(writer: &WriterSchema, types: &[EventType]) -> Option<usize> {
    let written = writer.schema.kind(writer.schema.root());
    let same = types.iter().position(|ty| ty.name == writer.name());
    same.or_else(|| {
        let written = written.name()?;
        types.iter().position(|ty| {
            let schema = (ty.descriptor)().schema();
            schema.is_ok_and(|schema| schema.kind(schema.root()).aliases().contains(written))
        })
    })
}

impl<E> std::fmt::Debug for OneOf<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneOf").finish_non_exhaustive()
    }
}
