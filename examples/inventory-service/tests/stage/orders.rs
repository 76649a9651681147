//! Someone who places orders, without an order service.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use inventory_service::events::OrderCreated;
use ottla::client::Client;
use ottla::serdes::{Register, Serializer};
use ottla::subject::Topic;
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer as _, ProducerContext, ThreadedProducer};
use uuid::Uuid;

/// Sends orders.
pub struct Orders {
    producer: ThreadedProducer<Failures>,
    serializer: Serializer<OrderCreated>,
    topic: String,
    failures: Failures,
}

#[derive(Clone, Default)]
struct Failures(Arc<AtomicUsize>);

impl rdkafka::ClientContext for Failures {}

impl ProducerContext for Failures {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.0.fetch_add(usize::from(result.is_err()), Relaxed);
    }
}

impl Orders {
    pub fn on(kafka: &str, registry: &str, topic: &str) -> Self {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", kafka).set("enable.idempotence", "true");
        config.set("queue.buffering.max.messages", "100000").set("partitioner", "murmur2_random");
        let failures = Failures::default();
        let producer = config.create_with_context(failures.clone()).expect("a producer");
        let client = Client::new(registry).expect("a client");
        let serializer = Serializer::builder(Topic::value(topic)).register(Register::IfMissing);
        let serializer = serializer.build(&client);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(serializer.prepare()).expect("a schema that is registered");
        Self { producer, serializer, topic: topic.to_owned(), failures }
    }

    /// Places that many, and waits until they are there. Their ids.
    pub fn place(&self, count: usize) -> HashSet<String> {
        let ids: Vec<_> = (0..count).map(|_| Uuid::new_v4().to_string()).collect();
        for id in &ids {
            self.send(id, &self.value(id, 1.0), OwnedHeaders::new());
        }
        self.flush();
        ids.into_iter().collect()
    }

    /// The bytes of an order.
    pub fn value(&self, id: &str, amount: f64) -> Vec<u8> {
        self.encode(id, "cust-123", amount)
    }

    /// The bytes of an order of that customer.
    pub fn value_of(&self, id: &str, customer: &str) -> Vec<u8> {
        self.encode(id, customer, 1.0)
    }

    fn encode(&self, id: &str, customer: &str, amount: f64) -> Vec<u8> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_millis() as i64;
        let mut bytes = Vec::new();
        let event = OrderCreated::new(id, customer, amount, now);
        self.serializer.encode(&event, &mut bytes).expect("an event that can be written");
        bytes
    }

    /// Sends any bytes.
    pub fn send(&self, key: &str, value: &[u8], headers: OwnedHeaders) {
        let mut record = BaseRecord::to(&self.topic).key(key).payload(value).headers(headers);
        loop {
            match self.producer.send(record) {
                Ok(()) => return,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    std::thread::sleep(Duration::from_millis(5));
                    record = back;
                }
                Err((error, _)) => panic!("a record is not taken: {error}"),
            }
        }
    }

    /// Waits until everything is there.
    pub fn flush(&self) {
        self.producer.flush(super::PATIENCE).expect("records that arrive");
        assert_eq!(self.failures.0.load(Relaxed), 0, "a record did not arrive");
    }
}
