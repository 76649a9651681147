//! Messages to events.

use std::any::type_name;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::builder::DeserializerBuilder;
use super::cache::{Cache, Slot};
use super::error::DeserializeError;
use super::fetch::{NoVerdict, Source, Verdict};
use super::message::Message;
use super::missing::Missing;
use crate::client::Client;
use crate::events::{Events, ReadOptions};
use crate::flights::Flights;
use crate::framing::{self, Frame, Headers, SchemaRef};
use crate::subject::Topic;

/// Reads events from messages of one topic, whatever schema they were written with, if the type can be resolved with it.
///
/// How to read what was written with a schema is worked out once for each schema, and kept within bounds. While nothing new
/// comes, reading takes no lock. Clones share all this.
pub struct Deserializer<T: Events> {
    shared: Arc<Shared<T>>,
}

struct Shared<T: Events> {
    source: Source,
    options: ReadOptions,
    cache: Cache<Verdict<T>>,
    missing: Missing,
    flights: Arc<Flights<SchemaRef, Fetched<T>>>,
}

type Fetched<T> = Result<Arc<Slot<Verdict<T>>>, DeserializeError>;

/// What a message is, if that can be told without waiting.
#[derive(Debug)]
#[must_use]
pub enum Decoded<T> {
    /// An event.
    Event(T),
    /// No payload: the key is deleted.
    Tombstone,
    /// Nobody knows yet. [`Deserializer::fetch`] asks for the schema; then the message can be decoded.
    Unknown(SchemaRef),
}

/// The same before it is decoded.
#[derive(Debug)]
#[must_use]
pub enum Opened<'m, T: Events> {
    /// A message whose schema is known.
    Message(Message<'m, T>),
    /// No payload: the key is deleted.
    Tombstone,
    /// Nobody knows yet. [`Deserializer::fetch`] asks for the schema; then the message can be opened.
    Unknown(SchemaRef),
}

impl<T: Events> Deserializer<T> {
    /// Events from the keys or values of a topic.
    pub fn new(client: &Client, topic: Topic) -> Self {
        Self::builder(topic).build(client)
    }

    /// The same with other settings.
    pub fn builder(topic: Topic) -> DeserializerBuilder<T> {
        DeserializerBuilder::new(topic)
    }

    pub(super) fn with_source(
        source: Source,
        options: ReadOptions,
        (most, heaviest): (usize, usize),
        missing_ttl: Duration,
    ) -> Self {
        let (cache, missing) = (Cache::new(most, heaviest), Missing::new(missing_ttl));
        Self { shared: Arc::new(Shared { source, options, cache, missing, flights: Flights::new() }) }
    }

    /// The topic.
    pub fn topic(&self) -> &Topic {
        &self.shared.source.topic
    }

