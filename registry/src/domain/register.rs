//! Registering a schema.

use std::sync::Arc;

use super::command::{Command, Decision};
use super::compatible::{self, Compared};
use super::content::Content;
use super::history::{History, Version};
use super::lookup::{Known, Scope, carries_version, fill_in};
use super::metadata::{Metadata, RuleSet};
use super::mode::Mode;
use super::proposal::{Parsed, Proposal, Strictness};
use super::record::{Record, SchemaValue};
use super::rejection::Rejection;
use super::settings::Config;
use super::state::State;
use super::subject::Subject;
use super::tagging::TagEdits;

/// Adds a schema to a subject, unless the subject holds it already.
#[derive(Debug, Clone)]
pub struct Register {
    /// Where to.
    pub subject: Subject,
    /// What.
    pub proposal: Proposal,
    /// The version that it asks for: 0 any, -1 the one after the latest whatever older versions hold, else that one.
    pub version: i32,
    /// Is the text to be normalised?
    pub normalize: bool,
    /// Changes to the tags in the text.
    pub tags: TagEdits,
    /// Is the comparison with earlier versions left out?
    pub force: bool,
    /// Does the metadata get the version in any case?
    pub sets_version: bool,
    /// What was worked out before the writer's turn.
    work: Work,
}

/// What came of it before anything is written.
#[derive(Debug)]
pub enum Considered {
    /// The subject holds it already: there is nothing to write.
    Settled(Known),
    /// It is to be written; the work that was done goes along.
    ToWrite(Box<Register>),
}

/// Costly results that stay right as long as what they were computed from does not change.
#[derive(Debug, Clone, Default)]
struct Work {
    read: Option<(ReadKey, Result<Parsed, Rejection>)>,
    compared: Option<(CompareKey, Compared)>,
}

#[derive(Debug, Clone, PartialEq)]
struct ReadKey {
    text: Option<Arc<str>>,
    references: [u8; 16],
    strictness: Strictness,
    normalize: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct CompareKey {
    content: Content,
    history_changed_at: u64,
    configs_changed_at: u64,
    replaced_at: u64,
}

impl Register {
    /// Asks for a registration.
    pub fn new(subject: Subject, proposal: Proposal) -> Self {
        Self {
            subject,
            proposal,
            version: 0,
            normalize: false,
            tags: TagEdits::default(),
            force: false,
            sets_version: false,
            work: Work::default(),
        }
    }

    /// Works out what can be worked out without the writer. What is refused or settled here needs no writer at
    /// all, as far as the state is fresh.
    pub fn consider(mut self, state: &State) -> Result<Considered, Rejection> {
        let mut work = Work::default();
        let decision = self.evaluate(state, &mut work)?;
        if decision.records.is_empty() {
            return Ok(Considered::Settled(decision.outcome));
        }
        self.work = work;
        Ok(Considered::ToWrite(Box::new(self)))
    }

    fn evaluate(&self, state: &State, work: &mut Work) -> Result<Decision<Known>, Rejection> {
        let subject = &self.subject;
        admit(subject, self.proposal.rule_set.as_ref())?;
        let config = state.effective_config(subject);
        if let Some(known) = self.find_registered(state, &config, work)? {
            return Ok(Decision::unchanged(known));
        }
        let importing = self.check_mode(state.effective_mode(subject))?;
        let history = state.history(subject);
        let latest = history.and_then(History::latest);
        let next = history.map_or(1, History::next_version);

        let mut proposal = self.proposal.clone();
        let (mut metadata, mut rule_set) = (proposal.metadata.clone(), proposal.rule_set.clone());
        if !importing {
            self.tags.apply(state, subject, &mut proposal)?;
            if proposal.text().is_none() {
                reuse_text(&mut proposal, latest.ok_or(Rejection::EmptySchema)?);
            }
            (metadata, rule_set) = fill_in(&config, &proposal, latest);
            let sets_version = self.sets_version || self.version != 0 || !self.tags.is_empty();
            if sets_version || carries_version(metadata.as_ref()) {
                metadata = Some(Metadata::with_version(metadata, next));
            }
        }
        let parsed = self.read(state, &config, &proposal, work)?;
        let content = parsed.content(metadata, rule_set);

        if self.version == 0
            && !importing
            && let Some(known) = state.find_known(subject, &parsed, content.clone(), Scope::Live)
        {
            return Ok(Decision::unchanged(known));
        }
        if !importing {
            self.check_compatibility(state, &config, &parsed, &content, work)?;
        }
        let version = match self.version {
            ..=0 => next,
            asked if importing || asked == next => asked,
            _ => return Err(Rejection::VersionNotNext),
        };
        let id = self.choose_id(state, &content)?;
        Ok(self.write(state, version, id, content))
    }

