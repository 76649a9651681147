//! A cycle: what is decided in the database, then what is told to others.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use rdkafka::message::BorrowedMessage;
use rdkafka::{Message as _, Offset, TopicPartitionList};
use tokio::task::JoinHandle;

use super::Worker;
use super::gather::{Batch, firsts};
use super::read::{Task, Todo, Work};
use crate::consumer::Consumer;
use crate::dead_letter::{Failure, LeftOut, Reason};
use crate::events::OrderEvent;
use crate::lag;
use crate::metrics::Retried;
use crate::producer::Failed;
use crate::store::{Away, Effect, Source};

/// A cycle that the database is at work with.
pub(super) struct Deciding<'c> {
    batch: Batch<'c>,
    work: Work,
    started: Instant,
    effects: JoinHandle<(Result<Vec<Effect>, Away>, Duration)>,
}

/// A cycle that is decided. Nobody else knows yet.
pub(super) struct Decided<'c> {
    batch: Batch<'c>,
    work: Work,
    started: Instant,
    effects: Vec<Effect>,
}

impl Deciding<'_> {
    /// Where the partitions begin that something is to be done in.
    pub(super) fn firsts(&self) -> BTreeMap<i32, i64> {
        firsts(records(&self.batch, &self.work))
    }
}

impl Decided<'_> {
    /// Where the partitions begin that something is to be done in.
    pub(super) fn firsts(&self) -> BTreeMap<i32, i64> {
        firsts(records(&self.batch, &self.work))
    }

    /// They are somebody else's, who will find in the database what was decided.
    pub(super) fn drop_partitions(&mut self, revoked: &[i32]) {
        let records = &self.batch.records;
        self.work.tasks.retain(|task| !revoked.contains(&records[task.record].partition()));
    }

    /// Where each partition goes on.
    fn ends(&self) -> BTreeMap<i32, i64> {
        let records = records(&self.batch, &self.work);
        records.map(|record| (record.partition(), record.offset() + 1)).collect()
    }
}

impl<E: OrderEvent> Worker<E> {
    /// Asks the database to decide about a batch, or about as much of it as can be read now.
    pub(super) fn begin<'c>(&mut self, consumer: &'c Consumer, batch: Batch<'c>) -> Deciding<'c> {
        let started = Instant::now();
        let work = self.read(consumer, &batch);
        let spans: Vec<_> = work.tasks.iter().filter(|task| !task.span.is_none()).map(reserve_span).collect();
        let (store, wanted) = (self.store.clone(), work.wanted.clone());
        let effects = self.runtime.spawn(async move {
            let started = Instant::now();
            let effects = match wanted.is_empty() {
                true => Ok(Vec::new()),
                false => store.reserve(&wanted, lag::now()).await,
            };
            drop(spans);
            (effects, started.elapsed())
        });
        Deciding { batch, work, started, effects }
    }

