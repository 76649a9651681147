//! Record -> key and value.

use std::borrow::Cow;

use base64::Engine as _;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use ottla_formats::Format;
use serde::{Serialize, Serializer};

use crate::domain::{
    Config, Context, Guid, Metadata, Mode, Record, Reference, RuleSet, SchemaValue, Subject,
};
use crate::log::Entry;

/// A record could not be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("a record cannot be written as JSON: {0}")]
pub struct EncodeError(#[from] serde_json::Error);

/// The key and value of a record.
pub fn encode(record: &Record) -> Result<Entry, EncodeError> {
    match record {
        Record::Schema { subject, version, value } => {
            let name = qualified(subject);
            let key = SchemaKey { keytype: "SCHEMA", subject: &name, version: *version, magic: 1 };
            entry(&key, value.as_ref().map(|v| schema(&name, *version, v)))
        }
        Record::Config { scope, value } => {
            let name = scope_name(scope);
            entry(&scope_key("CONFIG", name.as_deref()), value.as_ref().map(|c| config(name.as_deref(), c)))
        }
        Record::Mode { scope, value } => {
            let name = scope_name(scope);
            let mode = value.map(|m| ModeValue { subject: name.as_deref(), mode: Mode::name(m) });
            entry(&scope_key("MODE", name.as_deref()), mode)
        }
        Record::DeleteSubject { subject, up_to } => {
            let name = qualified(subject);
            let value = DeleteSubjectValue { subject: &name, version: *up_to };
            entry(&scope_key("DELETE_SUBJECT", Some(&name)), Some(value))
        }
        Record::ClearSubject { subject } => {
            let name = qualified(subject);
            entry(&scope_key("CLEAR_SUBJECT", Some(&name)), Some(ClearSubjectValue { subject: &name }))
        }
        Record::Context { context, present } => {
            let value = present.then(|| ContextValue { tenant: TENANT, context: context.as_str() });
            entry(&context_key(context), value)
        }
        Record::Noop => entry(&NoopKey { keytype: "NOOP", magic: 0 }, None::<()>),
    }
}

const TENANT: &str = "default";

fn entry(key: &impl Serialize, value: Option<impl Serialize>) -> Result<Entry, EncodeError> {
    let value = value.map(|v| serde_json::to_string(&v)).transpose()?;
    Ok(Entry { key: serde_json::to_string(key)?, value })
}

/// A subject as it is written: its name alone in the default context.
fn qualified(subject: &Subject) -> Cow<'_, str> {
    if subject.context().is_default() { subject.name().into() } else { subject.to_string().into() }
}

/// The default context as a whole has no name.
fn scope_name(scope: &Subject) -> Option<Cow<'_, str>> {
    (!scope.is_default_whole()).then(|| qualified(scope))
}

fn scope_key<'a>(keytype: &'static str, subject: Option<&'a str>) -> ScopeKey<'a> {
    ScopeKey { keytype, subject, magic: 0 }
}

fn context_key(context: &Context) -> ContextKey<'_> {
    ContextKey { keytype: "CONTEXT", tenant: TENANT, context: context.as_str(), magic: 0 }
}

fn schema<'a>(subject: &'a str, version: i32, value: &'a SchemaValue) -> SchemaJson<'a> {
    let content = &*value.content;
    SchemaJson {
        subject,
        version,
        id: value.id,
        md5: content.guid,
        schema_type: content.format,
        references: content.references.iter().map(reference).collect(),
        metadata: content.metadata.as_deref(),
        rule_set: content.rule_set.as_deref(),
        schema: &content.text,
        deleted: value.deleted,
    }
}

fn reference(r: &Reference) -> ReferenceJson<'_> {
    ReferenceJson { name: &r.name, subject: &r.subject, version: r.version }
}

fn config<'a>(subject: Option<&'a str>, config: &'a Config) -> ConfigJson<'a> {
    ConfigJson {
        subject,
        alias: config.alias.as_deref(),
        alias_for_deks: config.alias_for_deks.as_deref(),
        normalize: config.normalize,
        validate_fields: config.validate_fields,
        validate_new_schemas: config.validate_new_schemas,
        validate_rules: config.validate_rules,
        compatibility_level: config.compatibility_level.map(|l| l.name()),
        compatibility_policy: config.compatibility_policy.map(|p| p.name()),
        compatibility_group: config.compatibility_group.as_deref(),
        default_metadata: config.default_metadata.as_ref(),
        override_metadata: config.override_metadata.as_ref(),
        default_rule_set: config.default_rule_set.as_ref(),
        override_rule_set: config.override_rule_set.as_ref(),
    }
}

#[derive(Serialize)]
struct SchemaKey<'a> {
    keytype: &'static str,
    subject: &'a str,
    version: i32,
    magic: u8,
}

#[derive(Serialize)]
struct ScopeKey<'a> {
    keytype: &'static str,
    subject: Option<&'a str>,
    magic: u8,
}

#[derive(Serialize)]
struct ContextKey<'a> {
    keytype: &'static str,
    tenant: &'static str,
    context: &'a str,
    magic: u8,
}

#[derive(Serialize)]
struct NoopKey {
    keytype: &'static str,
    magic: u8,
}

#[derive(Serialize)]
struct SchemaJson<'a> {
    subject: &'a str,
    version: i32,
    id: i32,
    #[serde(serialize_with = "base64")]
    md5: Guid,
    #[serde(rename = "schemaType", skip_serializing_if = "is_avro", serialize_with = "format_name")]
    schema_type: Format,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<ReferenceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
    #[serde(rename = "ruleSet", skip_serializing_if = "Option::is_none")]
    rule_set: Option<&'a RuleSet>,
    schema: &'a str,
    deleted: bool,
}

#[derive(Serialize)]
struct ReferenceJson<'a> {
    name: &'a str,
    subject: &'a str,
    version: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfigJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias_for_deks: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    normalize: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validate_fields: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validate_new_schemas: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validate_rules: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compatibility_level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compatibility_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compatibility_group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_metadata: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    override_metadata: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_rule_set: Option<&'a RuleSet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    override_rule_set: Option<&'a RuleSet>,
}

#[derive(Serialize)]
struct ModeValue<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    mode: &'static str,
}

#[derive(Serialize)]
struct DeleteSubjectValue<'a> {
    subject: &'a str,
    version: i32,
}

#[derive(Serialize)]
struct ClearSubjectValue<'a> {
    subject: &'a str,
}

#[derive(Serialize)]
struct ContextValue<'a> {
    tenant: &'static str,
    context: &'a str,
}

/// Avro is what a record without a type holds.
fn is_avro(format: &Format) -> bool {
    *format == Format::Avro
}

fn format_name<S: Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(format.name())
}

fn base64<S: Serializer>(guid: &Guid, serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = [0; 24];
    match STANDARD.encode_slice(guid.0, &mut text).ok().and_then(|n| std::str::from_utf8(&text[..n]).ok()) {
        Some(text) => serializer.serialize_str(text),
        None => serializer.collect_str(&Base64Display::new(&guid.0, &STANDARD)),
    }
}
