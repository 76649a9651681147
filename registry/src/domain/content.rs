//! What a schema is: its text and all that belongs to its identity.

use std::sync::Arc;

use ottla_formats::Format;
pub use ottla_formats::Guid;
use ottla_formats::guid::{Hasher, RuleParts};

use super::metadata::{Metadata, Rule, RuleSet};
use super::rejection::GivenReference;

/// A schema as it is stored: equal content has one id in a context, however many subjects hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The format of the text.
    pub format: Format,
    /// The canonical text, as clients get it back.
    pub text: Arc<str>,
    /// The schemas that the text refers to.
    pub references: Vec<Reference>,
    /// Tags and properties; few schemas have them, and none pays for the room.
    pub metadata: Option<Box<Metadata>>,
    /// Rules, likewise.
    pub rule_set: Option<Box<RuleSet>>,
    /// The content hash. Records of other registries bring their own, which is kept.
    pub guid: Guid,
}

/// A schema that another one refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The name by which the referring text knows it.
    pub name: Arc<str>,
    /// As it was given: unqualified names are of the referring subject's context.
    pub subject: Arc<str>,
    /// The version.
    pub version: i32,
}

impl From<&Reference> for GivenReference {
    fn from(r: &Reference) -> Self {
        Self {
            name: Some(r.name.as_ref().into()),
            subject: Some(r.subject.as_ref().into()),
            version: Some(r.version),
        }
    }
}

impl Content {
    /// Puts content together and computes its hash.
    pub fn new(
        format: Format,
        text: Arc<str>,
        references: Vec<Reference>,
        metadata: Option<Metadata>,
        rule_set: Option<RuleSet>,
    ) -> Self {
        let guid = content_hash(&text, &references, metadata.as_ref(), rule_set.as_ref());
        let (metadata, rule_set) = (metadata.map(Box::new), rule_set.map(Box::new));
        Self { format, text, references, metadata, rule_set, guid }
    }
}

/// The hash of a text with what belongs to it.
pub fn content_hash(
    text: &str,
    references: &[Reference],
    metadata: Option<&Metadata>,
    rule_set: Option<&RuleSet>,
) -> Guid {
    let mut hash = Hasher::new(text);
    for r in references {
        hash.reference(&r.name, &r.subject, Some(r.version));
    }
    finish(hash, metadata, rule_set)
}

/// The hash of a text with references as they were sent, of which parts may be missing.
pub fn given_hash(
    text: &str,
    references: &[GivenReference],
    metadata: Option<&Metadata>,
    rule_set: Option<&RuleSet>,
) -> Guid {
    let mut hash = Hasher::new(text);
    for r in references {
        let (name, subject) = (r.name.as_deref(), r.subject.as_deref());
        hash.reference(name.unwrap_or_default(), subject.unwrap_or_default(), r.version);
    }
    finish(hash, metadata, rule_set)
}

fn finish(mut hash: Hasher, metadata: Option<&Metadata>, rule_set: Option<&RuleSet>) -> Guid {
    if let Some(m) = metadata {
        hash.metadata(&m.tags, &m.properties, &m.sensitive);
    }
    if let Some(r) = rule_set {
        hash.rule_set(r.rules().map(parts), r.enable_at.as_deref());
    }
    hash.finish()
}

fn parts(rule: &Rule) -> RuleParts<'_> {
    RuleParts {
        name: rule.name.as_deref(),
        doc: rule.doc.as_deref(),
        kind: rule.kind.name(),
        mode: rule.mode.name(),
        ty: rule.ty.as_deref(),
        tags: &rule.tags,
        params: &rule.params,
        expr: rule.expr.as_deref(),
        on_success: rule.on_success.as_deref(),
        on_failure: rule.on_failure.as_deref(),
        disabled: rule.disabled,
    }
}
