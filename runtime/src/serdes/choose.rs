//! Schemas that a registry has chosen, and not the type.

use ottla_formats::avro::Schema as Model;

use super::error::SerializeError;
use super::prepare::{Found, Setup};
use super::read::read;
use super::same::differences;
use crate::client::{Schema, SchemaId};
use crate::event::Descriptor;

impl Setup {
    /// The latest version of the subject.
    pub(super) async fn latest(
        &self,
        descriptor: &Descriptor,
        own: &Model,
        subject: &str,
    ) -> Result<Found, SerializeError> {
        let latest = self.client.latest(subject).await;
        let latest = latest.map_err(|error| self.refused(descriptor, subject, error))?;
        self.compare(descriptor, own, subject, latest.id, &latest.schema).await?;
        Ok(Found { id: latest.id, guid: latest.guid, version: Some(latest.version) })
    }

    /// The schema with an id.
    pub(super) async fn with_id(
        &self,
        descriptor: &Descriptor,
        own: &Model,
        subject: &str,
        id: SchemaId,
    ) -> Result<Found, SerializeError> {
        let stored = self.client.schema_by_id(id, Some(subject)).await;
        let stored = stored.map_err(|error| self.refused(descriptor, subject, error))?;
        self.compare(descriptor, own, subject, id, &stored.schema).await?;
        Ok(Found { id, guid: stored.guid, version: None })
    }

    /// What the type writes may go under an id only if it is what its schema describes.
    async fn compare(
        &self,
        descriptor: &Descriptor,
        own: &Model,
        subject: &str,
        id: SchemaId,
        schema: &Schema,
    ) -> Result<(), SerializeError> {
        let differences = match read(&self.client, schema, Some(subject)).await {
            Ok(Ok((model, _))) => differences(own, &model),
            Ok(Err(why)) => vec![why.to_string()],
            Err(error) => return Err(self.refused(descriptor, subject, error)),
        };
        if differences.is_empty() {
            return Ok(());
        }
        Err(SerializeError::OtherSchema {
            topic: self.topic.clone(),
            name: descriptor.name().to_owned(),
            subject: subject.to_owned(),
            id,
            differences,
        })
    }
}
