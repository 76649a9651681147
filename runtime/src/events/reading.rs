//! How a type reads what was written with one schema.

use crate::codec::{At, Decode, DecodeError, Fault, Limits, Reader};
use crate::event::{BorrowedEvent, Event};
use crate::plan::{Plan, PlanError};

use super::branches::Branches;
use super::{Unreadable, WriterSchema};

/// How a type reads what was written with one schema.
#[derive(Debug)]
pub struct Reading<T: Event>(Way<T>);

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one for each schema, and it is used for each message")]
enum Way<T: Event> {
    /// It was written as the type writes.
    Direct,
    Planned(Plan<T>),
    /// A union of which the type can read some branches, one for each of them.
    Branches(Branches<Reading<T>>),
}

/// How events are read.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions {
    /// How much of anything one event may take.
    pub limits: Limits,
    /// Are bytes after the event an error?
    pub is_whole: bool,
}

impl<T: Event> Reading<T> {
    /// Compares the schemas. If the writer's is a union that is not compatible as a whole, its branches are, one by one, as
    /// Java does when it reads.
    pub fn new(writer: &WriterSchema) -> Result<Self, Unreadable> {
        let unreadable = |error| Unreadable::Plan { name: T::FULL_NAME, error };
        let own = T::descriptor().schema().map_err(|error| unreadable(PlanError::Reader(error.clone())))?;
        // The same form has the same bytes, whatever else the schemas say.
        if own.parsing_canonical_form() == writer.schema.parsing_canonical_form() {
            return Ok(Self(Way::Direct));
        }
        match Plan::new(writer.schema.clone()) {
            Ok(plan) if plan.is_direct() => Ok(Self(Way::Direct)),
            Ok(plan) => Ok(Self(Way::Planned(plan))),
            Err(error) => match Branches::new(writer, Self::new) {
                Some(branches) if branches.any() => Ok(Self(Way::Branches(branches))),
                _ => Err(unreadable(error)),
            },
        }
    }

    /// Reads an event.
    #[inline]
    pub fn read(&self, body: &[u8], options: ReadOptions) -> Result<T, DecodeError> {
        let value = match &self.0 {
            Way::Direct => read(Reader::with_limits(body, options.limits), At::DIRECT, options),
            Way::Planned(plan) => {
                let program = plan.program();
                read(Reader::with_program(body, options.limits, program), program.root(), options)
            }
            Way::Branches(branches) => {
                let (reading, body) = branches.select(body)?;
                return reading.read(body, options);
            }
        };
        if value.is_err() { self.explain(body, options) } else { value }
    }

    /// Reads an event whose text and bytes are parts of the message.
    #[inline]
    pub fn read_borrowed<'a, B>(&'a self, body: &'a [u8], options: ReadOptions) -> Result<B, DecodeError>
    where
        B: BorrowedEvent<'a, Owned = T>,
    {
        let value = match &self.0 {
            Way::Direct => read(Reader::with_limits(body, options.limits), At::DIRECT, options),
            Way::Planned(plan) => {
                let program = plan.program();
                read(Reader::with_program(body, options.limits, program), program.root(), options)
            }
            Way::Branches(branches) => {
                let (reading, body) = branches.select(body)?;
                return reading.read_borrowed(body, options);
            }
        };
        if value.is_err() { self.explain_borrowed(body, options) } else { value }
    }

    /// Reads it once more, to tell the place of what is wrong.
    #[cold]
    fn explain(&self, body: &[u8], options: ReadOptions) -> Result<T, DecodeError> {
        match &self.0 {
            Way::Planned(plan) => T::decode_resolved_within(body, plan, options.limits),
            _ => T::decode_within(body, options.limits),
        }
    }

    #[cold]
    fn explain_borrowed<'a, B>(&'a self, body: &'a [u8], options: ReadOptions) -> Result<B, DecodeError>
    where
        B: BorrowedEvent<'a, Owned = T>,
    {
        self.explain(body, options)?;
        // What owns its text takes bytes for it that are not UTF-8.
        match &self.0 {
            Way::Planned(plan) => B::decode_resolved_within(body, plan, options.limits),
            _ => B::decode_within(body, options.limits),
        }
    }
}

#[inline]
fn read<'a, T: Decode<'a>>(mut from: Reader<'a>, at: At, options: ReadOptions) -> Result<T, DecodeError> {
    let mut outcome = T::read(&mut from, at);
    if outcome.is_ok() && options.is_whole && !from.rest().is_empty() {
        outcome = Err(Fault::Trailing.into());
    }
    outcome
}
