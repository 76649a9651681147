//! Finding out whether a subject already holds a schema.

use std::sync::Arc;

use super::content::Content;
use super::find::Deleted;
use super::history::{History, Version};
use super::merge::VERSION_PROPERTY;
use super::metadata::{Metadata, RuleSet};
use super::proposal::{Parsed, Proposal, Strictness, parsed};
use super::rejection::Rejection;
use super::settings::Config;
use super::state::State;
use super::subject::Subject;

/// A schema that a subject holds.
#[derive(Debug, Clone)]
pub struct Known {
    /// The subject.
    pub subject: Subject,
    /// The version under which it holds the schema.
    pub version: i32,
    /// The schema id.
    pub id: i32,
    /// The schema: as asked for if it was found by its hash, else as it is stored.
    pub content: Arc<Content>,
    /// When it was written and whether it is soft-deleted; told only of what was found by comparison.
    pub stored: Option<(i64, bool)>,
}

/// Which versions count in a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All that are live.
    Live,
    /// The soft-deleted ones too.
    Deleted,
    /// The newest live one.
    Latest,
}

impl State {
    /// Looks a schema up under a subject; an unqualified name also in every other context.
    pub fn look_up(
        &self,
        subject: &Subject,
        proposal: &Proposal,
        normalize: bool,
        deleted: bool,
    ) -> Result<Known, Rejection> {
        let in_subject = |subject: &Subject| self.look_up_in(subject, proposal, normalize, deleted);
        if let Some(known) = in_subject(subject)? {
            return Ok(known);
        }
        for subject in self.elsewhere(subject) {
            if let Ok(Some(known)) = in_subject(&subject) {
                return Ok(known);
            }
        }
        if !self.has_versions(subject, deleted) {
            return Err(Rejection::SubjectNotFound(subject.clone()));
        }
        Err(Rejection::SchemaNotFound)
    }

    fn look_up_in(
        &self,
        subject: &Subject,
        proposal: &Proposal,
        normalize: bool,
        deleted: bool,
    ) -> Result<Option<Known>, Rejection> {
        if proposal.text().is_none() {
            return Ok(None);
        }
        let config = self.effective_config(subject);
        let normalize = normalize || config.normalize == Some(true);
        let scope = if deleted { Scope::Deleted } else { Scope::Live };
        let parsed = proposal.read(self, subject, Strictness::Known, normalize)?;
        let content = parsed.content(proposal.metadata.clone(), proposal.rule_set.clone());
        if let Some(known) = self.find_known(subject, &parsed, content, scope) {
            return Ok(Some(known));
        }
        let latest = self.history(subject).and_then(History::latest);
        let (metadata, rule_set) = fill_in(&config, proposal, latest);
        if metadata == proposal.metadata && rule_set == proposal.rule_set {
            return Ok(None);
        }
        Ok(self.find_known(subject, &parsed, parsed.content(metadata, rule_set), scope))
    }

    /// The version of a subject that holds a schema: by its content hash, else by comparison, newest first.
    pub fn find_known(
        &self,
        subject: &Subject,
        parsed: &Parsed,
        content: Content,
        scope: Scope,
    ) -> Option<Known> {
        self.find_by_hash(subject, &content, scope)
            .or_else(|| self.find_by_comparison(subject, parsed, &content, scope))
    }

    fn find_by_hash(&self, subject: &Subject, content: &Content, scope: Scope) -> Option<Known> {
        let holdings = self.holdings(subject.context())?;
        let id = *holdings.guids.get(&content.guid)?;
        let version = holdings.version_with(id, subject.key())?;
        let history = holdings.subjects.get(subject.key())?;
        in_scope(history, history.get(version)?, scope).then(|| Known {
            subject: subject.clone(),
            version,
            id,
            content: Arc::new(content.clone()),
            stored: None,
        })
    }

    fn find_by_comparison(
        &self,
        subject: &Subject,
        parsed: &Parsed,
        content: &Content,
        scope: Scope,
    ) -> Option<Known> {
        let history = self.history(subject)?;
        let candidates = history.candidates(content).into_iter();
        let mut candidates = candidates.filter(|version| in_scope(history, version, scope));
        let version = candidates.find(|version| self.is_same(subject, parsed, content, version))?;
        Some(Known {
            subject: subject.clone(),
            version: version.version,
            id: version.id,
            content: version.content.clone(),
            stored: Some((version.written_at, version.deleted)),
        })
    }

    /// Is what a version holds the same schema, written differently?
    fn is_same(&self, subject: &Subject, parsed: &Parsed, content: &Content, version: &Version) -> bool {
        let stored = &*version.content;
        let inlined = content.references.is_empty() && !stored.references.is_empty();
        if content.format != stored.format
            || content.rule_set != stored.rule_set
            || !Metadata::same_but_version(content.metadata.as_deref(), stored.metadata.as_deref())
            || !(inlined || content.references == stored.references)
        {
            return false;
        }
        if !inlined && content.text == stored.text {
            return true;
        }
        let stored = self::parsed(self, subject.context(), stored);
        stored.is_ok_and(|stored| stored.equivalent(&parsed.schema))
    }
}

fn in_scope(history: &History, version: &Version, scope: Scope) -> bool {
    match scope {
        Scope::Live => Deleted::Hidden.admits(version),
        Scope::Deleted => true,
        Scope::Latest => history.latest().is_some_and(|l| l.version == version.version),
    }
}

/// What a registration without metadata or rule set gets: those of the latest version, with the configuration's
/// defaults under them and its overrides over them.
pub fn fill_in(
    config: &Config,
    proposal: &Proposal,
    latest: Option<&Version>,
) -> (Option<Metadata>, Option<RuleSet>) {
    let metadata = proposal.metadata.as_ref().or_else(|| latest?.content.metadata.as_deref());
    let metadata = Metadata::merge(config.default_metadata.as_ref(), metadata);
    let metadata = Metadata::merge(metadata.as_ref(), config.override_metadata.as_ref());
    let rules = proposal.rule_set.as_ref().or_else(|| latest?.content.rule_set.as_deref());
    let rules = RuleSet::merge(config.default_rule_set.as_ref(), rules);
    let rules = RuleSet::merge(rules.as_ref(), config.override_rule_set.as_ref());
    (metadata, rules)
}

/// Does metadata say under which version the schema was registered?
pub fn carries_version(metadata: Option<&Metadata>) -> bool {
    metadata.is_some_and(|m| m.properties.contains_key(VERSION_PROPERTY))
}
