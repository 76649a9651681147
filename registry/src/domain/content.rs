//! What a schema is: its text and all that belongs to its identity.

use std::fmt;
use std::sync::Arc;

use md5::{Digest, Md5};
use ottla_formats::Format;

use super::metadata::{Metadata, Rule, RuleSet};
use super::rejection::GivenReference;
use super::subject::utf16_order;

/// The content hash: MD5 over everything that makes a schema this schema. Printed as a UUID.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(pub [u8; 16]);

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
        let guid = Guid::of(&text, &references, metadata.as_ref(), rule_set.as_ref());
        let (metadata, rule_set) = (metadata.map(Box::new), rule_set.map(Box::new));
        Self { format, text, references, metadata, rule_set, guid }
    }
}

impl Guid {
    /// The hash of a text with what belongs to it. Fields are fed without separators, absent ones add nothing.
    pub fn of(
        text: &str,
        references: &[Reference],
        metadata: Option<&Metadata>,
        rule_set: Option<&RuleSet>,
    ) -> Self {
        let references = references.iter().map(|r| (&*r.name, &*r.subject, Some(r.version)));
        Self::over(text, references, metadata, rule_set)
    }

    /// The hash of a text with references as they were sent, of which parts may be missing.
    pub fn of_given(
        text: &str,
        references: &[GivenReference],
        metadata: Option<&Metadata>,
        rule_set: Option<&RuleSet>,
    ) -> Self {
        let references = references.iter().map(|r| {
            let (name, subject) = (r.name.as_deref(), r.subject.as_deref());
            (name.unwrap_or_default(), subject.unwrap_or_default(), r.version)
        });
        Self::over(text, references, metadata, rule_set)
    }

    fn over<'a>(
        text: &str,
        references: impl Iterator<Item = (&'a str, &'a str, Option<i32>)>,
        metadata: Option<&Metadata>,
        rule_set: Option<&RuleSet>,
    ) -> Self {
        let mut hash = Md5::new();
        hash.update(text);
        for (name, subject, version) in references {
            hash.update(name);
            hash.update(subject);
            if let Some(version) = version {
                hash.update(version.to_be_bytes());
            }
        }
        if let Some(m) = metadata {
            feed_metadata(&mut hash, m);
        }
        if let Some(r) = rule_set {
            feed_rule_set(&mut hash, r);
        }
        Self(hash.finalize().into())
    }

    /// Reads a UUID text, or its 32 hexadecimal digits alone.
    pub fn parse(text: &str) -> Option<Self> {
        let dashed = text.len() == 36 && [8, 13, 18, 23].iter().all(|&i| text.as_bytes()[i] == b'-');
        if !dashed && text.len() != 32 {
            return None;
        }
        let digits: Vec<u8> = text.bytes().filter(|&b| b != b'-').collect();
        let mut guid = [0; 16];
        if digits.len() != 32 {
            return None;
        }
        for (byte, pair) in guid.iter_mut().zip(digits.chunks(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *byte = (high * 16 + low) as u8;
        }
        Some(Self(guid))
    }
}

fn sorted<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    let mut texts: Vec<_> = texts.collect();
    texts.sort_by(|a, b| utf16_order(a, b));
    texts
}

fn feed_metadata(hash: &mut Md5, metadata: &Metadata) {
    hash.update([1]);
    for key in sorted(metadata.tags.keys()) {
        hash.update(key);
        for tag in sorted(metadata.tags[key].iter()) {
            hash.update(tag);
        }
    }
    for key in sorted(metadata.properties.keys()) {
        hash.update(key);
        hash.update(&metadata.properties[key]);
    }
    for key in sorted(metadata.sensitive.iter()) {
        hash.update(key);
    }
}

fn feed_rule_set(hash: &mut Md5, rules: &RuleSet) {
    hash.update([1]);
    for rule in rules.rules() {
        feed_rule(hash, rule);
    }
    if let Some(at) = &rules.enable_at {
        hash.update(at);
    }
}

fn feed_rule(hash: &mut Md5, rule: &Rule) {
    let text = |hash: &mut Md5, text: &Option<String>| hash.update(text.as_deref().unwrap_or_default());
    text(hash, &rule.name);
    text(hash, &rule.doc);
    hash.update(rule.kind.name());
    hash.update(rule.mode.name());
    text(hash, &rule.ty);
    for tag in sorted(rule.tags.iter()) {
        hash.update(tag);
    }
    for key in sorted(rule.params.keys()) {
        hash.update(key);
        hash.update(&rule.params[key]);
    }
    text(hash, &rule.expr);
    text(hash, &rule.on_success);
    text(hash, &rule.on_failure);
    if rule.disabled {
        hash.update([1]);
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (i, byte) in self.0.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                at += 1;
            }
            text[at] = HEX[usize::from(byte >> 4)];
            text[at + 1] = HEX[usize::from(byte & 15)];
            at += 2;
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
