//! Tags that stand in a schema's text.

use ottla_formats::avro::tags::EntityTags;

use super::history::{History, Version};
use super::metadata::{Metadata, RuleSet};
use super::proposal::{Proposal, Strictness, parsed};
use super::register::Register;
use super::rejection::Rejection;
use super::state::State;
use super::subject::Subject;

/// Changes to the tags in a schema's text.
#[derive(Debug, Clone, Default)]
pub struct TagEdits {
    /// Tags to add.
    pub add: Vec<EntityTags>,
    /// Tags to take away.
    pub remove: Vec<EntityTags>,
    /// Are the tags of the latest version to be carried over?
    pub propagate: bool,
}

impl TagEdits {
    /// Is there nothing to do?
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && !self.propagate
    }

    /// Changes the proposal's text.
    pub(super) fn apply(
        &self,
        state: &State,
        subject: &Subject,
        proposal: &mut Proposal,
    ) -> Result<(), Rejection> {
        if self.is_empty() {
            return Ok(());
        }
        if proposal.text.is_none() {
            return Err(Rejection::TagsWithoutSchema);
        }
        if proposal.text().is_none() {
            return Err(proposal.invalid(subject, "Cannot parse <null> schema".into()));
        }
        let mut add = self.add.clone();
        if self.propagate
            && let Some(latest) = state.history(subject).and_then(History::latest)
            && let Ok(schema) = parsed(state, subject.context(), &latest.content)
        {
            add.extend(schema.tags());
        }
        let parsed = proposal.read(state, subject, Strictness::Known, false)?;
        proposal.text = Some(parsed.schema.with_tags(&add, &self.remove).to_text().into());
        Ok(())
    }
}

/// The registration that gives a version other tags, metadata or rules.
#[derive(Debug, Clone, Default)]
pub struct Retag {
    /// The version that the new one is to have; 0 the next.
    pub new_version: i32,
    /// Changes to the tags.
    pub tags: TagEdits,
    /// Metadata in the place of the version's own.
    pub metadata: Option<Metadata>,
    /// A rule set in the place of the version's own.
    pub rule_set: Option<RuleSet>,
    /// Rules to merge into the version's own.
    pub rules_to_merge: Option<RuleSet>,
    /// Names of rules to take away.
    pub rules_to_remove: Vec<String>,
}

impl Retag {
    /// Puts the registration together.
    pub fn register(self, subject: Subject, version: &Version) -> Result<Register, Rejection> {
        let content = &*version.content;
        let merging = self.rules_to_merge.is_some() || !self.rules_to_remove.is_empty();
        if self.rule_set.is_some() && merging {
            return Err(Rejection::InvalidRuleSet(
                "ruleSet should be omitted if specifying rulesToMerge or rulesToRemove".into(),
            ));
        }
        if let Some(rules) = &self.rules_to_merge {
            rules.validate().map_err(Rejection::InvalidRuleSet)?;
        }
        let rule_set = match (self.rule_set, merging) {
            (Some(rules), _) => Some(rules),
            (None, false) => content.rule_set.as_deref().cloned(),
            (None, true) => {
                let merged = RuleSet::merge(content.rule_set.as_deref(), self.rules_to_merge.as_ref());
                merged.map(|rules| rules.without(&self.rules_to_remove))
            }
        };
        let proposal = Proposal {
            format: content.format,
            text: Some(content.text.clone()),
            references: content.references.iter().map(Into::into).collect(),
            metadata: self.metadata.or_else(|| content.metadata.as_deref().cloned()),
            rule_set,
            id: None,
        };
        let mut register = Register::new(subject, proposal);
        register.version = self.new_version;
        register.tags = self.tags;
        register.sets_version = true;
        Ok(register)
    }
}