    /// Finds what is registered already, in any mode. Left out when the server itself would change the schema.
    fn find_registered(
        &self,
        state: &State,
        config: &Config,
        work: &mut Work,
    ) -> Result<Option<Known>, Rejection> {
        let changes = !self.tags.is_empty()
            || self.sets_version
            || config.default_metadata.is_some()
            || config.override_metadata.is_some()
            || config.default_rule_set.is_some()
            || config.override_rule_set.is_some();
        if changes || self.proposal.text().is_none() {
            return Ok(None);
        }
        let parsed = match self.read(state, config, &self.proposal, work) {
            Ok(parsed) => parsed,
            Err(_) => self.proposal.read(
                state,
                &self.subject,
                Strictness::Known,
                self.normalizes(config) && self.proposal.id.is_none(),
            )?,
        };
        let content = parsed.content(self.proposal.metadata.clone(), self.proposal.rule_set.clone());
        let scope = if self.version == -1 { Scope::Latest } else { Scope::Live };
        let known = state.find_known(&self.subject, &parsed, content, scope);
        Ok(known.filter(|known| {
            let id_fits = self.proposal.id.is_none_or(|id| id == known.id);
            id_fits && (self.version <= 0 || self.version == known.version)
        }))
    }

    fn normalizes(&self, config: &Config) -> bool {
        self.normalize || config.normalize == Some(true)
    }

    /// Reads the text, or takes what was read before if nothing has changed since.
    fn read(
        &self,
        state: &State,
        config: &Config,
        proposal: &Proposal,
        work: &mut Work,
    ) -> Result<Parsed, Rejection> {
        let importing = proposal.id.is_some();
        if importing && proposal.text().is_none() {
            return proposal.read_empty(state, &self.subject);
        }
        let strict = !importing && config.validate_new_schemas.unwrap_or(true);
        let key = ReadKey {
            text: proposal.text.clone(),
            references: proposal.references_hash(state, self.subject.context()),
            strictness: if strict { Strictness::New } else { Strictness::Known },
            normalize: self.normalizes(config) && !importing,
        };
        if let Some((known, parsed)) = &work.read
            && *known == key
        {
            return parsed.clone();
        }
        let parsed = proposal.read(state, &self.subject, key.strictness, key.normalize);
        work.read = Some((key, parsed.clone()));
        parsed
    }

    /// May this registration be written in this mode? Tells whether it is an import.
    fn check_mode(&self, mode: Mode) -> Result<bool, Rejection> {
        let subject = self.subject.clone();
        match (mode, self.proposal.id.is_some()) {
            (Mode::ReadOnly | Mode::ReadOnlyOverride, _) => Err(Rejection::ReadOnly(subject)),
            (Mode::ReadWrite, true) => Err(Rejection::NotImporting(subject)),
            (Mode::Import | Mode::Forward, false) => Err(Rejection::NotReadWrite(subject)),
            (Mode::ReadWrite, false) => Ok(false),
            (Mode::Import | Mode::Forward, true) => Ok(true),
        }
    }

