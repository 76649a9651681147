//! The versions of one subject.

use std::sync::Arc;

use imbl::OrdSet;

use super::content::Content;
use super::small_map::SmallMap;

/// One version of a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// From 1, unique within the subject.
    pub version: i32,
    /// The schema id, from 1, per context.
    pub id: i32,
    /// Hidden, but kept.
    pub deleted: bool,
    /// When its record was written, in milliseconds since 1970.
    pub written_at: i64,
    /// The schema.
    pub content: Arc<Content>,
    shape: u32,
}

impl Version {
    pub(super) fn new(version: i32, id: i32, deleted: bool, written_at: i64, content: Arc<Content>) -> Self {
        let shape = Self::shape_of(&content);
        Self { version, id, deleted, written_at, content, shape }
    }

    /// A number that texts share which differ only in the order of their parts, and in the word for records. It
    /// stands beside the version, so that a search for an equivalent text need not touch the texts of a long history.
    fn shape_of(content: &Content) -> u32 {
        let shape = content.text.bytes().map(weight).fold(0, u32::wrapping_add);
        let with_references = if content.references.is_empty() { 0 } else { WITH_REFERENCES };
        (shape & !WITH_REFERENCES) | with_references
    }
}

/// The bit of a shape that says that the schema has references. It is the highest, so that all that have it follow
/// those that do not.
const WITH_REFERENCES: u32 = 1 << 31;

/// A longer history has its shapes sorted; a shorter one is quickly looked through.
const LONG: usize = 64;

/// What a byte adds to the shape of a text: its square, but for one letter, whose weight makes `record` and `error`
/// weigh the same.
fn weight(byte: u8) -> u32 {
    let square = |byte: u8| u32::from(byte) * u32::from(byte);
    if byte == b'r' { square(b'c') + square(b'd') } else { square(byte) }
}

/// The versions of one subject, live and soft-deleted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    versions: SmallMap<i32, Version>,
    /// The greatest live version; kept, so that no one has to search for it behind many deleted ones.
    latest: Option<i32>,
    /// The position of the last record that changed something here.
    changed_at: u64,
    /// Shapes and versions, once the history is long; nothing before.
    by_shape: OrdSet<(u32, i32)>,
}

impl History {
    /// A version, be it live or soft-deleted.
    pub fn get(&self, version: i32) -> Option<&Version> {
        self.versions.get(&version)
    }

    /// The newest live version.
    pub fn latest(&self) -> Option<&Version> {
        self.latest.and_then(|v| self.versions.get(&v))
    }

    /// All versions, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.versions.iter().map(|(_, v)| v)
    }

    /// The live versions, oldest first.
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.all().filter(|v| !v.deleted)
    }

    /// Is a version live?
    pub fn has_live(&self) -> bool {
        self.latest.is_some()
    }

    /// Is nothing left, not even soft-deleted?
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// How many versions there are, live and soft-deleted.
    pub fn len(&self) -> usize {
        self.versions.len()
    }

    /// The number that the next version gets.
    pub fn next_version(&self) -> i32 {
        self.versions.last().map_or(1, |(v, _)| v.saturating_add(1))
    }

    /// The position of the last record that changed something here: equal positions mean equal histories.
    pub fn changed_at(&self) -> u64 {
        self.changed_at
    }

    /// The versions that may hold the same schema, newest first, as far as that can be told without their texts.
    pub(super) fn candidates(&self, content: &Content) -> Vec<&Version> {
        let shape = Version::shape_of(content);
        // Without references it may be the same as one with them, whose types are written out here.
        let inlined = content.references.is_empty();
        if self.by_shape.is_empty() {
            let fits = |v: &&Version| v.shape == shape || (inlined && v.shape & WITH_REFERENCES != 0);
            return self.all().rev().filter(fits).collect();
        }
        let same = self.by_shape.range((shape, i32::MIN)..=(shape, i32::MAX));
        let with_references = inlined.then(|| self.by_shape.range((WITH_REFERENCES, i32::MIN)..));
        let found = same.chain(with_references.into_iter().flatten());
        let mut numbers: Vec<i32> = found.map(|(_, version)| *version).collect();
        numbers.sort_unstable();
        numbers.iter().rev().filter_map(|version| self.get(*version)).collect()
    }

    /// Stores a version, and returns the one that was in its place.
    pub(super) fn put(&mut self, seq: u64, version: Version) -> Option<Version> {
        self.changed_at = seq;
        let (number, live, shape) = (version.version, !version.deleted, version.shape);
        let old = self.versions.insert(number, version);
        if let Some(old) = &old {
            self.by_shape.remove(&(old.shape, number));
        }
        if !self.by_shape.is_empty() {
            self.by_shape.insert((shape, number));
        } else if self.len() > LONG {
            self.by_shape = self.all().map(|v| (v.shape, v.version)).collect();
        }
        if live {
            self.latest = self.latest.max(Some(number));
        } else if self.latest == Some(number) {
            self.find_latest();
        }
        old
    }

    /// Removes a version for good.
    pub(super) fn remove(&mut self, seq: u64, version: i32) -> Option<Version> {
        self.changed_at = seq;
        let old = self.versions.remove(&version);
        if let Some(old) = &old {
            self.by_shape.remove(&(old.shape, version));
        }
        if self.latest == Some(version) {
            self.find_latest();
        }
        old
    }

    /// Soft-deletes all versions up to a watermark.
    pub(super) fn delete_up_to(&mut self, seq: u64, up_to: i32) {
        self.changed_at = seq;
        let live: Vec<i32> = self.live().map(|v| v.version).take_while(|v| *v <= up_to).collect();
        for version in live {
            if let Some(v) = self.versions.get_mut(&version) {
                v.deleted = true;
            }
        }
        self.find_latest();
    }

    fn find_latest(&mut self) {
        let latest = self.live().map(|v| v.version).next_back();
        self.latest = latest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Reference;

    #[test]
    fn a_record_weighs_as_much_as_an_error() {
        let weigh = |text: &str| text.bytes().map(weight).sum::<u32>();
        assert_eq!(weigh("record"), weigh("error"));
        assert_ne!(weigh("record"), weigh("fixed"));
    }

    fn content(text: &str, references: usize) -> Content {
        let reference = Reference { name: "N".into(), subject: "s".into(), version: 1 };
        Content::new(Default::default(), text.into(), vec![reference; references], None, None)
    }

    /// Long or short, replaced or removed: the same versions come into question.
    #[test]
    fn candidates_of_short_and_long_histories() {
        let text = |number: i32| format!("{:?}", "ab".repeat((number % 7) as usize));
        for length in [5, 60, 200] {
            let mut history = History::default();
            for number in 1..=length {
                let content = content(&text(number), usize::from(number % 5 == 0));
                history.put(1, Version::new(number, number, false, 0, Arc::new(content)));
            }
            for number in (1..length).step_by(3) {
                history.remove(2, number);
            }
            let replaced = Arc::new(content("replaced", 0));
            history.put(3, Version::new(2, 2, false, 0, replaced));
            assert_eq!(history.by_shape.len(), if length > 64 { history.len() } else { 0 });
            for asked in [content(&text(3), 0), content(&text(3), 1), content("replaced", 0)] {
                let shape = Version::shape_of(&asked);
                let plain = history.all().rev().filter(|v| {
                    v.shape == shape || (asked.references.is_empty() && !v.content.references.is_empty())
                });
                let found: Vec<i32> = history.candidates(&asked).iter().map(|v| v.version).collect();
                assert_eq!(found, plain.map(|v| v.version).collect::<Vec<_>>(), "{length}");
            }
        }
    }
}
