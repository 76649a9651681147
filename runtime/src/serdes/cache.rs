//! What is known of schemas, read without any lock.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use crate::framing::SchemaRef;

/// Holds so many entries, and so much weight, at most, but always the newest one.
///
/// Entries that were not asked for since they were last passed over go first. To add one, all that is known is copied:
/// that happens once for each schema, and makes reading cheap.
#[derive(Debug)]
pub(super) struct Cache<V> {
    table: ArcSwap<Table<V>>,
    order: Mutex<Order>,
    most: usize,
    heaviest: usize,
}

pub(super) type Table<V> = HashMap<SchemaRef, Arc<Slot<V>>, BuildHasherDefault<Mix>>;

#[derive(Debug)]
pub(super) struct Slot<V> {
    pub(super) value: V,
    weight: usize,
    is_used: AtomicBool,
}

/// Keys in the order in which they are passed over, and how much all of them weigh.
#[derive(Debug, Default)]
struct Order {
    keys: VecDeque<SchemaRef>,
    weight: usize,
}

impl<V> Slot<V> {
    /// Somebody asked for it.
    #[inline]
    pub(super) fn touch(&self) {
        // Most often it is set already, and nothing has to be written to memory that threads share.
        if !self.is_used.load(Ordering::Relaxed) {
            self.is_used.store(true, Ordering::Relaxed);
        }
    }
}

impl<V> Cache<V> {
    /// For so many entries and so much weight.
    pub(super) fn new(most: usize, heaviest: usize) -> Self {
        Self { table: ArcSwap::default(), order: Mutex::default(), most: most.max(1), heaviest }
    }

    /// All that is known.
    #[inline]
    pub(super) fn load(&self) -> Guard<Arc<Table<V>>> {
        self.table.load()
    }

    /// What is known under a key.
    pub(super) fn get(&self, key: SchemaRef) -> Option<Arc<Slot<V>>> {
        let slot = self.load().get(&key).cloned()?;
        slot.touch();
        Some(slot)
    }

    /// Holds a value, and lets others go for it.
    pub(super) fn insert(&self, key: SchemaRef, value: V, weight: usize) -> Arc<Slot<V>> {
        let slot = Arc::new(Slot { value, weight, is_used: AtomicBool::new(false) });
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = Table::clone(&self.load());
        match table.insert(key, slot.clone()) {
            Some(old) => order.weight -= old.weight,
            None => order.keys.push_back(key),
        }
        order.weight += weight;
        let mut patience = 2 * table.len();
        while table.len() > 1 && (table.len() > self.most || order.weight > self.heaviest) {
            order.pass_over(&mut table, key, patience > 0);
            patience = patience.saturating_sub(1);
        }
        self.table.store(Arc::new(table));
        slot
    }
}

impl Order {
    /// Lets the next one go, unless it was used since, or is the newest. Others may use entries meanwhile: `spares` ends that.
    fn pass_over<V>(&mut self, table: &mut Table<V>, newest: SchemaRef, spares: bool) {
        let Some(key) = self.keys.pop_front() else { return };
        let is_used = |slot: &Arc<Slot<V>>| spares && slot.is_used.swap(false, Ordering::Relaxed);
        if key == newest || table.get(&key).is_some_and(is_used) {
            self.keys.push_back(key);
        } else if let Some(slot) = table.remove(&key) {
            self.weight -= slot.weight;
        }
    }
}

/// A hash for keys that a registry gives out.
#[derive(Debug, Default)]
pub(super) struct Mix(u64);

impl Mix {
    #[inline]
    fn add(&mut self, n: u64) {
        // An odd number with as many ones as zeros: 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mix {
    #[inline]
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(eight));
        }
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.add(n.into());
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.add(n as u64);
    }

    #[inline]
    fn write_isize(&mut self, n: isize) {
        self.add(n as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;
    use crate::framing::SchemaRef;

    fn held(cache: &Cache<u32>) -> String {
        let table = cache.load();
        let order = cache.order.lock().unwrap();
        assert_eq!(order.keys.len(), table.len());
        assert_eq!(order.weight, table.values().map(|slot| slot.weight).sum::<usize>());
        let mut held: Vec<u32> = table.values().map(|slot| slot.value).collect();
        held.sort_unstable();
        held.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn add(cache: &Cache<u32>, id: u32, weight: usize) -> String {
        cache.insert(SchemaRef::Id(id), id, weight);
        held(cache)
    }

    fn ask(cache: &Cache<u32>, id: u32) -> Option<u32> {
        cache.get(SchemaRef::Id(id)).map(|slot| slot.value)
    }

    #[test]
    fn forgets_what_nobody_asked_for() {
        let cache = Cache::new(3, 100);
        for id in 1..=3 {
            add(&cache, id, 1);
        }
        assert_eq!(ask(&cache, 1), Some(1));
        assert_eq!(add(&cache, 4, 1), "1 3 4");
        assert_eq!(ask(&cache, 2), None);
        assert_eq!(ask(&cache, 3), Some(3));
        assert_eq!(add(&cache, 5, 1), "1 3 5", "4 was never asked for");
        assert_eq!(add(&cache, 5, 2), "1 3 5", "once more");
    }

    #[test]
    fn forgets_what_is_too_heavy_but_for_the_newest() {
        let cache = Cache::new(100, 10);
        assert_eq!(add(&cache, 1, 5), "1");
        assert_eq!(add(&cache, 2, 5), "1 2");
        assert_eq!(add(&cache, 3, 1), "2 3");
        assert_eq!(add(&cache, 4, 11), "4");
        assert_eq!(add(&cache, 5, 1), "5");
    }

    #[test]
    fn all_in_use() {
        let cache = Cache::new(2, 100);
        add(&cache, 1, 1);
        add(&cache, 2, 1);
        assert_eq!((ask(&cache, 1), ask(&cache, 2)), (Some(1), Some(2)));
        assert_eq!(add(&cache, 3, 1), "2 3");
    }
}
