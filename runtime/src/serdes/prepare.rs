//! What is asked of the registry before the first message is written.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use ottla_formats::avro::{Kind, Schema as Model};

use super::error::SerializeError;
use super::written_as::{Framing, Prefix, Register, WrittenAs};
use crate::client::{self, Client, Guid, LookUpOptions, RegisterOptions, RegisteredSchema, Schema, SchemaId};
use crate::event::Descriptor;
use crate::events::EventType;
use crate::framing;
use crate::subject::{Naming, Topic};

/// Names the subject of a reference.
pub(super) type ReferenceSubject = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// How a serializer is set up.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) client: Client,
    pub(super) topic: Topic,
    pub(super) naming: Naming,
    pub(super) register: Register,
    pub(super) normalize: bool,
    pub(super) framing: Framing,
    pub(super) reference_subject: ReferenceSubject,
}

/// Which version of its subject a schema is, by its name.
type Known = HashMap<String, client::Reference>;

/// A schema in the registry.
pub(super) struct Found {
    pub(super) id: SchemaId,
    pub(super) guid: Option<Guid>,
    pub(super) version: Option<i32>,
}

impl Setup {
    /// Asks for all types, one after another.
    pub(super) async fn prepare(
        self,
        types: &'static [EventType],
    ) -> Result<Arc<[WrittenAs]>, SerializeError> {
        let mut known = Known::new();
        let mut written = Vec::with_capacity(types.len());
        for ty in types {
            written.push(self.prepare_type(*ty, &mut known).await?);
        }
        Ok(written.into())
    }

    async fn prepare_type(&self, ty: EventType, known: &mut Known) -> Result<WrittenAs, SerializeError> {
        let descriptor = (ty.descriptor)();
        let own = self.model(descriptor)?;
        let subject = self.naming.subject(&self.topic, descriptor)?;
        let mut found = match self.register {
            Register::Never | Register::IfMissing => self.registered(descriptor, &subject, known).await?,
            Register::UseLatest => self.latest(descriptor, own, &subject).await?,
            Register::UseId(id) => self.with_id(descriptor, own, &subject, id).await?,
        };
        if found.guid.is_none() && self.framing != Framing::Id {
            let stored = self.client.schema_by_id(found.id, Some(&subject)).await;
            found.guid = stored.map_err(|error| self.refused(descriptor, &subject, error))?.guid;
        }
        let is_raw = matches!(own.kind(own.root()), Kind::Bytes);
        self.written(ty.name, subject, &found, is_raw)
    }

    fn written(
        &self,
        name: &'static str,
        subject: String,
        found: &Found,
        is_raw: bool,
    ) -> Result<WrittenAs, SerializeError> {
        let Found { id, guid, .. } = *found;
        let (prefix, header) = match (self.framing, guid.map(framing::guid_bytes)) {
            (Framing::Id, _) => (Prefix::Id(framing::id_bytes(id.0)), None),
            (Framing::Guid, Some(guid)) => (Prefix::Guid(guid), None),
            (Framing::GuidHeader, Some(guid)) => (Prefix::Nothing, Some(guid)),
            (_, None) => {
                return Err(SerializeError::NoGuid { topic: self.topic.clone(), subject, id });
            }
        };
        Ok(WrittenAs { name, subject, id, guid, prefix, header, is_raw })
    }

    fn model<'d>(&self, descriptor: &'d Descriptor) -> Result<&'d Model, SerializeError> {
        descriptor.schema().map(|schema| &**schema).map_err(|error| SerializeError::Schema {
            topic: self.topic.clone(),
            name: descriptor.name().to_owned(),
            error: error.clone(),
        })
    }

    /// Registers a schema or looks it up, after all that it refers to.
    fn registered<'a>(
        &'a self,
        descriptor: &'static Descriptor,
        subject: &'a str,
        known: &'a mut Known,
    ) -> Pin<Box<dyn Future<Output = Result<Found, SerializeError>> + Send + 'a>> {
        Box::pin(async move {
            let mut references = Vec::new();
            for reference in descriptor.references() {
                // A schema cannot refer to itself, through others or not: its text could not be read.
                if !known.contains_key(reference.name) {
                    let subject = (self.reference_subject)(reference.name);
                    let found = self.registered((reference.descriptor)(), &subject, known).await?;
                    let version = self.version(&found, (reference.descriptor)(), &subject, known).await?;
                    let entry = client::Reference::new(reference.name, subject, version);
                    known.insert(reference.name.to_owned(), entry);
                }
                references.extend(known.get(reference.name).cloned());
            }
            let schema = Schema::avro(descriptor.text()).with_references(references);
            if self.register == Register::Never {
                return self.look_up(descriptor, subject, &schema).await.map(Found::from);
            }
            let options = RegisterOptions { normalize: self.normalize, ..RegisterOptions::default() };
            match self.client.register_with(subject, &schema, &options).await {
                Ok(found) => Ok(Found { id: found.id, guid: found.guid, version: found.version }),
                Err(error) => Err(self.refused(descriptor, subject, error)),
            }
        })
    }

    async fn look_up(
        &self,
        descriptor: &Descriptor,
        subject: &str,
        schema: &Schema,
    ) -> Result<RegisteredSchema, SerializeError> {
        let options = LookUpOptions { normalize: self.normalize, ..LookUpOptions::default() };
        let found = self.client.look_up_with(subject, schema, &options).await;
        found.map_err(|error| match error.is_not_found() {
            true => SerializeError::NotRegistered {
                topic: self.topic.clone(),
                name: descriptor.name().to_owned(),
                subject: subject.to_owned(),
                error,
            },
            false => self.refused(descriptor, subject, error),
        })
    }

    /// Older registries tell only the id of what was registered.
    async fn version(
        &self,
        found: &Found,
        descriptor: &'static Descriptor,
        subject: &str,
        known: &Known,
    ) -> Result<i32, SerializeError> {
        if let Some(version) = found.version {
            return Ok(version);
        }
        let references = descriptor.references().iter().filter_map(|r| known.get(r.name).cloned());
        let schema = Schema::avro(descriptor.text()).with_references(references);
        Ok(self.look_up(descriptor, subject, &schema).await?.version)
    }

    pub(super) fn refused(
        &self,
        descriptor: &Descriptor,
        subject: &str,
        error: client::Error,
    ) -> SerializeError {
        SerializeError::Registry {
            topic: self.topic.clone(),
            name: descriptor.name().to_owned(),
            subject: subject.to_owned(),
            error,
        }
    }
}

impl From<RegisteredSchema> for Found {
    fn from(found: RegisteredSchema) -> Self {
        Self { id: found.id, guid: found.guid, version: Some(found.version) }
    }
}
