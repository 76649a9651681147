//! Is what clients were told possible, had their requests taken place one after the other?
//!
//! Requests that overlap may have taken place in any order, and one whose answer was lost at any time after it was
//! sent, or never. A history is linearizable if there is an order that explains every answer, in which each request
//! takes place between its question and its answer.
//!
//! ```text
//! history.rs             what happened, and recording it from many threads
//! history/check.rs       what is checked, against which model
//! history/stage.rs       a history, cut at its answers
//! history/search.rs      the search for an order
//! history/frontier.rs    what may be the case at one moment of the history
//! history/registry.rs    what a registry answers if requests come one after the other
//! history/facts.rs       what a history says about ids that can only be so
//! history/workload.rs    requests at random
//! ```

pub mod check;
pub mod facts;
mod frontier;
pub mod registry;
mod search;
#[cfg(test)]
mod simulation;
mod stage;
#[cfg(test)]
mod tests;
pub mod workload;

use std::sync::{Mutex, PoisonError};

/// Something that happened, as seen by the clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<O, A> {
    /// A client is about to send the request of this number.
    Asked(usize, O),
    /// The answer to it has arrived. Where none ever does, the request is in doubt.
    Answered(usize, A),
}

/// What happened, in order.
pub type History<O, A> = Vec<Event<O, A>>;

/// Writes down what many threads do.
#[derive(Debug)]
pub struct Recorder<O, A> {
    taken: Mutex<Taken<O, A>>,
}

#[derive(Debug)]
struct Taken<O, A> {
    events: History<O, A>,
    next: usize,
}

impl<O, A> Default for Recorder<O, A> {
    fn default() -> Self {
        Self { taken: Mutex::new(Taken { events: Vec::new(), next: 0 }) }
    }
}

impl<O, A> Recorder<O, A> {
    /// To be called before the request is sent. Gives its number.
    pub fn asked(&self, operation: O) -> usize {
        let mut taken = self.lock();
        let number = taken.next;
        taken.next += 1;
        taken.events.push(Event::Asked(number, operation));
        number
    }

    /// To be called after the answer has arrived.
    pub fn answered(&self, number: usize, answer: A) {
        self.lock().events.push(Event::Answered(number, answer));
    }

    /// The request did not take place, and will not.
    pub fn withdraw(&self, number: usize) {
        let asked = |event: &Event<O, A>| matches!(event, Event::Asked(n, _) if *n == number);
        let mut taken = self.lock();
        if let Some(at) = taken.events.iter().rposition(asked) {
            taken.events.remove(at);
        }
    }

    /// What was written down.
    pub fn into_history(self) -> History<O, A> {
        self.taken.into_inner().unwrap_or_else(PoisonError::into_inner).events
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken<O, A>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