    /// Waits until it is decided. Nothing is if the database is away, or if there is nothing that can be read now.
    pub(super) fn decided<'c>(&mut self, consumer: &Consumer, deciding: Deciding<'c>) -> Option<Decided<'c>> {
        let Deciding { batch, mut work, started, effects } = deciding;
        let (effects, took) = match self.runtime.block_on(effects) {
            Ok((Ok(effects), took)) => (effects, took),
            Ok((Err(away), _)) => {
                self.all_wait(consumer, &batch, &work, &away);
                return None;
            }
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The process ends without waiting for it.
                Err(_) => return None,
            },
        };
        if !work.wanted.is_empty() {
            self.inventory.database_seconds.observe(took.as_secs_f64());
            self.checks.database.well();
        }
        bury_what_the_database_refuses(&mut work, &effects);
        self.log(&batch, &work, &effects);
        for effect in &effects {
            match effect {
                Effect::Decided(decision) if decision.is_reserved => self.inventory.reserved.inc(),
                Effect::Decided(_) => self.inventory.rejected.inc(),
                _ => continue,
            };
        }
        (!work.tasks.is_empty()).then_some(Decided { batch, work, started, effects })
    }

    /// The database is away: each partition waits before its first record.
    fn all_wait(&mut self, consumer: &Consumer, batch: &Batch<'_>, work: &Work, away: &Away) {
        let mut seen = BTreeSet::new();
        for task in &work.tasks {
            let record = &batch.records[task.record];
            // Also one that waits for something else, as that would be for a later record.
            if seen.insert(record.partition()) {
                self.wait(consumer, record, Retried::DATABASE, &away.to_string());
            }
        }
    }

    /// Sends what was decided, and commits.
    ///
    /// # Errors
    /// If it did not come about, or nobody knows.
    pub(super) fn tell(&mut self, consumer: &Consumer, cycle: &Decided<'_>) -> Result<(), Failed> {
        let ends = cycle.ends();
        if ends.is_empty() {
            return Ok(());
        }
        let Decided { batch, work, started, effects } = cycle;
        match self.transact(consumer, batch, work, effects, &ends) {
            Ok(()) => self.committed(batch, work, effects, &ends, *started),
            Err(failed) => {
                if matches!(failed, Failed::TooLarge(_)) {
                    self.too_large(batch);
                }
                return Err(failed);
            }
        }
        Ok(())
    }

    /// Sends everything, in one transaction with the offsets.
    fn transact(
        &self,
        consumer: &Consumer,
        batch: &Batch<'_>,
        work: &Work,
        effects: &[Effect],
        ends: &BTreeMap<i32, i64>,
    ) -> Result<(), Failed> {
        self.producer.begin()?;
        self.send(batch, work, effects)?;
        let mut offsets = TopicPartitionList::new();
        for (partition, next) in ends {
            let added = offsets.add_partition_offset(&self.settings.topic, *partition, Offset::Offset(*next));
            added.map_err(|error| Failed::Abort(error.to_string()))?;
        }
        self.producer.commit(consumer, &offsets)
    }

    /// Everything is visible now.
    fn committed(
        &mut self,
        batch: &Batch<'_>,
        work: &Work,
        effects: &[Effect],
        ends: &BTreeMap<i32, i64>,
        started: Instant,
    ) {
        self.checks.kafka.sign_of_life();
        self.alone = self.alone.saturating_sub(1);
        self.failures = 0;
        let now = lag::now();
        for task in &work.tasks {
            let record = &batch.records[task.record];
            self.inventory.consumed.inc();
            match &task.todo {
                Todo::Bury(failure) => {
                    self.too_large.remove(&source(record));
                    self.inventory.dead_letters.get_or_create(&failure.reason.into()).inc();
                }
                Todo::Reserve { wanted, created_at, .. } => {
                    self.count(&effects[*wanted], now.saturating_sub(*created_at).max(0));
                }
                Todo::PassOver => {}
            }
            let (partition, written) = (record.partition(), record.timestamp().to_millis());
            if ends.get(&partition) == Some(&(record.offset() + 1)) && !self.waits.is_waiting(partition) {
                self.lag.handled(partition, record.offset() + 1, written.unwrap_or(now));
                self.waits.well(partition);
            }
        }
        self.inventory.cycle_records.observe(work.tasks.len() as f64);
        self.inventory.cycle_seconds.observe(started.elapsed().as_secs_f64());
    }

    fn count(&self, effect: &Effect, milliseconds: i64) {
        match effect {
            Effect::Decided(_) => {
                self.inventory.end_to_end.observe(milliseconds as f64 / 1_000.0);
            }
            Effect::Again(_) => {
                self.inventory.replayed.inc();
                self.inventory.end_to_end.observe(milliseconds as f64 / 1_000.0);
            }
            Effect::Duplicate => {
                self.inventory.duplicates.inc();
            }
            Effect::Refused(_) => {}
        }
    }

    /// The cluster does not take a record, for its size, and refuses all that are in one request with it. Whose fault it is shows
    /// when each is alone. Then it is a dead letter with what it says about itself, and goes with less of the record next time.
    fn too_large(&mut self, batch: &Batch<'_>) {
        match batch.records.as_slice() {
            [record] => {
                let (partition, offset) = (record.partition(), record.offset());
                tracing::warn!(partition, offset, "a record is too large to be sent whole");
                let left_out = self.too_large.entry(source(record)).or_insert(LeftOut::Nothing);
                *left_out = left_out.more();
            }
            records => self.alone = records.len(),
        }
    }

    /// What was decided, for people: one line an order.
    fn log(&self, batch: &Batch<'_>, work: &Work, effects: &[Effect]) {
        let topic = self.settings.topic.as_str();
        for task in &work.tasks {
            let record = &batch.records[task.record];
            let (partition, offset) = (record.partition(), record.offset());
            match &task.todo {
                Todo::Reserve { wanted, currency, .. } => {
                    let order_id = work.wanted[*wanted].order_id.as_str();
                    match &effects[*wanted] {
                        Effect::Decided(decision) => {
                            let (item, currency) = (decision.item.as_str(), currency.as_deref());
                            match decision.is_reserved {
                                true => {
                                    tracing::info!(
                                        topic,
                                        partition,
                                        offset,
                                        order_id,
                                        item,
                                        currency,
                                        "Reserving inventory for order {order_id}"
                                    );
                                }
                                false => {
                                    tracing::info!(
                                        topic,
                                        partition,
                                        offset,
                                        order_id,
                                        item,
                                        currency,
                                        "Nothing left for order {order_id}"
                                    );
                                }
                            }
                        }
                        Effect::Again(_) => {
                            tracing::info!(
                                topic,
                                partition,
                                offset,
                                order_id,
                                "Order {order_id} was handled before: its outcome is sent again"
                            );
                        }
                        Effect::Duplicate => {
                            tracing::info!(
                                topic,
                                partition,
                                offset,
                                order_id,
                                "Order {order_id} came before in another record"
                            );
                        }
                        Effect::Refused(_) => {}
                    }
                }
                Todo::Bury(Failure { reason, message }) => {
                    tracing::warn!(topic, partition, offset, %reason, "a dead letter: {message}");
                }
                Todo::PassOver => tracing::debug!(topic, partition, offset, "a tombstone"),
            }
        }
    }
}

fn reserve_span(task: &Task) -> tracing::Span {
    tracing::info_span!(parent: &task.span, "reserve", otel.kind = "client", db.operation.name = "reserve")
}

/// Where the record is.
pub(super) fn source(record: &impl rdkafka::Message) -> Source {
    Source { partition: record.partition(), offset: record.offset() }
}

/// The records that something is to be done with.
fn records<'r, 'c>(batch: &'r Batch<'c>, work: &'r Work) -> impl Iterator<Item = &'r BorrowedMessage<'c>> {
    work.tasks.iter().map(|task| &batch.records[task.record])
}

fn bury_what_the_database_refuses(work: &mut Work, effects: &[Effect]) {
    for task in &mut work.tasks {
        if let Todo::Reserve { wanted, .. } = task.todo
            && let Effect::Refused(message) = &effects[wanted]
        {
            task.todo = Todo::Bury(Failure { reason: Reason::RefusedByDatabase, message: message.clone() });
        }
    }
}
