//! What the engine has done, as numbers that anyone may read at any time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters and distributions since the engine was opened.
#[derive(Debug)]
pub struct Statistics {
    /// How long appends took, in microseconds; those that failed too.
    pub append_latency: Histogram,
    /// How many commands were answered by one append.
    pub batch_commands: Histogram,
    /// How many records one append wrote.
    pub batch_records: Histogram,
    head_seen: AtomicU64,
    applied: AtomicU64,
    conflicts: AtomicU64,
    head_queries: AtomicU64,
    failed_appends: AtomicU64,
    overloaded: AtomicU64,
    rebuilds: AtomicU64,
}

/// Upper bounds in microseconds.
const LATENCY: &[u64] = &[
    100, 250, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000,
];
const SIZE: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

impl Default for Statistics {
    fn default() -> Self {
        Self {
            append_latency: Histogram::new(LATENCY),
            batch_commands: Histogram::new(SIZE),
            batch_records: Histogram::new(SIZE),
            head_seen: AtomicU64::new(0),
            applied: AtomicU64::new(0),
            conflicts: AtomicU64::new(0),
            head_queries: AtomicU64::new(0),
            failed_appends: AtomicU64::new(0),
            overloaded: AtomicU64::new(0),
            rebuilds: AtomicU64::new(0),
        }
    }
}

macro_rules! counters {
    ($($(#[$doc:meta])* $read:ident = $field:ident;)*) => {
        impl Statistics {
            $($(#[$doc])* pub fn $read(&self) -> u64 { self.$field.load(Ordering::Relaxed) })*
        }
    };
}

counters! {
    /// The greatest position of the log that was heard of.
    head = head_seen;
    /// The position up to which the published state has taken the log in.
    position = applied;
    /// Appends that came second to another registry's, and were decided again.
    conflicts = conflicts;
    /// Questions to the database for its head; many requests share one.
    head_queries = head_queries;
    /// Appends that failed.
    failed_appends = failed_appends;
    /// Commands that were refused because too many waited.
    refused_by_load = overloaded;
    /// How often the log had lost entries and was read anew.
    rebuilds = rebuilds;
}

impl Statistics {
    pub(super) fn appended(&self, took: Duration, commands: usize, records: usize) {
        self.append_latency.record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        self.batch_commands.record(commands as u64);
        self.batch_records.record(records as u64);
    }

    pub(super) fn append_failed(&self, took: Duration) {
        self.append_latency.record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        self.failed_appends.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn conflict(&self) {
        self.conflicts.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn head_query(&self) {
        self.head_queries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn head_seen(&self, seq: u64) {
        self.head_seen.fetch_max(seq, Ordering::Relaxed);
    }

    pub(super) fn applied(&self, seq: u64) {
        self.applied.store(seq, Ordering::Relaxed);
        self.head_seen(seq);
    }

    pub(super) fn overloaded(&self) {
        self.overloaded.fetch_add(1, Ordering::Relaxed);
    }

    /// The log lost its tail: what was its head is not any more.
    pub(super) fn rebuilt(&self, seq: u64) {
        self.rebuilds.fetch_add(1, Ordering::Relaxed);
        self.applied.store(seq, Ordering::Relaxed);
        self.head_seen.store(seq, Ordering::Relaxed);
    }
}

/// A distribution over fixed bounds.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Histogram {
    /// Over these upper bounds, ascending; what exceeds the last is counted too.
    pub fn new(bounds: &'static [u64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, counts, sum: AtomicU64::new(0) }
    }

    /// Counts a value.
    pub fn record(&self, value: u64) {
        let bucket = self.bounds.partition_point(|&bound| bound < value);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// For each upper bound, how many values were not above it; the last has no bound.
    pub fn cumulative(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        let mut total = 0;
        bounds.zip(&self.counts).map(move |(bound, count)| {
            total += count.load(Ordering::Relaxed);
            (bound, total)
        })
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|c| c.load(Ordering::Relaxed)).sum()
    }

    /// What they add up to.
    pub fn sum(&self) -> u64 {
        self.sum.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_the_first_bucket_that_holds_them() {
        let histogram = Histogram::new(&[1, 10]);
        for value in [0, 1, 2, 10, 11, 1000] {
            histogram.record(value);
        }
        let counts: Vec<_> = histogram.cumulative().collect();
        assert_eq!(counts, [(Some(1), 2), (Some(10), 4), (None, 6)]);
        assert_eq!((histogram.count(), histogram.sum()), (6, 1024));
    }
}
