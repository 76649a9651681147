//! What a schema carries besides its text: metadata and rule sets. Stored, merged and returned; clients execute.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Tags, properties, and which properties are sensitive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Path pattern -> tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// Key -> value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// Keys of the properties that hold secrets.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sensitive: BTreeSet<String>,
}

/// The rules of a schema, by when they apply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RuleSet {
    /// Between versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub migration_rules: Vec<Rule>,
    /// On values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domain_rules: Vec<Rule>,
    /// On encoded payloads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encoding_rules: Vec<Rule>,
    /// From when on the rules apply; a text that the registry does not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_at: Option<String>,
}

/// One rule of a [`RuleSet`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rule {
    /// Unique within the rule set.
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Does it change values or judge them?
    pub kind: RuleKind,
    /// When it runs.
    pub mode: RuleMode,
    /// Which executor runs it.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The fields that it applies to, by tag.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// For the executor.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
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
    pub disabled: bool,
}

/// Does a rule change values or judge them?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RuleKind {
    /// It changes values.
    #[default]
    Transform,
    /// It accepts or refuses them.
    Condition,
}

/// When a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum RuleMode {
    Upgrade,
    Downgrade,
    UpDown,
    Write,
    Read,
    #[default]
    WriteRead,
}

impl RuleKind {
    /// The name, upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transform => "TRANSFORM",
            Self::Condition => "CONDITION",
        }
    }
}

impl RuleMode {
    /// The name, upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "UPGRADE",
            Self::Downgrade => "DOWNGRADE",
            Self::UpDown => "UPDOWN",
            Self::Write => "WRITE",
            Self::Read => "READ",
            Self::WriteRead => "WRITEREAD",
        }
    }
}

impl RuleSet {
    /// The rules of all three lists.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.migration_rules.iter().chain(&self.domain_rules).chain(&self.encoding_rules)
    }
}
