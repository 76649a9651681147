//! What refers to what.

use md5::{Digest, Md5};

use super::content::{Content, Reference};
use super::history::Version;
use super::state::State;
use super::subject::{Context, Subject};

/// How deep references may be nested. The registry that this one replaces sets no limit.
pub const MAX_REFERENCE_DEPTH: usize = 100;

/// How many schemas one schema may reach through references, each counted once.
pub const MAX_REFERENCED_SCHEMAS: usize = 10_000;

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

    /// A hash over a text and all that it reaches through references: equal hashes parse to equal schemas.
    pub fn closure_hash(&self, context: &Context, content: &Content) -> [u8; 16] {
        if content.references.is_empty() {
            return content.guid.0;
        }
        let mut hash = Md5::new();
        hash.update(content.guid.0);
        self.feed_closure(&mut hash, context, &content.references, &mut 0, 0);
        hash.finalize().into()
    }

    /// A hash over all that references reach.
    pub fn references_hash(&self, context: &Context, references: &[Reference]) -> [u8; 16] {
        let mut hash = Md5::new();
        self.feed_closure(&mut hash, context, references, &mut 0, 0);
        hash.finalize().into()
    }

    fn feed_closure(
        &self,
        hash: &mut Md5,
        context: &Context,
        references: &[Reference],
        fed: &mut usize,
        depth: usize,
    ) {
        for reference in references {
            *fed += 1;
            if depth > MAX_REFERENCE_DEPTH || *fed > MAX_REFERENCED_SCHEMAS {
                return;
            }
            let Some((subject, version)) = self.referenced(context, reference) else {
                hash.update([0]);
                continue;
            };
            hash.update([if version.deleted { 2 } else { 1 }]);
            hash.update(version.content.guid.0);
            self.feed_closure(hash, subject.context(), &version.content.references, fed, depth + 1);
        }
    }
}

fn is(reference: &Reference, context: &Context, subject: &Subject, version: i32) -> bool {
    reference.version == version && Subject::within(context, &reference.subject) == *subject
}
