//! How a type reads what was written with one schema.

use crate::codec::{At, DecodeError, Fault, Limits, Reader};
use crate::event::{BorrowedEvent, Event};
use crate::plan::{Plan, PlanError};

use super::{Unreadable, WriterSchema};

/// How a type reads what was written with one schema.
#[derive(Debug)]
pub struct Reading<T: Event> {
    /// Nothing if it was written as the type writes.
    plan: Option<Plan<T>>,
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
    /// Compares the schemas.
    pub fn new(writer: &WriterSchema) -> Result<Self, Unreadable> {
        let unreadable = |error| Unreadable::Plan { name: T::FULL_NAME, error };
        let own = T::descriptor().schema().map_err(|error| unreadable(PlanError::Reader(error.clone())))?;
        // The same form has the same bytes, whatever else the schemas say.
        if own.parsing_canonical_form() == writer.schema.parsing_canonical_form() {
            return Ok(Self { plan: None });
        }
        let plan = Plan::new(writer.schema.clone()).map_err(unreadable)?;
        Ok(Self { plan: Some(plan).filter(|plan| !plan.is_direct()) })
    }

    /// Reads an event.
    #[inline]
    pub fn read(&self, body: &[u8], options: ReadOptions) -> Result<T, DecodeError> {
        let value = match &self.plan {
            None => read(body, options, T::read),
            Some(plan) => read(body, options, |from| T::resolve(from, At::root(plan.program()))),
        };
        match value {
            Some(value) => Ok(value),
            None => self.explain(body, options),
        }
    }

    /// Reads an event whose text and bytes are parts of the message.
    #[inline]
    pub fn read_borrowed<'a, B>(&'a self, body: &'a [u8], options: ReadOptions) -> Result<B, DecodeError>
    where
        B: BorrowedEvent<'a, Owned = T>,
    {
        let value = match &self.plan {
            None => read(body, options, B::read),
            Some(plan) => read(body, options, |from| B::resolve(from, At::root(plan.program()))),
        };
        match value {
            Some(value) => Ok(value),
            None => self.explain_borrowed(body, options),
        }
    }

    /// Reads it once more, to tell the place of what is wrong.
    #[cold]
    fn explain(&self, body: &[u8], options: ReadOptions) -> Result<T, DecodeError> {
        match &self.plan {
            None => T::decode_within(body, options.limits),
            Some(plan) => T::decode_resolved_within(body, plan, options.limits),
        }
    }

    #[cold]
    fn explain_borrowed<'a, B>(&'a self, body: &'a [u8], options: ReadOptions) -> Result<B, DecodeError>
    where
        B: BorrowedEvent<'a, Owned = T>,
    {
        self.explain(body, options)?;
        // What owns its text takes bytes for it that are not UTF-8.
        match &self.plan {
            None => B::decode(body),
            Some(plan) => B::decode_resolved(body, plan),
        }
    }
}

#[inline]
fn read<'a, T>(
    body: &'a [u8],
    options: ReadOptions,
    value: impl FnOnce(&mut Reader<'a>) -> Result<T, Fault>,
) -> Option<T> {
    let mut reader = Reader::with_limits(body, options.limits);
    let value = value(&mut reader).ok()?;
    (!options.is_whole || reader.rest().is_empty()).then_some(value)
}