    fn check_compatibility(
        &self,
        state: &State,
        config: &Config,
        parsed: &Parsed,
        content: &Content,
        work: &mut Work,
    ) -> Result<(), Rejection> {
        if self.force {
            return Ok(());
        }
        let Some(history) = state.history(&self.subject) else { return Ok(()) };
        let key = CompareKey {
            content: content.clone(),
            history_changed_at: history.changed_at(),
            configs_changed_at: state.configs_changed_at(),
            replaced_at: state.replaced_at(),
        };
        let compared = match &work.compared {
            Some((known, compared)) if *known == key => compared.clone(),
            _ => {
                let versions = history.live().rev();
                compatible::compare(
                    state,
                    &self.subject,
                    config,
                    parsed,
                    content.metadata.as_deref(),
                    versions,
                )
            }
        };
        work.compared = Some((key, compared.clone()));
        match compared {
            Compared::Compatible => Ok(()),
            Compared::Incompatible(messages) => Err(Rejection::Incompatible(self.subject.clone(), messages)),
        }
    }

    /// The id that was asked for or that the content has already, else the next one.
    fn choose_id(&self, state: &State, content: &Content) -> Result<i32, Rejection> {
        let context = self.subject.context();
        let Some(holdings) = state.holdings(context) else { return Ok(self.proposal.id.unwrap_or(1)) };
        let holder = |id: i32| holdings.holder(id).map(|(_, v)| &*v.content);
        if let Some(id) = self.proposal.id {
            return match holder(id) {
                Some(other) if other != content => Err(Rejection::IdTaken(id, context.clone())),
                _ => Ok(id),
            };
        }
        if let Some(&id) = holdings.guids.get(&content.guid) {
            match holder(id) {
                Some(same) if same == content => return Ok(id),
                Some(_) => return Err(Rejection::IdTaken(id, context.clone())),
                None => {}
            }
        }
        holdings.max_id().checked_add(1).ok_or_else(|| Rejection::IdsExhausted(context.clone()))
    }

    fn write(&self, state: &State, version: i32, id: i32, content: Content) -> Decision<Known> {
        let subject = &self.subject;
        let content = Arc::new(content);
        let mut records = Vec::new();
        if !subject.context().is_default() && !state.known_contexts.contains(subject.context()) {
            records.push(Record::Context { context: subject.context().clone(), present: true });
        }
        let value = SchemaValue { id, deleted: false, content: content.clone() };
        records.push(Record::Schema { subject: subject.clone(), version, value: Some(value) });
        // The same schema is live again under a new version: what was soft-deleted of it has had its day.
        let holdings = state.holdings(subject.context());
        let same = holdings.map(|h| h.versions_with(id, subject.key())).unwrap_or_default();
        for old in same.into_iter().filter_map(|v| state.history(subject)?.get(v)) {
            let revived = old.deleted && old.id == id && old.version < version;
            if revived && !state.is_referenced(subject, old.version, false, None) {
                records.push(Record::Schema { subject: subject.clone(), version: old.version, value: None });
            }
        }
        let outcome = Known { subject: subject.clone(), version, id, content, stored: None };
        Decision { records, outcome }
    }
}

impl Command for Register {
    type Outcome = Known;

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<Known>, Rejection> {
        self.evaluate(state, &mut self.work.clone())
    }
}

/// What is refused before the schema itself is looked at: invalid rules, then invalid names.
pub fn admit(subject: &Subject, rule_set: Option<&RuleSet>) -> Result<(), Rejection> {
    if let Some(rules) = rule_set {
        rules.validate().map_err(Rejection::InvalidRuleSet)?;
    }
    if subject.is_valid() { Ok(()) } else { Err(Rejection::InvalidSubject(subject.clone())) }
}

/// Takes text and references of the latest version for a proposal that brings none.
fn reuse_text(proposal: &mut Proposal, latest: &Version) {
    let content = &*latest.content;
    proposal.format = content.format;
    proposal.text = Some(content.text.clone());
    proposal.references = content.references.iter().map(Into::into).collect();
}
