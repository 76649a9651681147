//! Key and value -> record.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ottla_formats::Format;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::domain::{
    Config, Content, Context, Guid, Metadata, Policy, Record, Reference, RuleSet, SchemaValue, Subject,
    content_hash,
};

/// Why an entry of the log is not understood.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The key or value is not the JSON that its type asks for.
    #[error("{part} is not understood: {error}")]
    Json {
        /// Key or value.
        part: &'static str,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// The key is of a type that this registry does not keep.
    #[error("entries of type {0} are not kept")]
    UnknownType(String),
    /// A field is absent or makes no sense.
    #[error("field {field} is {problem}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

/// Reads entries. It remembers the names it met last, so that runs of records share them.
#[derive(Debug)]
pub struct Decoder {
    default_context: Context,
    last_subject: Subject,
}

impl Default for Decoder {
    fn default() -> Self {
        let default_context = Context::default();
        Self { last_subject: Subject::whole(default_context.clone()), default_context }
    }
}

impl Decoder {
    /// The record of a key and value.
    pub fn decode(&mut self, key: &str, value: Option<&str>) -> Result<Record, DecodeError> {
        let key: Key<'_> =
            serde_json::from_str(key).map_err(|error| DecodeError::Json { part: "key", error })?;
        if let Some(magic) = key.magic.filter(|m| !(0..=1).contains(m)) {
            return Err(bad("magic", magic.to_string()));
        }
        match &*key.keytype {
            "SCHEMA" => {
                let version = key.version.ok_or_else(|| missing("version"))?;
                let value = value.map(schema).transpose()?.flatten();
                Ok(Record::Schema { subject: self.subject(&key), version, value })
            }
            "CONFIG" => {
                let value = value.map(config).transpose()?.flatten();
                Ok(Record::Config { scope: self.subject(&key), value })
            }
            "MODE" => {
                let value: Option<ModeJson<'_>> = value.map(json).transpose()?.flatten();
                let mode =
                    value.map(|v| v.mode.0.parse().map_err(|_| bad("mode", v.mode.0.clone().into_owned())));
                Ok(Record::Mode { scope: self.subject(&key), value: mode.transpose()? })
            }
            "DELETE_SUBJECT" => {
                let value: Option<DeleteSubjectJson> = value.map(json).transpose()?.flatten();
                Ok(match value {
                    Some(value) => {
                        Record::DeleteSubject { subject: self.subject(&key), up_to: value.version }
                    }
                    None => Record::Noop,
                })
            }
            "CLEAR_SUBJECT" if value.is_none() => Ok(Record::Noop),
            "CLEAR_SUBJECT" => Ok(Record::ClearSubject { subject: self.subject(&key) }),
            "CONTEXT" => {
                let context = key.context.as_ref().ok_or_else(|| missing("context"))?;
                Ok(Record::Context { context: Context::new(&context.0), present: value.is_some() })
            }
            "NOOP" => Ok(Record::Noop),
            other => Err(DecodeError::UnknownType(other.to_owned())),
        }
    }

    fn subject(&mut self, key: &Key<'_>) -> Subject {
        let name = key.subject.as_ref().map_or("", |s| &s.0);
        if name.starts_with(":.") {
            return Subject::parse(name);
        }
        if self.last_subject.name() != name {
            self.last_subject = Subject::new(self.default_context.clone(), name);
        }
        self.last_subject.clone()
    }
}

fn missing(field: &'static str) -> DecodeError {
    bad(field, "missing".to_owned())
}

fn bad(field: &'static str, problem: String) -> DecodeError {
    DecodeError::Field { field, problem }
}

/// A value; `null` as a text counts as none.
fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<Option<T>, DecodeError> {
    serde_json::from_str(text).map_err(|error| DecodeError::Json { part: "value", error })
}

fn schema(text: &str) -> Result<Option<SchemaValue>, DecodeError> {
    let Some(value) = json::<SchemaJson<'_>>(text)? else { return Ok(None) };
    let format = match &value.schema_type {
        None => Format::Avro,
        Some(name) => {
            Format::from_name(&name.0).ok_or_else(|| bad("schemaType", format!("unknown: {}", name.0)))?
        }
    };
    let text = value.schema.0;
    let references: Vec<Reference> = value.references.into_iter().flatten().map(reference).collect();
    let guid = match value.md5.as_ref().and_then(|m| guid(&m.0)) {
        Some(guid) => guid,
        None => content_hash(&text, &references, value.metadata.as_ref(), value.rule_set.as_ref()),
    };
    let (metadata, rule_set) = (value.metadata.map(Box::new), value.rule_set.map(Box::new));
    let content = Content { format, text, references, metadata, rule_set, guid };
    Ok(Some(SchemaValue {
        id: value.id,
        deleted: value.deleted.unwrap_or(false),
        content: Arc::new(content),
    }))
}

/// A hash of the right length, or nothing.
fn guid(base64: &str) -> Option<Guid> {
    let mut bytes = [0; 18];
    let length = STANDARD.decode_slice(base64, &mut bytes).ok()?;
    Some(Guid(bytes[..length].try_into().ok()?))
}

fn reference(r: ReferenceJson<'_>) -> Reference {
    Reference { name: r.name.0.into(), subject: r.subject.0.into(), version: r.version }
}

fn config(text: &str) -> Result<Option<Config>, DecodeError> {
    let Some(value) = json::<ConfigJson>(text)? else { return Ok(None) };
    let level =
        value.compatibility_level.map(|level| level.parse().map_err(|_| bad("compatibilityLevel", level)));
    Ok(Some(Config {
        alias: value.alias,
        alias_for_deks: value.alias_for_deks,
        normalize: value.normalize,
        validate_fields: value.validate_fields,
        validate_new_schemas: value.validate_new_schemas,
        validate_rules: value.validate_rules,
        compatibility_level: level.transpose()?,
        // Other registries store any text here; one that names no policy is as good as none.
        compatibility_policy: value.compatibility_policy.as_deref().and_then(Policy::from_name),
        compatibility_group: value.compatibility_group,
        default_metadata: value.default_metadata,
        override_metadata: value.override_metadata,
        default_rule_set: value.default_rule_set,
        override_rule_set: value.override_rule_set,
    }))
}

/// A text that is borrowed from the entry where it holds no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A text that is kept: it goes where it stays at once, without a copy on the way.
struct SharedText(Arc<str>);

impl<'de> Deserialize<'de> for SharedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Kept;
        impl Visitor<'_> for Kept {
            type Value = SharedText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<SharedText, E> {
                Ok(SharedText(text.into()))
            }
        }
        deserializer.deserialize_str(Kept)
    }
}

