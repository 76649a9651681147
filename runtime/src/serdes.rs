//! Events to messages and back, through a schema registry. No Kafka client is needed: these are bytes.
//!
//! # Writing
//!
//! A [`Serializer`] is bound to the keys or values of one topic. It asks the registry once, before the first message; from
//! then on it never waits, takes no lock, and allocates nothing but what the buffer needs to grow.
//!
//! ```ignore
//! let orders = Serializer::<OrderCreated>::builder(Topic::value("orders"))
//!     .register(Register::IfMissing)
//!     .build(&client);
//! orders.prepare().await?;
//!
//! let mut buffer = Vec::new();
//! for order in created {
//!     buffer.clear();
//!     orders.encode(&order, &mut buffer)?;
//!     producer.send("orders", &buffer)?;
//! }
//! ```
//!
//! # Reading
//!
//! A [`Deserializer`] reads what was written with any schema that the type can be resolved with. It has to wait for the
//! registry only where a schema is met for the first time.
//!
//! ```ignore
//! let orders = Deserializer::<OrderCreated>::new(&client, Topic::value("orders"));
//!
//! match orders.decode(message.payload(), &headers)? {
//!     Decoded::Event(order) => handle(order),
//!     Decoded::Tombstone => {}
//!     Decoded::Unknown(schema) => orders.fetch(schema).await?, // and decode again
//! }
//! // or, all at once:
//! let order: Option<OrderCreated> = orders.deserialize(message.payload(), &headers).await?;
//! ```
//!
//! What the registry has no schema for is remembered for five seconds ([`DeserializerBuilder::missing_ttl`]), other failures
//! of the registry not at all. That a schema is incompatible with the type never changes, and is kept like a plan.
//!
//! ```text
//! serializer.rs   prepare.rs   what is asked of the registry before the first message;  same.rs  is a schema the type's?
//! deserializer.rs fetch.rs     from a schema's id to how it is read
//! message.rs      one message, before it is decoded
//! cache.rs missing.rs flights.rs   what is kept, what is known to be missing, what is being fetched
//! ```

mod builder;
mod cache;
mod deserializer;
mod error;
mod fetch;
mod flights;
mod message;
mod missing;
mod prepare;
mod same;
mod serializer;

pub use builder::{DeserializerBuilder, SerializerBuilder};
pub use deserializer::{Decoded, Deserializer, Opened};
pub use error::{DeserializeError, Origin, SerializeError};
pub use message::Message;
pub use prepare::{Framing, Register, WrittenAs};
pub use serializer::{SchemaHeader, Serializer};
