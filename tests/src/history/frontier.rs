//! What may be the case at one moment: states, each with what must have taken place for it.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A state that is hashed once.
#[derive(Debug)]
pub(super) struct Hashed<S> {
    pub(super) state: S,
    hash: u64,
}

impl<S: Hash> Hashed<S> {
    pub(super) fn new(state: S) -> Arc<Self> {
        let mut hasher = DefaultHasher::new();
        state.hash(&mut hasher);
        Arc::new(Self { state, hash: hasher.finish() })
    }
}

impl<S: PartialEq> PartialEq for Hashed<S> {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.state == other.state
    }
}

impl<S: Eq> Eq for Hashed<S> {}

impl<S> Hash for Hashed<S> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.hash);
    }
}

/// One thing that may be the case.
#[derive(Debug, PartialEq)]
pub(super) struct Case<S> {
    pub(super) state: Arc<Hashed<S>>,
    /// Which of the requests under way have taken place: a bit for each place.
    pub(super) done: u64,
    /// How many requests of each kind that never was answered have taken place: kind and number, by kind.
    pub(super) spent: Vec<(u32, u32)>,
}

impl<S> Clone for Case<S> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), done: self.done, spent: self.spent.clone() }
    }
}

impl<S> Case<S> {
    pub(super) fn has_done(&self, place: usize) -> bool {
        self.done & (1 << place) != 0
    }

    /// The answer has arrived: the place is free for another request.
    pub(super) fn without(mut self, place: usize) -> Self {
        self.done &= !(1 << place);
        self
    }

    pub(super) fn spent_of(&self, kind: u32) -> u32 {
        self.spent.binary_search_by_key(&kind, |(k, _)| *k).map_or(0, |at| self.spent[at].1)
    }

    pub(super) fn spend(&mut self, kind: u32) {
        match self.spent.binary_search_by_key(&kind, |(k, _)| *k) {
            Ok(at) => self.spent[at].1 += 1,
            Err(at) => self.spent.insert(at, (kind, 1)),
        }
    }
}

/// Does one need nothing that the other does not? What the first leaves in doubt may still take place, or never.
fn needs_no_more(one: &[(u32, u32)], other: &[(u32, u32)]) -> bool {
    let mut others = other.iter();
    one.iter().all(|(kind, count)| others.find(|(k, _)| k == kind).is_some_and(|(_, c)| count <= c))
}

type Key<S> = (Arc<Hashed<S>>, u64);

/// Cases without those that another makes superfluous: with the same state, and less that must have taken place.
#[derive(Debug)]
pub(super) struct Frontier<S> {
    cases: HashMap<Key<S>, Vec<Vec<(u32, u32)>>>,
}

impl<S> Default for Frontier<S> {
    fn default() -> Self {
        Self { cases: HashMap::new() }
    }
}

impl<S: Eq> Frontier<S> {
    /// Adds a case, unless it is superfluous.
    pub(super) fn insert(&mut self, case: Case<S>) -> bool {
        let known = self.cases.entry((case.state, case.done)).or_default();
        if known.iter().any(|spent| needs_no_more(spent, &case.spent)) {
            return false;
        }
        known.retain(|spent| !needs_no_more(&case.spent, spent));
        known.push(case.spent);
        true
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &S> {
        self.cases.keys().map(|(state, _)| &state.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(frontier: &Frontier<u32>) -> usize {
        frontier.cases.values().map(Vec::len).sum()
    }

    fn case(state: u32, done: u64, spent: &[(u32, u32)]) -> Case<u32> {
        Case { state: Hashed::new(state), done, spent: spent.to_vec() }
    }

    #[test]
    fn superfluous_cases_go() {
        let mut frontier = Frontier::default();
        assert!(frontier.insert(case(1, 0, &[(1, 1), (3, 2)])));
        assert!(!frontier.insert(case(1, 0, &[(1, 1), (3, 2)])));
        assert!(!frontier.insert(case(1, 0, &[(1, 1), (2, 1), (3, 2)])));
        assert!(frontier.insert(case(1, 1, &[(1, 1), (3, 2)])));
        assert!(frontier.insert(case(2, 0, &[(1, 1), (3, 2)])));
        assert!(frontier.insert(case(1, 0, &[(2, 1)])));
        assert_eq!(count(&frontier), 4);
        assert!(frontier.insert(case(1, 0, &[(3, 1)])));
        assert_eq!(count(&frontier), 4);
        assert!(frontier.insert(case(1, 0, &[])));
        assert_eq!(count(&frontier), 3);
    }

    #[test]
    fn spending_counts() {
        let mut case = case(1, 0b10, &[]);
        for kind in [7, 3, 7] {
            case.spend(kind);
        }
        assert_eq!(case.spent, [(3, 1), (7, 2)]);
        assert_eq!((case.spent_of(7), case.spent_of(4)), (2, 0));
        assert_eq!((case.has_done(1), case.has_done(0)), (true, false));
    }
}