    /// Reads the event of a message. No payload at all is a tombstone, whatever the headers say.
    ///
    /// # Errors
    /// If the message does not name its schema, or names one that the type cannot be resolved with, or that the registry did
    /// not have a moment ago, or is not what the schema describes.
    pub fn decode<'h>(
        &self,
        payload: Option<&[u8]>,
        headers: impl Headers<'h>,
    ) -> Result<Decoded<T>, DeserializeError> {
        let Some(payload) = payload else { return Ok(Decoded::Tombstone) };
        let frame = self.frame(payload, headers)?;
        match self.shared.read(frame) {
            Some(event) => event.map(Decoded::Event),
            None => self.unknown(frame.schema).map(Decoded::Unknown),
        }
    }

    /// The same, without decoding it yet.
    ///
    /// # Errors
    /// As [`decode`](Self::decode), but for what is wrong with the event itself.
    pub fn open<'m, 'h>(
        &self,
        payload: Option<&'m [u8]>,
        headers: impl Headers<'h>,
    ) -> Result<Opened<'m, T>, DeserializeError> {
        let Some(payload) = payload else { return Ok(Opened::Tombstone) };
        let Frame { schema, body } = self.frame(payload, headers)?;
        match self.shared.cache.get(schema) {
            Some(slot) => self.shared.message(&slot.value, body).map(Opened::Message),
            None => self.unknown(schema).map(Opened::Unknown),
        }
    }

    /// Reads the event of a message, and waits for its schema if it has to. Nothing for a tombstone.
    ///
    /// # Errors
    /// As [`decode`](Self::decode) and [`fetch`](Self::fetch).
    pub async fn deserialize<'h>(
        &self,
        payload: Option<&[u8]>,
        headers: impl Headers<'h>,
    ) -> Result<Option<T>, DeserializeError> {
        let Some(payload) = payload else { return Ok(None) };
        let frame = self.frame(payload, headers)?;
        let event = match self.shared.read(frame) {
            Some(event) => event,
            None => {
                let slot = self.verdict(frame.schema).await?;
                read(&slot.value, frame.body, self.shared.options)
            }
        };
        event.map(Some)
    }

    /// The same, without decoding it yet.
    ///
    /// # Errors
    /// As [`deserialize`](Self::deserialize), but for what is wrong with the event itself.
    pub async fn message<'m, 'h>(
        &self,
        payload: Option<&'m [u8]>,
        headers: impl Headers<'h>,
    ) -> Result<Option<Message<'m, T>>, DeserializeError> {
        let Some(payload) = payload else { return Ok(None) };
        let Frame { schema, body } = self.frame(payload, headers)?;
        let slot = match self.shared.cache.get(schema) {
            Some(slot) => slot,
            None => self.verdict(schema).await?,
        };
        self.shared.message(&slot.value, body).map(Some)
    }

    /// Asks the registry for a schema, with all that it refers to, and works out how to read what was written with it. Many
    /// who want the same schema make one request.
    ///
    /// # Errors
    /// If the registry does not have it, or did not have it a moment ago, or does not answer, or it cannot be read, or not
    /// be resolved with.
    pub async fn fetch(&self, schema: SchemaRef) -> Result<(), DeserializeError> {
        match &self.verdict(schema).await?.value {
            Ok(_) => Ok(()),
            Err(error) => Err(error.clone()),
        }
    }

    async fn verdict(&self, schema: SchemaRef) -> Fetched<T> {
        let known = || match self.shared.cache.get(schema) {
            Some(slot) => Some(Ok(slot)),
            None => self.unknown(schema).err().map(Err),
        };
        let ask = || {
            let shared = self.shared.clone();
            async move { shared.ask(schema).await }
        };
        self.shared.flights.ask(schema, known, ask).await
    }

    /// The schema to fetch, unless it was missing a moment ago.
    #[cold]
    fn unknown(&self, schema: SchemaRef) -> Result<SchemaRef, DeserializeError> {
        match self.shared.missing.get(schema) {
            None => Ok(schema),
            Some(error) => Err(self.shared.source.failed(schema, NoVerdict::Missing(error))),
        }
    }

    #[inline]
    fn frame<'m, 'h>(
        &self,
        payload: &'m [u8],
        headers: impl Headers<'h>,
    ) -> Result<Frame<'m>, DeserializeError> {
        match framing::parse(payload, self.topic().side(), headers) {
            Ok(frame) => Ok(frame),
            Err(error) => Err(DeserializeError::Framing { topic: self.topic().clone(), error }),
        }
    }
}

impl<T: Events> Shared<T> {
    /// The event of a message, if its schema is known.
    #[inline]
    fn read(&self, frame: Frame<'_>) -> Option<Result<T, DeserializeError>> {
        let table = self.cache.load();
        let slot = table.get(&frame.schema)?;
        slot.touch();
        Some(read(&slot.value, frame.body, self.options))
    }

    fn message<'m>(&self, verdict: &Verdict<T>, body: &'m [u8]) -> Result<Message<'m, T>, DeserializeError> {
        match verdict {
            Ok(way) => Ok(Message::new(way, body, self.options)),
            Err(error) => Err(error.clone()),
        }
    }

    async fn ask(&self, schema: SchemaRef) -> Fetched<T> {
        match self.source.fetch(schema).await {
            Ok((verdict, weight)) => Ok(self.cache.insert(schema, verdict, weight)),
            Err(why) => {
                if let NoVerdict::Missing(error) = &why {
                    self.missing.remember(schema, error);
                }
                Err(self.source.failed(schema, why))
            }
        }
    }
}

#[inline]
fn read<T: Events>(verdict: &Verdict<T>, body: &[u8], options: ReadOptions) -> Result<T, DeserializeError> {
    match verdict {
        Ok(way) => way.read(body, options),
        Err(error) => Err(error.clone()),
    }
}

impl<T: Events> Clone for Deserializer<T> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<T: Events> fmt::Debug for Deserializer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deserializer")
            .field("type", &type_name::<T>())
            .field("topic", self.topic())
            .field("schemas", &self.shared.cache.load().len())
            .finish_non_exhaustive()
    }
}
