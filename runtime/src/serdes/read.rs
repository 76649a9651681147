//! Schemas as a registry holds them, with all that they refer to.

use ottla_formats::avro::{self, Mode, Schema as Model};
use thiserror::Error;

use crate::client::{self, Client, Schema, SchemaType};

/// Why a schema of a registry is no Avro schema.
#[derive(Debug, Error)]
pub(super) enum NotRead {
    #[error("it is of type {0}, not Avro")]
    NotAvro(SchemaType),
    #[error("it cannot be read: {0}")]
    Text(avro::ParseError),
}

/// Reads a schema of the registry with all that it refers to, and tells how long their texts are.
pub(super) async fn read(
    client: &Client,
    schema: &Schema,
    subject: Option<&str>,
) -> Result<Result<(Model, usize), NotRead>, client::Error> {
    if schema.schema_type != SchemaType::Avro {
        return Ok(Err(NotRead::NotAvro(schema.schema_type.clone())));
    }
    let found = client.resolve_references(schema, subject).await?;
    let mut models: Vec<Model> = Vec::with_capacity(found.len());
    let mut length = schema.text.len();
    let all = found.iter().map(|found| &found.schema).chain([schema]);
    for schema in all {
        length += schema.text.len();
        let references: Vec<&Model> = models.iter().collect();
        match avro::parse_with(&schema.text, Mode::Lookup, &references) {
            Ok(model) => models.push(model),
            Err(error) => return Ok(Err(NotRead::Text(error))),
        }
    }
    // The last one is the schema itself.
    let model = models.pop();
    match model {
        Some(model) => Ok(Ok((model, length))),
        None => Ok(Err(NotRead::NotAvro(schema.schema_type.clone()))),
    }
}
