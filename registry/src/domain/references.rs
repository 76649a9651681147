//! What refers to what.

use std::collections::HashMap;

use md5::{Digest, Md5};

use super::content::{Content, Guid, Reference};
use super::history::Version;
use super::state::State;
use super::subject::{Context, Subject};

/// How deep references may be nested. The registry that this one replaces sets no limit.
pub const MAX_REFERENCE_DEPTH: usize = 100;

/// How many references may lead from one schema on, those of every schema on the way counted once.
pub const MAX_REFERENCES: usize = 10_000;

impl State {
    /// Does another version refer to this one?
    ///
    /// `live_only`: soft-deleted referrers do not count. `apart_from`: neither do versions of this subject.
    pub fn is_referenced(
        &self,
        subject: &Subject,
        version: i32,
        live_only: bool,
        apart_from: Option<&Subject>,
    ) -> bool {
        self.referrers_of(subject, version).any(|(referrer, v)| {
            !(live_only && v.deleted) && apart_from.is_none_or(|subject| *subject != referrer)
        })
    }

    /// The versions that refer to one, by (context, id), then subject.
    pub fn referrers_of(&self, subject: &Subject, version: i32) -> impl Iterator<Item = (Subject, &Version)> {
        let referrers = self.referrers.get(subject).and_then(|versions| versions.get(&version));
        referrers.into_iter().flat_map(|r| r.iter()).flat_map(move |((context, id), ())| {
            let holders = self.holdings(context).into_iter().flat_map(|h| h.holders(*id));
            holders
                .filter(move |(_, v)| v.content.references.iter().any(|r| is(r, context, subject, version)))
                .map(|(name, v)| (Subject::of(context, name), v))
        })
    }

    /// The version that a reference leads to, live or soft-deleted.
    pub fn referenced(&self, context: &Context, reference: &Reference) -> Option<(Subject, &Version)> {
        let subject = Subject::within(context, &reference.subject);
        let version = self.history(&subject)?.get(reference.version)?;
        Some((subject, version))
    }
}

/// What stored schemas reach through references, each looked at once.
///
/// Whether something reaches too far depends on the state alone, never on what was looked at or parsed before.
pub struct Closures<'a> {
    state: &'a State,
    /// Nothing where the way is not at its end yet: whoever meets that goes round in a circle.
    known: HashMap<(Context, Guid), Option<Closure>>,
    /// How many references were followed.
    followed: usize,
}

/// What a stored schema reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closure {
    /// Over the schema and all that it reaches: equal hashes parse to equal schemas.
    pub hash: [u8; 16],
    /// How many references lead to the last of them.
    height: usize,
}

/// References reach too many schemas, too many levels, or round in a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("references reach more than {MAX_REFERENCES} schemas or more than {MAX_REFERENCE_DEPTH} levels")]
pub struct TooFar;

impl<'a> Closures<'a> {
    /// Nothing looked at yet.
    pub fn new(state: &'a State) -> Self {
        Self { state, known: HashMap::new(), followed: 0 }
    }

    /// What stored content reaches.
    pub fn of(&mut self, context: &Context, content: &Content) -> Result<Closure, TooFar> {
        if content.references.is_empty() {
            return Ok(Closure { hash: content.guid.0, height: 0 });
        }
        self.reach(context, content, 0)
    }

    /// A hash over all that references reach, and whether what they lead to is live.
    pub fn of_references(&mut self, context: &Context, references: &[Reference]) -> Result<[u8; 16], TooFar> {
        let mut hash = Md5::new();
        self.feed(&mut hash, context, references, 0)?;
        Ok(hash.finalize().into())
    }

    fn reach(&mut self, context: &Context, content: &Content, depth: usize) -> Result<Closure, TooFar> {
        let key = (context.clone(), content.guid);
        if let Some(known) = self.known.get(&key) {
            return known.ok_or(TooFar);
        }
        self.known.insert(key.clone(), None);
        let mut closure = Closure { hash: content.guid.0, height: 0 };
        if !content.references.is_empty() {
            let mut hash = Md5::new();
            hash.update(content.guid.0);
            closure.height = self.feed(&mut hash, context, &content.references, depth)?;
            closure.hash = hash.finalize().into();
        }
        self.known.insert(key, Some(closure));
        Ok(closure)
    }

    /// Feeds what references lead to. Gives how many levels there are.
    fn feed(
        &mut self,
        hash: &mut Md5,
        context: &Context,
        references: &[Reference],
        depth: usize,
    ) -> Result<usize, TooFar> {
        let mut height = 0;
        for reference in references {
            let Some((subject, version)) = self.state.referenced(context, reference) else {
                hash.update([0]);
                continue;
            };
            self.followed += 1;
            if self.followed > MAX_REFERENCES || depth >= MAX_REFERENCE_DEPTH {
                return Err(TooFar);
            }
            let closure = self.reach(subject.context(), &version.content, depth + 1)?;
            hash.update([1 + u8::from(version.deleted)]);
            hash.update(closure.hash);
            height = height.max(closure.height + 1);
        }
        if height > MAX_REFERENCE_DEPTH { Err(TooFar) } else { Ok(height) }
    }
}

fn is(reference: &Reference, context: &Context, subject: &Subject, version: i32) -> bool {
    reference.version == version && Subject::within(context, &reference.subject) == *subject
}
