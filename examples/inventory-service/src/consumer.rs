//! The consumer: its settings, and partitions that come and go.
//!
//! Everything in here is called by `poll`, on the thread that polls. Between two calls of it nothing changes.

use std::mem::take;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::Check;
use chassis::kafka::{self, Reserved, SettingsError};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::util::Timeout;
use rdkafka::{ClientConfig, Statistics, TopicPartitionList};

use crate::lag::Lag;
use crate::metrics::{Inventory, Rebalanced};

/// A consumer that tells what happens to its partitions.
pub type Consumer = BaseConsumer<Partitions>;

/// What the service depends on, or has a flag of its own for.
pub const RESERVED: &[Reserved] = &[
    ("group.id", Some("--group")),
    ("group.instance.id", Some("--instance")),
    ("enable.auto.commit", None),
    ("enable.auto.offset.store", None),
    ("auto.offset.reset", None),
    ("isolation.level", None),
    ("group.protocol", None),
    ("partition.assignment.strategy", None),
    ("max.poll.interval.ms", None),
    ("enable.idempotence", None),
    ("acks", None),
    ("transactional.id", None),
    ("transaction.timeout.ms", None),
    ("delivery.timeout.ms", None),
    ("statistics.interval.ms", None),
];

/// What the user may have otherwise, for all clients.
pub const DEFAULTS: &[(&str, &str)] = &[
    ("client.id", "inventory-service"),
    // A broker that was away is found again within a second.
    ("reconnect.backoff.max.ms", "1000"),
    // Whether a dead letter is too large is the cluster's to say.
    ("message.max.bytes", "10000000"),
];

/// The same, for consumers.
const CONSUMER_DEFAULTS: &[(&str, &str)] = &[
    // A replica that is gone is noticed within six seconds, and its partitions go to others.
    ("session.timeout.ms", "6000"),
    ("heartbeat.interval.ms", "1000"),
    // When enough waits in memory, it is looked again soon, not after a second: a backlog is handled faster than that.
    ("fetch.queue.backoff.ms", "20"),
];

/// How long a replica may be silent before the group gives it up.
pub fn session(client: &ClientConfig) -> Duration {
    let key = "session.timeout.ms";
    let default = || CONSUMER_DEFAULTS.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let milliseconds = client.get(key).or_else(default).and_then(|value| value.parse().ok());
    Duration::from_millis(milliseconds.unwrap_or_default())
}

/// What has happened to the partitions since it was asked for last.
#[derive(Debug, Default)]
pub struct Changes {
    /// They are somebody else's now.
    pub revoked: Vec<i32>,
    /// They are ours now.
    pub assigned: Vec<i32>,
}

/// The consumer's context.
#[derive(Debug)]
pub struct Partitions {
    changes: Mutex<Changes>,
    has_changed: AtomicBool,
    is_assigned: Check,
    lag: Arc<Lag>,
    inventory: Arc<Inventory>,
}

impl Partitions {
    /// None yet.
    pub fn new(is_assigned: Check, lag: Arc<Lag>, inventory: Arc<Inventory>) -> Self {
        Self { changes: Mutex::default(), has_changed: AtomicBool::new(false), is_assigned, lag, inventory }
    }

    /// What has happened since it was asked for last, if anything.
    pub fn changes(&self) -> Option<Changes> {
        self.has_changed.swap(false, Relaxed).then(|| take(&mut *self.lock()))
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, kind: Rebalanced) {
        self.inventory.rebalances.get_or_create(&kind).inc();
    }
}

impl ClientContext for Partitions {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        kafka::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        kafka::error(&error, reason);
    }

    fn stats(&self, statistics: Statistics) {
        self.lag.told(&statistics, &self.inventory);
    }
}

impl ConsumerContext for Partitions {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let Rebalance::Revoke(list) = rebalance else { return };
        let partitions = numbers(list);
        let is_lost = consumer.assignment_lost();
        tracing::info!(?partitions, is_lost, "partitions are taken away");
        self.count(if is_lost { Rebalanced::LOST } else { Rebalanced::REVOKED });
        if is_lost {
            self.is_assigned.ill("they were lost: the group did not hear from this replica in time");
        }
        for partition in &partitions {
            self.lag.forget(*partition, &self.inventory);
        }
        let mut changes = self.lock();
        changes.assigned.retain(|partition| !partitions.contains(partition));
        changes.revoked.extend(partitions);
        self.has_changed.store(true, Relaxed);
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let partitions = numbers(list);
                tracing::info!(?partitions, "partitions are assigned");
                self.count(Rebalanced::ASSIGNED);
                self.lock().assigned.extend(partitions);
                self.has_changed.store(true, Relaxed);
                self.is_assigned.well();
            }
            Rebalance::Revoke(_) => {}
            Rebalance::Error(error) => tracing::warn!(%error, "a rebalance failed"),
        }
        if let Ok(all) = consumer.assignment() {
            self.inventory.assigned.set(i64::try_from(all.count()).unwrap_or(i64::MAX));
        }
    }

    fn main_queue_min_poll_interval(&self) -> Timeout {
        Timeout::After(Duration::from_millis(100))
    }
}

/// What a consumer is, besides its context.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The group.
    pub group: String,
    /// Its name in the group.
    pub instance: String,
    /// A cycle, and what follows from its failure, ends before the group gives the consumer up.
    pub longest_cycle: Duration,
    /// Bytes of records that may wait in memory.
    pub queue: usize,
    /// Partitions that share them, as far as is known.
    pub partitions: usize,
}

/// Makes a consumer. It joins nothing yet.
///
/// # Errors
/// If the client does not take the settings.
pub fn connect(
    client: &ClientConfig,
    membership: &Membership,
    context: Partitions,
) -> Result<Consumer, SettingsError> {
    let Membership { group, instance, longest_cycle, queue, partitions } = membership;
    let mut config = client.clone();
    // librdkafka counts for each partition, and goes beyond it by what one answer holds.
    let share = (queue / partitions.max(&1) / 2).clamp(64 << 10, 64 << 20);
    let (kilobytes, fetched) = ((share >> 10).to_string(), share.min(1 << 20).to_string());
    let shares =
        [("queued.max.messages.kbytes", kilobytes.as_str()), ("max.partition.fetch.bytes", &fetched)];
    for (key, value) in CONSUMER_DEFAULTS.iter().chain(&shares) {
        if config.get(key).is_none() {
            config.set(*key, *value);
        }
    }
    config
        .set("group.id", group)
        // The same name after a restart: the partitions are still ours if the session is.
        .set("group.instance.id", instance)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "earliest")
        .set("isolation.level", "read_committed")
        // Only what moves is taken away, all other partitions go on.
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("max.poll.interval.ms", longest_cycle.as_millis().to_string())
        .set("statistics.interval.ms", "1000");
    Ok(config.create_with_context(context)?)
}

fn numbers(list: &TopicPartitionList) -> Vec<i32> {
    list.elements().iter().map(|element| element.partition()).collect()
}
