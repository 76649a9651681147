//! Arrays and maps (Avro specification, "Arrays", "Maps"): blocks of items.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::At;
use super::fault::Fault;
use super::reader::Reader;

/// So many bytes of items get room at once. More items get theirs as they come.
const ROOM: usize = 1 << 20;

impl<'a> Reader<'a> {
    /// The count of the next block, or `None` at the end. `min`: the fewest bytes that an item takes in the message;
    /// `size`: how many it takes in memory.
    #[inline]
    pub(super) fn block(&mut self, min: usize, size: usize) -> Result<Option<usize>, Fault> {
        let before = self.rest;
        let count = self.long()?;
        if count == 0 {
            return Ok(None);
        }
        match self.count(count, min, size) {
            Ok(count) => Ok(Some(count)),
            Err(fault) => self.back(before, fault),
        }
    }

    fn count(&mut self, count: i64, min: usize, size: usize) -> Result<usize, Fault> {
        // A negative count is followed by the size of the block, for those who pass over it. As in Java, who reads the items
        // does not ask whether they took as many bytes.
        if count < 0 && self.length()? > self.rest.len() {
            return Err(Fault::End);
        }
        let count = i64::checked_abs(count).ok_or(Fault::Negative)?;
        let count = usize::try_from(count).map_err(|_| Fault::Memory)?;
        if count.checked_mul(min).is_none_or(|bytes| bytes > self.rest.len()) {
            return Err(Fault::End);
        }
        let bytes = count.checked_mul(size.max(1)).ok_or(Fault::Memory)?;
        self.memory = self.memory.checked_sub(bytes).ok_or(Fault::Memory)?;
        Ok(count)
    }

    /// An `array`. `min`: the fewest bytes that an item takes if it was written as the reader's own.
    #[inline]
    pub fn array_at<T, E: From<Fault>>(
        &mut self,
        at: At,
        min: usize,
        mut item: impl FnMut(&mut Self, At) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let at = self.items_at(at)?;
        let min = if at.is_direct() { min } else { 0 };
        let mut items = Vec::new();
        while let Some(count) = self.block(min, size_of::<T>())? {
            items.reserve(count.min(ROOM / size_of::<T>().max(1)));
            for _ in 0..count {
                items.push(item(self, at)?);
            }
        }
        Ok(items)
    }

    /// A `map`. `min`: the fewest bytes that a value takes if it was written as the reader's own. Of a key that comes twice, the
    /// last value counts, as in Java.
    #[inline]
    pub fn map_at<M: Entries<'a>, E: From<Fault>>(
        &mut self,
        at: At,
        min: usize,
        mut value: impl FnMut(&mut Self, At) -> Result<M::Value, E>,
    ) -> Result<M, E> {
        let at = self.items_at(at)?;
        let min = if at.is_direct() { min } else { 0 };
        let mut entries = M::empty();
        while let Some(count) = self.block(min.saturating_add(1), M::ENTRY)? {
            entries.reserve(count.min(ROOM / M::ENTRY));
            for _ in 0..count {
                let key = self.str()?;
                entries.put(key, value(self, at)?);
            }
        }
        Ok(entries)
    }
}

/// Puts a value into a box, which counts as memory: in a tree there are as many as items.
#[doc(hidden)]
#[inline]
pub fn boxed<T, E: From<Fault>>(value: Result<T, E>, from: &mut Reader<'_>) -> Result<Box<T>, E> {
    let value = value?;
    from.memory = from.memory.checked_sub(size_of::<T>()).ok_or(Fault::Memory)?;
    Ok(Box::new(value))
}

/// What a map can be read into.
pub trait Entries<'a> {
    /// The values.
    type Value;
    /// How many bytes an entry takes; never 0.
    const ENTRY: usize;
    /// No entries.
    fn empty() -> Self;
    /// Makes room.
    fn reserve(&mut self, additional: usize);
    /// Adds an entry.
    fn put(&mut self, key: &'a str, value: Self::Value);
}

impl<V, S: BuildHasher + Default> Entries<'_> for HashMap<String, V, S> {
    type Value = V;
    const ENTRY: usize = size_of::<(String, V)>();

    fn empty() -> Self {
        Self::default()
    }

    fn reserve(&mut self, additional: usize) {
        HashMap::reserve(self, additional);
    }

    #[inline]
    fn put(&mut self, key: &str, value: V) {
        self.insert(key.to_owned(), value);
    }
}

impl<V> Entries<'_> for BTreeMap<String, V> {
    type Value = V;
    const ENTRY: usize = size_of::<(String, V)>();

    fn empty() -> Self {
        Self::new()
    }

    fn reserve(&mut self, _additional: usize) {}

    #[inline]
    fn put(&mut self, key: &str, value: V) {
        self.insert(key.to_owned(), value);
    }
}

/// Borrowed maps keep the order, and all entries: who looks for a key takes the last.
impl<'a, V> Entries<'a> for Vec<(&'a str, V)> {
    type Value = V;
    const ENTRY: usize = size_of::<(&str, V)>();

    fn empty() -> Self {
        Self::new()
    }

    fn reserve(&mut self, additional: usize) {
        Vec::reserve(self, additional);
    }

    #[inline]
    fn put(&mut self, key: &'a str, value: V) {
        self.push((key, value));
    }
}
