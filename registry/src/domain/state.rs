//! The state that the log amounts to, and how a record changes it.

use std::sync::Arc;

use imbl::OrdMap;
use ottla_formats::compatibility::Level;

use super::content::Guid;
use super::history::{History, Version};
use super::memo::Memo;
use super::mode::Mode;
use super::record::{Record, SchemaValue};
use super::settings::Config;
use super::small_map::SmallMap;
use super::subject::{Context, Name, Subject};

/// What applies where nothing is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// The compatibility level.
    pub compatibility: Level,
    /// May modes be changed?
    pub mode_mutability: bool,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { compatibility: Level::Backward, mode_mutability: true }
    }
}

/// Everything that the registry knows. Cheap to clone: clones share what has not changed since.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub(super) defaults: Defaults,
    head: u64,
    counts: Counts,
    pub(super) contexts: OrdMap<Context, Arc<Holdings>>,
    /// Contexts by their own records: a context is listed until it is deleted, also when it is empty.
    pub(super) known_contexts: imbl::OrdSet<Context>,
    pub(super) configs: OrdMap<Subject, Arc<Config>>,
    pub(super) modes: OrdMap<Subject, Mode>,
    /// The position of the last record that changed a configuration.
    configs_changed_at: u64,
    /// The position of the last record that put another schema in the place of a version.
    replaced_at: u64,
    memo: Memo,
    /// Who refers to a subject.
    pub(super) referrers: OrdMap<Subject, Referrers>,
}

/// Who refers to the versions of a subject: version -> referring (context, id).
type Referrers = SmallMap<i32, SmallMap<(Context, i32), ()>>;

/// How much there is; for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Subjects with at least one version, live or soft-deleted.
    pub subjects: u64,
    /// Versions, live or soft-deleted.
    pub versions: u64,
    /// Schema ids that were ever given, over all contexts.
    pub schemas: u64,
}

/// What one context holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holdings {
    /// Subjects by name.
    pub(super) subjects: OrdMap<Name, Arc<History>>,
    /// Who holds an id: subjects and versions. An id that was ever given stays, without holders.
    pub(super) ids: OrdMap<i32, SmallMap<(Name, i32), ()>>,
    /// The id of a content hash: the last that was given to it.
    pub(super) guids: OrdMap<Guid, i32>,
}

impl Holdings {
    /// Is no version left, live or soft-deleted?
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// The greatest id that was ever given in this context; 0 before the first.
    pub fn max_id(&self) -> i32 {
        self.ids.get_max().map_or(0, |(id, _)| *id)
    }

    /// The version through which an id is known: the first holder's, by name.
    pub fn holder(&self, id: i32) -> Option<(&Name, &Version)> {
        self.holders(id).next()
    }

    /// All subjects that hold an id, by name, each with its newest version of that id.
    pub fn holders(&self, id: i32) -> impl Iterator<Item = (&Name, &Version)> {
        let holders = self.ids.get(&id).into_iter().flat_map(SmallMap::iter);
        holders.filter_map(move |((name, version), ())| {
            let newest = self.version_with(id, name) == Some(*version);
            newest.then(|| self.subjects.get(name)?.get(*version)).flatten().map(|v| (name, v))
        })
    }

    /// The newest version under which a subject holds an id.
    ///
    /// A version that an import replaced still counts for the id that it had: that id serves what is there now.
    pub fn version_with(&self, id: i32, name: &Name) -> Option<i32> {
        let history = self.subjects.get(name)?;
        self.versions_with(id, name).into_iter().rev().find(|version| history.get(*version).is_some())
    }

    /// The versions of a subject that have or had an id, oldest first.
    pub(super) fn versions_with(&self, id: i32, name: &Name) -> Vec<i32> {
        let newest = (name.clone(), i32::MAX);
        let holders = self.ids.get(&id).into_iter().flat_map(|holders| holders.down_from(&newest));
        let mut versions: Vec<i32> =
            holders.map(|(holder, ())| holder).take_while(|(n, _)| n == name).map(|(_, v)| *v).collect();
        versions.reverse();
        versions
    }

    /// Notes who holds an id. Was it never given before?
    fn add_holder(&mut self, id: i32, holder: (Name, i32)) -> bool {
        if let Some(holders) = self.ids.get_mut(&id) {
            holders.insert(holder, ());
            return false;
        }
        let mut holders = SmallMap::default();
        holders.insert(holder, ());
        self.ids.insert(id, holders);
        true
    }

    /// Puts a version in its place. Gives what was there, and whether the subject is new.
    fn put(&mut self, seq: u64, name: &Name, version: Version) -> (Option<Version>, bool) {
        if let Some(history) = self.subjects.get_mut(name) {
            return (Arc::make_mut(history).put(seq, version), false);
        }
        let mut history = History::default();
        history.put(seq, version);
        self.subjects.insert(name.clone(), Arc::new(history));
        (None, true)
    }
}

impl State {
    /// The state of an empty log.
    pub fn new(defaults: Defaults) -> Self {
        Self {
            defaults,
            head: 0,
            counts: Counts::default(),
            contexts: OrdMap::new(),
            known_contexts: imbl::OrdSet::new(),
            configs: OrdMap::new(),
            modes: OrdMap::new(),
            configs_changed_at: 0,
            replaced_at: 0,
            memo: Memo::default(),
            referrers: OrdMap::new(),
        }
    }

    /// The position of the last record that was applied; 0 before the first.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// What applies where nothing is configured.
    pub fn defaults(&self) -> Defaults {
        self.defaults
    }

    /// How much there is.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The position of the last record that changed a configuration.
    pub fn configs_changed_at(&self) -> u64 {
        self.configs_changed_at
    }

