//! Events to messages and back, through a schema registry. No Kafka client is needed: these are bytes.
//!
//! ```
//! use ottla::serdes::{Decoded, Deserializer, Register, Serializer};
//! use ottla::subject::Topic;
//!
//! #[derive(ottla::Event, Debug, PartialEq)]
//! #[event(namespace = "com.example.events")]
//! struct OrderCreated {
//!     order_id: String,
//!     total: f64,
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = ottla::testing::Registry::new().client(); // in production: Client::new("http://registry:8081")?
//!
//! // Once, when the service starts.
//! let serializer = Serializer::<OrderCreated>::builder(Topic::value("orders"))
//!     .register(Register::IfMissing)
//!     .build(&client);
//! serializer.prepare().await?;
//! let deserializer = Deserializer::<OrderCreated>::new(&client, Topic::value("orders"));
//!
//! // For each record that is sent.
//! let order = OrderCreated { order_id: "o-1".to_owned(), total: 12.5 };
//! let mut payload = Vec::new();
//! serializer.encode(&order, &mut payload)?;
//!
//! // For each record that comes in. The second argument finds its headers.
//! let received = loop {
//!     match deserializer.decode(Some(&payload), ())? {
//!         Decoded::Event(order) => break Some(order),
//!         Decoded::Tombstone => break None,
//!         Decoded::Unknown(schema) => deserializer.fetch(schema).await?,
//!     }
//! };
//! assert_eq!(received, Some(order));
//!
//! // The same in one call.
//! assert_eq!(deserializer.deserialize(Some(&payload), ()).await?, received);
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # Writing
//!
//! A [`Serializer`] is bound to the keys or values of one topic. It asks the registry once, before the first message; from
//! then on it never waits, takes no lock, and allocates nothing but what the buffer needs to grow. Which schemas it may
//! write with is up to [`Register`]; unless it is told otherwise it registers nothing.
//!
//! # Reading
//!
//! A [`Deserializer`] reads what was written with any schema that the type can be resolved with. It has to wait for the
//! registry only where a schema is met for the first time: [`Deserializer::decode`] never waits, and says so.
//!
//! What the registry has no schema for is remembered for five seconds ([`DeserializerBuilder::missing_ttl`]), other failures
//! of the registry not at all. That a schema is incompatible with the type never changes, and is kept like a plan.
//!
//! # Topics with several types
//!
//! Both take an enum over several events as well ([`events`](crate::events)). Each of its types has a schema of its own. Under
//! [`Naming::TopicName`](crate::subject::Naming) they are versions of one subject, which the registry refuses unless the subject's
//! compatibility level is NONE; under the other names each has its own subject, and with it its own history.
//!
//! ```text
//! builder.rs      settings
//! serializer.rs   events to bytes;  written_as.rs  under which schema
//! prepare.rs choose.rs  what is asked of the registry before the first message;  same.rs  is a schema the type's?
//! deserializer.rs message.rs  bytes to events
//! fetch.rs read.rs      from a schema's id to how it is read
//! cache.rs missing.rs   what is kept, and what is known to be missing
//! ```

mod builder;
mod cache;
mod choose;
mod deserializer;
mod error;
mod fetch;
mod message;
mod missing;
mod prepare;
mod read;
mod same;
mod serializer;
mod written_as;

pub use builder::{DeserializerBuilder, SerializerBuilder};
pub use deserializer::{Decoded, Deserializer, Opened};
pub use error::{DeserializeError, Origin, SerializeError};
pub use message::Message;
pub use serializer::{SchemaHeader, Serializer};
pub use written_as::{Framing, Register, WrittenAs};
