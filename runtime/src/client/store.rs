//! What was fetched, and is being fetched.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{Shared, WeakShared};
use tokio::time::Instant;

use super::error::Error;
use super::lru::Lru;
use super::transport::BoxFuture;

type Fetched<V> = Result<Arc<V>, Error>;

/// Values by key. Who asks for a key that is being fetched gets what the first one gets; if the first one goes away, the
/// others carry on with the same request.
pub(super) struct Store<K, V> {
    state: Mutex<State<K, V>>,
    /// How long a value is kept; without a limit: as long as there is room.
    found_ttl: Option<Duration>,
    missing_ttl: Duration,
}

struct State<K, V> {
    kept: Lru<K, Kept<V>>,
    flights: HashMap<K, Flight<V>>,
    /// Counts flights, so that one is never taken for another.
    flown: u64,
    /// Counts how often all that is missing was forgotten.
    forgotten: u64,
}

struct Kept<V> {
    result: Fetched<V>,
    until: Option<Instant>,
}

struct Flight<V> {
    number: u64,
    forgotten: u64,
    /// Only those who wait keep it alive.
    result: WeakShared<BoxFuture<'static, Fetched<V>>>,
}

enum Found<V> {
    Kept(Fetched<V>),
    Flight(Shared<BoxFuture<'static, Fetched<V>>>),
}

/// Takes a flight from the list when it ends, also if nobody waits for it any more.
struct Landing<K: Hash + Eq + Clone, V> {
    store: Arc<Store<K, V>>,
    key: K,
    number: u64,
}

impl<K, V> Store<K, V>
where
    K: Hash + Eq + Clone + Send + 'static,
    V: Send + Sync + 'static,
{
    /// For so many values and so many bytes.
    pub(super) fn new(
        most: usize,
        heaviest: usize,
        found_ttl: Option<Duration>,
        missing_ttl: Duration,
    ) -> Arc<Self> {
        let kept = Lru::new(most, heaviest);
        let state = State { kept, flights: HashMap::new(), flown: 0, forgotten: 0 };
        Arc::new(Self { state: Mutex::new(state), found_ttl, missing_ttl })
    }

    /// What is kept under a key, else what is fetched: a value and its weight.
    pub(super) async fn get<F>(self: &Arc<Self>, key: K, fetch: impl FnOnce() -> F) -> Fetched<V>
    where
        F: Future<Output = Result<(V, usize), Error>> + Send + 'static,
    {
        let flight = match self.find(key, fetch) {
            Found::Kept(result) => return result,
            Found::Flight(flight) => flight,
        };
        flight.await
    }

    /// Forgets what was missing: something was registered.
    pub(super) fn forget_missing(&self) {
        let mut state = self.lock();
        state.forgotten += 1;
        state.kept.retain(|kept| kept.result.is_ok());
    }

    /// Forgets the value of a key.
    pub(super) fn forget(&self, key: &K) {
        self.lock().kept.remove(key);
    }

    /// What is kept, or the flight that fetches it, begun now if there is none. No flight is dropped while the state is locked.
    fn find<F>(self: &Arc<Self>, key: K, fetch: impl FnOnce() -> F) -> Found<V>
    where
        F: Future<Output = Result<(V, usize), Error>> + Send + 'static,
    {
        let mut state = self.lock();
        if let Some(kept) = state.kept.get(&key) {
            if kept.until.is_none_or(|until| Instant::now() < until) {
                return Found::Kept(kept.result.clone());
            }
            state.kept.remove(&key);
        }
        // One from before a registration may miss what was registered.
        let known = state.flights.get(&key).filter(|flight| flight.forgotten == state.forgotten);
        if let Some(flight) = known.and_then(|flight| flight.result.upgrade()) {
            return Found::Flight(flight);
        }
        state.flown += 1;
        let (number, forgotten) = (state.flown, state.forgotten);
        let landing = Landing { store: self.clone(), key: key.clone(), number };
        let fetch = fetch();
        let flight: BoxFuture<'static, Fetched<V>> = Box::pin(async move {
            let (result, weight) = match fetch.await {
                Ok((value, weight)) => (Ok(Arc::new(value)), weight),
                Err(error) => (Err(error), 0),
            };
            landing.store.keep(&landing.key, forgotten, &result, weight);
            result
        });
        let flight = flight.shared();
        // A flight that was only begun can be had as a weak one.
        if let Some(result) = flight.downgrade() {
            state.flights.insert(key, Flight { number, result, forgotten });
        }
        Found::Flight(flight)
    }

    fn keep(&self, key: &K, forgotten: u64, result: &Fetched<V>, weight: usize) {
        let mut state = self.lock();
        let ttl = match result {
            Ok(_) => self.found_ttl,
            Err(error) if error.is_not_found() && state.forgotten == forgotten => Some(self.missing_ttl),
            Err(_) => return,
        };
        if ttl != Some(Duration::ZERO) {
            let until = ttl.map(|ttl| Instant::now() + ttl);
            // What an entry takes besides its value.
            state.kept.insert(key.clone(), Kept { result: result.clone(), until }, weight + 256);
        }
    }
}

