//! The thread that does it all, in cycles.
//!
//! ```text
//! gather.rs   records, until there are enough    read.rs       records to orders
//! cycle.rs    reserve, send, commit              outcomes.rs   what is sent
//! waits.rs    partitions that have to wait       unsettled.rs  after a transaction that failed
//! ```
//!
//! A cycle is one transaction of the database, then one of Kafka: outcomes, dead letters and offsets become visible together or
//! not at all. If the process ends between the two, the next one who has the partition reads the records again, finds in the
//! database what was decided, and sends that. So each order has one effect, and one outcome that is committed.
//!
//! One thread owns the consumer and the producer. Their calls block, and what the cluster does to the consumer's partitions is
//! told only while it polls, between transactions. While Kafka's transaction of a cycle takes its time, the database decides about
//! the next cycle, if that is full: what it does early is no different from what it did before a crash.

mod cycle;
mod gather;
mod outcomes;
mod read;
mod unsettled;
mod waits;

use std::collections::{BTreeMap, HashMap};
use std::mem::take;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use chassis::Check;
use chassis::kafka::{Link, SettingsError};
use ottla::serdes::{Deserializer, Serializer};
use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaError;
use rdkafka::groups::GroupInfo;
use rdkafka::message::BorrowedMessage;
use rdkafka::{Message as _, Offset, TopicPartitionList};
use tokio::runtime::Handle;

use self::cycle::Decided;
use self::gather::Batch;
use self::unsettled::Unsettled;
use self::waits::Waits;
use crate::consumer::Consumer;
use crate::dead_letter::LeftOut;
use crate::events::{OrderEvent, Outcome};
use crate::lag::Lag;
use crate::metrics::{Inventory, Retried};
use crate::producer::Producer;
use crate::store::{Source, Store};

/// How long the cluster may take to say where a partition goes on.
const PATIENCE: Duration = Duration::from_secs(5);

/// As many clients may become useless in a minute before it is taken to be for good.
const REPLACEMENTS: usize = 5;

