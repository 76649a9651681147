//! Finding subjects, versions and ids.

use std::collections::BTreeMap;

use ottla_formats::utf16_order;

use super::content::Guid;
use super::history::{History, Version};
use super::rejection::Rejection;
use super::state::{Holdings, State};
use super::subject::{Context, Name, Subject};

/// Which version is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selector {
    /// The newest live one.
    Latest,
    /// The one with this number.
    Number(i32),
}

impl Selector {
    /// The number; -1 for the latest.
    pub fn number(self) -> i32 {
        match self {
            Self::Latest => -1,
            Self::Number(n) => n,
        }
    }
}

/// Are soft-deleted versions wanted?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deleted {
    /// No.
    #[default]
    Hidden,
    /// As well.
    Included,
    /// Only those.
    Only,
}

impl Deleted {
    /// As the parameter `deleted` says it.
    pub fn included_if(deleted: bool) -> Self {
        if deleted { Self::Included } else { Self::Hidden }
    }

    /// Does a version belong to what is wanted?
    pub fn admits(self, version: &Version) -> bool {
        match self {
            Self::Hidden => !version.deleted,
            Self::Included => true,
            Self::Only => version.deleted,
        }
    }

    /// Does a subject belong to what is wanted? To the deleted ones only if nothing of it is live.
    pub fn admits_subject(self, history: &History) -> bool {
        match self {
            Self::Hidden => history.has_live(),
            Self::Included => true,
            Self::Only => !history.has_live(),
        }
    }
}

/// A version with the subject that it was found under.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The subject.
    pub subject: Subject,
    /// The version.
    pub version: &'a Version,
}

impl State {
    /// Every context, the default one first, then by name.
    pub fn context_names(&self) -> Vec<Context> {
        let named = self.known_contexts.iter().filter(|c| !c.is_default()).cloned();
        std::iter::once(Context::default()).chain(named).collect()
    }

    /// Is there a version, live or also soft-deleted? For a context as a whole: in any subject of it.
    pub fn has_versions(&self, subject: &Subject, deleted: bool) -> bool {
        let wanted = Deleted::included_if(deleted);
        let in_holdings = |h: &Holdings| h.subjects.values().any(|s| wanted.admits_subject(s));
        if !subject.is_whole() {
            self.history(subject).is_some_and(|h| wanted.admits_subject(h))
        } else if subject.context().is_global() {
            self.contexts.values().any(|h| in_holdings(h))
        } else {
            !subject.is_default_whole() && self.holdings(subject.context()).is_some_and(in_holdings)
        }
    }

    /// A version of exactly this subject.
    pub fn version(&self, subject: &Subject, selector: Selector, deleted: bool) -> Option<&Version> {
        let history = self.history(subject)?;
        match selector {
            Selector::Latest => history.latest(),
            Selector::Number(n) => history.get(n).filter(|v| deleted || !v.deleted),
        }
    }

    /// A version of exactly this subject, or why there is none.
    pub fn own_version(
        &self,
        subject: &Subject,
        selector: Selector,
        deleted: bool,
    ) -> Result<&Version, Rejection> {
        self.version(subject, selector, deleted).ok_or_else(|| self.missing(subject, selector, deleted))
    }

    fn missing(&self, subject: &Subject, selector: Selector, deleted: bool) -> Rejection {
        if self.has_versions(subject, deleted) {
            Rejection::VersionNotFound(selector.number())
        } else {
            Rejection::SubjectNotFound(subject.clone())
        }
    }

