//! How the content hash comes about.

use std::collections::{BTreeMap, BTreeSet};

use md5::{Digest, Md5};

use super::Guid;
use crate::utf16_order;

/// Feeds what belongs to a schema, in this order: its text, its references, its metadata if it has any, its rules if it has any.
///
/// Fields are fed without separators or lengths, what is absent adds nothing, sets and maps are fed in UTF-16 order. The
/// format of the text is no part of it.
#[derive(Debug, Clone)]
pub struct Hasher(Md5);

/// What of a rule belongs to a schema's identity.
#[derive(Debug, Clone, Copy)]
pub struct RuleParts<'a> {
    /// The name.
    pub name: Option<&'a str>,
    /// What it is for.
    pub doc: Option<&'a str>,
    /// What it does: a word in upper case.
    pub kind: &'a str,
    /// When it runs: a word in upper case.
    pub mode: &'a str,
    /// Which executor runs it.
    pub ty: Option<&'a str>,
    /// The fields that it applies to, by tag.
    pub tags: &'a BTreeSet<String>,
    /// For the executor.
    pub params: &'a BTreeMap<String, String>,
    /// The rule's text.
    pub expr: Option<&'a str>,
    /// What to do when it holds.
    pub on_success: Option<&'a str>,
    /// What to do when it does not.
    pub on_failure: Option<&'a str>,
    /// Kept, but not run.
    pub disabled: bool,
}

impl Hasher {
    /// Begins with the canonical text.
    pub fn new(text: &str) -> Self {
        Self(Md5::new_with_prefix(text))
    }

    /// Adds a reference; references of requests may lack their version.
    pub fn reference(&mut self, name: &str, subject: &str, version: Option<i32>) {
        self.0.update(name);
        self.0.update(subject);
        if let Some(version) = version {
            self.0.update(version.to_be_bytes());
        }
    }

    /// Adds metadata. Empty metadata is not the same as none.
    pub fn metadata(
        &mut self,
        tags: &BTreeMap<String, BTreeSet<String>>,
        properties: &BTreeMap<String, String>,
        sensitive: &BTreeSet<String>,
    ) {
        self.0.update([1]);
        for path in sorted(tags.keys()) {
            self.0.update(path);
            self.set(&tags[path]);
        }
        self.map(properties);
        self.set(sensitive);
    }

    /// Adds a rule set: migration rules, domain rules, encoding rules. An empty one is not the same as none.
    pub fn rule_set<'a>(&mut self, rules: impl Iterator<Item = RuleParts<'a>>, enable_at: Option<&str>) {
        self.0.update([1]);
        for rule in rules {
            self.rule(&rule);
        }
        self.text(enable_at);
    }

    /// The hash.
    pub fn finish(self) -> Guid {
        Guid(self.0.finalize().into())
    }

    fn rule(&mut self, rule: &RuleParts<'_>) {
        self.text(rule.name);
        self.text(rule.doc);
        self.0.update(rule.kind);
        self.0.update(rule.mode);
        self.text(rule.ty);
        self.set(rule.tags);
        self.map(rule.params);
        self.text(rule.expr);
        self.text(rule.on_success);
        self.text(rule.on_failure);
        if rule.disabled {
            self.0.update([1]);
        }
    }

    fn text(&mut self, text: Option<&str>) {
        self.0.update(text.unwrap_or_default());
    }

    fn set(&mut self, texts: &BTreeSet<String>) {
        for text in sorted(texts.iter()) {
            self.0.update(text);
        }
    }

    fn map(&mut self, texts: &BTreeMap<String, String>) {
        for key in sorted(texts.keys()) {
            self.0.update(key);
            self.0.update(&texts[key]);
        }
    }
}

fn sorted<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    let mut texts: Vec<_> = texts.collect();
    texts.sort_by(|a, b| utf16_order(a, b));
    texts
}