/// Why the worker has ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Another process has its name.
    #[error(
        "another process has taken over as instance {instance} of the group ({reason}): this one ends; replicas need names of their own (--instance)"
    )]
    TakenOver {
        /// The name.
        instance: String,
        /// What the cluster says.
        reason: String,
    },
    /// There is an error in the program.
    #[error("the worker has panicked")]
    Panicked,
    /// A client cannot go on.
    #[error("{0}")]
    Kafka(#[from] KafkaError),
    /// A producer cannot be made.
    #[error("{0}")]
    Settings(#[from] SettingsError),
}

/// What flags set.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "they are the flags")]
pub struct Settings {
    pub topic: String,
    pub outcome_topic: String,
    pub dead_letter_topic: String,
    pub group: String,
    pub instance: String,
    pub cycle_records: usize,
    pub cycle_bytes: usize,
    pub cycle_time: Duration,
    pub longest_pause: Duration,
    /// After this time the group gives up who is silent.
    pub session: Duration,
}

/// What tells whether all is well.
#[derive(Debug, Clone)]
pub struct Checks {
    /// The brokers.
    pub kafka: Link,
    /// Partitions, which the group has to assign, if only none.
    pub partitions: Check,
    /// The producer, which has to be known to the cluster.
    pub producer: Check,
    /// The database.
    pub database: Check,
    /// The schema registry.
    pub registry: Check,
}

/// What the worker works with.
pub struct Tools<E: OrderEvent> {
    /// Makes a consumer.
    pub new_consumer: Box<dyn Fn() -> Result<Consumer, SettingsError> + Send>,
    /// Makes a producer.
    pub new_producer: Box<dyn Fn() -> Result<Producer, SettingsError> + Send>,
    /// Reads orders.
    pub deserializer: Deserializer<E>,
    /// Writes outcomes.
    pub serializer: Serializer<Outcome>,
    /// The database.
    pub store: Store,
    /// Where the database and the registry are waited for.
    pub runtime: Handle,
    /// What is counted.
    pub inventory: Arc<Inventory>,
    /// How far behind it is.
    pub lag: Arc<Lag>,
}

/// The worker.
pub struct Worker<E: OrderEvent> {
    new_consumer: Box<dyn Fn() -> Result<Consumer, SettingsError> + Send>,
    new_producer: Box<dyn Fn() -> Result<Producer, SettingsError> + Send>,
    producer: Producer,
    deserializer: Deserializer<E>,
    serializer: Serializer<Outcome>,
    store: Store,
    runtime: Handle,
    inventory: Arc<Inventory>,
    lag: Arc<Lag>,
    settings: Settings,
    checks: Checks,
    waits: Waits,
    unsettled: Option<Unsettled>,
    /// When clients had to be made anew, lately.
    replaced: Vec<Instant>,
    /// How much has to be left out of dead letters for the cluster to take them.
    too_large: HashMap<Source, LeftOut>,
    /// So many records come alone in their cycle.
    alone: usize,
    /// Transactions that failed in a row.
    failures: u32,
    /// The offset that each partition goes on with, once one of its records came.
    next: HashMap<i32, i64>,
    /// A registry that did not answer is not asked again before that time.
    registry_away: Option<(Instant, String)>,
}

impl<E: OrderEvent> Worker<E> {
    /// A worker that has not begun.
    ///
    /// # Errors
    /// If there can be no producer.
    pub fn new(tools: Tools<E>, settings: Settings, checks: Checks) -> Result<Self, SettingsError> {
        let Tools { new_consumer, new_producer, deserializer, serializer, store, runtime, inventory, lag } =
            tools;
        Ok(Self {
            producer: new_producer()?,
            waits: Waits::new(settings.longest_pause),
            unsettled: None,
            replaced: Vec::new(),
            too_large: HashMap::new(),
            alone: 0,
            failures: 0,
            next: HashMap::new(),
            registry_away: None,
            new_consumer,
            new_producer,
            deserializer,
            serializer,
            store,
            runtime,
            inventory,
            lag,
            settings,
            checks,
        })
    }

    /// Works until it is told to stop. What is under way then is finished.
    ///
    /// # Errors
    /// If it cannot go on.
    pub fn run(mut self, stop: &AtomicBool) -> Result<(), Ended> {
        self.initialise(stop)?;
        loop {
            let consumer = (self.new_consumer)()?;
            consumer.subscribe(&[&self.settings.topic])?;
            match self.cycles(&consumer, stop) {
                Err(Ended::TakenOver { reason, .. }) if self.is_mistaken(&consumer, stop)? => {
                    tracing::warn!(reason, "the group took this process for another one: it joins again");
                    self.forget_partitions();
                }
                ended => return ended,
            }
        }
    }

    fn cycles(&mut self, consumer: &Consumer, stop: &AtomicBool) -> Result<(), Ended> {
        let mut batch = Batch::default();
        let mut decided: Option<Decided<'_>> = None;
        while !stop.load(Relaxed) || decided.is_some() {
            if decided.is_none() {
                self.go_on(consumer);
                self.settle(consumer)?;
            }
            self.gather(consumer, &mut batch, decided.as_mut())?;
            decided = match decided {
                // So much is waiting that the database begins with the next cycle before others know of this one.
                Some(cycle) if self.is_full(&batch) && !stop.load(Relaxed) => {
                    let next = self.begin(consumer, take(&mut batch));
                    match self.tell(consumer, &cycle) {
                        Ok(()) => self.decided(consumer, next),
                        Err(failed) => {
                            let firsts = union(cycle.firsts(), next.firsts());
                            // What the database has decided about it is found again.
                            self.decided(consumer, next);
                            self.unsettle(consumer, firsts, &failed);
                            None
                        }
                    }
                }
                Some(cycle) => {
                    if let Err(failed) = self.tell(consumer, &cycle) {
                        let gathered = gather::firsts(&take(&mut batch).records);
                        self.unsettle(consumer, union(cycle.firsts(), gathered), &failed);
                    }
                    None
                }
                None if batch.records.is_empty() => None,
                None => {
                    let next = self.begin(consumer, take(&mut batch));
                    self.decided(consumer, next)
                }
            };
        }
        Ok(())
    }

    /// Is it untrue that another process has this name? The group says so as well when a broker that was away for long then
    /// answers several requests to join at once. Another process would have taken over the producer before it joined. If
    /// somebody has, it may also be that a transaction took too long meanwhile: then the group tells.
    fn is_mistaken(&mut self, consumer: &Consumer, stop: &AtomicBool) -> Result<bool, Ended> {
        if !self.may_replace() {
            return Ok(false);
        }
        if self.producer.is_current(consumer, &self.settings.topic) {
            return Ok(true);
        }
        let is_free = self.is_name_free(consumer, stop);
        if is_free {
            self.producer = (self.new_producer)()?;
            self.initialise(stop)?;
        }
        Ok(is_free)
    }

    /// Is there no member with this name? Another process stays. What this one has left behind is gone when its session is over.
    fn is_name_free(&self, consumer: &Consumer, stop: &AtomicBool) -> bool {
        let until = Instant::now() + self.settings.session + PATIENCE;
        while !stop.load(Relaxed) && Instant::now() < until {
            match consumer.fetch_group_list(Some(&self.settings.group), PATIENCE) {
                Ok(list) => {
                    // Where the group is not known yet it is told to be dead.
                    let mut groups =
                        list.groups().iter().filter(|group| !matches!(group.state(), "" | "Dead"));
                    let is_free = |group: &GroupInfo| {
                        !group.members().iter().any(|member| is_called(member.id(), &self.settings.instance))
                    };
                    if groups.next().is_some_and(is_free) {
                        return true;
                    }
                }
                Err(error) => tracing::debug!(%error, "who is in the group is not known"),
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        false
    }

    /// They are assigned anew, and go on from what is committed. No transaction is open.
    fn forget_partitions(&mut self) {
        self.waits = Waits::new(self.settings.longest_pause);
        self.unsettled = None;
        self.next.clear();
        self.checks.partitions.ill("the group has given them away");
    }

    /// Clients may be replaced now and then. If it goes on like that, something is wrong.
    fn may_replace(&mut self) -> bool {
        let now = Instant::now();
        self.replaced.retain(|before| now.duration_since(*before) < Duration::from_secs(60));
        self.replaced.push(now);
        self.replaced.len() <= REPLACEMENTS
    }

    /// Makes the producer known to the cluster, for as long as it takes.
    fn initialise(&self, stop: &AtomicBool) -> Result<(), Ended> {
        while !stop.load(Relaxed) {
            match self.producer.initialise() {
                Ok(()) => {
                    self.checks.producer.well();
                    break;
                }
                Err(KafkaError::Transaction(error)) if error.is_fatal() => {
                    return Err(KafkaError::Transaction(error).into());
                }
                Err(error) => self.checks.producer.ill(format!("transactions cannot be had: {error}")),
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    /// Is nothing of this partition to be handled now?
    fn is_held(&self, partition: i32) -> bool {
        let is_unsettled = self.unsettled.as_ref().is_some_and(|u| u.firsts.contains_key(&partition));
        is_unsettled || self.waits.is_waiting(partition)
    }

    /// A partition has to wait before this record.
    fn wait(&mut self, consumer: &Consumer, record: &BorrowedMessage<'_>, cause: Retried, reason: &str) {
        let (partition, offset) = (record.partition(), record.offset());
        let pause = self.waits.begin(partition, offset, Instant::now());
        self.pause(consumer, partition);
        self.inventory.retries.get_or_create(&cause).inc();
        self.lag.waits(partition, offset, record.timestamp().to_millis().unwrap_or_default());
        match cause {
            Retried::REGISTRY => self.checks.registry.ill(reason),
            _ => self.checks.database.ill(reason),
        }
        let topic = self.settings.topic.as_str();
        tracing::warn!(topic, partition, offset, ?pause, reason, "the partition waits");
    }

    /// Lets partitions go on whose time is up.
    fn go_on(&mut self, consumer: &Consumer) {
        for (partition, offset) in self.waits.due(Instant::now()) {
            if let Err(reason) = self.seek(consumer, partition, offset) {
                tracing::warn!(partition, offset, reason, "the partition cannot go on yet");
                self.waits.begin(partition, offset, Instant::now());
            }
        }
        self.inventory.paused.set(i64::try_from(self.waits.count()).unwrap_or(i64::MAX));
    }

    /// The next record of a partition is to be this one.
    fn seek(&mut self, consumer: &Consumer, partition: i32, offset: i64) -> Result<(), String> {
        let mut list = TopicPartitionList::new();
        let added = list.add_partition_offset(&self.settings.topic, partition, Offset::Offset(offset));
        added.map_err(|error| error.to_string())?;
        let sought = consumer.seek_partitions(list, PATIENCE).map_err(|error| error.to_string())?;
        for element in sought.elements() {
            element.error().map_err(|error| error.to_string())?;
        }
        self.next.insert(partition, offset);
        self.resume(consumer, &[partition]);
        Ok(())
    }

    fn pause(&self, consumer: &Consumer, partition: i32) {
        if let Err(error) = consumer.pause(&self.list(&[partition])) {
            // It may just have gone. If not, its records are passed over, and it goes back when its time is up.
            tracing::warn!(partition, %error, "the partition cannot be paused");
        }
    }

    fn resume(&self, consumer: &Consumer, partitions: &[i32]) {
        if partitions.is_empty() {
            return;
        }
        if let Err(error) = consumer.resume(&self.list(partitions)) {
            tracing::warn!(?partitions, %error, "partitions cannot be resumed");
        }
    }

    fn list(&self, partitions: &[i32]) -> TopicPartitionList {
        let mut list = TopicPartitionList::new();
        for partition in partitions {
            list.add_partition(&self.settings.topic, *partition);
        }
        list
    }

    fn taken_over(&self, reason: &str) -> Ended {
        Ended::TakenOver { instance: self.settings.instance.clone(), reason: reason.to_owned() }
    }
}

/// A broker makes the id of a member with a name from that, and a UUID.
fn is_called(member: &str, name: &str) -> bool {
    let id = member.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
    id.is_some_and(|id| id.len() == 36)
}

/// Where partitions begin in the first of two batches that has them.
fn union(first: BTreeMap<i32, i64>, mut second: BTreeMap<i32, i64>) -> BTreeMap<i32, i64> {
    second.extend(first);
    second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_known_by_their_names() {
        let uuid = "0d5a2a4e-6c4e-4a53-8f0c-4b6b2d3c9f10";
        for (member, is_ours) in [
            (format!("pod-1-{uuid}"), true),
            (format!("pod-{uuid}"), false),
            (format!("pod-11-{uuid}"), false),
            (format!("pod-1-2-{uuid}"), false),
            (format!("rdkafka-{uuid}"), false),
            ("pod-1".to_owned(), false),
            ("pod-1-".to_owned(), false),
        ] {
            assert_eq!(is_called(&member, "pod-1"), is_ours, "{member}");
        }
    }

    #[test]
    fn what_is_not_told_goes_on_where_the_first_batch_begins() {
        let batch = |entries: &[(i32, i64)]| entries.iter().copied().collect::<BTreeMap<_, _>>();
        let both = union(batch(&[(0, 5), (1, 7)]), batch(&[(1, 9), (2, 3)]));
        assert_eq!(both, batch(&[(0, 5), (1, 7), (2, 3)]));
    }
}
