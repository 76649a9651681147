//! What can be asked of the registry that changes it.

use super::record::Record;
use super::rejection::Rejection;
use super::state::State;

/// A wanted change. It is decided against a state, without effects: the engine decides again whenever the state has
/// moved on before the records could be appended.
pub trait Command: Send + 'static {
    /// What the asker gets once the records are durable.
    type Outcome: Send + 'static;

    /// Judges the change: the records to append (perhaps none), or why not.
    ///
    /// `now` is the time in milliseconds since 1970 that the records will carry.
    fn decide(&self, state: &State, now: i64) -> Result<Decision<Self::Outcome>, Rejection>;
}

/// What is to be written, and what to answer then.
#[derive(Debug)]
pub struct Decision<T> {
    /// In order; appended as one.
    pub records: Vec<Record>,
    /// The answer.
    pub outcome: T,
}

impl<T> Decision<T> {
    /// Nothing to write.
    pub fn unchanged(outcome: T) -> Self {
        Self { records: Vec::new(), outcome }
    }
}
