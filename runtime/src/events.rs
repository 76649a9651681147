//! What a topic carries: events of one type, or of several.
//!
//! Every [`Event`] is all that its topic carries. For topics with several types, `#[derive(Events)]` makes one of an enum:
//!
//! ```
//! # #[derive(ottla::Event)] struct OrderCreated { order_id: String }
//! # #[derive(ottla::Event)] struct OrderShipped { order_id: String }
//! #[derive(ottla::Events)]
//! enum OrderEvents {
//!     Created(OrderCreated),
//!     Shipped(Box<OrderShipped>),
//!     #[events(other)]
//!     Other(ottla::UnknownEvent),
//! }
//!
//! let names: Vec<&str> = <OrderEvents as ottla::Events>::types().iter().map(|ty| ty.name).collect();
//! assert_eq!(names, ["OrderCreated", "OrderShipped"]);
//! ```
//!
//! A message is of the type that has the full name of the schema that it was written with, else of the first one that has
//! this name as an alias. If that schema is a union, each of its branches is. What is none of the types goes to the variant
//! `other`, and is an error without one. No two types should have the same name: the second would never be chosen.

mod branches;
mod one_of;
mod reading;
mod unknown;

pub use one_of::OneOf;
pub use reading::{ReadOptions, Reading};
pub use unknown::UnknownEvent;

use std::any::Any;
use std::sync::Arc;

use ottla_formats::avro::{ParseError, Schema};
use thiserror::Error;

use crate::codec::{DecodeError, EncodeError};
use crate::event::{Descriptor, Event};
use crate::framing::SchemaRef;
use crate::plan::PlanError;

/// What a topic carries. It is implemented for every [`Event`], and by `#[derive(Events)]` for enums over several.
pub trait Events: Sized + 'static {
    /// How events are read that were written with one schema.
    #[doc(hidden)]
    type Reading: Send + Sync + 'static;

    /// The types, in the order of the variants.
    fn types() -> &'static [EventType];

    /// Which of the types the event is of; nothing for one that is of none of them.
    fn type_position(&self) -> Option<usize>;

    /// Appends the event to a buffer, as [`Event::encode`] does.
    #[doc(hidden)]
    fn write_event(&self, out: &mut Vec<u8>) -> Result<(), EncodeError>;

    /// How to read what was written with a schema.
    #[doc(hidden)]
    fn reading(writer: &WriterSchema) -> Result<Self::Reading, Unreadable>;

    /// Reads an event.
    #[doc(hidden)]
    fn read_event(reading: &Self::Reading, body: &[u8], options: ReadOptions) -> Result<Self, DecodeError>;

    /// The [`Reading`] of one event, and its bytes; nothing for one that is of none of the types.
    #[doc(hidden)]
    fn select<'r, 'b>(reading: &'r Self::Reading, body: &'b [u8]) -> Selected<'r, 'b>;
}

/// The [`Reading`] of one event, and its bytes.
pub type Selected<'r, 'b> = Result<Option<(&'r dyn Any, &'b [u8])>, DecodeError>;

/// A type of events.
#[derive(Debug, Clone, Copy)]
pub struct EventType {
    /// The full name.
    pub name: &'static str,
    /// Its schema.
    pub descriptor: fn() -> &'static Descriptor,
}

/// The schema that a message was written with.
#[derive(Debug, Clone)]
pub struct WriterSchema {
    /// The schema.
    pub schema: Arc<Schema>,
    /// How the message names it.
    pub reference: SchemaRef,
}

/// Why events cannot be read that were written with a schema.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// They are of a known type, and incompatible with it. All reasons are listed.
    #[error("{name}: {error}")]
    Plan {
        /// The type that should read them.
        name: &'static str,
        /// Why it cannot.
        error: PlanError,
    },
    /// They are of another type.
    #[error("events of type {name} are not known; known are {}", known.join(", "))]
    UnknownType {
        /// The full name of the writer's schema, or the word for its kind.
        name: String,
        /// The types that are known.
        known: Vec<&'static str>,
    },
    /// A branch of the writer's union is no schema of its own.
    #[error("a branch of the writer's union: {0}")]
    Branch(ParseError),
}

impl EventType {
    /// What is known of a type.
    pub const fn of<T: Event>() -> Self {
        Self { name: T::FULL_NAME, descriptor: T::descriptor }
    }
}

impl WriterSchema {
    /// The full name of the schema, or the word for its kind.
    pub fn name(&self) -> &str {
        let root = self.schema.kind(self.schema.root());
        root.name().map_or(root.word(), |name| name.full())
    }
}

impl<T: Event> Events for T {
    type Reading = Reading<T>;

    fn types() -> &'static [EventType] {
        const { &[EventType::of::<T>()] }
    }

    #[inline]
    fn type_position(&self) -> Option<usize> {
        Some(0)
    }

    #[inline]
    fn write_event(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encode(out)
    }

    fn reading(writer: &WriterSchema) -> Result<Reading<T>, Unreadable> {
        Reading::new(writer)
    }

    #[inline]
    fn read_event(reading: &Reading<T>, body: &[u8], options: ReadOptions) -> Result<Self, DecodeError> {
        reading.read(body, options)
    }

    fn select<'r, 'b>(reading: &'r Reading<T>, body: &'b [u8]) -> Selected<'r, 'b> {
        Ok(Some((reading, body)))
    }
}
