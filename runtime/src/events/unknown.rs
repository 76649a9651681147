//! Events of types that a program does not know.

use std::sync::Arc;

use ottla_formats::avro::Schema;

use super::WriterSchema;
use crate::codec::{EncodeError, Encoder};
use crate::framing::SchemaRef;

/// An event of a type that the enum has no variant for, as it was read. It cannot be written: the schema that it was
/// written with may have another id elsewhere.
#[derive(Debug, Clone)]
pub struct UnknownEvent {
    name: String,
    writer: WriterSchema,
    body: Vec<u8>,
}

impl UnknownEvent {
    pub(super) fn new(writer: &WriterSchema, body: &[u8]) -> Self {
        Self { name: writer.name().to_owned(), writer: writer.clone(), body: body.to_vec() }
    }

    /// The full name of the schema that it was written with, or the word for its kind.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schema that it was written with.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.writer.schema
    }

    /// How the message named that schema.
    pub fn schema_ref(&self) -> SchemaRef {
        self.writer.reference
    }

    /// The event in Avro's binary encoding.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What derived code does instead of writing it.
    #[doc(hidden)]
    pub fn refuse(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        Encoder::append(out, |out| {
            out.fail(format_args!("an unknown event ({}) cannot be written", self.name))
        })
    }
}
