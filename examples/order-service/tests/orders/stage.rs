//! What the tests play on: a Kafka that all share, a registry, and services as processes.

// Each test binary uses some of it.
#![allow(dead_code, reason = "two test binaries share this file, and each uses some of it")]

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use order_service::events::OrderCreated;
use ottla::Events;
use ottla::client::Client as RegistryClient;
use ottla::serdes::Deserializer;
use ottla::subject::Topic;
use ottla_clients::registry::Registry;
use ottla_tests::http::{Answer, CallError, Client};
use ottla_tests::kafka::Broker;
use ottla_tests::server::{Serve, Server};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use serde_json::{Value, json};

const QUESTION: Duration = Duration::from_secs(10);

/// A topic of the test's own, in a Kafka and a registry that it may share.
pub struct Stage {
    pub broker: &'static Broker,
    pub registry: Arc<Registry>,
    pub topic: String,
}

/// A record as it is in the topic, read as one version of the event.
#[derive(Debug, Clone)]
pub struct Record<E = OrderCreated> {
    pub partition: i32,
    pub offset: i64,
    pub key: String,
    pub order: E,
    /// The schema that it was written with.
    pub schema_id: u32,
    pub headers: Vec<(String, String)>,
}

impl Stage {
    /// Nothing, if there is no Kafka to be had.
    pub fn set(topic: &str) -> Option<Self> {
        // It ends with the last test that uses it, as what is static is never dropped.
        static REGISTRY: Mutex<Weak<Registry>> = Mutex::new(Weak::new());
        let broker = Broker::shared()?;
        let mut shared = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
        let registry = shared.upgrade().unwrap_or_else(|| Arc::new(Registry::start()));
        *shared = Arc::downgrade(&registry);
        Some(Self { broker, registry, topic: topic.to_owned() })
    }

    /// How to start a service on it.
    pub fn service(&self, arguments: &[&str]) -> Serve {
        service(&self.broker.address(), self.registry.url(), &self.topic).with(arguments)
    }

    /// A service on it.
    pub fn start(&self, arguments: &[&str]) -> Server {
        self.service(arguments).start().expect("a service that starts")
    }

    /// The next build of the service on it: that of version 2 of the event.
    pub fn start_v2(&self, arguments: &[&str]) -> Server {
        let program = env!("CARGO_BIN_EXE_order-service-v2");
        let serve = build(program, &self.broker.address(), self.registry.url(), &self.topic);
        serve.with(arguments).start().expect("a service that starts")
    }

    /// All that is in the topic.
    pub fn records(&self) -> Vec<Record> {
        self.records_as()
    }

    /// The same, to somebody who knows that version of the event.
    pub fn records_as<E: Events>(&self) -> Vec<Record<E>> {
        records(self.broker, self.registry.url(), &self.topic)
    }
}

pub fn service(kafka: &str, registry: &str, topic: &str) -> Serve {
    build(env!("CARGO_BIN_EXE_order-service"), kafka, registry, topic)
}

fn build(program: &str, kafka: &str, registry: &str, topic: &str) -> Serve {
    Serve::program(program).with(&[
        "--listen=127.0.0.1:0",
        "--kafka",
        kafka,
        "--registry",
        registry,
        "--topic",
        topic,
        "--partitions=3",
        "--replication-factor=1",
        "--log-level=debug",
    ])
}

/// `POST /orders`.
pub fn try_post(client: &mut Client, headers: &[(&str, &str)], body: &Value) -> Result<Answer, CallError> {
    let headers = [&[("Content-Type", "application/json")], headers].concat();
    client.send("POST", "/orders", &headers, Some(body.to_string().as_bytes()))
}

pub fn post(client: &mut Client, headers: &[(&str, &str)], body: &Value) -> Answer {
    try_post(client, headers, body).expect("an answer")
}

pub fn order() -> Value {
    json!({"customerId": "cust-123", "totalAmount": 250.75})
}

/// The id that an answer tells.
pub fn id(answer: &Answer) -> String {
    answer.json()["orderId"].as_str().unwrap_or_else(|| panic!("no order id: {}", answer.text())).to_owned()
}

/// All that is in a topic now, by partition and offset.
pub fn records<E: Events>(broker: &Broker, registry: &str, topic: &str) -> Vec<Record<E>> {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", broker.address())
        .set("group.id", "tests")
        .set("enable.auto.commit", "false");
    let consumer: BaseConsumer = config.create().expect("a consumer");
    let metadata = consumer.fetch_metadata(Some(topic), QUESTION).expect("metadata");
    let mut left = 0;
    let mut all = TopicPartitionList::new();
    for partition in metadata.topics()[0].partitions() {
        let (low, high) = consumer.fetch_watermarks(topic, partition.id(), QUESTION).expect("offsets");
        left += high - low;
        all.add_partition_offset(topic, partition.id(), Offset::Beginning).expect("an offset");
    }
    consumer.assign(&all).expect("an assignment");
    let client = RegistryClient::new(registry).expect("a client");
    let deserializer = Deserializer::<E>::new(&client, Topic::value(topic));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut records = Vec::new();
    for _ in 0..left {
        let message = consumer.poll(QUESTION).expect("a record").expect("no error");
        let order = runtime.block_on(deserializer.deserialize(message.payload(), ()));
        let payload = message.payload().expect("a payload");
        let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.expect("bytes").to_vec()).expect("text");
        let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
        records.push(Record {
            partition: message.partition(),
            offset: message.offset(),
            key: text(message.key()),
            order: order.expect("an event").expect("no tombstone"),
            schema_id: u32::from_be_bytes(payload[1..5].try_into().expect("four bytes")),
            headers: headers.map(|header| (header.key.to_owned(), text(header.value))).collect(),
        });
    }
    // Partitions are read as they come.
    records.sort_by_key(|record| (record.partition, record.offset));
    records
}

/// A sample of the metrics.
pub fn metric(client: &mut Client, sample: &str) -> Option<f64> {
    let text = client.get("/metrics").expect("metrics").text();
    text.lines().find_map(|line| line.strip_prefix(sample)?.trim().parse().ok())
}

/// Waits until something is so, for half a minute.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = std::time::Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what}: it did not come about");
        std::thread::sleep(Duration::from_millis(20));
    }
}
