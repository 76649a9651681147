//! Typed events for Kafka: Avro schemas as Rust types with codecs of their own, in the wire format of schema registries.
//!
//! ```
//! // The type follows from the schema, at compile time: if the two part ways, the crate does not build.
//! ottla::include_schema!("../schemas/order_created.avsc");
//! use com::example::events::OrderCreated;
//! use ottla::Event;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let order = OrderCreated::new("o-1", "customer-17", 129.95, 1_764_072_000_000);
//! let mut bytes = Vec::new();
//! order.encode(&mut bytes)?;
//! assert_eq!(OrderCreated::decode(&bytes)?, order);
//! # Ok(())
//! # }
//! ```
//!
//! There is no serde and no value in between: `encode` and `decode` are straight code for the type, as one would write it by
//! hand.
//!
//! # Three ways to a type
//!
//! * **A build script** for whole folders of schemas, with references across files:
//!   `ottla_codegen::Builder::new().schemas(["schemas"]).generate()` in `build.rs`, and [`include_events!`] in the crate.
//! * **A macro** for some files and no build script: [`include_schema!`].
//! * **Rust first**, where the schema follows from the type: [`#[derive(Event)]`](derive@Event), see [`derive`](mod@derive).
//!
//! The first two make the same code. A record is a struct with public fields: `new` takes those without a default, `with_` methods
//! set the rest. An enum is an enum, a union is one with a variant for each branch, a union with `null` an `Option`. Namespaces are
//! modules. Logical types are those of [`logical`], or those of `chrono`, `uuid` and `rust_decimal` if asked for.
//!
//! # Evolution
//!
//! A message was written with some version of its schema, and has to be read with that. A [`Plan`] says how a type reads what
//! another schema wrote: numbers grow, fields are renamed by aliases, reordered, left out and filled with defaults. It is
//! made once for each schema, and costs next to nothing when it runs.
//!
//! ```
//! # ottla::include_schema!("../schemas/order_created.avsc");
//! # use com::example::events::OrderCreated;
//! use ottla::schema::{Mode, parse};
//! use ottla::{Event, Plan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A newer version has a currency behind the customer. This type does not know it, and passes over it.
//! let newer = parse(
//!     r#"{"type": "record", "name": "OrderCreated", "namespace": "com.example.events", "fields": [
//!         {"name": "orderId", "type": "string"},
//!         {"name": "customerId", "type": "string"},
//!         {"name": "currency", "type": "string", "default": "EUR"},
//!         {"name": "totalAmount", "type": "double"},
//!         {"name": "createdAt", "type": "long"}]}"#,
//!     Mode::Strict,
//! )?;
//! let plan: Plan<OrderCreated> = Plan::new(newer)?;
//! let message = b"\x06o-1\x06c-1\x06CHF\0\0\0\0\0\0\x59\x40\0";
//! let order = OrderCreated::decode_resolved(message, &plan)?;
//! assert_eq!(order, OrderCreated::new("o-1", "c-1", 100.0, 0));
//! # Ok(())
//! # }
//! ```
//!
//! # Messages and the registry
//!
//! [`serdes`] puts the pieces together: a `Serializer` registers or finds the schema once and then writes messages without waiting,
//! a `Deserializer` fetches the schema of a message when it meets a new one, and keeps the plan for it. [`framing`] is the wire format
//! alone: which schema a message was written with. [`client`] speaks to any registry that is compatible with Confluent's, with
//! fail-over, retries and caches. [`testing`] is a registry within the process, for tests of services.
//!
//! # Bytes of strangers
//!
//! Whatever the bytes are, decoding them does not panic, takes no more memory than [`codec::Limits`] and the message itself
//! allow, and nests no deeper. An error says what is wrong, and where: `com.example.Order.items[3].sku at byte 117: a string is
//! not UTF-8`. Where text need not be kept, borrowed types ([`BorrowedEvent`]) point into the message and copy nothing.
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `macros` | yes | [`include_schema!`], [`include_events!`], and the derives |
//! | `registry` | | [`serdes`], and [`client`] over a transport of yours |
//! | `client` | | [`client`] over HTTP, with TLS by rustls; `registry` |
//! | `testing` | | [`testing`]; `registry` |
//! | `chrono`, `uuid`, `rust_decimal` | | logical types as those of these crates |
//!
//! Without `macros`, as with a build script, a program links no parser of Rust.

#[cfg(feature = "registry")]
pub mod client;
pub mod codec;
pub mod derive;
pub mod event;
pub mod events;
#[cfg(feature = "registry")]
mod flights;
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
