//! Schemas with all that belongs to them.

use serde::Serialize;

use super::{Mistake, Reader, Request};
use crate::domain::{GivenReference, Metadata, RuleSet};

/// A schema to register, to look up or to compare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterRequest {
    /// The text.
    pub schema: Option<String>,
    /// The name of the format; absent, it is Avro.
    pub schema_type: Option<String>,
    /// The schemas that the text refers to. A `null` among them is kept, to be refused where it matters.
    pub references: Vec<Option<GivenReference>>,
    /// Tags and properties.
    pub metadata: Option<Metadata>,
    /// Rules.
    pub rule_set: Option<RuleSet>,
    /// The version that it is to get; absent or 0: the next one.
    pub version: Option<i32>,
    /// The id that an import brings.
    pub id: Option<i32>,
    /// Tags to put into the text.
    pub schema_tags_to_add: Option<Vec<SchemaTags>>,
    /// Tags to take out of the text.
    pub schema_tags_to_remove: Option<Vec<SchemaTags>>,
    /// Are the tags of the latest version to be put in?
    pub propagate_schema_tags: bool,
}

/// Tags of one place in a schema.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaTags {
    /// The place.
    pub schema_entity: Option<SchemaEntity>,
    /// The tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// A place in a schema that can have tags.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaEntity {
    /// The full name of the record, and the name of the field.
    pub entity_path: String,
    /// What is there.
    pub entity_type: Option<EntityKind>,
}

/// What can have tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum EntityKind {
    /// A field.
    #[serde(rename = "sr_field")]
    Field,
    /// A record.
    #[serde(rename = "sr_record")]
    Record,
}

/// A new version that has other tags, metadata or rules than an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagsRequest {
    /// The version that it is to get.
    pub new_version: Option<i32>,
    /// Tags to put into the text.
    pub tags_to_add: Option<Vec<SchemaTags>>,
    /// Tags to take out of the text.
    pub tags_to_remove: Option<Vec<SchemaTags>>,
    /// Merged into the metadata.
    pub metadata: Option<Metadata>,
    /// Instead of the rules.
    pub rule_set: Option<RuleSet>,
    /// Merged into the rules.
    pub rules_to_merge: Option<RuleSet>,
    /// The names of rules to leave out.
    pub rules_to_remove: Option<Vec<String>>,
}

impl Request for RegisterRequest {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut request = Self::default();
        reader.object(|reader, key| {
            match key {
                "schema" => request.schema = reader.string()?,
                "schemaType" => request.schema_type = reader.string()?,
                "references" => request.references = nullable_list(reader, reference)?.unwrap_or_default(),
                "metadata" => request.metadata = reader.optional(Metadata::read)?,
                "ruleSet" | "ruleset" => request.rule_set = reader.optional(RuleSet::read)?,
                "version" => request.version = reader.integer()?,
                "id" => request.id = reader.integer()?,
                "schemaTagsToAdd" => request.schema_tags_to_add = list(reader, schema_tags)?,
                "schemaTagsToRemove" => request.schema_tags_to_remove = list(reader, schema_tags)?,
                "propagateSchemaTags" => {
                    request.propagate_schema_tags = reader.boolean()?.unwrap_or_default();
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(request)
    }
}

impl Request for TagsRequest {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut request = Self::default();
        reader.object(|reader, key| {
            match key {
                "newVersion" => request.new_version = reader.integer()?,
                "tagsToAdd" => request.tags_to_add = list(reader, schema_tags)?,
                "tagsToRemove" => request.tags_to_remove = list(reader, schema_tags)?,
                "metadata" => request.metadata = reader.optional(Metadata::read)?,
                "ruleSet" => request.rule_set = reader.optional(RuleSet::read)?,
                "rulesToMerge" => request.rules_to_merge = reader.optional(RuleSet::read)?,
                "rulesToRemove" => request.rules_to_remove = strings(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(request)
    }
}

fn reference(reader: &mut Reader<'_>) -> Result<GivenReference, Mistake> {
    let mut reference = GivenReference::default();
    reader.object(|reader, key| {
        match key {
            "name" => reference.name = reader.string()?,
            "subject" => reference.subject = reader.string()?,
            "version" => reference.version = reader.integer()?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(reference)
}

fn schema_tags(reader: &mut Reader<'_>) -> Result<SchemaTags, Mistake> {
    let mut tags = SchemaTags::default();
    reader.object(|reader, key| {
        match key {
            "schemaEntity" => tags.schema_entity = reader.optional(schema_entity)?,
            "tags" => tags.tags = strings(reader)?.unwrap_or_default(),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(tags)
}

fn schema_entity(reader: &mut Reader<'_>) -> Result<SchemaEntity, Mistake> {
    let mut entity = SchemaEntity::default();
    reader.object(|reader, key| {
        match key {
            "entityPath" => entity.entity_path = reader.string()?.unwrap_or_default(),
            "entityType" => entity.entity_type = entity_kind(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(entity)
}

fn entity_kind(reader: &mut Reader<'_>) -> Result<Option<EntityKind>, Mistake> {
    let unknown = reader.mistake("expected \"sr_field\" or \"sr_record\"");
    match reader.string()?.as_deref() {
        None => Ok(None),
        Some("sr_field") => Ok(Some(EntityKind::Field)),
        Some("sr_record") => Ok(Some(EntityKind::Record)),
        Some(_) => Err(unknown),
    }
}

/// A list, or `null`; `null` elements are left out.
pub(super) fn list<T>(
    reader: &mut Reader<'_>,
    read: impl Fn(&mut Reader<'_>) -> Result<T, Mistake>,
) -> Result<Option<Vec<T>>, Mistake> {
    Ok(nullable_list(reader, read)?.map(|list| list.into_iter().flatten().collect()))
}

/// A list of strings, or `null`; `null` elements are left out.
pub(super) fn strings(reader: &mut Reader<'_>) -> Result<Option<Vec<String>>, Mistake> {
    reader.optional(|reader| {
        let mut strings = Vec::new();
        reader.list(|reader| {
            strings.extend(reader.string()?);
            Ok(())
        })?;
        Ok(strings)
    })
}

fn nullable_list<T>(
    reader: &mut Reader<'_>,
    read: impl Fn(&mut Reader<'_>) -> Result<T, Mistake>,
) -> Result<Option<Vec<Option<T>>>, Mistake> {
    reader.optional(|reader| {
        let mut elements = Vec::new();
        reader.list(|reader| {
            elements.push(reader.optional(&read)?);
            Ok(())
        })?;
        Ok(elements)
    })
}
