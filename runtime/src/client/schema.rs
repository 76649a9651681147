//! Schemas, as they are sent and as they come back.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use super::metadata::{Metadata, RuleSet};
use super::open_enum::open_enum;
use super::{Guid, SchemaId};

open_enum! {
    /// The format of a schema's text.
    pub enum SchemaType default Avro {
        /// Avro.
        Avro = "AVRO",
        /// JSON Schema.
        Json = "JSON",
        /// Protobuf.
        Protobuf = "PROTOBUF",
    }
}

/// A schema: its text, and all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Schema {
    /// The text.
    #[serde(rename = "schema", default, deserialize_with = "nullable")]
    pub text: Text,
    /// The format of the text. Registries may leave it out for Avro.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "SchemaType::is_default")]
    pub schema_type: SchemaType,
    /// The schemas that the text refers to.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Tags and properties. Left out in a registration, those of the latest version are taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Rules. Left out in a registration, those of the latest version are taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
}

/// A text that is shared, not copied.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub Arc<str>);

/// A schema that another one refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// The name by which the referring text knows it. Of Avro types: the full name.
    #[serde(default)]
    pub name: String,
    /// The subject that holds it; unqualified ones are of the referring subject's context.
    #[serde(default)]
    pub subject: String,
    /// The version; in requests, -1 is the latest one.
    pub version: i32,
}

/// A version of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegisteredSchema {
    /// The subject.
    pub subject: String,
    /// The version.
    pub version: i32,
    /// The schema id.
    pub id: SchemaId,
    /// The content hash; older registries tell none.
    #[serde(default, deserialize_with = "guid")]
    pub guid: Option<Guid>,
    /// The schema.
    #[serde(flatten)]
    pub schema: Schema,
    /// Tags in the text, where they were asked for.
    #[serde(default, deserialize_with = "nullable")]
    pub schema_tags: Vec<SchemaTags>,
    /// When it was written, in milliseconds since 1970.
    #[serde(default)]
    pub ts: Option<i64>,
    /// Is it soft-deleted? Not always told.
    #[serde(default)]
    pub deleted: Option<bool>,
}

/// What a registration answers. Older registries tell the id alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Registration {
    /// The schema id.
    pub id: SchemaId,
    /// The version, new or found.
    #[serde(default)]
    pub version: Option<i32>,
    /// The content hash.
    #[serde(default, deserialize_with = "guid")]
    pub guid: Option<Guid>,
    /// The schema as it is stored; its text is empty where the registry did not tell it.
    #[serde(flatten)]
    pub schema: Schema,
}

/// A schema by its id or content hash.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StoredSchema {
    /// A subject that holds it: where several do, one of them. Older registries name none.
    #[serde(default)]
    pub subject: Option<String>,
    /// The version under which that subject holds it.
    #[serde(default)]
    pub version: Option<i32>,
    /// The content hash; older registries tell none.
    #[serde(default, deserialize_with = "guid")]
    pub guid: Option<Guid>,
    /// The schema.
    #[serde(flatten)]
    pub schema: Schema,
    /// Tags in the text, where they were asked for.
    #[serde(default, deserialize_with = "nullable")]
    pub schema_tags: Vec<SchemaTags>,
    /// The highest id that was given in the context, where it was asked for.
    #[serde(default)]
    pub max_id: Option<SchemaId>,
    /// When it was written, in milliseconds since 1970.
    #[serde(default)]
    pub ts: Option<i64>,
    /// Was it soft-deleted when it was fetched? Not always told.
    #[serde(default)]
    pub deleted: Option<bool>,
}

/// A version in a listing of schemas.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ListedSchema {
    /// The version.
    #[serde(flatten)]
    pub schema: RegisteredSchema,
    /// The names for which its subject answers, where they were asked for.
    #[serde(default, deserialize_with = "nullable")]
    pub aliases: Vec<String>,
}

/// A version of a subject by its number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub struct SubjectVersion {
    /// The subject.
    pub subject: String,
    /// The version.
    pub version: i32,
}

/// The id that a schema has in a context.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub struct ContextId {
    /// The context, with its leading dot; `.` is the default one.
    pub context: String,
    /// The id.
    pub id: SchemaId,
}

/// Tags of one place in a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaTags {
    /// The place.
    pub schema_entity: SchemaEntity,
    /// The tags.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A place in a schema that can have tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaEntity {
    /// The full name of the record, and the name of the field.
    pub entity_path: String,
    /// What is there.
    pub entity_type: EntityType,
}

open_enum! {
    /// What can have tags.
    pub enum EntityType default Field {
        /// A field.
        Field = "sr_field",
        /// A record.
        Record = "sr_record",
    }
}

impl Schema {
    /// An Avro schema without references.
    pub fn avro(text: impl Into<Text>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A schema of any format, without references.
    pub fn new(schema_type: SchemaType, text: impl Into<Text>) -> Self {
        Self { schema_type, text: text.into(), ..Self::default() }
    }

    /// With what the text refers to.
    #[must_use]
    pub fn with_references(mut self, references: impl IntoIterator<Item = Reference>) -> Self {
        self.references = references.into_iter().collect();
        self
    }

    /// With tags and properties.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// With rules.
    #[must_use]
    pub fn with_rule_set(mut self, rule_set: RuleSet) -> Self {
        self.rule_set = Some(rule_set);
        self
    }
}

impl Reference {
    /// A version of a subject, under the name by which the referring text knows it.
    pub fn new(name: impl Into<String>, subject: impl Into<String>, version: i32) -> Self {
        Self { name: name.into(), subject: subject.into(), version }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self("".into())
    }
}

impl<T: Into<Arc<str>>> From<T> for Text {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// `null` counts as absent.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What is no GUID is none.
fn guid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Guid>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.and_then(|text| Guid::parse(&text)))
}
