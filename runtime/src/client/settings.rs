//! Configurations and modes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Level;
use super::metadata::{Metadata, RuleSet};
use super::open_enum::open_enum;

/// What a setting is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// The whole registry: its default context.
    Global,
    /// A subject, or a context as a whole: `:.context:`.
    Subject(&'a str),
}

/// A configuration, of which nothing needs to be set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Config {
    /// How new versions have to agree with earlier ones.
    #[serde(alias = "compatibility", deserialize_with = "level")]
    pub compatibility_level: Option<Level>,
    /// `STRICT`, `LENIENT` or `LOGICAL`.
    pub compatibility_policy: Option<String>,
    /// The metadata property by which versions are told apart that need not agree.
    pub compatibility_group: Option<String>,
    /// Are texts normalised in any case?
    pub normalize: Option<bool>,
    /// Are reserved fields checked?
    pub validate_fields: Option<bool>,
    /// Are new schemas read strictly?
    pub validate_new_schemas: Option<bool>,
    /// Are rules checked? For clients.
    pub validate_rules: Option<bool>,
    /// The subject that answers for this one.
    pub alias: Option<String>,
    /// The subject that answers for this one when encryption keys are asked for.
    pub alias_for_deks: Option<String>,
    /// What new schemas get unless they have their own.
    pub default_metadata: Option<Metadata>,
    /// What new schemas get in any case.
    pub override_metadata: Option<Metadata>,
    /// What new schemas get unless they have their own.
    pub default_rule_set: Option<RuleSet>,
    /// What new schemas get in any case.
    pub override_rule_set: Option<RuleSet>,
}

/// What happens to one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is no longer set.
    Clear,
    /// It gets a value.
    Set(T),
}

/// Changes to a configuration; those that are left out keep what is set.
///
/// ```
/// use ottla::client::{ConfigUpdate, Level};
///
/// let update = ConfigUpdate { compatibility: Level::Full.into(), ..ConfigUpdate::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of Config")]
pub struct ConfigUpdate {
    #[serde(skip_serializing_if = "Change::is_keep", serialize_with = "level_change")]
    pub compatibility: Change<Level>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub compatibility_policy: Change<String>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub compatibility_group: Change<String>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub normalize: Change<bool>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub validate_fields: Change<bool>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub validate_new_schemas: Change<bool>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub validate_rules: Change<bool>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub alias: Change<String>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub alias_for_deks: Change<String>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub default_metadata: Change<Metadata>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub override_metadata: Change<Metadata>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub default_rule_set: Change<RuleSet>,
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub override_rule_set: Change<RuleSet>,
}

open_enum! {
    /// What may be written.
    pub enum Mode default ReadWrite {
        /// Schemas may be registered; the registry chooses ids.
        ReadWrite = "READWRITE",
        /// Nothing may be changed.
        ReadOnly = "READONLY",
        /// The older name of the same.
        ReadOnlyOverride = "READONLY_OVERRIDE",
        /// Schemas are registered with the ids that they bring.
        Import = "IMPORT",
        /// Like import, for all of the registry.
        Forward = "FORWARD",
    }
}

impl<T> Change<T> {
    fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<'a> From<&'a str> for Scope<'a> {
    fn from(subject: &'a str) -> Self {
        Self::Subject(subject)
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

fn level_change<S: Serializer>(change: &Change<Level>, serializer: S) -> Result<S::Ok, S::Error> {
    match change {
        Change::Keep | Change::Clear => serializer.serialize_none(),
        Change::Set(level) => serializer.serialize_str(level.name()),
    }
}

fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Level>, D::Error> {
    let name: Option<String> = Option::deserialize(deserializer)?;
    name.map(|name| name.parse().map_err(|_| serde::de::Error::custom(format!("no such level: {name}"))))
        .transpose()
}
