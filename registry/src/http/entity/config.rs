//! Configurations and modes.

use ottla_formats::compatibility::Level;
use serde::Serialize;

use crate::domain::{self, Metadata, RuleSet};

/// A configuration, as it is read (`compatibilityLevel`) or as it was written (`compatibility`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Config<'a> {
    #[serde(skip_serializing_if = "is_blank")]
    alias: Option<&'a str>,
    #[serde(skip_serializing_if = "is_blank")]
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
    compatibility: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compatibility_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "is_blank")]
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

fn is_blank(text: &Option<&str>) -> bool {
    text.is_none_or(str::is_empty)
}

impl<'a> Config<'a> {
    /// As it is read: with the level that applies.
    pub(in crate::http) fn read(config: &'a domain::Config, level: Level) -> Self {
        Self { compatibility_level: Some(level.name()), compatibility: None, ..Self::written(config) }
    }

    /// As it was written: with the level only if one is set.
    pub(in crate::http) fn written(config: &'a domain::Config) -> Self {
        Self {
            alias: config.alias.as_deref(),
            alias_for_deks: config.alias_for_deks.as_deref(),
            normalize: config.normalize,
            validate_fields: config.validate_fields,
            validate_new_schemas: config.validate_new_schemas,
            validate_rules: config.validate_rules,
            compatibility_level: None,
            compatibility: config.compatibility_level.map(Level::name),
            compatibility_policy: config.compatibility_policy.map(domain::Policy::name),
            compatibility_group: config.compatibility_group.as_deref(),
            default_metadata: config.default_metadata.as_ref(),
            override_metadata: config.override_metadata.as_ref(),
            default_rule_set: config.default_rule_set.as_ref(),
            override_rule_set: config.override_rule_set.as_ref(),
        }
    }
}

/// A mode as it was sent, also when it was `null`.
#[derive(Debug, Serialize)]
pub(in crate::http) struct SentMode<'a> {
    pub(in crate::http) mode: Option<&'a str>,
}

/// A mode.
#[derive(Debug, Serialize)]
pub(in crate::http) struct Mode<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'a str>,
}

impl<'a> Mode<'a> {
    /// A mode by its name, or none.
    pub(in crate::http) fn new(mode: Option<&'a str>) -> Self {
        Self { mode }
    }
}
