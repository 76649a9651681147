//! Events to records, and records to answers.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chassis::kafka::{Link, Reserved, SettingsError, Watch};
use chassis::{Check, trace};
use ottla::serdes::Serializer;
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, Producer as _, ThreadedProducer};
use rdkafka::util::Timeout;
use tokio::sync::oneshot;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use crate::Options;
use crate::delivery::{Deliveries, Pending};
use crate::events::OrderEvent;
use crate::identity::Identity;
use crate::metrics::Orders;
use crate::order::NewOrder;
use crate::refusal::Refusal;
use crate::window::{Claim, Place, Window};

/// What the service depends on, or has a flag of its own for.
pub const RESERVED: &[Reserved] = &[
    ("acks", None),
    ("enable.idempotence", None),
    ("transactional.id", None),
    ("delivery.timeout.ms", Some("--delivery-timeout")),
    ("queue.buffering.max.messages", Some("--max-in-flight")),
];

/// What the user may have otherwise.
pub const DEFAULTS: &[(&str, &str)] = &[
    ("client.id", "order-service"),
    // As clients in Java do, so that a key is in the same partition whoever writes it.
    ("partitioner", "murmur2_random"),
    // A broker that was away is found again within a second.
    ("reconnect.backoff.max.ms", "1000"),
];

/// librdkafka looks for records whose time is up once a second.
const SLACK: Duration = Duration::from_secs(2);

/// Sends orders as events of one version, and says what became of them.
pub struct Publisher<E: OrderEvent> {
    topic: String,
    producer: ThreadedProducer<Deliveries>,
    serializer: Serializer<E>,
    window: Arc<Window>,
    link: Link,
    schema: Check,
    orders: Arc<Orders>,
    patience: Duration,
}

impl<E: OrderEvent> Publisher<E> {
    /// Makes a producer. Nothing is sent yet, and nobody has to be there.
    ///
    /// # Errors
    /// If its settings are wrong.
    pub fn new(
        options: &Options,
        client: &ClientConfig,
        serializer: Serializer<E>,
        (link, schema): (Link, Check),
        orders: Arc<Orders>,
    ) -> Result<Self, SettingsError> {
        let window = Arc::new(Window::new(options.idempotency_window, options.idempotency_keys));
        let context =
            Deliveries { window: window.clone(), link: link.clone(), orders: Orders::clone(&orders) };
        let mut config = client.clone();
        // No record is lost, doubled or overtaken on its way, and all replicas have it once it is acknowledged.
        config.set("enable.idempotence", "true").set("acks", "all");
        // Its time is up when the request's is: nothing is sent after the client was told that it is not known.
        config.set("delivery.timeout.ms", options.delivery_timeout.as_millis().to_string());
        // The queue is what bounds how many orders wait, those of clients that have gone included.
        config.set("queue.buffering.max.messages", options.max_in_flight.to_string());
        let producer = config.create_with_context(context)?;
        let (topic, patience) = (options.topic.clone(), options.delivery_timeout + SLACK);
        Ok(Self { topic, producer, serializer, window, link, schema, orders, patience })
    }

    /// Keeps asking whether the broker is there.
    ///
    /// # Errors
    /// If there can be no thread for that.
    pub fn watch(&self) -> std::io::Result<Watch> {
        let (producer, topic) = (self.producer.clone(), self.topic.clone());
        self.link.watch(move |patience| producer.client().fetch_metadata(Some(&topic), patience).map(drop))
    }

