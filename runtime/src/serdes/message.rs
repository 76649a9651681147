//! One message, before it is decoded.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::error::{DeserializeError, Origin};
use super::fetch::Way;
use crate::codec::{DecodeError, Encoder};
use crate::event::{BorrowedEvent, Event};
use crate::events::{Events, ReadOptions, Reading};
use crate::schema::Schema;

/// A message whose schema is known. It holds what events need that borrow from it.
///
/// ```
/// # mod events { ottla::include_schema!("tests/serdes/schemas/order_created_v1.avsc", strip = "com.example.events", borrowed = "**"); }
/// # use events::*;
/// # use ottla::{serdes::*, subject::Topic};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = ottla::testing::Registry::new().client();
/// # let orders = Deserializer::<OrderCreated>::new(&client, Topic::value("orders"));
/// # let writer = Serializer::builder(Topic::value("orders")).register(Register::IfMissing).build(&client);
/// # let mut payload = Vec::new();
/// # writer.serialize(&OrderCreated::new("o-1", 12.5), &mut payload).await?;
/// if let Some(message) = orders.message(Some(&payload), ()).await? {
///     let order: OrderCreatedRef<'_> = message.borrowed()?;
///     assert_eq!(order.order_id, "o-1");
/// }
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(example()).unwrap();
/// ```
pub struct Message<'m, T: Events> {
    way: Arc<Way<T>>,
    body: Cow<'m, [u8]>,
    options: ReadOptions,
}

impl<T: Events> Way<T> {
    /// The event in Avro's encoding.
    #[inline]
    pub(super) fn body<'m>(&self, body: &'m [u8]) -> Cow<'m, [u8]> {
        if self.is_raw { with_length(body) } else { Cow::Borrowed(body) }
    }

    #[inline]
    pub(super) fn read(&self, body: &[u8], options: ReadOptions) -> Result<T, DeserializeError> {
        let event = if self.is_raw {
            T::read_event(&self.reading, &with_length(body), options)
        } else {
            T::read_event(&self.reading, body, options)
        };
        event.map_err(|error| self.failed(error))
    }

    #[cold]
    fn failed(&self, error: DecodeError) -> DeserializeError {
        DeserializeError::Decode { origin: self.origin.clone(), error }
    }
}

#[cold]
fn with_length(body: &[u8]) -> Cow<'static, [u8]> {
    let mut bytes = Vec::with_capacity(body.len() + 20);
    Encoder::new(&mut bytes).bytes(body);
    Cow::Owned(bytes)
}

impl<'m, T: Events> Message<'m, T> {
    pub(super) fn new(way: &Arc<Way<T>>, body: &'m [u8], options: ReadOptions) -> Self {
        Self { way: way.clone(), body: way.body(body), options }
    }

    /// Reads the event.
    ///
    /// # Errors
    /// If the bytes are not what the schema describes.
    pub fn decode(&self) -> Result<T, DeserializeError> {
        T::read_event(&self.way.reading, &self.body, self.options).map_err(|error| self.way.failed(error))
    }

    /// Reads the event; its text and bytes are parts of the message. Where there are several types, the one of which
    /// it is has to be known ([`name`](Self::name)).
    ///
    /// # Errors
    /// If the bytes are not what the schema describes, or the event is of another type.
    pub fn borrowed<'s, B: BorrowedEvent<'s>>(&'s self) -> Result<B, DeserializeError> {
        let way = &*self.way;
        let selected = T::select(&way.reading, &self.body).map_err(|error| way.failed(error))?;
        let reading = selected.and_then(|(reading, body)| {
            reading.downcast_ref::<Reading<B::Owned>>().map(|reading| (reading, body))
        });
        let Some((reading, body)) = reading else {
            let (origin, asked) = (way.origin.clone(), <B::Owned as Event>::FULL_NAME);
            return Err(DeserializeError::OtherType { origin, asked });
        };
        reading.read_borrowed(body, self.options).map_err(|error| way.failed(error))
    }

    /// The full name of the schema that it was written with, or the word for its kind.
    pub fn name(&self) -> &str {
        &self.way.origin.name
    }

    /// Where that schema comes from.
    pub fn origin(&self) -> &Origin {
        &self.way.origin
    }

    /// That schema.
    pub fn writer(&self) -> &Arc<Schema> {
        &self.way.writer.schema
    }

    /// The event in Avro's binary encoding.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl<T: Events> fmt::Debug for Message<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("type", &type_name::<T>())
            .field("origin", self.origin())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
