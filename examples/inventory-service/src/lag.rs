//! How far behind the service is, for each partition: in records, and in seconds.
//!
//! Seconds are those since the oldest record was written that is not handled yet. Before it was fetched nobody knows when that
//! was; until then they are those since the last one that was handled, or since nothing was left to handle.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rdkafka::Statistics;

use crate::metrics::{Inventory, Partition};

/// What is known about the partitions of this replica.
#[derive(Debug)]
pub struct Lag {
    topic: String,
    partitions: Mutex<HashMap<i32, Progress>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    /// The offset of the next record to handle.
    next: i64,
    /// When the oldest record that counts was written, in milliseconds since 1970.
    oldest: i64,
    /// When nothing was left to handle for the last time: what is left now came later.
    idle: i64,
}

impl Lag {
    /// Nothing is known yet.
    pub fn new(topic: &str) -> Self {
        Self { topic: topic.to_owned(), partitions: Mutex::default() }
    }

    /// Records before `next` are handled; the last one was written at `written`.
    pub fn handled(&self, partition: i32, next: i64, written: i64) {
        self.note(partition, next, written);
    }

    /// The record at this offset, written at `written`, has to wait.
    pub fn waits(&self, partition: i32, offset: i64, written: i64) {
        self.note(partition, offset, written);
    }

    fn note(&self, partition: i32, next: i64, oldest: i64) {
        let mut partitions = self.lock();
        let progress = partitions.entry(partition).or_default();
        (progress.next, progress.oldest) = (next, oldest);
    }

    /// The partition is somebody else's.
    pub fn forget(&self, partition: i32, inventory: &Inventory) {
        self.lock().remove(&partition);
        inventory.lag_records.remove(&Partition { partition });
        inventory.lag_seconds.remove(&Partition { partition });
    }

    /// librdkafka has told how long partitions are, and how much waits in memory.
    pub fn told(&self, statistics: &Statistics, inventory: &Inventory) {
        let (mut records, mut bytes) = (0, 0);
        if let Some(topic) = statistics.topics.get(&self.topic) {
            let mut progress = self.lock();
            for partition in topic.partitions.values().filter(|partition| partition.partition >= 0) {
                records += partition.fetchq_cnt;
                bytes += i64::try_from(partition.fetchq_size).unwrap_or(i64::MAX);
                let Some(known) = progress.get_mut(&partition.partition) else { continue };
                let label = Partition { partition: partition.partition };
                // The marks of transactions have offsets, too: nothing is left if all that there is was fetched, given out, and
                // handled.
                let is_done = partition.fetchq_cnt == 0
                    && partition.next_offset >= partition.ls_offset
                    && known.next >= partition.app_offset;
                let lag = if is_done { 0 } else { (partition.ls_offset - known.next).max(0) };
                inventory.lag_records.get_or_create(&label).set(lag);
                if lag == 0 {
                    known.idle = now();
                }
                let age = if lag == 0 { 0 } else { (now() - known.oldest.max(known.idle)).max(0) };
                inventory.lag_seconds.get_or_create(&label).set(age as f64 / 1_000.0);
            }
        }
        inventory.queued_records.set(records);
        inventory.queued_bytes.set(bytes);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i32, Progress>> {
        self.partitions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
