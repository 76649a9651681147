//! A sorted map that is small most of the time and cheap to clone always.

use imbl::OrdMap;

/// How many entries are kept side by side. Beyond that the map becomes a persistent tree, whose clones share.
///
/// Nearly all subjects have a few versions and nearly all ids one holder: a tree for each would cost a kilobyte.
const FEW: usize = 16;

/// A sorted map for few entries that does not mind many.
#[derive(Debug, Clone)]
pub struct SmallMap<K: Ord, V>(Entries<K, V>);

#[derive(Debug, Clone)]
enum Entries<K: Ord, V> {
    Few(Vec<(K, V)>),
    Many(OrdMap<K, V>),
}

impl<K: Ord, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self(Entries::Few(Vec::new()))
    }
}

impl<K: Ord + Clone, V: Clone> SmallMap<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Few(list) => list.len(),
            Entries::Many(tree) => tree.len(),
        }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        match &self.0 {
            Entries::Few(list) => {
                list.binary_search_by(|(k, _)| k.cmp(key)).ok().and_then(|at| list.get(at)).map(|(_, v)| v)
            }
            Entries::Many(tree) => tree.get(key),
        }
    }

    /// The value of a key, to be changed in place.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        match &mut self.0 {
            Entries::Few(list) => match list.binary_search_by(|(k, _)| k.cmp(key)) {
                Ok(at) => list.get_mut(at).map(|(_, v)| v),
                Err(_) => None,
            },
            Entries::Many(tree) => tree.get_mut(key),
        }
    }

    /// Puts a value under a key, and returns the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match &mut self.0 {
            Entries::Many(tree) => return tree.insert(key, value),
            Entries::Few(list) => match list.binary_search_by(|(k, _)| k.cmp(&key)) {
                Ok(at) => return Some(std::mem::replace(&mut list[at].1, value)),
                Err(at) if list.len() < FEW => {
                    if list.len() == list.capacity() {
                        list.reserve_exact(if list.len() < 4 { 1 } else { 4 });
                    }
                    list.insert(at, (key, value));
                    return None;
                }
                Err(_) => {}
            },
        }
        let mut tree: OrdMap<K, V> = self.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        tree.insert(key, value);
        self.0 = Entries::Many(tree);
        None
    }

    /// Takes a key out, and returns its value.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        match &mut self.0 {
            Entries::Few(list) => match list.binary_search_by(|(k, _)| k.cmp(key)) {
                Ok(at) => Some(list.remove(at).1),
                Err(_) => None,
            },
            Entries::Many(tree) => tree.remove(key),
        }
    }

    /// The entries by ascending key, and from the other end by descending key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let (list, tree) = match &self.0 {
            Entries::Few(list) => (Some(list), None),
            Entries::Many(tree) => (None, Some(tree)),
        };
        let few = list.into_iter().flat_map(|l| l.iter().map(|(k, v)| (k, v)));
        few.chain(tree.into_iter().flat_map(OrdMap::iter))
    }

    /// The entries whose keys are not beyond a bound, by descending key.
    pub fn down_from<'a>(&'a self, bound: &'a K) -> impl Iterator<Item = (&'a K, &'a V)> {
        let (list, tree) = match &self.0 {
            Entries::Few(list) => (Some(list), None),
            Entries::Many(tree) => (None, Some(tree)),
        };
        let few = list.into_iter().flat_map(|l| l.iter().rev().map(|(k, v)| (k, v)));
        let many = tree.into_iter().flat_map(move |t| t.range::<_, K>(..=bound).rev());
        few.skip_while(move |(k, _)| *k > bound).chain(many)
    }

    /// The entry with the greatest key.
    pub fn last(&self) -> Option<(&K, &V)> {
        match &self.0 {
            Entries::Few(list) => list.last().map(|(k, v)| (k, v)),
            Entries::Many(tree) => tree.get_max().map(|(k, v)| (k, v)),
        }
    }

    /// The entry with the smallest key.
    pub fn first(&self) -> Option<(&K, &V)> {
        match &self.0 {
            Entries::Few(list) => list.first().map(|(k, v)| (k, v)),
            Entries::Many(tree) => tree.get_min().map(|(k, v)| (k, v)),
        }
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> PartialEq for SmallMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn behaves_as_a_map(steps in proptest::collection::vec((0u8..40, proptest::option::of(any::<u16>())), 0..200)) {
            let mut map = SmallMap::default();
            let mut model = BTreeMap::new();
            for (key, value) in steps {
                match value {
                    Some(v) => prop_assert_eq!(map.insert(key, v), model.insert(key, v)),
                    None => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                }
                prop_assert_eq!(map.get(&key), model.get(&key));
                prop_assert!(map.iter().eq(model.iter()));
                prop_assert!(map.iter().rev().eq(model.iter().rev()));
                prop_assert!(map.down_from(&20).eq(model.range(..=20).rev()));
                prop_assert_eq!(map.last(), model.last_key_value());
                prop_assert_eq!(map.first(), model.first_key_value());
            }
        }
    }
}