    /// Waits until the broker has answered.
    pub async fn is_up(&self) {
        while !self.link.is_up() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until an order is in the topic. `repeated` if it was there before.
    ///
    /// # Errors
    /// If it is not, or nobody knows.
    pub async fn place(&self, identity: &Identity, order: NewOrder) -> Result<Placed, Refusal> {
        if !self.schema.is_well() {
            let reason = self.schema.trouble().unwrap_or_default();
            return Err(Refusal::NotReady(reason));
        }
        let created_at = match self.claim(identity, &order) {
            Claim::Send { created_at } => created_at,
            Claim::Placed(place) => {
                self.orders.repeated.inc();
                return Ok(Placed { place, repeated: true });
            }
            Claim::Other => return Err(Refusal::KeyReused),
        };
        let span = self.span(identity);
        match span.in_scope(|| self.send(identity, order, created_at)) {
            Ok(delivery) => self.delivered(identity, delivery).instrument(span).await,
            Err(refusal) => {
                if identity.is_given {
                    self.window.give_up(identity.order_id);
                }
                Err(refusal)
            }
        }
    }

    /// Where nobody collects spans, that of the request is enough.
    fn span(&self, identity: &Identity) -> Span {
        if !trace::are_exported() {
            return Span::none();
        }
        tracing::info_span!(
            "publish",
            otel.name = %format_args!("send {}", self.topic),
            otel.kind = "producer",
            messaging.system = "kafka",
            messaging.destination.name = self.topic,
            order_id = %identity.order_id,
        )
    }

    /// A key that the client did not choose is nobody else's.
    fn claim(&self, identity: &Identity, order: &NewOrder) -> Claim {
        let created_at = now();
        match identity.is_given {
            true => self.window.claim(identity.order_id, order, created_at, Instant::now()),
            false => Claim::Send { created_at },
        }
    }

    /// Gives the record to the producer. If it is not taken, nothing will be sent.
    fn send(
        &self,
        identity: &Identity,
        order: NewOrder,
        created_at: i64,
    ) -> Result<oneshot::Receiver<Result<Place, KafkaError>>, Refusal> {
        if !self.link.is_up() {
            return Err(Refusal::BrokerAway("the broker did not answer lately".to_owned()));
        }
        let mut key = Uuid::encode_buffer();
        let key = &*identity.order_id.hyphenated().encode_lower(&mut key);
        let event = E::of(key, order, created_at);
        let mut payload = Vec::with_capacity(128);
        let encoded = self.serializer.encode(&event, &mut payload);
        encoded.map_err(|error| Refusal::NotAccepted(error.to_string()))?;
        let (answer, delivery) = oneshot::channel();
        let pending = Box::new(Pending { order_id: identity.order_id, since: Instant::now(), answer });
        let record = BaseRecord::with_opaque_to(&self.topic, pending);
        let record = record.key(key).payload(&payload).headers(trace::headers_of(&Span::current()));
        if identity.is_given {
            // Before it is: the answer may be here before the next line runs.
            self.window.sent(identity.order_id);
        }
        // The delivery may be heard of before `send` returns.
        self.orders.in_flight.inc();
        let error = match self.producer.send(record) {
            Ok(()) => {
                self.orders.produced.inc();
                return Ok(delivery);
            }
            Err((error, _)) => error,
        };
        self.orders.in_flight.dec();
        Err(match error {
            KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) => Refusal::TooMany,
            error => Refusal::NotAccepted(error.to_string()),
        })
    }

    async fn delivered(
        &self,
        identity: &Identity,
        delivery: oneshot::Receiver<Result<Place, KafkaError>>,
    ) -> Result<Placed, Refusal> {
        let reason = match tokio::time::timeout(self.patience, delivery).await {
            Ok(Ok(Ok(place))) => {
                let Place { partition, offset } = place;
                tracing::debug!(topic = self.topic, partition, offset, order_id = %identity.order_id, "placed");
                return Ok(Placed { place, repeated: false });
            }
            Ok(Ok(Err(error))) => error.to_string(),
            Ok(Err(_)) => "the producer has ended".to_owned(),
            Err(_) => "its time is up".to_owned(),
        };
        Err(Refusal::Unknown(identity.clone(), reason))
    }

    /// Waits until nothing is on its way any more. It blocks.
    ///
    /// # Errors
    /// If something still is.
    pub fn flush(&self) -> Result<(), KafkaError> {
        self.producer.flush(Timeout::After(self.patience))
    }
}

/// An order that is in the topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub place: Place,
    /// Was it there before?
    pub repeated: bool,
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
