//! What a registry answers if requests come one after the other: one context, a few subjects, contents by number.
//!
//! It is written from what the registry promises, not from its code, and knows of no log, replica or database. Every
//! two contents are incompatible, so under `BACKWARD` a subject takes no other content than its latest.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use super::check::{Model, Step};
use super::facts::Facts;

/// Stands for a schema text.
pub type Content = u32;
/// From 1.
pub type Id = u32;
/// From 1.
pub type Version = u32;
/// Stands for a name.
pub type Subject = u8;

/// The level that a subject sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Level {
    None,
    Backward,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Op {
    Register {
        subject: Subject,
        content: Content,
    },
    LookUp {
        subject: Subject,
        content: Content,
    },
    /// A version; the latest if none is named.
    Get {
        subject: Subject,
        version: Option<Version>,
    },
    /// All live versions, or also those that are soft-deleted.
    List {
        subject: Subject,
        deleted: bool,
    },
    ById {
        id: Id,
    },
    DeleteVersion {
        subject: Subject,
        version: Version,
        permanent: bool,
    },
    DeleteSubject {
        subject: Subject,
        permanent: bool,
    },
    PutLevel {
        subject: Subject,
        level: Level,
    },
    GetLevel {
        subject: Subject,
    },
    DeleteLevel {
        subject: Subject,
    },
}

/// What it may give.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Answer {
    /// The id and version under which a subject holds a content.
    Held {
        id: Id,
        version: Version,
    },
    Schema {
        id: Id,
        version: Version,
        content: Content,
    },
    Text(Content),
    Versions(Vec<Version>),
    Level(Level),
    Refused(Refusal),
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Refusal {
    NoSubject,
    NoVersion,
    NoSchema,
    SubjectIsDeleted,
    SubjectIsNotDeleted,
    VersionIsDeleted,
    VersionIsNotDeleted,
    NoLevel,
    Incompatible,
}

/// What a subject holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Holding {
    /// By version: the id, and is it soft-deleted?
    versions: BTreeMap<Version, (Id, bool)>,
    level: Option<Level>,
}

/// What a context holds.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct State {
    subjects: BTreeMap<Subject, Holding>,
    /// The content of each id that was ever given, from id 1 on.
    ids: Vec<Content>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("subjects", &self.subjects).field("ids", &self.ids.len()).finish()
    }
}

/// Equal states have equal subjects and as many ids.
impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.subjects.hash(hasher);
        self.ids.len().hash(hasher);
    }
}

/// A registry whose ids are known to mean certain contents.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// What no request can contradict.
    pub facts: Facts,
}

impl Model for Registry {
    type State = State;
    type Op = Op;
    type Answer = Answer;

    fn start(&self) -> State {
        State::default()
    }

    fn step(&self, state: &State, op: &Op, answer: Option<&Answer>) -> Step<State> {
        if let (Op::ById { id }, Some(Answer::Text(content))) = (op, answer) {
            // What an id means stays known after the last version with it is gone.
            let known = (*id as usize).checked_sub(1).and_then(|at| state.ids.get(at));
            return if known == Some(content) { Step::Unchanged } else { Step::Impossible };
        }
        let (next, given) = state.after(op);
        if answer.is_some_and(|answer| *answer != given) {
            return Step::Impossible;
        }
        let Some(next) = next else { return Step::Unchanged };
        let new = next.ids.len() > state.ids.len();
        let fact = self.facts.get(&(next.ids.len() as Id)).filter(|_| new);
        if fact.is_some() && fact != next.ids.last() { Step::Impossible } else { Step::To(next) }
    }

    fn only_reads(&self, op: &Op, answer: &Answer) -> bool {
        op.only_reads() || matches!(answer, Answer::Refused(_))
    }
}

impl Op {
    /// Does it change nothing, whatever the answer?
    pub fn only_reads(&self) -> bool {
        match self {
            Self::LookUp { .. } | Self::Get { .. } | Self::List { .. } | Self::ById { .. } => true,
            Self::GetLevel { .. } => true,
            Self::Register { .. } | Self::DeleteVersion { .. } | Self::DeleteSubject { .. } => false,
            Self::PutLevel { .. } | Self::DeleteLevel { .. } => false,
        }
    }
}

impl State {
    /// The state after a request, if it is another, and the answer.
    pub fn after(&self, op: &Op) -> (Option<Self>, Answer) {
        match self.decide(op) {
            Ok((next, answer)) => (next.filter(|next| next != self), answer),
            Err(refusal) => (None, Answer::Refused(refusal)),
        }
    }

    fn decide(&self, op: &Op) -> Result<(Option<Self>, Answer), Refusal> {
        let read = |answer| Ok((None, answer));
        match *op {
            Op::Register { subject, content } => self.register(subject, content),
            Op::LookUp { subject, content } => match self.live(subject, content) {
                Some((version, id)) => read(Answer::Held { id, version }),
                None if self.holding(subject).has_live() => Err(Refusal::NoSchema),
                None => Err(Refusal::NoSubject),
            },
            Op::Get { subject, version } => self.get(subject, version).and_then(read),
            Op::List { subject, deleted } => {
                let holding = self.holding(subject);
                let versions = holding.versions.iter().filter(|(_, (_, gone))| deleted || !gone);
                let versions: Vec<Version> = versions.map(|(version, _)| *version).collect();
                if versions.is_empty() { Err(Refusal::NoSubject) } else { read(Answer::Versions(versions)) }
            }
            Op::ById { id } if self.is_held(id) => read(Answer::Text(self.content(id))),
            Op::ById { .. } => Err(Refusal::NoSchema),
            Op::DeleteVersion { subject, version, permanent } => {
                self.delete_version(subject, version, permanent)
            }
            Op::DeleteSubject { subject, permanent } => self.delete_subject(subject, permanent),
            Op::PutLevel { subject, level } => {
                let next = self.with(subject, |holding| holding.level = Some(level));
                Ok((Some(next), Answer::Level(level)))
            }
            Op::GetLevel { subject } => self
                .holding(subject)
                .level
                .ok_or(Refusal::NoLevel)
                .and_then(|level| read(Answer::Level(level))),
            Op::DeleteLevel { subject } => {
                let level = self.holding(subject).level.ok_or(Refusal::NoSubject)?;
                Ok((Some(self.with(subject, |holding| holding.level = None)), Answer::Level(level)))
            }
        }
    }

