//! What became of a record: told by the producer's own thread, to whoever asks.
//!
//! It is told whether the client still waits or not. That is why this is not a `FutureProducer`: with that, nobody would hear
//! of an order whose client has gone.

use std::sync::Arc;
use std::time::Instant;

use chassis::kafka::{self, Link};
use rdkafka::Message as _;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::producer::{DeliveryResult, ProducerContext};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::metrics::Orders;
use crate::window::{Place, Window};

/// What goes with a record until its fate is known.
#[derive(Debug)]
pub struct Pending {
    /// The order.
    pub order_id: Uuid,
    /// When it was given to the producer.
    pub since: Instant,
    /// Who waits for it.
    pub answer: oneshot::Sender<Result<Place, KafkaError>>,
}

/// The producer's context: hears of deliveries, and of what goes on in the client.
#[derive(Debug)]
pub struct Deliveries {
    /// The keys whose orders are placed.
    pub window: Arc<Window>,
    /// An acknowledgement is a sign of life.
    pub link: Link,
    /// What is counted.
    pub orders: Orders,
}

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        kafka::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        kafka::error(&error, reason);
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<Pending>;

    fn delivery(&self, result: &DeliveryResult<'_>, pending: Box<Pending>) {
        let Pending { order_id, since, answer } = *pending;
        let result = match result {
            Ok(record) => Ok(Place { partition: record.partition(), offset: record.offset() }),
            Err((error, _)) => Err(error.clone()),
        };
        self.orders.in_flight.dec();
        match &result {
            Ok(place) => {
                self.link.sign_of_life();
                self.window.placed(order_id, *place);
                self.orders.acknowledged.inc();
                self.orders.delivery.observe(since.elapsed().as_secs_f64());
            }
            Err(error) => {
                self.orders.undelivered.inc();
                tracing::warn!(%order_id, %error, "an order was not acknowledged");
            }
        }
        // The client may have gone.
        let _ = answer.send(result);
    }
}
