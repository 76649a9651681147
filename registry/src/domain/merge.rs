//! Putting metadata and rule sets together, and judging rule sets.

use std::collections::HashSet;

use super::metadata::{Metadata, Rule, RuleMode, RuleSet};

/// The metadata property that holds the version under which a schema was registered.
pub const VERSION_PROPERTY: &str = "confluent:version";

/// How long a rule's name may be, in characters.
const MAX_RULE_NAME: usize = 256;

impl Metadata {
    /// Puts `over` over `under`: its properties win, tags are united.
    pub fn merge(under: Option<&Self>, over: Option<&Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (under, over) else { return under.or(over).cloned() };
        let mut merged = a.clone();
        for (path, tags) in &b.tags {
            merged.tags.entry(path.clone()).or_default().extend(tags.iter().cloned());
        }
        merged.properties.extend(b.properties.clone());
        merged.sensitive.extend(b.sensitive.iter().cloned());
        Some(merged)
    }

    /// The same with the version property set.
    pub fn with_version(metadata: Option<Self>, version: i32) -> Self {
        let mut metadata = metadata.unwrap_or_default();
        metadata.properties.insert(VERSION_PROPERTY.to_owned(), version.to_string());
        metadata
    }

    /// Are two the same, but for a version property that only one of them has?
    pub fn same_but_version(a: Option<&Self>, b: Option<&Self>) -> bool {
        if a == b {
            return true;
        }
        let version = |m: Option<&Self>| m.is_some_and(|m| m.properties.contains_key(VERSION_PROPERTY));
        if version(a) == version(b) {
            return false;
        }
        let without = |m: Option<&Self>| {
            let mut m = m.cloned().unwrap_or_default();
            m.properties.remove(VERSION_PROPERTY);
            m
        };
        without(a) == without(b)
    }
}

impl RuleSet {
    /// Puts `over` over `under`: of rules with one name those of `over` win, and stand last.
    pub fn merge(under: Option<&Self>, over: Option<&Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (under, over) else { return under.or(over).cloned() };
        let merge = |under: &[Rule], over: &[Rule]| {
            let names: HashSet<Option<&str>> = over.iter().map(|r| r.name.as_deref()).collect();
            let kept = under.iter().filter(|r| !names.contains(&r.name.as_deref()));
            kept.chain(over).cloned().collect()
        };
        Some(Self {
            migration_rules: merge(&a.migration_rules, &b.migration_rules),
            domain_rules: merge(&a.domain_rules, &b.domain_rules),
            encoding_rules: merge(&a.encoding_rules, &b.encoding_rules),
            enable_at: b.enable_at.clone().or_else(|| a.enable_at.clone()),
        })
    }

    /// The same without the rules of these names.
    pub fn without(&self, names: &[String]) -> Self {
        let names: HashSet<&str> = names.iter().map(String::as_str).collect();
        let goes = |rule: &Rule| rule.name.as_deref().is_some_and(|name| names.contains(name));
        let keep = |rules: &[Rule]| rules.iter().filter(|r| !goes(r)).cloned().collect();
        Self {
            migration_rules: keep(&self.migration_rules),
            domain_rules: keep(&self.domain_rules),
            encoding_rules: keep(&self.encoding_rules),
            enable_at: self.enable_at.clone(),
        }
    }

    /// Says what is wrong with the rules, if anything is.
    pub fn validate(&self) -> Result<(), String> {
        let mut names: HashSet<&str> = HashSet::new();
        for rule in self.rules() {
            let name = rule.validate()?;
            if !names.insert(name) {
                return Err(format!("Found rule with duplicate name '{name}'"));
            }
        }
        let migration = |m| matches!(m, RuleMode::Upgrade | RuleMode::Downgrade | RuleMode::UpDown);
        let misplaced = |rules: &[Rule], is_migration: bool| {
            rules.iter().find(|r| migration(r.mode) != is_migration).map(|r| {
                let kind = if is_migration { "migration" } else { "domain or encoding" };
                let name = r.name.as_deref().unwrap_or_default();
                format!("Rule '{name}' of mode {} cannot be a {kind} rule", r.mode.name())
            })
        };
        let wrong = misplaced(&self.migration_rules, true)
            .or_else(|| misplaced(&self.domain_rules, false))
            .or_else(|| misplaced(&self.encoding_rules, false));
        wrong.map_or(Ok(()), Err)
    }
}

impl Rule {
    fn validate(&self) -> Result<&str, String> {
        let Some(name) = self.name.as_deref().filter(|n| !n.is_empty()) else {
            return Err("Missing rule name".into());
        };
        if name.chars().count() > MAX_RULE_NAME {
            return Err(format!("Rule name is longer than {MAX_RULE_NAME} characters"));
        }
        let first = |c: char| c.is_alphabetic() || c == '_';
        let rest = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if !name.starts_with(first) || !name.chars().all(rest) {
            return Err(format!("Illegal rule name '{name}'"));
        }
        if self.ty.as_deref().is_none_or(str::is_empty) {
            return Err(format!("Missing rule type for rule '{name}'"));
        }
        let both_ways = matches!(self.mode, RuleMode::UpDown | RuleMode::WriteRead);
        let actions = [("onSuccess", &self.on_success), ("onFailure", &self.on_failure)];
        for (label, action) in actions {
            let parts = action.as_deref().map_or(1, |a| a.split(',').count());
            if parts > 2 || (parts == 2 && !both_ways) {
                return Err(format!(
                    "Rule '{name}' of mode {} has too many {label} actions",
                    self.mode.name()
                ));
            }
        }
        Ok(name)
    }
}
