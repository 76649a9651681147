//! Orders in the topic; consumed, and no more.

use std::time::{Duration, Instant};

use inventory_service::events::OrderCreated;
use ottla::client::Client;
use ottla::serdes::{Register, Serializer};
use ottla::subject::Topic;
use ottla_tests::random::Random;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use crate::Bench;

pub const TOPIC: &str = "backlog";
const PARTITIONS: i32 = 3;

/// Someone who places orders.
pub struct Shop {
    producer: ThreadedProducer<DefaultProducerContext>,
    serializer: Serializer<OrderCreated>,
    topic: String,
}

impl Shop {
    /// The topic is created.
    pub fn open(bench: &Bench, topic: &str) -> Self {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bench.broker.address()).set("enable.idempotence", "true");
        config.set("partitioner", "murmur2_random").set("linger.ms", "5");
        let admin: AdminClient<DefaultClientContext> = config.create().expect("an admin client");
        let new = NewTopic::new(topic, PARTITIONS, TopicReplication::Fixed(1));
        runtime().block_on(admin.create_topics([&new], &AdminOptions::new())).expect("a topic");
        let client = Client::new(bench.registry.url()).expect("a client");
        let serializer = Serializer::builder(Topic::value(topic)).register(Register::IfMissing);
        let serializer = serializer.build(&client);
        runtime().block_on(serializer.prepare()).expect("a schema that is registered");
        Self { producer: config.create().expect("a producer"), serializer, topic: topic.to_owned() }
    }

    /// Places an order.
    pub fn place(&self, id: &str, created_at: i64) {
        let event = OrderCreated::new(id, "cust-123", 250.75, created_at);
        let mut bytes = Vec::with_capacity(100);
        self.serializer.encode(&event, &mut bytes).expect("an event");
        let mut record = BaseRecord::to(&self.topic).key(id).payload(&bytes);
        loop {
            match self.producer.send(record) {
                Ok(()) => return,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    std::thread::sleep(Duration::from_millis(1));
                    record = back;
                }
                Err((error, _)) => panic!("a record is not taken: {error}"),
            }
        }
    }

    /// Waits until all are there.
    pub fn flush(&self) {
        self.producer.flush(Duration::from_secs(60)).expect("records that arrive");
    }
}

/// The id of an order: a UUID without any order, as the order service makes them, or one that is greater than those before, which
/// spares a database work.
pub fn id(bench: &Bench, number: usize) -> String {
    let mut random = Random::new(number as u64);
    let first = if bench.are_ids_in_order { number as u64 } else { random.any() };
    Uuid::from_u64_pair(first, random.any()).to_string()
}

/// Fills the topic.
pub fn place(bench: &Bench) {
    let shop = Shop::open(bench, TOPIC);
    for number in 0..bench.orders {
        shop.place(&id(bench, number), inventory_service::lag::now());
    }
    shop.flush();
}

/// Consumes the backlog; records in a second.
pub fn consume(bench: &Bench) -> f64 {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bench.broker.address()).set("group.id", "bare");
    config.set("enable.auto.commit", "false").set("isolation.level", "read_committed");
    let consumer: BaseConsumer = config.create().expect("a consumer");
    let mut all = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        all.add_partition_offset(TOPIC, partition, Offset::Beginning).expect("an offset");
    }
    consumer.assign(&all).expect("an assignment");
    consumer.poll(Duration::from_secs(30)).expect("a record").expect("no error");
    let started = Instant::now();
    for _ in 1..bench.orders {
        consumer.poll(Duration::from_secs(30)).expect("a record").expect("no error");
    }
    bench.orders as f64 / started.elapsed().as_secs_f64()
}

pub fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}
