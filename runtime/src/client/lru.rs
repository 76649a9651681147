//! A map that forgets what was not asked for longest.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// Holds so many entries, and so much weight, at most.
#[derive(Debug)]
pub(super) struct Lru<K, V> {
    entries: HashMap<K, Slot<V>>,
    /// Keys by when they were last asked for.
    order: BTreeMap<u64, K>,
    clock: u64,
    weight: usize,
    most: usize,
    heaviest: usize,
}

#[derive(Debug)]
struct Slot<V> {
    value: V,
    weight: usize,
    used: u64,
}

impl<K: Hash + Eq + Clone, V> Lru<K, V> {
    /// For so many entries and so much weight.
    pub(super) fn new(most: usize, heaviest: usize) -> Self {
        Self { entries: HashMap::new(), order: BTreeMap::new(), clock: 0, weight: 0, most, heaviest }
    }

    /// What is held under a key.
    pub(super) fn get(&mut self, key: &K) -> Option<&V> {
        let slot = self.entries.get_mut(key)?;
        self.clock += 1;
        if let Some(key) = self.order.remove(&slot.used) {
            self.order.insert(self.clock, key);
        }
        slot.used = self.clock;
        Some(&slot.value)
    }

    /// Holds a value, and lets others go for it. What is too heavy alone is not held.
    pub(super) fn insert(&mut self, key: K, value: V, weight: usize) {
        self.remove(&key);
        if weight > self.heaviest || self.most == 0 {
            return;
        }
        self.clock += 1;
        self.weight += weight;
        self.order.insert(self.clock, key.clone());
        self.entries.insert(key, Slot { value, weight, used: self.clock });
        while self.weight > self.heaviest || self.entries.len() > self.most {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            self.drop_slot(&oldest);
        }
    }

    /// Lets a value go.
    pub(super) fn remove(&mut self, key: &K) {
        if let Some(used) = self.drop_slot(key) {
            self.order.remove(&used);
        }
    }

    /// Lets values go.
    pub(super) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        let gone: Vec<K> =
            self.entries.iter().filter(|(_, s)| !keep(&s.value)).map(|(k, _)| k.clone()).collect();
        for key in gone {
            self.remove(&key);
        }
    }

    fn drop_slot(&mut self, key: &K) -> Option<u64> {
        let slot = self.entries.remove(key)?;
        self.weight -= slot.weight;
        Some(slot.used)
    }
}

#[cfg(test)]
mod tests {
    use super::Lru;

    fn held(lru: &Lru<u8, char>) -> String {
        let mut held: Vec<u8> = lru.entries.keys().copied().collect();
        held.sort_unstable();
        assert_eq!(lru.order.len(), lru.entries.len());
        assert_eq!(lru.weight, lru.entries.values().map(|s| s.weight).sum::<usize>());
        held.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn forgets_what_was_not_asked_for_longest() {
        let mut lru = Lru::new(3, 10);
        for key in 1..=3 {
            lru.insert(key, 'a', 1);
        }
        assert_eq!(lru.get(&1), Some(&'a'));
        lru.insert(4, 'b', 1);
        assert_eq!(held(&lru), "1 3 4");
        lru.insert(5, 'c', 9);
        assert_eq!(held(&lru), "4 5");
        lru.insert(6, 'd', 11);
        assert_eq!(held(&lru), "4 5", "too heavy alone");
        lru.insert(4, 'e', 10);
        assert_eq!(held(&lru), "4", "another value under the same key");
        lru.insert(5, 'f', 0);
        lru.retain(|value| *value != 'e');
        assert_eq!(held(&lru), "5");
        lru.remove(&5);
        assert_eq!(held(&lru), "");
    }

    #[test]
    fn holds_nothing_if_nothing_may_be_held() {
        let mut lru = Lru::new(0, 10);
        lru.insert(1, 'a', 0);
        assert_eq!(lru.get(&1), None);
    }
}
