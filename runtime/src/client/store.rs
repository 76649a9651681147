//! What was fetched, and is being fetched.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;
use super::lru::Lru;
use crate::flights::Flights;

type Fetched<V> = Result<Arc<V>, Error>;

/// Values by key. Who asks for a key that is being fetched gets what the first one gets.
pub(super) struct Store<K, V> {
    state: Mutex<State<K, V>>,
    /// By the key, and by how often all that is missing was forgotten when it was asked for: what was asked before a
    /// registration may miss what was registered.
    flights: Arc<Flights<(K, u64), Fetched<V>>>,
    /// How long a value is kept; without a limit: as long as there is room.
    found_ttl: Option<Duration>,
    missing_ttl: Duration,
}

struct State<K, V> {
    kept: Lru<K, Kept<V>>,
    /// Counts how often all that is missing was forgotten.
    forgotten: u64,
}

struct Kept<V> {
    result: Fetched<V>,
    until: Option<Instant>,
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
        let state = Mutex::new(State { kept: Lru::new(most, heaviest), forgotten: 0 });
        Arc::new(Self { state, flights: Flights::new(), found_ttl, missing_ttl })
    }

    /// What is kept under a key, else what is fetched: a value and its weight.
    pub(super) async fn get<F>(self: &Arc<Self>, key: K, fetch: impl FnOnce() -> F) -> Fetched<V>
    where
        F: Future<Output = Result<(V, usize), Error>> + Send + 'static,
    {
        let forgotten = match self.find(&key) {
            Ok(result) => return result,
            Err(forgotten) => forgotten,
        };
        let known = || self.find(&key).ok();
        let ask = || {
            let (store, key, fetch) = (self.clone(), key.clone(), fetch());
            async move {
                let (result, weight) = match fetch.await {
                    Ok((value, weight)) => (Ok(Arc::new(value)), weight),
                    Err(error) => (Err(error), 0),
                };
                store.keep(key, forgotten, &result, weight);
                result
            }
        };
        self.flights.ask((key.clone(), forgotten), known, ask).await
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

    /// What is kept, else how often all that is missing was forgotten.
    fn find(&self, key: &K) -> Result<Fetched<V>, u64> {
        let mut state = self.lock();
        if let Some(kept) = state.kept.get(key) {
            if kept.until.is_none_or(|until| Instant::now() < until) {
                return Ok(kept.result.clone());
            }
            state.kept.remove(key);
        }
        Err(state.forgotten)
    }

    fn keep(&self, key: K, forgotten: u64, result: &Fetched<V>, weight: usize) {
        let mut state = self.lock();
        let ttl = match result {
            Ok(_) => self.found_ttl,
            Err(error) if error.is_not_found() && state.forgotten == forgotten => Some(self.missing_ttl),
            Err(_) => return,
        };
        if ttl != Some(Duration::ZERO) {
            let until = ttl.map(|ttl| Instant::now() + ttl);
            // What an entry takes besides its value.
            state.kept.insert(key, Kept { result: result.clone(), until }, weight + 256);
        }
    }
}

impl<K, V> Store<K, V> {
    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert!(store.flights.is_empty());
    }

    #[tokio::test]
    async fn nothing_is_left_of_what_nobody_waits_for() {
        let store = Store::new(10, 10_000, None, Duration::from_secs(3600));
        let (gone, answer) = ask(&store);
        tokio::task::yield_now().await;
        assert!(!store.flights.is_empty());
        gone.abort();
        gone.await.expect_err("aborted");
        assert!(store.flights.is_empty());
        let _ = answer.send(Ok((7, 0))).expect_err("nobody waits");
    }
}
