//! A log that fails when it is told to.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use ottla_registry::log::{
    AppendError, Batch, Chunk, Entry, Log, Position, ReadError, StorageError, Unavailable,
};
use tokio::sync::Notify;
use uuid::Uuid;

/// What happens to an append.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Another registry appends these just before.
    Overtaken(Vec<Entry>),
    /// The database is away.
    Away,
    /// The connection is lost, and nobody can say whether the batch went in. It did, or did not.
    Unknown {
        appended: bool,
    },
    Full,
    /// It waits until [`Faulty::release`] is called.
    Held,
}

/// A log in memory that other registries seem to share.
#[derive(Debug, Default)]
pub struct Faulty {
    stored: Mutex<Vec<(Entry, i64, Uuid)>>,
    faults: Mutex<VecDeque<Fault>>,
    away: AtomicBool,
    held: Notify,
    released: Notify,
    head_queries: AtomicU64,
    /// How many more times another registry appends while the log is being read.
    growths: AtomicU64,
    changed: Notify,
    private: bool,
    /// How long a question for the head takes.
    pub head_latency: Mutex<std::time::Duration>,
}

impl Faulty {
    pub fn shared() -> Arc<Self> {
        Arc::default()
    }

    pub fn private() -> Arc<Self> {
        Arc::new(Self { private: true, ..Self::default() })
    }

    pub fn fail_next(&self, fault: Fault) {
        self.faults.lock().unwrap().push_back(fault);
    }

    /// Does the database answer questions?
    pub fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// Waits until an append is held.
    pub async fn held(&self) {
        self.held.notified().await;
    }

    pub fn release(&self) {
        self.released.notify_one();
    }

    /// Appends as another registry would.
    pub fn append_elsewhere(&self, entries: Vec<Entry>) {
        let batch = Uuid::new_v4();
        self.stored.lock().unwrap().extend(entries.into_iter().map(|e| (e, 7, batch)));
    }

    /// From now on another registry appends each time that the log is read, so many times.
    pub fn grow_when_read(&self, times: u64) {
        self.growths.store(times, Ordering::SeqCst);
    }

    /// Loses the last entries, as a fail-over does.
    pub fn cut(&self, length: usize) {
        self.stored.lock().unwrap().truncate(length);
    }

    pub fn notify(&self) {
        self.changed.notify_one();
    }

    pub fn len(&self) -> usize {
        self.stored.lock().unwrap().len()
    }

    /// The times at which the entries were appended.
    pub fn stamps(&self) -> Vec<i64> {
        self.stored.lock().unwrap().iter().map(|(_, at, _)| *at).collect()
    }

    /// How many entries each append wrote.
    pub fn batches(&self) -> Vec<usize> {
        let stored = self.stored.lock().unwrap();
        stored.chunk_by(|a, b| a.2 == b.2).map(<[_]>::len).collect()
    }

    pub fn head_queries(&self) -> u64 {
        self.head_queries.load(Ordering::SeqCst)
    }

    fn end(stored: &[(Entry, i64, Uuid)]) -> Position {
        let batch = stored.last().map_or(Uuid::nil(), |(_, _, batch)| *batch);
        Position { seq: stored.len() as u64, batch }
    }

    fn swap(&self, expected: Position, batch: &Batch) -> Result<(), AppendError> {
        let mut stored = self.stored.lock().unwrap();
        if Self::end(&stored) != expected {
            return Err(AppendError::Conflict);
        }
        stored.extend(batch.entries.iter().map(|e| (e.clone(), batch.written_at, batch.id)));
        Ok(())
    }

    fn check(&self) -> Result<(), Unavailable> {
        if self.away.load(Ordering::SeqCst) { Err(Unavailable("it is away".into())) } else { Ok(()) }
    }
}

impl Log for Faulty {
    fn append<'a>(&'a self, expected: Position, batch: &'a Batch) -> BoxFuture<'a, Result<(), AppendError>> {
        Box::pin(async move {
            let fault = self.faults.lock().unwrap().pop_front();
            match fault {
                None => {
                    self.check()?;
                    self.swap(expected, batch)
                }
                Some(Fault::Overtaken(entries)) => {
                    self.append_elsewhere(entries);
                    self.swap(expected, batch)
                }
                Some(Fault::Away) => Err(Unavailable("it is away".into()).into()),
                Some(Fault::Full) => Err(StorageError::Full.into()),
                Some(Fault::Unknown { appended }) => {
                    if appended {
                        self.swap(expected, batch)?;
                    }
                    Err(AppendError::OutcomeUnknown(Unavailable("the connection was lost".into())))
                }
                Some(Fault::Held) => {
                    self.held.notify_one();
                    self.released.notified().await;
                    self.swap(expected, batch)
                }
            }
        })
    }

    fn head(&self) -> BoxFuture<'_, Result<Position, Unavailable>> {
        Box::pin(async {
            self.head_queries.fetch_add(1, Ordering::SeqCst);
            let latency = *self.head_latency.lock().unwrap();
            self.check()?;
            let head = Self::end(&self.stored.lock().unwrap());
            tokio::time::sleep(latency).await;
            Ok(head)
        })
    }

    fn read(&self, after: Position) -> BoxFuture<'_, Result<Option<Chunk>, ReadError>> {
        Box::pin(async move {
            self.check()?;
            let mut stored = self.stored.lock().unwrap();
            let grows = |left: u64| left.checked_sub(1);
            if self.growths.fetch_update(Ordering::SeqCst, Ordering::SeqCst, grows).is_ok() {
                let entry = Entry { key: r#"{"keytype":"NOOP","magic":0}"#.to_owned(), value: None };
                stored.push((entry, 7, Uuid::new_v4()));
            }
            let seq = after.seq as usize;
            if seq > stored.len() || Self::end(&stored[..seq]) != after {
                return Err(ReadError::Diverged(after.seq));
            }
            // An entry at a time, so that every boundary between chunks is met.
            Ok(stored.get(seq).map(|(entry, at, batch)| {
                Chunk::of(after.seq, *at, *batch, [(&*entry.key, entry.value.as_deref())].into_iter())
            }))
        })
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.changed.notified())
    }

    fn is_private(&self) -> bool {
        self.private
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
