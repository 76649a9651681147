//! What is known about pairs of types that were met before.

use std::collections::HashMap;

use super::TypeId;

/// So many pairs are found faster by looking at each than by hashing.
const SCANNED: usize = 16;

/// A reader's and a writer's type.
type Pair = (TypeId, TypeId);

/// A table from pairs of types to values.
#[derive(Debug)]
pub(super) struct Memo<T> {
    few: Vec<(Pair, T)>,
    /// Empty while there are few, then all.
    ///
    /// The keys follow from schemas that strangers send, so the hash is the randomly keyed one of `std`.
    many: HashMap<Pair, T>,
}

impl<T> Memo<T> {
    pub(super) fn new() -> Self {
        Self { few: Vec::new(), many: HashMap::new() }
    }

    /// What is known about a pair.
    pub(super) fn get(&self, reader: TypeId, writer: TypeId) -> Option<&T> {
        let pair = (reader, writer);
        if self.many.is_empty() {
            self.few.iter().find(|(known, _)| *known == pair).map(|(_, value)| value)
        } else {
            self.many.get(&pair)
        }
    }

    /// Adds a pair that is not known yet.
    pub(super) fn insert(&mut self, reader: TypeId, writer: TypeId, value: T) {
        self.few.push(((reader, writer), value));
        if self.few.len() > SCANNED || !self.many.is_empty() {
            self.many.extend(self.few.drain(..));
        }
    }

    /// Changes what is known about a pair.
    pub(super) fn set(&mut self, reader: TypeId, writer: TypeId, value: T) {
        let pair = (reader, writer);
        let known = if self.many.is_empty() {
            self.few.iter_mut().find(|(known, _)| *known == pair).map(|(_, value)| value)
        } else {
            self.many.get_mut(&pair)
        };
        if let Some(known) = known {
            *known = value;
        }
    }
}