#[derive(Deserialize)]
struct Key<'a> {
    #[serde(borrow)]
    keytype: Cow<'a, str>,
    #[serde(borrow)]
    subject: Option<Text<'a>>,
    version: Option<i32>,
    #[serde(borrow)]
    context: Option<Text<'a>>,
    magic: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaJson<'a> {
    id: i32,
    #[serde(borrow)]
    md5: Option<Text<'a>>,
    #[serde(borrow)]
    schema_type: Option<Text<'a>>,
    #[serde(borrow)]
    references: Option<Vec<ReferenceJson<'a>>>,
    metadata: Option<Metadata>,
    rule_set: Option<RuleSet>,
    schema: SharedText,
    deleted: Option<bool>,
}

#[derive(Deserialize)]
struct ReferenceJson<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    subject: Text<'a>,
    version: i32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigJson {
    alias: Option<String>,
    alias_for_deks: Option<String>,
    normalize: Option<bool>,
    validate_fields: Option<bool>,
    validate_new_schemas: Option<bool>,
    validate_rules: Option<bool>,
    compatibility_level: Option<String>,
    compatibility_policy: Option<String>,
    compatibility_group: Option<String>,
    default_metadata: Option<Metadata>,
    override_metadata: Option<Metadata>,
    default_rule_set: Option<RuleSet>,
    override_rule_set: Option<RuleSet>,
}

#[derive(Deserialize)]
struct ModeJson<'a> {
    #[serde(borrow)]
    mode: Text<'a>,
}

#[derive(Deserialize)]
struct DeleteSubjectJson {
    version: i32,
}
