//! Typed events for Kafka.

#[cfg(feature = "registry")]
pub mod client;
pub mod codec;
pub mod derive;
pub mod event;
pub mod events;
pub mod framing;
pub mod logical;
pub mod plan;
#[cfg(feature = "registry")]
pub mod serdes;
pub mod subject;
#[cfg(feature = "testing")]
pub mod testing;

pub use event::{BorrowedEvent, Descriptor, Event, Reference};
pub use events::{Events, UnknownEvent, Unreadable};
#[cfg(feature = "macros")]
pub use ottla_macros::{Event, Events, include_events, include_schema};
pub use plan::{Plan, PlanError};

/// The model of Avro schemas.
pub mod schema {
    pub use ottla_formats::avro::{Mode, ParseError, Schema, parse, parse_with};
}

/// What generated code is made of. It may change at any time.
#[doc(hidden)]
pub mod __private {
    pub use crate::codec::*;
    pub use crate::derive::{FieldOf, FieldType, FixedBytes, SchemaBuilder, describe, option_of, union_of};
    pub use crate::event::{BorrowedEvent, Descriptor, Event, Reference};
    pub use crate::events::{
        EventType, Events, OneOf, ReadOptions, Selected, UnknownEvent, Unreadable, WriterSchema,
    };
    pub use crate::logical::*;
    #[cfg(feature = "chrono")]
    pub use chrono;
    #[cfg(feature = "rust_decimal")]
    pub use rust_decimal;
    #[cfg(feature = "uuid")]
    pub use uuid;
}
