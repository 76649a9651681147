//! What is counted.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use chassis::metrics::{self, Metrics};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;

use crate::dead_letter::Reason;

/// Counters of the service.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is described where it is registered")]
pub struct Inventory {
    pub consumed: Counter,
    pub reserved: Counter,
    pub rejected: Counter,
    pub duplicates: Counter,
    pub replayed: Counter,
    pub retries: Family<Retried, Counter>,
    pub dead_letters: Family<Dead, Counter>,
    pub produced: Counter,
    pub acknowledged: Counter,
    pub committed: Counter,
    pub aborted: Counter,
    pub cycle_records: Histogram,
    pub cycle_seconds: Histogram,
    pub database_seconds: Histogram,
    pub end_to_end: Histogram,
    pub lag_records: Family<Partition, Gauge>,
    pub lag_seconds: Family<Partition, Gauge<f64, AtomicU64>>,
    pub rebalances: Family<Rebalanced, Counter>,
    pub assigned: Gauge,
    pub paused: Gauge,
    pub queued_records: Gauge,
    pub queued_bytes: Gauge,
}

/// A partition of the orders' topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Partition {
    /// Its number.
    pub partition: i32,
}

/// Why something was tried again: what was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Retried {
    cause: &'static str,
}

impl Retried {
    /// The database was.
    pub const DATABASE: Self = Self { cause: "database" };
    /// The schema registry was.
    pub const REGISTRY: Self = Self { cause: "registry" };
    /// Kafka was, or a transaction of it failed.
    pub const KAFKA: Self = Self { cause: "kafka" };
}

/// Why a record is a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Dead {
    reason: &'static str,
}

impl From<Reason> for Dead {
    fn from(reason: Reason) -> Self {
        Self { reason: reason.as_str() }
    }
}

/// What happened to partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Rebalanced {
    kind: &'static str,
}

impl Rebalanced {
    /// They came.
    pub const ASSIGNED: Self = Self { kind: "assigned" };
    /// They went, and were given back in time.
    pub const REVOKED: Self = Self { kind: "revoked" };
    /// They had gone before it was known here.
    pub const LOST: Self = Self { kind: "lost" };
}

impl Inventory {
    /// Registers them.
    pub fn new(metrics: &Metrics) -> Arc<Self> {
        let sizes = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0];
        let inventory = Self {
            consumed: Counter::default(),
            reserved: Counter::default(),
            rejected: Counter::default(),
            duplicates: Counter::default(),
            replayed: Counter::default(),
            retries: Family::default(),
            dead_letters: Family::default(),
            produced: Counter::default(),
            acknowledged: Counter::default(),
            committed: Counter::default(),
            aborted: Counter::default(),
            cycle_records: Histogram::new(sizes),
            cycle_seconds: metrics::seconds(),
            database_seconds: metrics::seconds(),
            end_to_end: metrics::seconds(),
            lag_records: Family::default(),
            lag_seconds: Family::default(),
            rebalances: Family::default(),
            assigned: Gauge::default(),
            paused: Gauge::default(),
            queued_records: Gauge::default(),
            queued_bytes: Gauge::default(),
        };
        inventory.begin_at_zero();
        metrics.register(|registry| inventory.register(registry.sub_registry_with_prefix("inventory")));
        Arc::new(inventory)
    }

    /// A counter that is not there before it counts hides its first step from whoever watches for changes.
    fn begin_at_zero(&self) {
        for cause in [Retried::DATABASE, Retried::REGISTRY, Retried::KAFKA] {
            drop(self.retries.get_or_create(&cause));
        }
        for kind in [Rebalanced::ASSIGNED, Rebalanced::REVOKED, Rebalanced::LOST] {
            drop(self.rebalances.get_or_create(&kind));
        }
        for reason in Reason::ALL {
            drop(self.dead_letters.get_or_create(&reason.into()));
        }
    }

    fn register(&self, to: &mut prometheus_client::registry::Registry) {
        to.register("consumed", "Records of orders that were handled", self.consumed.clone());
        to.register("reserved", "Orders that a unit was reserved for", self.reserved.clone());
        to.register("rejected", "Orders that nothing was left for", self.rejected.clone());
        to.register("duplicates", "Records whose order had come in another one", self.duplicates.clone());
        to.register("replayed", "Records that had been handled before", self.replayed.clone());
        to.register(
            "retries",
            "Times that something was tried again, by what was away",
            self.retries.clone(),
        );
        to.register("dead_letters", "Records that nothing could be done about", self.dead_letters.clone());
        to.register("produced", "Records given to the producer", self.produced.clone());
        to.register("acknowledged", "Records that the cluster acknowledged", self.acknowledged.clone());
        let help = "Transactions of Kafka that were committed";
        to.register("transactions_committed", help, self.committed.clone());
        let help = "Transactions of Kafka that were aborted";
        to.register("transactions_aborted", help, self.aborted.clone());
        to.register("cycle_records", "Records of a cycle", self.cycle_records.clone());
        let help = "From the last record of a cycle to its commit";
        to.register("cycle_duration_seconds", help, self.cycle_seconds.clone());
        let help = "How long the database took for a cycle";
        to.register("database_duration_seconds", help, self.database_seconds.clone());
        let help = "From createdAt of an order to the commit of its outcome";
        to.register("end_to_end_latency_seconds", help, self.end_to_end.clone());
        to.register("consumer_lag_records", "Records that are not handled yet", self.lag_records.clone());
        let help = "The age of the oldest record that is not handled yet";
        to.register("consumer_lag_seconds", help, self.lag_seconds.clone());
        to.register("rebalances", "Times that partitions came or went", self.rebalances.clone());
        to.register("assigned_partitions", "Partitions of this replica", self.assigned.clone());
        let help = "Partitions that wait for something that is away";
        to.register("paused_partitions", help, self.paused.clone());
        to.register("queued_records", "Records that were fetched and wait", self.queued_records.clone());
        to.register("queued_bytes", "Bytes that were fetched and wait", self.queued_bytes.clone());
    }
}
