//! Schemas, as the several routes show them.

use std::sync::Arc;

use ottla_formats::avro::tags::{EntityKind, EntityTags};
use serde::Serialize;

use crate::domain::lookup::Known;
use crate::domain::proposal::parsed;
use crate::domain::{Content, Context, Found, Metadata, Reference, RuleSet, State, Subject, content_hash};
use crate::http::error::ApiError;
use crate::http::query::Query;
use crate::http::text::TextFormat;

/// A version of a subject, or a schema that was looked up.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Schema {
    subject: String,
    version: i32,
    id: i32,
    #[serde(flatten)]
    parts: Parts,
}

/// A schema that was registered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Registered {
    id: i32,
    version: i32,
    #[serde(flatten)]
    parts: Parts,
}

/// A schema by its id or content hash.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SchemaString {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    #[serde(flatten)]
    parts: Parts,
    /// The highest id that was ever given in the context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) max_id: Option<i32>,
}

/// A schema in a listing.
#[derive(Debug, Serialize)]
pub(in crate::http) struct ExtendedSchema {
    #[serde(flatten)]
    pub(in crate::http) schema: Schema,
    /// The subjects for which this one answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::http) aliases: Vec<String>,
}

/// What all of them show.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    guid: String,
    schema_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<ReferenceEntity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Box<Metadata>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_set: Option<Box<RuleSet>>,
    #[serde(skip_serializing_if = "is_empty")]
    schema: Arc<str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    schema_tags: Vec<SchemaTags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<bool>,
    #[serde(skip)]
    context: Context,
    #[serde(skip)]
    content: Arc<Content>,
}

fn is_empty(text: &Arc<str>) -> bool {
    text.is_empty()
}

