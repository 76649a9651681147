//! The state that the log amounts to.

use ottla_formats::compatibility::Level;

use super::record::Record;

/// What applies where nothing is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// The compatibility level.
    pub compatibility: Level,
    /// May modes be changed?
    pub mode_mutability: bool,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { compatibility: Level::Backward, mode_mutability: true }
    }
}

/// Everything that the registry knows. Cheap to clone: clones share what has not changed since.
#[derive(Debug, Clone)]
pub struct State {
    defaults: Defaults,
    head: u64,
}

impl State {
    /// The state of an empty log.
    pub fn new(defaults: Defaults) -> Self {
        Self { defaults, head: 0 }
    }

    /// The position of the last record that was applied; 0 before the first.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// What applies where nothing is configured.
    pub fn defaults(&self) -> Defaults {
        self.defaults
    }

    /// Takes in the record at a position of the log. Never fails: a record that makes no sense changes nothing.
    pub fn apply(&mut self, seq: u64, _written_at: i64, _record: &Record) {
        self.head = seq;
    }
}
