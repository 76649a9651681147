//! What a schema carries besides its text: metadata and rule sets.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::open_enum::open_enum;
use super::schema::nullable;

/// Tags, properties, and which properties are sensitive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Path pattern -> tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "nullable")]
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// Key -> value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "nullable")]
    pub properties: BTreeMap<String, String>,
    /// Keys of the properties that hold secrets.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "nullable")]
    pub sensitive: BTreeSet<String>,
}

/// The rules of a schema, by when they apply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RuleSet {
    /// Between versions.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "nullable")]
    pub migration_rules: Vec<Rule>,
    /// On values.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "nullable")]
    pub domain_rules: Vec<Rule>,
    /// On encoded payloads.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "nullable")]
    pub encoding_rules: Vec<Rule>,
    /// From when on the rules apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_at: Option<String>,
}

/// One rule of a [`RuleSet`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rule {
    /// Unique within the rule set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Does it change values or judge them?
    #[serde(deserialize_with = "nullable")]
    pub kind: RuleKind,
    /// When it runs.
    #[serde(deserialize_with = "nullable")]
    pub mode: RuleMode,
    /// Which executor runs it.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// The fields that it applies to, by tag.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "nullable")]
    pub tags: BTreeSet<String>,
    /// For the executor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "nullable")]
    pub params: BTreeMap<String, String>,
    /// The rule's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expr: Option<String>,
    /// What to do when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_success: Option<String>,
    /// What to do when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
    /// Kept, but not run.
    #[serde(deserialize_with = "nullable")]
    pub disabled: bool,
}

open_enum! {
    /// Does a rule change values or judge them?
    pub enum RuleKind default Transform {
        /// It changes values.
        Transform = "TRANSFORM",
        /// It accepts or refuses them.
        Condition = "CONDITION",
    }
}

open_enum! {
    /// When a rule runs.
    pub enum RuleMode default WriteRead {
        /// From an earlier version to a later one.
        Upgrade = "UPGRADE",
        /// From a later version to an earlier one.
        Downgrade = "DOWNGRADE",
        /// Between versions, either way.
        UpDown = "UPDOWN",
        /// When a value is written.
        Write = "WRITE",
        /// When a value is read.
        Read = "READ",
        /// When a value is written or read.
        WriteRead = "WRITEREAD",
    }
}

impl RuleSet {
    /// The rules of all three lists.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.migration_rules.iter().chain(&self.domain_rules).chain(&self.encoding_rules)
    }
}
