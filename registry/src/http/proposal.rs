//! From request bodies to what the domain takes.

use ottla_formats::Format;
use ottla_formats::avro::tags::{EntityKind, EntityTags};

use super::body;
use super::body::{ConfigUpdate, RegisterRequest, SchemaTags, TagsRequest, Update};
use crate::domain::configure;
use crate::domain::proposal::Proposal;
use crate::domain::register::{self, Register};
use crate::domain::tagging::{Retag, TagEdits};
use crate::domain::{Policy, Rejection, Subject};

/// The schema of a request.
pub(super) fn proposal(request: RegisterRequest) -> Result<Proposal, Rejection> {
    let name = request.schema_type.as_deref();
    let format = match name {
        None => Format::default(),
        Some(name) => Format::from_name(name).ok_or_else(|| Rejection::InvalidSchemaType(name.to_owned()))?,
    };
    let references: Option<Vec<_>> = request.references.into_iter().collect();
    Ok(Proposal {
        format,
        text: request.schema.map(Into::into),
        references: references.ok_or(Rejection::NullReference)?,
        metadata: request.metadata,
        rule_set: request.rule_set,
        id: request.id.filter(|id| *id >= 0),
    })
}

/// The registration that a request asks for.
pub(super) fn registration(subject: Subject, request: RegisterRequest) -> Result<Register, Rejection> {
    register::admit(&subject, request.rule_set.as_ref())?;
    let version = request.version.unwrap_or_default();
    let tags = TagEdits {
        add: entity_tags(request.schema_tags_to_add.as_deref()),
        remove: entity_tags(request.schema_tags_to_remove.as_deref()),
        propagate: request.propagate_schema_tags,
    };
    let mut register = Register::new(subject, proposal(request)?);
    register.version = version;
    register.tags = tags;
    Ok(register)
}

/// The change that a request to the tags endpoint asks for.
pub(super) fn retag(request: TagsRequest) -> Result<Retag, Rejection> {
    if let Some(rules) = &request.rule_set {
        rules.validate().map_err(Rejection::InvalidRuleSet)?;
    }
    Ok(Retag {
        new_version: request.new_version.unwrap_or_default(),
        tags: TagEdits {
            add: entity_tags(request.tags_to_add.as_deref()),
            remove: entity_tags(request.tags_to_remove.as_deref()),
            propagate: false,
        },
        metadata: request.metadata,
        rule_set: request.rule_set,
        rules_to_merge: request.rules_to_merge,
        rules_to_remove: request.rules_to_remove.unwrap_or_default(),
    })
}

/// Entries without a place or kind say nothing.
fn entity_tags(tags: Option<&[SchemaTags]>) -> Vec<EntityTags> {
    let convert = |entry: &SchemaTags| {
        let entity = entry.schema_entity.as_ref()?;
        let kind = match entity.entity_type? {
            body::EntityKind::Field => EntityKind::Field,
            body::EntityKind::Record => EntityKind::Record,
        };
        Some(EntityTags {
            path: entity.entity_path.clone(),
            kind,
            tags: entry.tags.iter().cloned().collect(),
        })
    };
    tags.unwrap_or_default().iter().filter_map(convert).collect()
}

impl TryFrom<ConfigUpdate> for configure::ConfigUpdate {
    type Error = Rejection;

    fn try_from(update: ConfigUpdate) -> Result<Self, Rejection> {
        let level = update.compatibility.try_map(|level| level.parse());
        let policy = match update.compatibility_policy {
            Update::Keep => None,
            Update::Clear => Some(None),
            // An unknown policy counts as none.
            Update::Set(name) => Some(Policy::from_name(&name)),
        };
        Ok(Self {
            alias: option(update.alias),
            alias_for_deks: option(update.alias_for_deks),
            normalize: option(update.normalize),
            validate_fields: option(update.validate_fields),
            validate_new_schemas: option(update.validate_new_schemas),
            validate_rules: option(update.validate_rules),
            compatibility_level: option(level.map_err(|_| Rejection::InvalidCompatibilityLevel)?),
            compatibility_policy: policy,
            compatibility_group: option(update.compatibility_group),
            default_metadata: option(update.default_metadata),
            override_metadata: option(update.override_metadata),
            default_rule_set: option(update.default_rule_set),
            override_rule_set: option(update.override_rule_set),
        })
    }
}

fn option<T>(update: Update<T>) -> Option<Option<T>> {
    match update {
        Update::Keep => None,
        Update::Clear => Some(None),
        Update::Set(value) => Some(Some(value)),
    }
}
