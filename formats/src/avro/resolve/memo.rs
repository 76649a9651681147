//! What is known about pairs of types that were met before.

use std::collections::HashMap;

use super::TypeId;

/// So many pairs are found faster by looking at each than by hashing.
const SCANNED: usize = 16;

/// A table from pairs of reader and writer types to values.
#[derive(Debug)]
pub(super) struct Memo<T> {
    entries: Vec<((TypeId, TypeId), T)>,
    /// Positions in `entries`; empty while there are few.
    ///
    /// The keys follow from schemas that strangers send, so the hash is the randomly keyed one of `std`.
    index: HashMap<(TypeId, TypeId), usize>,
}

impl<T> Memo<T> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), index: HashMap::new() }
    }

    /// What is known about a pair.
    pub(super) fn get(&self, reader: TypeId, writer: TypeId) -> Option<&T> {
        let key = (reader, writer);
        let at = if self.entries.len() <= SCANNED {
            self.entries.iter().position(|(k, _)| *k == key)?
        } else {
            *self.index.get(&key)?
        };
        Some(&self.entries[at].1)
    }

    /// Adds a pair that is not known yet; the answer is its slot.
    pub(super) fn insert(&mut self, reader: TypeId, writer: TypeId, value: T) -> usize {
        let slot = self.entries.len();
        self.entries.push(((reader, writer), value));
        if slot == SCANNED {
            self.index.extend(self.entries.iter().enumerate().map(|(at, (key, _))| (*key, at)));
        } else if slot > SCANNED {
            self.index.insert((reader, writer), slot);
        }
        slot
    }

    /// Changes what is known about the pair of a slot.
    pub(super) fn set(&mut self, slot: usize, value: T) {
        self.entries[slot].1 = value;
    }
}
