//! Records, until there are enough for a cycle.

use std::collections::BTreeMap;
use std::mem::take;
use std::time::{Duration, Instant};

use rdkafka::Message as _;
use rdkafka::error::KafkaError;
use rdkafka::message::BorrowedMessage;

use super::cycle::Decided;
use super::{Ended, Worker};
use crate::consumer::Consumer;
use crate::events::OrderEvent;

/// How long nothing happens before it is looked around.
const IDLE: Duration = Duration::from_millis(100);

/// Records that are handled together, in the order of their partitions.
#[derive(Default)]
pub(super) struct Batch<'c> {
    pub records: Vec<BorrowedMessage<'c>>,
    bytes: usize,
    /// When its first record came.
    since: Option<Instant>,
}

impl<'c> Batch<'c> {
    fn add(&mut self, record: BorrowedMessage<'c>) {
        self.bytes += record.payload_len() + record.key_len();
        self.since.get_or_insert_with(Instant::now);
        self.records.push(record);
    }

    /// They are somebody else's. What is left has waited as long as it has; if nothing is, the next record is a first one.
    fn drop_partitions(&mut self, revoked: &[i32]) {
        let Self { records, since, .. } = take(self);
        for record in records {
            if !revoked.contains(&record.partition()) {
                self.add(record);
            }
        }
        if !self.records.is_empty() {
            self.since = since;
        }
    }
}

/// The partitions of records, and where these begin in them.
pub(super) fn firsts<'r, 'c: 'r>(
    records: impl IntoIterator<Item = &'r BorrowedMessage<'c>>,
) -> BTreeMap<i32, i64> {
    let mut firsts = BTreeMap::new();
    for record in records {
        firsts.entry(record.partition()).or_insert(record.offset());
    }
    firsts
}

impl<E: OrderEvent> Worker<E> {
    /// Polls until a batch is full, or its time is up, or nothing came for a while. While a cycle is decided that others do not know
    /// of, only what is in memory already is taken.
    ///
    /// This is the only place that polls, so partitions come and go in here, while nothing of them is under way in Kafka: what was
    /// told is committed; what was only gathered, or decided, is dropped, and whoever has the partition next reads it again.
    pub(super) fn gather<'c>(
        &mut self,
        consumer: &'c Consumer,
        batch: &mut Batch<'c>,
        mut decided: Option<&mut Decided<'c>>,
    ) -> Result<(), Ended> {
        let started = Instant::now();
        while !self.is_full(batch) {
            let until = match (&decided, batch.since) {
                (Some(_), _) => started,
                (None, Some(since)) => since + self.settings.cycle_time,
                (None, None) => started + IDLE,
            };
            let left = until.saturating_duration_since(Instant::now());
            let polled = consumer.poll(left);
            self.rebalanced(consumer, batch, decided.as_deref_mut());
            match polled {
                Some(Ok(record)) if self.is_held(record.partition()) => {}
                Some(Ok(record)) if self.unsettled.is_some() => {
                    self.hold_unsettled(consumer, record.partition(), record.offset());
                }
                // Seldom, a rebalance has librdkafka give a record twice.
                Some(Ok(record)) if self.came_before(&record) => {}
                Some(Ok(record)) => {
                    batch.add(record);
                    continue;
                }
                Some(Err(KafkaError::MessageConsumptionFatal(code))) => {
                    return Err(self.taken_over(&code.to_string()));
                }
                // librdkafka gets over it by itself, and has logged it.
                Some(Err(error)) => tracing::debug!(%error, "records cannot be fetched"),
                None => {}
            }
            if left.is_zero() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn is_full(&self, batch: &Batch<'_>) -> bool {
        let most = if self.alone > 0 { 1 } else { self.settings.cycle_records };
        batch.records.len() >= most || batch.bytes >= self.settings.cycle_bytes
    }

    fn came_before(&mut self, record: &BorrowedMessage<'_>) -> bool {
        let next = self.next.entry(record.partition()).or_insert(i64::MIN);
        let came_before = record.offset() < *next;
        *next = (*next).max(record.offset() + 1);
        came_before
    }

    /// Heeds what has happened to the partitions.
    fn rebalanced(&mut self, consumer: &Consumer, batch: &mut Batch<'_>, decided: Option<&mut Decided<'_>>) {
        use rdkafka::consumer::Consumer as _;
        let Some(changes) = consumer.context().changes() else { return };
        for partition in changes.revoked.iter().chain(&changes.assigned) {
            self.next.remove(partition);
        }
        for partition in &changes.revoked {
            self.waits.forget(*partition);
            if let Some(unsettled) = &mut self.unsettled {
                unsettled.firsts.remove(partition);
            }
        }
        batch.drop_partitions(&changes.revoked);
        if let Some(decided) = decided {
            decided.drop_partitions(&changes.revoked);
        }
        // It may have been paused when it was ours before.
        self.resume(consumer, &changes.assigned);
    }
}
