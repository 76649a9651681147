//! The seam between the registry and the schema formats.

use std::fmt;

use crate::avro::{self, tags::EntityTags};

/// A schema format, as `schemaType` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Format {
    /// Apache Avro.
    #[default]
    Avro,
}

impl Format {
    /// Every format that is supported.
    pub const ALL: &'static [Self] = &[Self::Avro];

    /// The name in `schemaType`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avro => "AVRO",
        }
    }

    /// The format of that name; names are case-sensitive.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A schema of any format.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ParsedSchema {
    /// Apache Avro.
    Avro(avro::Schema),
}

/// A schema of any format that somebody else holds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum SchemaRef<'a> {
    /// Apache Avro.
    Avro(&'a avro::Schema),
}

impl SchemaRef<'_> {
    /// Is it the same to a registry that looks a schema up?
    pub fn equivalent(self, other: SchemaRef<'_>) -> bool {
        match (self, other) {
            (Self::Avro(a), SchemaRef::Avro(b)) => a.equivalent(b),
        }
    }
}

impl<'a> From<&'a avro::Schema> for SchemaRef<'a> {
    fn from(schema: &'a avro::Schema) -> Self {
        Self::Avro(schema)
    }
}

impl<'a> From<&'a ParsedSchema> for SchemaRef<'a> {
    fn from(schema: &'a ParsedSchema) -> Self {
        match schema {
            ParsedSchema::Avro(schema) => Self::Avro(schema),
        }
    }
}

impl ParsedSchema {
    /// The format.
    pub fn format(&self) -> Format {
        match self {
            Self::Avro(_) => Format::Avro,
        }
    }

    /// The Avro schema, if it is one.
    pub fn as_avro(&self) -> Option<&avro::Schema> {
        match self {
            Self::Avro(schema) => Some(schema),
        }
    }

    /// The canonical text: what registry clients get back.
    pub fn to_text(&self) -> String {
        match self {
            Self::Avro(schema) => schema.to_text(),
        }
    }

    /// The text with the types of referenced schemas in it.
    pub fn to_inlined_text(&self) -> String {
        match self {
            Self::Avro(schema) => schema.to_inlined_text(),
        }
    }

    /// The schema with everything whose order does not matter in one order. The error is told to clients.
    pub fn normalized(&self) -> Result<Self, String> {
        match self {
            Self::Avro(schema) => schema.normalized().map(Self::Avro).map_err(|e| e.message().to_owned()),
        }
    }

    /// Is it the same to a registry that looks a schema up?
    pub fn equivalent(&self, other: &Self) -> bool {
        SchemaRef::from(self).equivalent(other.into())
    }

    /// Has the outermost record a field of that name?
    pub fn has_top_level_field(&self, name: &str) -> bool {
        match self {
            Self::Avro(schema) => match schema.kind(schema.root()) {
                avro::Kind::Record(record) => record.fields.iter().any(|f| f.name == name),
                _ => false,
            },
        }
    }

    /// The tags that stand in the text.
    pub fn tags(&self) -> Vec<EntityTags> {
        match self {
            Self::Avro(schema) => schema.tags(),
        }
    }

    /// The schema with tags added and then others removed.
    pub fn with_tags(&self, add: &[EntityTags], remove: &[EntityTags]) -> Self {
        match self {
            Self::Avro(schema) => Self::Avro(schema.with_tags(add, remove)),
        }
    }

    /// About how many bytes it takes in memory.
    pub fn weight(&self) -> usize {
        match self {
            Self::Avro(schema) => schema.weight(),
        }
    }
}

impl From<avro::Schema> for ParsedSchema {
    fn from(schema: avro::Schema) -> Self {
        Self::Avro(schema)
    }
}
