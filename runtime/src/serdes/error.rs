//! Why events are not written or read.

use std::fmt;
use std::sync::Arc;

use ottla_formats::avro::ParseError;
use thiserror::Error;

use crate::client::{self, SchemaId, SchemaType};
use crate::codec::{DecodeError, EncodeError};
use crate::events::Unreadable;
use crate::framing::{FramingError, SchemaRef};
use crate::subject::{SubjectError, Topic};

/// Why an event is not written.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum SerializeError {
    /// Nobody called or awaited [`Serializer::prepare`](super::Serializer::prepare).
    #[error("{topic}: the serializer is not prepared")]
    NotPrepared {
        /// The topic.
        topic: Topic,
    },
    /// There is no subject for the schema.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// The schema of the type cannot be read.
    #[error("{topic}: the schema of {name}: {error}")]
    Schema {
        /// The topic.
        topic: Topic,
        /// The type.
        name: String,
        /// Why not.
        error: ParseError,
    },
    /// The subject does not hold the schema, or one that it refers to, and nobody may register it
    /// ([`Register::Never`](super::Register::Never)).
    #[error(
        "{topic}: subject {subject} does not hold the schema of {name}: it has to be registered first ({error})"
    )]
    NotRegistered {
        /// The topic.
        topic: Topic,
        /// The type.
        name: String,
        /// The subject.
        subject: String,
        /// What the registry said.
        error: client::Error,
    },
    /// The registry did not do what it was asked.
    #[error("{topic}: the schema of {name} in subject {subject}: {error}")]
    Registry {
        /// The topic.
        topic: Topic,
        /// The type.
        name: String,
        /// The subject.
        subject: String,
        /// Why not.
        error: client::Error,
    },
    /// The schema that was asked for is not that of the type: what the type writes cannot be sent under its id.
    #[error("{topic}: schema id {id} in subject {subject} is not the schema of {name}: {}", differences.join("; "))]
    OtherSchema {
        /// The topic.
        topic: Topic,
        /// The type.
        name: String,
        /// The subject.
        subject: String,
        /// The id.
        id: SchemaId,
        /// All differences, or what else is wrong with the schema.
        differences: Vec<String>,
    },
    /// The registry does not tell the content hash of the schema: it is older than Confluent's 8.0.
    #[error("{topic}: the registry tells no GUID of schema id {id} in subject {subject}")]
    NoGuid {
        /// The topic.
        topic: Topic,
        /// The subject.
        subject: String,
        /// The id.
        id: SchemaId,
    },
    /// The event is of none of the types, so there is no schema for it.
    #[error("{topic}: events of types that are not known cannot be written")]
    UnknownType {
        /// The topic.
        topic: Topic,
    },
    /// The event cannot be written.
    #[error("{topic}: {name}: {error}")]
    Encode {
        /// The topic.
        topic: Topic,
        /// The type.
        name: &'static str,
        /// Why not.
        error: EncodeError,
    },
}

/// Why an event is not read.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum DeserializeError {
    /// The message does not say which schema it was written with.
    #[error("{topic}: {error}")]
    Framing {
        /// The topic.
        topic: Topic,
        /// What is wrong.
        error: FramingError,
    },
    /// The registry has no such schema. This is remembered for a short while.
    #[error("{topic}: {schema} is not in the registry ({error})")]
    Missing {
        /// The topic.
        topic: Topic,
        /// The schema.
        schema: SchemaRef,
        /// What the registry said.
        error: client::Error,
    },
    /// The registry did not answer, or with an error. The next one who wants the schema asks again.
    #[error("{topic}: {schema}: {error}")]
    Registry {
        /// The topic.
        topic: Topic,
        /// The schema.
        schema: SchemaRef,
        /// Why not.
        error: client::Error,
    },
    /// Registries do not find schemas by fingerprint, and the deserializer was not told of one with this
    /// ([`DeserializerBuilder::known`](super::DeserializerBuilder::known)).
    #[error("{topic}: {schema} is not known")]
    UnknownFingerprint {
        /// The topic.
        topic: Topic,
        /// The fingerprint.
        schema: SchemaRef,
    },
    /// The schema is of another format.
    #[error("{origin}: a schema of type {schema_type}, not Avro")]
    NotAvro {
        /// The schema.
        origin: Arc<Origin>,
        /// Its format.
        schema_type: SchemaType,
    },
    /// The text of the schema cannot be read.
    #[error("{origin}: {error}")]
    Schema {
        /// The schema.
        origin: Arc<Origin>,
        /// Why not.
        error: Arc<ParseError>,
    },
    /// The type cannot read what was written with the schema.
    #[error("{origin}: {error}")]
    Unreadable {
        /// The schema.
        origin: Arc<Origin>,
        /// Why not: all incompatibilities.
        error: Arc<Unreadable>,
    },
    /// The bytes are not what the schema describes.
    #[error("{origin}: {error}")]
    Decode {
        /// The schema.
        origin: Arc<Origin>,
        /// What is wrong, and where.
        error: DecodeError,
    },
    /// The message is of another type than the one it was asked for as ([`Message::borrowed`](super::Message::borrowed)).
    #[error("{origin}: the event is not of type {asked}")]
    OtherType {
        /// The schema.
        origin: Arc<Origin>,
        /// The full name of the type.
        asked: &'static str,
    },
}

/// The schema that a message was written with, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The topic.
    pub topic: Topic,
    /// How the message names the schema.
    pub schema: SchemaRef,
    /// The full name of the schema, or the word for its kind; empty if its text cannot be read.
    pub name: String,
    /// A subject that holds it, where the registry told one.
    pub subject: Option<String>,
    /// The version under which that subject holds it.
    pub version: Option<i32>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { topic, schema, name, subject, version } = self;
        write!(f, "{topic}: {schema}")?;
        if !name.is_empty() {
            write!(f, " ({name})")?;
        }
        if let Some(subject) = subject {
            write!(f, " of subject {subject}")?;
        }
        if let Some(version) = version {
            write!(f, " version {version}")?;
        }
        Ok(())
    }
}

impl SerializeError {
    /// What the registry said, if that is the reason.
    pub fn registry_error(&self) -> Option<&client::Error> {
        match self {
            Self::Registry { error, .. } | Self::NotRegistered { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl DeserializeError {
    /// What the registry said, if that is the reason.
    pub fn registry_error(&self) -> Option<&client::Error> {
        match self {
            Self::Registry { error, .. } | Self::Missing { error, .. } => Some(error),
            _ => None,
        }
    }

    /// May the same message be readable later: the registry did not answer, or does not know the schema yet?
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Missing { .. } => true,
            Self::Registry { error, .. } => error.is_temporary(),
            _ => false,
        }
    }
}
