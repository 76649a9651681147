//! What the registry holds. Tests hold little: everything is found by looking through it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ottla_formats::ParsedSchema;
use ottla_formats::guid::{Hasher, RuleParts};

use super::refusal::Refusal;
use super::settings::Config;
use crate::client::subject::Subject;
use crate::client::{Guid, Metadata, Mode, Reference, Rule, RuleSet, Text, Version as Selector};

/// Everything.
#[derive(Default)]
pub(super) struct State {
    /// Oldest first.
    pub(super) subjects: BTreeMap<Subject, Vec<Version>>,
    /// The greatest id that was given in each context. What is deleted does not count back.
    greatest: BTreeMap<Box<str>, i32>,
    pub(super) configs: BTreeMap<Subject, Config>,
    pub(super) modes: BTreeMap<Subject, Mode>,
    /// All but the default one, once something was registered there.
    pub(super) contexts: BTreeSet<Box<str>>,
}

/// A version of a subject.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) version: i32,
    pub(super) id: i32,
    pub(super) deleted: bool,
    /// In milliseconds since 1970.
    pub(super) written_at: i64,
    pub(super) content: Arc<Content>,
}

/// A schema with all that belongs to it.
pub(super) struct Content {
    pub(super) text: Text,
    pub(super) references: Vec<Reference>,
    pub(super) metadata: Option<Metadata>,
    pub(super) rule_set: Option<RuleSet>,
    pub(super) guid: Guid,
    pub(super) parsed: Arc<ParsedSchema>,
}

/// A version with its subject.
pub(super) type Found<'a> = (&'a Subject, &'a Version);

impl Content {
    pub(super) fn new(
        parsed: Arc<ParsedSchema>,
        references: Vec<Reference>,
        metadata: Option<Metadata>,
        rule_set: Option<RuleSet>,
    ) -> Self {
        let text = Text::from(parsed.to_text());
        let mut hash = Hasher::new(&text);
        for r in &references {
            hash.reference(&r.name, &r.subject, Some(r.version));
        }
        if let Some(m) = &metadata {
            hash.metadata(&m.tags, &m.properties, &m.sensitive);
        }
        if let Some(r) = &rule_set {
            hash.rule_set(r.rules().map(parts), r.enable_at.as_deref());
        }
        let guid = hash.finish();
        Self { text, references, metadata, rule_set, guid, parsed }
    }
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

impl State {
    /// The versions of a subject, oldest first.
    pub(super) fn versions(&self, subject: &Subject) -> &[Version] {
        self.subjects.get(subject).map_or(&[], Vec::as_slice)
    }

    /// The newest version that is not deleted.
    pub(super) fn latest(&self, subject: &Subject) -> Option<&Version> {
        self.versions(subject).iter().rfind(|v| !v.deleted)
    }

    pub(super) fn version(&self, subject: &Subject, wanted: Selector, deleted: bool) -> Option<&Version> {
        match wanted {
            Selector::Latest => self.latest(subject),
            Selector::Number(n) => {
                self.versions(subject).iter().find(|v| v.version == n && (deleted || !v.deleted))
            }
        }
    }

    /// Has the subject any version? A context as a whole has those of its subjects.
    pub(super) fn has_versions(&self, subject: &Subject, deleted: bool) -> bool {
        let counts = |v: &Version| deleted || !v.deleted;
        if !subject.name.is_empty() {
            return self.versions(subject).iter().any(counts);
        }
        let of = |s: &Subject| s.context == subject.context && &*s.context != ".";
        self.subjects.iter().any(|(s, versions)| of(s) && versions.iter().any(counts))
    }

    /// Why a subject has no such version.
    pub(super) fn missing(&self, subject: &Subject, wanted: Selector, deleted: bool) -> Refusal {
        match wanted {
            _ if !self.has_versions(subject, deleted) => Refusal::no_subject(subject),
            Selector::Latest => Refusal::no_version(-1),
            Selector::Number(n) => Refusal::no_version(n),
        }
    }

    /// A subject, and behind it its namesakes in all other contexts if it is of the default one.
    pub(super) fn namesakes(&self, subject: &Subject) -> impl Iterator<Item = Subject> {
        let elsewhere = self.contexts.iter().filter(|_| &*subject.context == "." && !subject.name.is_empty());
        let elsewhere = elsewhere.map(|c| Subject { context: c.clone(), name: subject.name.clone() });
        std::iter::once(subject.clone()).chain(elsewhere)
    }