    fn register(&self, subject: Subject, content: Content) -> Result<(Option<Self>, Answer), Refusal> {
        if let Some((version, id)) = self.live(subject, content) {
            return Ok((None, Answer::Held { id, version }));
        }
        let holding = self.holding(subject);
        if holding.level == Some(Level::Backward) && holding.has_live() {
            return Err(Refusal::Incompatible);
        }
        let version = holding.versions.last_key_value().map_or(1, |(last, _)| last + 1);
        let known = self.ids.iter().rposition(|c| *c == content).map(|at| at as Id + 1);
        let known = known.filter(|id| self.is_held(*id));
        let id = known.unwrap_or(self.ids.len() as Id + 1);
        let mut next = self.with(subject, |holding| {
            // The same content is live again: what was soft-deleted of it has had its day.
            holding.versions.retain(|_, (held, _)| *held != id);
            holding.versions.insert(version, (id, false));
        });
        if known.is_none() {
            next.ids.push(content);
        }
        Ok((Some(next), Answer::Held { id, version }))
    }

    fn get(&self, subject: Subject, version: Option<Version>) -> Result<Answer, Refusal> {
        let holding = self.holding(subject);
        let mut live = holding.versions.iter().rev().filter(|(_, (_, gone))| !gone);
        match live.find(|(v, _)| version.is_none_or(|version| version == **v)) {
            Some((version, (id, _))) => {
                Ok(Answer::Schema { id: *id, version: *version, content: self.content(*id) })
            }
            None if holding.has_live() => Err(Refusal::NoVersion),
            None => Err(Refusal::NoSubject),
        }
    }

    fn delete_version(
        &self,
        subject: Subject,
        version: Version,
        permanent: bool,
    ) -> Result<(Option<Self>, Answer), Refusal> {
        let holding = self.holding(subject);
        if holding.versions.is_empty() {
            return Err(Refusal::NoSubject);
        }
        let (_, gone) = *holding.versions.get(&version).ok_or(Refusal::NoVersion)?;
        let next = match (permanent, gone) {
            (false, true) => return Err(Refusal::VersionIsDeleted),
            (true, false) => return Err(Refusal::VersionIsNotDeleted),
            (false, false) => self.with(subject, |holding| holding.hide(version)),
            (true, true) => self.with(subject, |holding| {
                holding.versions.remove(&version);
                holding.forget();
            }),
        };
        Ok((Some(next), Answer::Versions(vec![version])))
    }

    fn delete_subject(&self, subject: Subject, permanent: bool) -> Result<(Option<Self>, Answer), Refusal> {
        let holding = self.holding(subject);
        if holding.versions.is_empty() {
            return Err(Refusal::NoSubject);
        }
        match (permanent, holding.has_live()) {
            (false, false) => return Err(Refusal::SubjectIsDeleted),
            (true, true) => return Err(Refusal::SubjectIsNotDeleted),
            _ => {}
        }
        let versions = holding.versions.iter().filter(|(_, (_, gone))| permanent || !gone);
        let versions: Vec<Version> = versions.map(|(version, _)| *version).collect();
        let next = self.with(subject, |holding| {
            if permanent {
                holding.versions.clear();
                holding.forget();
            } else {
                versions.iter().for_each(|version| holding.hide(*version));
            }
        });
        Ok((Some(next), Answer::Versions(versions)))
    }

    fn holding(&self, subject: Subject) -> &Holding {
        static EMPTY: Holding = Holding { versions: BTreeMap::new(), level: None };
        self.subjects.get(&subject).unwrap_or(&EMPTY)
    }

    /// A copy in which a subject is changed. Subjects that hold nothing are left out, so that equal states are equal.
    fn with(&self, subject: Subject, change: impl FnOnce(&mut Holding)) -> Self {
        let mut next = self.clone();
        let holding = next.subjects.entry(subject).or_default();
        change(holding);
        if *holding == Holding::default() {
            next.subjects.remove(&subject);
        }
        next
    }

    /// The live version with a content, and its id.
    fn live(&self, subject: Subject, content: Content) -> Option<(Version, Id)> {
        let versions = self.holding(subject).versions.iter().rev();
        let mut live = versions.filter(|(_, (_, gone))| !gone).map(|(version, (id, _))| (*version, *id));
        live.find(|(_, id)| self.content(*id) == content)
    }

    fn content(&self, id: Id) -> Content {
        self.ids[id as usize - 1]
    }

    /// Does a version hold the id, be it live or soft-deleted?
    fn is_held(&self, id: Id) -> bool {
        self.subjects.values().any(|holding| holding.versions.values().any(|(held, _)| *held == id))
    }
}

impl Holding {
    fn has_live(&self) -> bool {
        self.versions.values().any(|(_, gone)| !gone)
    }

    fn hide(&mut self, version: Version) {
        if let Some((_, gone)) = self.versions.get_mut(&version) {
            *gone = true;
        }
    }

    /// What is set for a subject goes with its last version.
    fn forget(&mut self) {
        if self.versions.is_empty() {
            self.level = None;
        }
    }
}