    /// The position of the last record that put another schema in the place of a version.
    pub fn replaced_at(&self) -> u64 {
        self.replaced_at
    }

    /// Parsed schemas that were met lately.
    pub fn memo(&self) -> &Memo {
        &self.memo
    }

    /// What a context holds, if it ever held something.
    pub fn holdings(&self, context: &Context) -> Option<&Holdings> {
        self.contexts.get(context).map(|h| &**h)
    }

    /// The versions of a subject, if it has any.
    pub fn history(&self, subject: &Subject) -> Option<&History> {
        self.holdings(subject.context())?.subjects.get(subject.key()).map(|h| &**h)
    }

    /// Takes in the record at a position of the log. Never fails: a record that makes no sense changes nothing.
    pub fn apply(&mut self, seq: u64, written_at: i64, record: &Record) {
        self.head = seq;
        match record {
            Record::Schema { subject, version, value: Some(value) } => {
                self.put_version(seq, written_at, subject, *version, value);
            }
            Record::Schema { subject, version, value: None } => {
                self.remove_versions(seq, subject, &[*version])
            }
            Record::DeleteSubject { subject, up_to } => {
                if self.history(subject).is_some() {
                    self.history_mut(subject).delete_up_to(seq, *up_to);
                }
            }
            Record::ClearSubject { subject } => {
                let deleted = |h: &History| h.all().filter(|v| v.deleted).map(|v| v.version).collect();
                let versions: Vec<i32> = self.history(subject).map(deleted).unwrap_or_default();
                self.remove_versions(seq, subject, &versions);
            }
            Record::Config { scope, value } => {
                self.configs_changed_at = seq;
                match value {
                    Some(config) => self.configs.insert(scope.clone(), Arc::new(config.clone())),
                    None => self.configs.remove(scope),
                };
            }
            Record::Mode { scope, value } => {
                match value {
                    Some(mode) => self.modes.insert(scope.clone(), *mode),
                    None => self.modes.remove(scope),
                };
            }
            Record::Context { context, present: true } => {
                self.known_contexts.insert(context.clone());
            }
            Record::Context { context, present: false } => {
                self.known_contexts.remove(context);
            }
            Record::Noop => {}
        }
    }

    fn holdings_mut(&mut self, context: &Context) -> &mut Holdings {
        Arc::make_mut(self.contexts.entry(context.clone()).or_default())
    }

    fn history_mut(&mut self, subject: &Subject) -> &mut History {
        Arc::make_mut(self.holdings_mut(subject.context()).subjects.entry(subject.key().clone()).or_default())
    }

    fn put_version(
        &mut self,
        seq: u64,
        written_at: i64,
        subject: &Subject,
        version: i32,
        value: &SchemaValue,
    ) {
        let SchemaValue { id, deleted, content } = value;
        let holdings = self.holdings_mut(subject.context());
        // One copy of a text, however many subjects hold it.
        let known = holdings.holder(*id).map(|(_, v)| &v.content).filter(|c| *c == content);
        let content = known.unwrap_or(content).clone();
        let new_id = holdings.add_holder(*id, (subject.key().clone(), version));
        holdings.guids.insert(content.guid, *id);
        let entry = Version::new(version, *id, *deleted, written_at, content.clone());
        let (old, new_subject) = holdings.put(seq, subject.key(), entry);

        self.counts.schemas += u64::from(new_id);
        self.counts.subjects += u64::from(new_subject);
        self.counts.versions += u64::from(old.is_none());
        if let Some(old) = old.filter(|o| o.content != content) {
            self.replaced_at = seq;
            self.drop_references(subject, &old);
        }
        for reference in &content.references {
            let target = Subject::within(subject.context(), &reference.subject);
            let mut versions = self.referrers.get(&target).cloned().unwrap_or_default();
            let mut referrers = versions.get(&reference.version).cloned().unwrap_or_default();
            referrers.insert((subject.context().clone(), *id), ());
            versions.insert(reference.version, referrers);
            self.referrers.insert(target, versions);
        }
    }

    fn remove_versions(&mut self, seq: u64, subject: &Subject, versions: &[i32]) {
        for &version in versions {
            if self.history(subject).is_none_or(|h| h.get(version).is_none()) {
                continue;
            }
            let Some(old) = self.history_mut(subject).remove(seq, version) else { continue };
            self.counts.versions -= 1;
            let holdings = self.holdings_mut(subject.context());
            if let Some(holders) = holdings.ids.get_mut(&old.id) {
                holders.remove(&(subject.key().clone(), version));
            }
            if holdings.subjects.get(subject.key()).is_some_and(|h| h.is_empty()) {
                holdings.subjects.remove(subject.key());
                self.counts.subjects -= 1;
            }
            self.drop_references(subject, &old);
        }
    }

    /// Forgets that a version referred to others, unless another holder of its id still does.
    fn drop_references(&mut self, subject: &Subject, old: &Version) {
        let Some(holdings) = self.holdings(subject.context()) else { return };
        if old.content.references.is_empty()
            || holdings.holders(old.id).any(|(_, v)| v.content.references == old.content.references)
        {
            return;
        }
        for reference in &old.content.references {
            let target = Subject::within(subject.context(), &reference.subject);
            let Some(versions) = self.referrers.get_mut(&target) else { continue };
            if let Some(referrers) = versions.get_mut(&reference.version) {
                referrers.remove(&(subject.context().clone(), old.id));
                if referrers.is_empty() {
                    versions.remove(&reference.version);
                }
            }
            if versions.is_empty() {
                self.referrers.remove(&target);
            }
        }
    }
}
