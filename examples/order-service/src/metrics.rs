//! What is counted.

use std::sync::Arc;

use chassis::metrics::{self, Metrics};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;

/// Counters of orders. Clones share them.
#[derive(Debug, Clone)]
pub struct Orders {
    /// Records that were given to the producer.
    pub produced: Counter,
    /// Records that the cluster acknowledged.
    pub acknowledged: Counter,
    /// Records whose time was up, or that failed.
    pub undelivered: Counter,
    /// From the producer to the acknowledgement.
    pub delivery: Histogram,
    /// Requests that were not carried out.
    pub refused: Family<Refused, Counter>,
    /// Requests that were answered from memory, as their order was placed before.
    pub repeated: Counter,
    /// Records that wait for their acknowledgement.
    pub in_flight: Gauge,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Refused {
    /// The reason.
    pub reason: Reason,
}

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
#[allow(missing_docs, reason = "they are the variants of Refusal")]
pub enum Reason {
    BadRequest,
    InvalidOrder,
    KeyReused,
    NotReady,
    BrokerAway,
    TooMany,
    NotAccepted,
    Unknown,
}

impl Orders {
    /// Registers them.
    pub fn new(metrics: &Metrics) -> Arc<Self> {
        let orders = Self {
            produced: Counter::default(),
            acknowledged: Counter::default(),
            undelivered: Counter::default(),
            delivery: metrics::seconds(),
            refused: Family::default(),
            repeated: Counter::default(),
            in_flight: Gauge::default(),
        };
        metrics.register(|registry| {
            let registry = registry.sub_registry_with_prefix("orders");
            registry.register("produced", "Records given to the producer", orders.produced.clone());
            let help = "Records that the cluster acknowledged";
            registry.register("acknowledged", help, orders.acknowledged.clone());
            let help = "Records that were not acknowledged in time, or failed";
            registry.register("undelivered", help, orders.undelivered.clone());
            let help = "From the producer to the acknowledgement";
            registry.register("delivery_duration_seconds", help, orders.delivery.clone());
            registry.register(
                "refused",
                "Requests that were not carried out, by reason",
                orders.refused.clone(),
            );
            let help = "Requests whose order was placed before, answered from memory";
            registry.register("repeated", help, orders.repeated.clone());
            registry.register(
                "in_flight",
                "Records that wait for an acknowledgement",
                orders.in_flight.clone(),
            );
        });
        Arc::new(orders)
    }
}
