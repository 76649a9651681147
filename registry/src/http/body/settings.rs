//! Configurations and modes: what is set, cleared or kept.

use super::{Mistake, Reader, Request};
use crate::domain::{Metadata, RuleSet};

/// What becomes of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Update<T> {
    /// It is not mentioned.
    #[default]
    Keep,
    /// It is `null`.
    Clear,
    /// It is this.
    Set(T),
}

impl<T> Update<T> {
    /// What the field is afterwards.
    pub fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same with another type of value.
    pub fn try_map<U, E>(self, f: impl FnOnce(T) -> Result<U, E>) -> Result<Update<U>, E> {
        Ok(match self {
            Self::Keep => Update::Keep,
            Self::Clear => Update::Clear,
            Self::Set(value) => Update::Set(f(value)?),
        })
    }

    /// The value that is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

/// `null` clears.
impl<T> From<Option<T>> for Update<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

/// Changes to a configuration. Words are as they were sent: what they mean is not decided here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct ConfigUpdate {
    pub alias: Update<String>,
    pub alias_for_deks: Update<String>,
    pub normalize: Update<bool>,
    pub validate_fields: Update<bool>,
    pub validate_new_schemas: Update<bool>,
    pub validate_rules: Update<bool>,
    pub compatibility: Update<String>,
    pub compatibility_policy: Update<String>,
    pub compatibility_group: Update<String>,
    pub default_metadata: Update<Metadata>,
    pub override_metadata: Update<Metadata>,
    pub default_rule_set: Update<RuleSet>,
    pub override_rule_set: Update<RuleSet>,
}

/// A change of mode. The word is as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModeUpdate {
    /// The mode.
    pub mode: Update<String>,
}

impl Request for ConfigUpdate {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut update = Self::default();
        reader.object(|reader, key| {
            match key {
                "alias" => update.alias = reader.string()?.into(),
                "aliasForDeks" => update.alias_for_deks = reader.string()?.into(),
                "normalize" => update.normalize = reader.boolean()?.into(),
                "validateFields" => update.validate_fields = reader.boolean()?.into(),
                "validateNewSchemas" => update.validate_new_schemas = reader.boolean()?.into(),
                "validateRules" => update.validate_rules = reader.boolean()?.into(),
                "compatibility" => update.compatibility = reader.string()?.into(),
                "compatibilityPolicy" => update.compatibility_policy = reader.string()?.into(),
                "compatibilityGroup" => update.compatibility_group = reader.string()?.into(),
                "defaultMetadata" => update.default_metadata = reader.optional(Metadata::read)?.into(),
                "overrideMetadata" => update.override_metadata = reader.optional(Metadata::read)?.into(),
                "defaultRuleSet" => update.default_rule_set = reader.optional(RuleSet::read)?.into(),
                "overrideRuleSet" => update.override_rule_set = reader.optional(RuleSet::read)?.into(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(update)
    }
}

impl Request for ModeUpdate {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Mistake> {
        let mut update = Self::default();
        reader.object(|reader, key| {
            match key {
                "mode" => update.mode = reader.string()?.into(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(update)
    }
}
