//! Events to messages.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use super::builder::SerializerBuilder;
use super::error::SerializeError;
use super::prepare::Setup;
use super::written_as::{Prefix, WrittenAs};
use crate::client::Client;
use crate::codec::Reader;
use crate::events::Events;
use crate::flights::Flights;
use crate::framing::Side;
use crate::subject::Topic;

/// Writes events as messages of one topic, in the registry's wire format.
///
/// It asks the registry once, in [`prepare`](Self::prepare) or before the first message. From then on [`encode`](Self::encode)
/// never waits, takes no lock, and allocates nothing but what the buffer needs to grow. Clones share all this.
///
/// A tombstone is a record without a payload: there is nothing to write.
pub struct Serializer<T: Events> {
    shared: Arc<Shared>,
    ty: PhantomData<fn(&T)>,
}

struct Shared {
    setup: Setup,
    prepared: OnceLock<Arc<[WrittenAs]>>,
    preparing: Arc<Flights<(), Prepared>>,
}

type Prepared = Result<Arc<[WrittenAs]>, SerializeError>;

/// The record header that names the schema of a message, with [`Framing::GuidHeader`](super::Framing::GuidHeader). Without it
/// nobody can read the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "without this header nobody can read the message"]
pub struct SchemaHeader<'s> {
    /// `__key_schema_id` or `__value_schema_id`.
    pub name: &'static str,
    /// The content hash after its magic byte.
    pub value: &'s [u8],
}

impl<T: Events> Serializer<T> {
    /// Events as keys or values of a topic, under its subject, which has to hold their schema already
    /// ([`Register::Never`](super::Register::Never)).
    pub fn new(client: &Client, topic: Topic) -> Self {
        Self::builder(topic).build(client)
    }

    /// The same with other settings.
    pub fn builder(topic: Topic) -> SerializerBuilder<T> {
        SerializerBuilder::new(topic)
    }

    pub(super) fn with_setup(setup: Setup) -> Self {
        let shared = Shared { setup, prepared: OnceLock::new(), preparing: Flights::new() };
        Self { shared: Arc::new(shared), ty: PhantomData }
    }

    /// The topic.
    pub fn topic(&self) -> &Topic {
        &self.shared.setup.topic
    }

    /// Asks the registry under which ids events are written, and registers what is to be registered: the schemas that the
    /// type refers to first, each under a subject of its own. What is prepared stays so; a failure is forgotten.
    ///
    /// # Errors
    /// If the registry refuses, or does not have what it should have, or does not answer.
    pub async fn prepare(&self) -> Result<(), SerializeError> {
        self.prepared().await.map(drop)
    }

    async fn prepared(&self) -> Result<&[WrittenAs], SerializeError> {
        if let Some(prepared) = self.shared.prepared.get() {
            return Ok(prepared);
        }
        let known = || self.shared.prepared.get().cloned().map(Ok);
        let ask = || self.shared.setup.clone().prepare(T::types());
        let prepared = self.shared.preparing.ask((), known, ask).await?;
        Ok(self.shared.prepared.get_or_init(|| prepared))
    }

    /// Under which schemas events are written, in the order of the types. Nothing before it is prepared.
    pub fn written_as(&self) -> Option<&[WrittenAs]> {
        self.shared.prepared.get().map(|prepared| &**prepared)
    }

    /// Appends an event to a buffer, as the payload of a message. If it cannot be written the buffer is as before.
    ///
    /// With [`Framing::GuidHeader`](super::Framing::GuidHeader) the message needs the header that is returned.
    ///
    /// # Errors
    /// If the serializer is not prepared, or the event cannot be written ([`Event::encode`](crate::Event::encode)).
    #[inline]
    pub fn encode(&self, event: &T, out: &mut Vec<u8>) -> Result<Option<SchemaHeader<'_>>, SerializeError> {
        match self.shared.prepared.get() {
            Some(prepared) => self.write(prepared, event, out),
            None => Err(SerializeError::NotPrepared { topic: self.topic().clone() }),
        }
    }

    /// The same, and prepares the serializer if that was not done yet.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare) and [`encode`](Self::encode).
    pub async fn serialize(
        &self,
        event: &T,
        out: &mut Vec<u8>,
    ) -> Result<Option<SchemaHeader<'_>>, SerializeError> {
        let prepared = self.prepared().await?;
        self.write(prepared, event, out)
    }

    #[inline]
    fn write<'s>(
        &'s self,
        prepared: &'s [WrittenAs],
        event: &T,
        out: &mut Vec<u8>,
    ) -> Result<Option<SchemaHeader<'s>>, SerializeError> {
        let Some(written_as) = event.type_position().and_then(|position| prepared.get(position)) else {
            return Err(SerializeError::UnknownType { topic: self.topic().clone() });
        };
        let before = out.len();
        match &written_as.prefix {
            Prefix::Id(bytes) => out.extend_from_slice(bytes),
            Prefix::Guid(bytes) => out.extend_from_slice(bytes),
            Prefix::Nothing => {}
        }
        let start = out.len();
        if let Err(error) = event.write_event(out) {
            out.truncate(before);
            return Err(SerializeError::Encode { topic: self.topic().clone(), name: written_as.name, error });
        }
        if written_as.is_raw {
            take_length(out, start);
        }
        Ok(written_as.header.as_ref().map(|value| SchemaHeader { name: self.side().header(), value }))
    }

    fn side(&self) -> Side {
        self.shared.setup.topic.side()
    }
}

/// Takes the length of `bytes` from in front of them.
fn take_length(out: &mut Vec<u8>, start: usize) {
    let mut reader = Reader::new(&out[start..]);
    let length = out.len() - start;
    if reader.long().is_ok() {
        let taken = length - reader.rest().len();
        out.drain(start..start + taken);
    }
}

impl<T: Events> Clone for Serializer<T> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), ty: PhantomData }
    }
}

impl<T: Events> fmt::Debug for Serializer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serializer")
            .field("topic", self.topic())
            .field("written_as", &self.written_as())
            .finish_non_exhaustive()
    }
}
