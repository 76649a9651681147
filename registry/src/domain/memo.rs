//! Parsed schemas, kept for a while.

use std::sync::Arc;

use ottla_formats::ParsedSchema;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How much schema text the memo answers for, in bytes. A parsed schema takes several times the room of its text.
const CAPACITY: u64 = 4 << 20;

/// Remembers what stored texts parse to. It speeds up and changes nothing: all states share one.
#[derive(Clone)]
pub struct Memo(Arc<Cache<[u8; 16], Arc<ParsedSchema>, ByText>>);

#[derive(Clone)]
struct ByText;

impl Weighter<[u8; 16], Arc<ParsedSchema>> for ByText {
    fn weight(&self, _key: &[u8; 16], schema: &Arc<ParsedSchema>) -> u64 {
        64 + schema.weight() as u64
    }
}

impl Memo {
    /// What is remembered under the hash of a text and all that it refers to.
    pub fn get(&self, key: &[u8; 16]) -> Option<Arc<ParsedSchema>> {
        self.0.get(key)
    }

    /// Remembers.
    pub fn put(&self, key: [u8; 16], schema: Arc<ParsedSchema>) {
        self.0.insert(key, schema);
    }
}

impl Default for Memo {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(1024, CAPACITY, ByText)))
    }
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memo({} schemas)", self.0.len())
    }
}

/// What is remembered is no part of a state.
impl PartialEq for Memo {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
