//! Configuration of a subject, a context or the registry.

use ottla_formats::compatibility::Level;

use super::metadata::{Metadata, RuleSet};

/// What is set in one scope. An absent field is not set there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Another subject that answers for this one.
    pub alias: Option<String>,
    /// The same for encryption keys; stored only.
    pub alias_for_deks: Option<String>,
    /// Are schemas normalised without being asked?
    pub normalize: Option<bool>,
    /// Are the rules of reserved fields applied?
    pub validate_fields: Option<bool>,
    /// Are new schemas parsed strictly?
    pub validate_new_schemas: Option<bool>,
    /// For clients; stored only.
    pub validate_rules: Option<bool>,
    /// How far a new version must agree with the earlier ones.
    pub compatibility_level: Option<Level>,
    /// How strictly; of meaning for JSON Schema only.
    pub compatibility_policy: Option<Policy>,
    /// The metadata property by which versions are grouped: only those of one group are compared.
    pub compatibility_group: Option<String>,
    /// Merged under a registration's metadata.
    pub default_metadata: Option<Metadata>,
    /// Merged over a registration's metadata.
    pub override_metadata: Option<Metadata>,
    /// Merged under a registration's rule set.
    pub default_rule_set: Option<RuleSet>,
    /// Merged over a registration's rule set.
    pub override_rule_set: Option<RuleSet>,
}

/// How strictly schemas are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Policy {
    Strict,
    Lenient,
    Logical,
}

impl Policy {
    /// The name, upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "STRICT",
            Self::Lenient => "LENIENT",
            Self::Logical => "LOGICAL",
        }
    }

    /// Reads a policy's name in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Strict, Self::Lenient, Self::Logical].into_iter().find(|p| p.name().eq_ignore_ascii_case(name))
    }
}