#[derive(Debug, Serialize)]
struct ReferenceEntity {
    #[serde(skip_serializing_if = "is_empty")]
    name: Arc<str>,
    #[serde(skip_serializing_if = "is_empty")]
    subject: Arc<str>,
    version: i32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SchemaTags {
    schema_entity: SchemaEntity,
    tags: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SchemaEntity {
    entity_path: String,
    entity_type: &'static str,
}

impl From<&Reference> for ReferenceEntity {
    fn from(r: &Reference) -> Self {
        Self { name: r.name.clone(), subject: r.subject.clone(), version: r.version }
    }
}

impl From<EntityTags> for SchemaTags {
    fn from(e: EntityTags) -> Self {
        let entity_type = match e.kind {
            EntityKind::Record => "sr_record",
            EntityKind::Field => "sr_field",
        };
        Self {
            schema_entity: SchemaEntity { entity_path: e.path, entity_type },
            tags: e.tags.into_iter().collect(),
        }
    }
}

impl Parts {
    fn new(context: &Context, content: &Arc<Content>, stored: Option<(i64, bool)>) -> Self {
        Self {
            guid: content.guid.to_string(),
            schema_type: content.format.name(),
            references: content.references.iter().map(Into::into).collect(),
            metadata: content.metadata.clone(),
            rule_set: content.rule_set.clone(),
            schema: content.text.clone(),
            schema_tags: Vec::new(),
            ts: stored.map(|(ts, _)| ts),
            deleted: stored.map(|(_, deleted)| deleted),
            context: context.clone(),
            content: content.clone(),
        }
    }

    fn found(found: &Found<'_>) -> Self {
        let version = found.version;
        Self::new(found.subject.context(), &version.content, Some((version.written_at, version.deleted)))
    }

    /// Gives the text the form that is asked for.
    fn render(&mut self, state: &State, format: TextFormat) -> Result<(), ApiError> {
        self.schema = format.text(state, &self.context, &self.content)?;
        Ok(())
    }

    /// Shows the tags that the query asks for: `*` for all.
    fn find_tags(&mut self, state: &State, query: Query<'_>) {
        let wanted: Vec<_> = query.all("findTags").collect();
        if wanted.is_empty() {
            return;
        }
        let Ok(schema) = parsed(state, &self.context, &self.content) else { return };
        let all = wanted.iter().any(|tag| tag == "*");
        let entities = schema.tags().into_iter().filter_map(|mut entity| {
            entity.tags.retain(|tag| all || wanted.iter().any(|w| w == tag));
            (!entity.tags.is_empty()).then_some(entity)
        });
        self.schema_tags = entities.map(Into::into).collect();
    }

    /// Names the subjects of references with their context, where that is not the default one.
    fn qualify_references(&mut self) {
        for reference in self.references.iter_mut().filter(|_| !self.context.is_default()) {
            if !reference.subject.starts_with(":.") {
                reference.subject = Subject::within(&self.context, &reference.subject).to_string().into();
            }
        }
    }

    /// The content hash with the references as they are shown.
    fn rehash(&mut self) {
        if self.context.is_default() {
            return;
        }
        let reference = |r: &ReferenceEntity| Reference {
            name: r.name.clone(),
            subject: r.subject.clone(),
            version: r.version,
        };
        let references: Vec<Reference> = self.references.iter().map(reference).collect();
        let content = &self.content;
        let guid = content_hash(
            &content.text,
            &references,
            content.metadata.as_deref(),
            content.rule_set.as_deref(),
        );
        self.guid = guid.to_string();
    }
}

impl Schema {
    /// A version that is stored.
    pub(in crate::http) fn stored(found: &Found<'_>) -> Self {
        Self {
            subject: found.subject.to_string(),
            version: found.version.version,
            id: found.version.id,
            parts: Parts::found(found),
        }
    }

    /// A schema that was looked up.
    pub(in crate::http) fn known(known: &Known) -> Self {
        Self {
            subject: known.subject.to_string(),
            version: known.version,
            id: known.id,
            parts: Parts::new(known.subject.context(), &known.content, known.stored),
        }
    }

    /// Gives the text the form that is asked for.
    pub(in crate::http) fn render(&mut self, state: &State, format: TextFormat) -> Result<(), ApiError> {
        self.parts.render(state, format)
    }

    /// Shows the tags that the query asks for.
    pub(in crate::http) fn find_tags(&mut self, state: &State, query: Query<'_>) {
        self.parts.find_tags(state, query);
    }

    /// Names the subjects of references with their context, and takes the content hash of that.
    pub(in crate::http) fn qualify_references(&mut self) {
        self.parts.qualify_references();
        self.parts.rehash();
    }
}

impl Registered {
    /// A schema that is registered now.
    pub(in crate::http) fn new(known: &Known) -> Self {
        Self {
            id: known.id,
            version: known.version,
            parts: Parts::new(known.subject.context(), &known.content, known.stored),
        }
    }

    /// Gives the text the form that is asked for.
    pub(in crate::http) fn render(&mut self, state: &State, format: TextFormat) -> Result<(), ApiError> {
        self.parts.render(state, format)
    }
}

impl SchemaString {
    /// A schema by one of its holders.
    pub(in crate::http) fn stored(found: &Found<'_>) -> Self {
        Self {
            subject: Some(found.subject.to_string()),
            version: Some(found.version.version),
            parts: Parts::found(found),
            max_id: None,
        }
    }

    /// The same without naming the holder.
    pub(in crate::http) fn without_holder(self) -> Self {
        Self { subject: None, version: None, ..self }
    }

    /// Gives the text the form that is asked for.
    pub(in crate::http) fn render(&mut self, state: &State, format: TextFormat) -> Result<(), ApiError> {
        self.parts.render(state, format)
    }

    /// Shows the tags that the query asks for.
    pub(in crate::http) fn find_tags(&mut self, state: &State, query: Query<'_>) {
        self.parts.find_tags(state, query);
    }

    /// Names the subjects of references with their context.
    pub(in crate::http) fn qualify_references(&mut self) {
        self.parts.qualify_references();
    }
}
