//! After a transaction that failed.
//!
//! It has to be aborted, and the consumer has to go back to what is committed, before anything else is begun. That takes the
//! cluster, which may be away. Meanwhile the partitions are paused, and the consumer polls.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};

use super::{Ended, PATIENCE, Worker};
use crate::consumer::Consumer;
use crate::events::OrderEvent;
use crate::metrics::Retried;
use crate::producer::Failed;

/// The pause between two attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// How long it takes until a replica that was replaced has heard of it: a few heartbeats.
const NEWS: Duration = Duration::from_secs(4);

/// What has to be settled.
#[derive(Debug)]
pub(super) struct Unsettled {
    /// The partitions, and where they go on if nothing is committed.
    pub firsts: BTreeMap<i32, i64>,
    needs: Needs,
    next_attempt: Instant,
    pause: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// The transaction is to be aborted.
    Abort,
    /// The producer is of no use any more: either its transaction took too long, or another process has its name. The consumer
    /// hears which.
    NewProducer,
    /// The new one is to be made known.
    Initialise,
    /// The consumer has to go back.
    Rewind,
}

impl<E: OrderEvent> Worker<E> {
    /// The transaction of these partitions has failed.
    pub(super) fn unsettle(&mut self, consumer: &Consumer, firsts: BTreeMap<i32, i64>, failed: &Failed) {
        let (needs, pause) = match failed {
            Failed::Fatal(_) => (Needs::NewProducer, NEWS),
            // At once the first time; what goes on failing must not be tried as fast as the cluster answers.
            Failed::Abort(_) | Failed::TooLarge(_) => match self.failures {
                0 => (Needs::Abort, Duration::ZERO),
                failures => {
                    let pause = FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16));
                    (Needs::Abort, pause.min(self.settings.longest_pause))
                }
            },
        };
        self.failures = self.failures.saturating_add(1);
        for partition in firsts.keys() {
            // What it waited for comes after what it has to go back to.
            self.waits.forget(*partition);
            self.pause(consumer, *partition);
        }
        self.inventory.retries.get_or_create(&Retried::KAFKA).inc();
        tracing::warn!(reason = %failed, partitions = ?firsts.keys(), "a transaction failed");
        let next_attempt = Instant::now() + pause;
        self.unsettled = Some(Unsettled { firsts, needs, next_attempt, pause: FIRST_PAUSE });
    }

    /// One more partition, which came meanwhile.
    pub(super) fn hold_unsettled(&mut self, consumer: &Consumer, partition: i32, offset: i64) {
        self.pause(consumer, partition);
        if let Some(unsettled) = &mut self.unsettled {
            unsettled.firsts.entry(partition).or_insert(offset);
        }
    }

    /// Settles what is unsettled, if it is time to try.
    pub(super) fn settle(&mut self, consumer: &Consumer) -> Result<(), Ended> {
        let Some(mut unsettled) = self.unsettled.take_if(|u| u.next_attempt <= Instant::now()) else {
            return Ok(());
        };
        match self.attempt(consumer, &mut unsettled)? {
            Ok(()) => {
                self.checks.producer.well();
                tracing::info!("settled");
            }
            Err(reason) => {
                self.checks.producer.ill(format!("a transaction that failed cannot be settled: {reason}"));
                tracing::warn!(reason, needs = ?unsettled.needs, "not settled yet");
                unsettled.next_attempt = Instant::now() + unsettled.pause;
                unsettled.pause = (unsettled.pause * 2).min(self.settings.longest_pause);
                self.unsettled = Some(unsettled);
            }
        }
        Ok(())
    }

    /// Does what can be done.
    fn attempt(
        &mut self,
        consumer: &Consumer,
        unsettled: &mut Unsettled,
    ) -> Result<Result<(), String>, Ended> {
        loop {
            unsettled.needs = match unsettled.needs {
                Needs::Abort => match self.producer.abort() {
                    Ok(()) => Needs::Rewind,
                    Err(Failed::Fatal(reason)) => {
                        unsettled.pause = NEWS;
                        unsettled.needs = Needs::NewProducer;
                        return Ok(Err(reason));
                    }
                    Err(failed) => return Ok(Err(failed.to_string())),
                },
                Needs::NewProducer => {
                    self.replace_producer()?;
                    unsettled.pause = FIRST_PAUSE;
                    Needs::Initialise
                }
                Needs::Initialise => match self.producer.initialise() {
                    Ok(()) => Needs::Rewind,
                    Err(error) => {
                        if matches!(&error, KafkaError::Transaction(inner) if inner.is_fatal()) {
                            (unsettled.needs, unsettled.pause) = (Needs::NewProducer, NEWS);
                        }
                        return Ok(Err(error.to_string()));
                    }
                },
                Needs::Rewind => return Ok(self.rewind(consumer, unsettled)),
            };
        }
    }

    /// Another process with the same name would have taken the place of the consumer in the group, too, and the consumer would
    /// have heard of it. As it has not, the transaction just took too long for the cluster.
    fn replace_producer(&mut self) -> Result<(), Ended> {
        if !self.may_replace() {
            return Err(self.taken_over("its producers are fenced again and again"));
        }
        self.producer = (self.new_producer)()?;
        Ok(())
    }

    /// Goes back to what is committed. librdkafka does not by itself. That the commit failed does not mean that it did not come
    /// about: only the cluster knows.
    fn rewind(&mut self, consumer: &Consumer, unsettled: &mut Unsettled) -> Result<(), String> {
        if unsettled.firsts.is_empty() {
            return Ok(());
        }
        let mut asked = TopicPartitionList::new();
        for partition in unsettled.firsts.keys() {
            asked.add_partition(&self.settings.topic, *partition);
        }
        let committed = consumer.committed_offsets(asked, PATIENCE).map_err(|error| error.to_string())?;
        for element in committed.elements() {
            element.error().map_err(|error| error.to_string())?;
            let partition = element.partition();
            let Some(first) = unsettled.firsts.get(&partition) else { continue };
            let offset = match element.offset() {
                Offset::Offset(offset) => offset,
                // Nothing was ever committed, so everything before this batch cannot have been there.
                _ => *first,
            };
            self.seek(consumer, partition, offset)?;
            unsettled.firsts.remove(&partition);
        }
        Ok(())
    }
}