    /// A version of a subject; an unqualified name that has none is tried in every context.
    pub fn find_version(
        &self,
        subject: &Subject,
        selector: Selector,
        deleted: bool,
    ) -> Result<Found<'_>, Rejection> {
        let found = |subject: Subject| {
            let version = self.version(&subject, selector, deleted)?;
            Some(Found { subject, version })
        };
        found(subject.clone())
            .or_else(|| self.elsewhere(subject).find_map(found))
            .ok_or_else(|| self.missing(subject, selector, deleted))
    }

    /// The same name in every other context, if it is an unqualified one.
    pub fn elsewhere(&self, subject: &Subject) -> impl Iterator<Item = Subject> {
        let unqualified = subject.context().is_default() && !subject.is_whole();
        self.known_contexts
            .iter()
            .filter(move |c| unqualified && !c.is_default())
            .map(|c| subject.moved_to(c))
    }

    /// The version through which an id is known.
    ///
    /// A qualified subject names the context. An unqualified one is looked for among the holders in the default
    /// context, then among those of every other context; if it holds the id nowhere, any holder in the default
    /// context answers.
    pub fn find_id(&self, id: i32, subject: Option<&Subject>) -> Option<Found<'_>> {
        let default = Context::default();
        let context = subject.map_or(&default, Subject::context);
        let named = |subject: &Subject| -> Option<Found<'_>> {
            let holdings = self.holdings(subject.context())?;
            let version = holdings.version_with(id, subject.key())?;
            let version = holdings.subjects.get(subject.key())?.get(version)?;
            Some(Found { subject: subject.clone(), version })
        };
        if let Some(subject) = subject.filter(|s| !s.is_whole()) {
            let exact = named(subject).or_else(|| self.elsewhere(subject).find_map(|s| named(&s)));
            if exact.is_some() {
                return exact;
            }
        }
        let (name, version) = self.holdings(context)?.holder(id)?;
        Some(Found { subject: Subject::of(context, name), version })
    }

    /// Was an id ever given to a schema that is still held by a version?
    pub fn holders_of_id(&self, id: i32, subject: Option<&Subject>) -> Option<Vec<Found<'_>>> {
        let context = self.find_id(id, subject)?.subject.context().clone();
        let holders = self.holdings(&context)?.holders(id);
        Some(holders.map(|(n, version)| Found { subject: Subject::of(&context, n), version }).collect())
    }

    /// The id of a content hash in every context that knows it, by context.
    pub fn ids_of_guid(&self, guid: &Guid) -> Vec<(Context, i32)> {
        self.contexts.iter().filter_map(|(c, h)| Some((c.clone(), *h.guids.get(guid)?))).collect()
    }

    /// A version with this content hash: in the default context, else in any.
    pub fn find_guid(&self, guid: &Guid) -> Option<Found<'_>> {
        let in_context = |context: &Context| -> Option<Found<'_>> {
            let holdings = self.holdings(context)?;
            let (name, version) = holdings.holder(*holdings.guids.get(guid)?)?;
            Some(Found { subject: Subject::of(context, name), version })
        };
        in_context(&Context::default()).or_else(|| self.contexts.keys().find_map(in_context))
    }

    /// The subjects that a prefix selects, with their histories, sorted by qualified name.
    ///
    /// `:*:ab` selects in every context the names that begin with `ab`, `:.ctx:ab` in that context, `ab` in the
    /// default one.
    pub fn subjects(&self, prefix: &str, wanted: Deleted) -> Vec<(Subject, &History)> {
        let mut found = Vec::new();
        if let Some(prefix) = prefix.strip_prefix(":*:") {
            for (context, holdings) in &self.contexts {
                collect(context, holdings, prefix, wanted, &mut found);
            }
            let mut keyed: Vec<_> = found.into_iter().map(|(s, h)| (s.to_string(), s, h)).collect();
            keyed.sort_by(|a, b| utf16_order(&a.0, &b.0));
            return keyed.into_iter().map(|(_, s, h)| (s, h)).collect();
        }
        let prefix = Subject::parse(prefix);
        if let Some(holdings) = self.holdings(prefix.context()) {
            collect(prefix.context(), holdings, prefix.name(), wanted, &mut found);
        }
        found
    }

    /// What configurations under a prefix name as their alias: the subjects that answer, each with the names that
    /// it answers for.
    pub fn aliases(&self, prefix: &str) -> BTreeMap<Subject, Vec<String>> {
        let everywhere = prefix.strip_prefix(":*:");
        let parsed = Subject::parse(prefix);
        let selected = |scope: &Subject| match everywhere {
            Some(prefix) => scope.name().starts_with(prefix),
            None => scope.context() == parsed.context() && scope.name().starts_with(parsed.name()),
        };
        let mut aliases: BTreeMap<Subject, Vec<String>> = BTreeMap::new();
        for scope in self.configs.keys().filter(|s| !s.is_whole() && selected(s)) {
            let target = self.resolve_alias(scope);
            if target != *scope {
                aliases.entry(target).or_default().push(scope.to_string());
            }
        }
        aliases
    }

    /// The version that a subject last got with the given metadata properties.
    pub fn find_by_properties(
        &self,
        subject: &Subject,
        properties: &[(&str, &str)],
        deleted: bool,
    ) -> Result<Found<'_>, Rejection> {
        if !self.has_versions(subject, deleted) {
            return Err(Rejection::SubjectNotFound(subject.clone()));
        }
        let matches = |version: &&Version| {
            let Some(metadata) = &version.content.metadata else { return false };
            (deleted || !version.deleted)
                && properties.iter().all(|(k, v)| metadata.properties.get(*k).is_some_and(|p| p == v))
        };
        let history = self.history(subject);
        let version = history.and_then(|h| h.all().rev().find(matches)).ok_or(Rejection::SchemaNotFound)?;
        Ok(Found { subject: subject.clone(), version })
    }
}

fn collect<'a>(
    context: &Context,
    holdings: &'a Holdings,
    prefix: &str,
    wanted: Deleted,
    found: &mut Vec<(Subject, &'a History)>,
) {
    let from = Name::from(prefix);
    let range = holdings.subjects.range(from..).take_while(|(name, _)| name.as_str().starts_with(prefix));
    let admitted = range.filter(|(_, history)| wanted.admits_subject(history));
    found.extend(admitted.map(|(name, history)| (Subject::of(context, name), &**history)));
}
