//! From what a message names its schema by to how it is read.

use std::sync::Arc;

use ottla_formats::avro::Kind;

use super::error::{DeserializeError, Origin};
use super::read::{NotRead, read};
use crate::client::{self, Client, Guid, SchemaId, StoredSchema};
use crate::events::{EventType, Events, WriterSchema};
use crate::framing::SchemaRef;
use crate::schema::Schema;
use crate::subject::Topic;

/// Where schemas come from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) client: Client,
    pub(super) topic: Topic,
    pub(super) subject: Option<Box<str>>,
    pub(super) known: Vec<Arc<Schema>>,
}

/// How events are read that were written with one schema. That they cannot be read is known as well: it never changes.
pub(super) type Verdict<T> = Result<Arc<Way<T>>, DeserializeError>;

/// How events are read.
pub(super) struct Way<T: Events> {
    pub(super) origin: Arc<Origin>,
    pub(super) writer: WriterSchema,
    pub(super) reading: T::Reading,
    /// Java's serializers write outermost `bytes` without their length.
    pub(super) is_raw: bool,
}

/// Why there is no verdict.
#[derive(Debug)]
pub(super) enum NoVerdict {
    Missing(client::Error),
    Registry(client::Error),
    UnknownFingerprint,
}

impl From<client::Error> for NoVerdict {
    fn from(error: client::Error) -> Self {
        if error.is_not_found() { Self::Missing(error) } else { Self::Registry(error) }
    }
}

impl Source {
    /// The verdict on a schema, and how many bytes its texts have.
    pub(super) async fn fetch<T: Events>(&self, schema: SchemaRef) -> Result<(Verdict<T>, usize), NoVerdict> {
        let subject = self.subject.as_deref();
        let stored = match schema {
            SchemaRef::Id(id) => self.client.schema_by_id(SchemaId(id), subject).await?,
            SchemaRef::Guid(guid) => self.client.schema_by_guid(guid).await?,
            SchemaRef::Fingerprint(fingerprint) => {
                let model = self.by_fingerprint(fingerprint, T::types());
                let origin = self.origin(schema, None);
                return Ok((judge(origin, model.ok_or(NoVerdict::UnknownFingerprint)?), 0));
            }
        };
        let origin = self.origin(schema, Some(&stored));
        // Its references are of the context where it was found.
        let found_in = match schema {
            SchemaRef::Guid(guid) if subject.is_none() && !stored.schema.references.is_empty() => {
                self.context_of(guid).await?
            }
            _ => stored.subject.clone(),
        };
        let subject = subject.or(found_in.as_deref());
        Ok(match read(&self.client, &stored.schema, subject).await? {
            Ok((model, length)) => (judge(origin, model.into()), length),
            Err(NotRead::NotAvro(schema_type)) => {
                (Err(DeserializeError::NotAvro { origin: origin.into(), schema_type }), 0)
            }
            Err(NotRead::Text(error)) => {
                (Err(DeserializeError::Schema { origin: origin.into(), error: error.into() }), 0)
            }
        })
    }

    /// A context that holds a schema, as a subject: the default one, if several do.
    async fn context_of(&self, guid: Guid) -> Result<Option<String>, client::Error> {
        let held = self.client.ids_of(guid).await?;
        Ok(held.into_iter().map(|held| held.context).min().map(|context| format!(":{context}:")))
    }

    fn by_fingerprint(&self, fingerprint: u64, types: &[EventType]) -> Option<Arc<Schema>> {
        let types = types.iter().map(|ty| (ty.descriptor)());
        let mut own = types.filter(|descriptor| descriptor.fingerprint() == fingerprint);
        let own = own.find_map(|descriptor| descriptor.schema().ok().cloned());
        own.or_else(|| self.known.iter().find(|schema| schema.fingerprint() == fingerprint).cloned())
    }

    fn origin(&self, schema: SchemaRef, stored: Option<&StoredSchema>) -> Origin {
        Origin {
            topic: self.topic.clone(),
            schema,
            name: String::new(),
            subject: stored.and_then(|stored| stored.subject.clone()),
            version: stored.and_then(|stored| stored.version),
        }
    }

    pub(super) fn failed(&self, schema: SchemaRef, why: NoVerdict) -> DeserializeError {
        let topic = self.topic.clone();
        match why {
            NoVerdict::Missing(error) => DeserializeError::Missing { topic, schema, error },
            NoVerdict::Registry(error) => DeserializeError::Registry { topic, schema, error },
            NoVerdict::UnknownFingerprint => DeserializeError::UnknownFingerprint { topic, schema },
        }
    }
}

fn judge<T: Events>(mut origin: Origin, schema: Arc<Schema>) -> Verdict<T> {
    // Single objects follow Avro's specification.
    let is_registry = !matches!(origin.schema, SchemaRef::Fingerprint(_));
    let is_raw = is_registry && matches!(schema.kind(schema.root()), Kind::Bytes);
    let writer = WriterSchema { schema, reference: origin.schema };
    writer.name().clone_into(&mut origin.name);
    let origin = Arc::new(origin);
    match T::reading(&writer) {
        Ok(reading) => Ok(Way { origin, writer, reading, is_raw }.into()),
        Err(error) => Err(DeserializeError::Unreadable { origin, error: error.into() }),
    }
}