    /// A version, in whatever context if the subject names none.
    pub(super) fn find(
        &self,
        subject: &Subject,
        wanted: Selector,
        deleted: bool,
    ) -> Result<Found<'_>, Refusal> {
        let found = self.namesakes(subject).find_map(|s| {
            let (key, _) = self.subjects.get_key_value(&s)?;
            Some((key, self.version(&s, wanted, deleted)?))
        });
        found.ok_or_else(|| self.missing(subject, wanted, deleted))
    }

    /// All versions of a context.
    pub(super) fn all_in(&self, context: &str) -> impl Iterator<Item = Found<'_>> {
        let subjects = self.subjects.iter().filter(move |(s, _)| &*s.context == context);
        subjects.flat_map(|(s, versions)| versions.iter().map(move |v| (s, v)))
    }

    /// A version that holds an id: of the subject, else of its namesakes, else of any in its context.
    pub(super) fn find_id(&self, id: i32, subject: Option<&Subject>) -> Option<Found<'_>> {
        let context = subject.map_or(".", |s| &s.context);
        let of = |wanted: &Subject| {
            let (subject, versions) = self.subjects.get_key_value(wanted)?;
            Some((subject, versions.iter().rfind(|v| v.id == id)?))
        };
        let named = subject.and_then(|s| self.namesakes(s).find_map(|s| of(&s)));
        named.or_else(|| self.all_in(context).find(|(_, v)| v.id == id))
    }

    /// A version with a content hash: in the default context, else in any.
    pub(super) fn find_guid(&self, guid: Guid) -> Option<Found<'_>> {
        // The default context is the first.
        let mut all = self.subjects.iter().flat_map(|(s, versions)| versions.iter().map(move |v| (s, v)));
        all.find(|(_, v)| v.content.guid == guid)
    }

    /// The version that a reference leads to, deleted or not.
    pub(super) fn referenced(&self, context: &str, reference: &Reference) -> Option<Found<'_>> {
        let subject = Subject::within(context, &reference.subject);
        let (subject, versions) = self.subjects.get_key_value(&subject)?;
        Some((subject, versions.iter().find(|v| v.version == reference.version)?))
    }

    /// The versions that refer to one.
    pub(super) fn referrers(&self, subject: &Subject, version: i32) -> impl Iterator<Item = Found<'_>> {
        let all = self.subjects.iter().flat_map(|(s, versions)| versions.iter().map(move |v| (s, v)));
        all.filter(move |(s, v)| {
            let mut references = v.content.references.iter();
            references.any(|r| r.version == version && Subject::within(&s.context, &r.subject) == *subject)
        })
    }

    /// Does another version refer to this one? Of those of `apart_from` it does not matter.
    pub(super) fn is_referenced(
        &self,
        subject: &Subject,
        version: i32,
        live_only: bool,
        apart_from: Option<&Subject>,
    ) -> bool {
        let counts = |(s, v): Found<'_>| !(live_only && v.deleted) && apart_from != Some(s);
        self.referrers(subject, version).any(counts)
    }

    /// The greatest id that was given in a context.
    pub(super) fn greatest_id(&self, context: &str) -> i32 {
        self.greatest.get(context).copied().unwrap_or_default()
    }

    /// Adds a version. What was soft-deleted of the same schema has had its day.
    pub(super) fn add(&mut self, subject: &Subject, version: Version) {
        let greatest = self.greatest.entry(subject.context.clone()).or_default();
        *greatest = version.id.max(*greatest);
        if &*subject.context != "." {
            self.contexts.insert(subject.context.clone());
        }
        let revived = self.versions(subject).iter().filter(|v| v.deleted && v.id == version.id);
        let revived: Vec<i32> = revived.map(|v| v.version).collect();
        let gone: Vec<i32> =
            revived.into_iter().filter(|&v| !self.is_referenced(subject, v, false, None)).collect();
        let versions = self.subjects.entry(subject.clone()).or_default();
        versions.retain(|v| !gone.contains(&v.version));
        versions.push(version);
    }
}
