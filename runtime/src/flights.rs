//! What is being asked for, so that many who want the same ask once.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{Shared, WeakShared};

type Answer<V> = Pin<Box<dyn Future<Output = V> + Send>>;

/// Questions without an answer yet. If who asked first goes away, the others carry on with the same question.
#[derive(Debug)]
pub(crate) struct Flights<K, V>(Mutex<State<K, V>>)
where
    V: Clone;

#[derive(Debug)]
struct State<K, V: Clone> {
    /// Only those who wait keep a flight alive.
    open: HashMap<K, (u64, WeakShared<Answer<V>>)>,
    /// Counts flights, so that one is never taken for another.
    flown: u64,
}

/// Takes a flight from the list when it ends, also if nobody waits for it any more.
struct Landing<K: Hash + Eq, V: Clone> {
    flights: Arc<Flights<K, V>>,
    key: K,
    number: u64,
}

impl<K, V> Flights<K, V>
where
    K: Hash + Eq + Clone + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { open: HashMap::new(), flown: 0 })))
    }

    /// What is known by now, else the answer to the question that is under way, else to the one that is asked now. `ask` has to
    /// make the answer known before it ends.
    pub(crate) async fn ask<F>(
        self: &Arc<Self>,
        key: K,
        known: impl FnOnce() -> Option<V>,
        ask: impl FnOnce() -> F,
    ) -> V
    where
        F: Future<Output = V> + Send + 'static,
    {
        match self.join(key, known, ask) {
            Ok(known) => known,
            Err(flight) => flight.await,
        }
    }

    fn join<F>(
        self: &Arc<Self>,
        key: K,
        known: impl FnOnce() -> Option<V>,
        ask: impl FnOnce() -> F,
    ) -> Result<V, Shared<Answer<V>>>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut state = self.lock();
        // A flight that is not on the list any more may have landed since its answer was looked for.
        if let Some(known) = known() {
            return Ok(known);
        }
        if let Some(flight) = state.open.get(&key).and_then(|(_, flight)| flight.upgrade()) {
            return Err(flight);
        }
        state.flown += 1;
        let landing = Landing { flights: self.clone(), key: key.clone(), number: state.flown };
        let answer = ask();
        let flight: Answer<V> = Box::pin(async move {
            let _landing = landing;
            answer.await
        });
        let flight = flight.shared();
        // A flight that was only begun can be had as a weak one.
        if let Some(weak) = flight.downgrade() {
            let number = state.flown;
            state.open.insert(key, (number, weak));
        }
        Err(flight)
    }
}

impl<K, V: Clone> Flights<K, V> {
    /// Is nothing asked for?
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().open.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq, V: Clone> Drop for Landing<K, V> {
    fn drop(&mut self) {
        let mut state = self.flights.lock();
        if state.open.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            state.open.remove(&self.key);
        }
    }
}
