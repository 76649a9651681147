//! Under which subjects a registry keeps the schemas of a topic.

use std::fmt;
use std::sync::Arc;

use ottla_formats::avro::{Kind, ParseError};
use thiserror::Error;

use crate::event::Descriptor;
use crate::framing::Side;

/// A topic, and whether it is about keys or values of its records.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    name: Arc<str>,
    side: Side,
}

/// How a subject gets its name. The names are those of Confluent's serializers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Naming {
    /// `TopicNameStrategy`: `orders-value`, `orders-key`. All records of a topic have one schema, or versions of it.
    #[default]
    TopicName,
    /// `RecordNameStrategy`: `com.example.OrderCreated`, the same for all topics, keys and values.
    RecordName,
    /// `TopicRecordNameStrategy`: `orders-com.example.OrderCreated`, the same for keys and values.
    TopicRecordName,
}

/// Why there is no subject for a schema.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SubjectError {
    /// Only records can name subjects.
    #[error("{topic}: {naming} is for records only, and {name} is of kind {kind}")]
    NotARecord {
        /// For which topic.
        topic: Topic,
        /// How it should have been named.
        naming: Naming,
        /// The schema's name, or the word for its kind.
        name: String,
        /// The word for its kind.
        kind: &'static str,
    },
    /// The schema cannot be read.
    #[error("{topic}: the schema of {name}: {error}")]
    Schema {
        /// For which topic.
        topic: Topic,
        /// The name of the type.
        name: String,
        /// Why not.
        error: ParseError,
    },
}

impl Topic {
    /// The values of a topic.
    pub fn value(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), side: Side::Value }
    }

    /// The keys of a topic.
    pub fn key(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), side: Side::Key }
    }

    /// The topic's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Keys or values?
    pub fn side(&self) -> Side {
        self.side
    }
}

impl Naming {
    /// The subject of a schema.
    ///
    /// # Errors
    /// If it is that of a record, and the schema is none.
    pub fn subject(self, topic: &Topic, descriptor: &Descriptor) -> Result<String, SubjectError> {
        match self {
            Self::TopicName => Ok(format!("{}-{}", topic.name, topic.side)),
            Self::RecordName => Ok(self.record(topic, descriptor)?.to_owned()),
            Self::TopicRecordName => Ok(format!("{}-{}", topic.name, self.record(topic, descriptor)?)),
        }
    }

    fn record<'d>(self, topic: &Topic, descriptor: &'d Descriptor) -> Result<&'d str, SubjectError> {
        let name = || descriptor.name().to_owned();
        let schema = descriptor.schema().map_err(|error| SubjectError::Schema {
            topic: topic.clone(),
            name: name(),
            error: error.clone(),
        })?;
        match schema.kind(schema.root()) {
            Kind::Record(record) => Ok(record.name.full()),
            other => {
                let (topic, kind) = (topic.clone(), other.word());
                Err(SubjectError::NotARecord { topic, naming: self, name: name(), kind })
            }
        }
    }

    /// As Confluent's settings spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TopicName => "TopicNameStrategy",
            Self::RecordName => "RecordNameStrategy",
            Self::TopicRecordName => "TopicRecordNameStrategy",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of topic {}", self.side, self.name)
    }
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