impl<K, V> Store<K, V> {
    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq + Clone, V> Drop for Landing<K, V> {
    fn drop(&mut self) {
        let mut state = self.store.lock();
        if state.flights.get(&self.key).is_some_and(|flight| flight.number == self.number) {
            state.flights.remove(&self.key);
        }
    }
}

impl<K, V> std::fmt::Debug for Store<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::Store;
    use crate::client::call::Call;
    use crate::client::error::{Error, Refusal};
    use crate::client::transport::Response;

    type Fetch = Result<(u8, usize), Error>;

    fn not_found() -> Error {
        let body = r#"{"error_code":40403,"message":"Schema not found"}"#;
        let response = Response { status: 404, body: body.into(), ..Response::default() };
        Error::Refused(Arc::new(Refusal::new(&Call::get("/").asked, "", &response, 1)))
    }

    fn ask(
        store: &Arc<Store<u8, u8>>,
    ) -> (tokio::task::JoinHandle<Result<Arc<u8>, Error>>, oneshot::Sender<Fetch>) {
        let (answer, wait) = oneshot::channel();
        let store = store.clone();
        let fetch = async { wait.await.expect("an answer") };
        (tokio::spawn(async move { store.get(1, || fetch).await }), answer)
    }

    #[tokio::test]
    async fn who_comes_after_a_registration_does_not_wait_for_what_was_asked_before() {
        let store = Store::new(10, 10_000, None, Duration::from_secs(3600));
        let (before, answer_before) = ask(&store);
        tokio::task::yield_now().await;
        store.forget_missing();
        let (after, answer_after) = ask(&store);
        tokio::task::yield_now().await;
        answer_after.send(Ok((7, 0))).expect("someone waits");
        assert_eq!(*after.await.expect("no panic").expect("a value"), 7);
        answer_before.send(Err(not_found())).expect("someone waits");
        before.await.expect("no panic").expect_err("what was asked before");
        let kept = store.get(1, || async { panic!("it is kept") }).await;
        assert_eq!(*kept.expect("a value"), 7, "what was missing before is not remembered");
        assert!(store.lock().flights.is_empty());
    }

    #[tokio::test]
    async fn nothing_is_left_of_what_nobody_waits_for() {
        let store = Store::new(10, 10_000, None, Duration::from_secs(3600));
        let (gone, answer) = ask(&store);
        tokio::task::yield_now().await;
        assert_eq!(store.lock().flights.len(), 1);
        gone.abort();
        gone.await.expect_err("aborted");
        assert!(store.lock().flights.is_empty());
        let _ = answer.send(Ok((7, 0))).expect_err("nobody waits");
    }
}
