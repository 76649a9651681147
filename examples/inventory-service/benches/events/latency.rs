//! From `createdAt` to the outcome that is committed, at a steady rate.

use std::time::{Duration, Instant};

use inventory_service::events::Outcome;
use inventory_service::lag;
use ottla::client::Client;
use ottla::serdes::Deserializer;
use ottla::subject::Topic;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::{ClientConfig, Message as _, Offset, TopicPartitionList};

use crate::Bench;
use crate::backlog::{Shop, id, runtime};
use crate::drain;

/// Times in milliseconds, sorted.
pub fn run(bench: &Bench, name: &str, database: &str, rate: usize, time: Duration) -> Vec<i64> {
    let orders = rate * time.as_secs() as usize;
    let shop = Shop::open(bench, name);
    let server = drain::start(bench, name, database, name);
    let reading = {
        let (kafka, registry) = (bench.broker.address(), bench.registry.url().to_owned());
        let topic = format!("{name}-outcomes");
        std::thread::spawn(move || read(&kafka, &registry, &topic, orders))
    };
    // Everybody has joined, and has read before.
    std::thread::sleep(Duration::from_secs(1));
    let started = Instant::now();
    for number in 0..orders {
        let due = started + Duration::from_secs(1) * number as u32 / rate as u32;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        shop.place(&id(bench, number), lag::now());
    }
    let mut times = reading.join().expect("outcomes");
    drop(server);
    // The first second warms everything up.
    times.drain(..rate.min(times.len() / 2));
    times.sort_unstable();
    times
}

/// Which part of the times is not more than that?
pub fn at(times: &[i64], part: f64) -> i64 {
    let position = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
    times.get(position).copied().unwrap_or_default()
}

fn read(kafka: &str, registry: &str, topic: &str, count: usize) -> Vec<i64> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka).set("group.id", "readers").set("enable.auto.commit", "false");
    config.set("isolation.level", "read_committed");
    let consumer: BaseConsumer = config.create().expect("a consumer");
    let mut all = TopicPartitionList::new();
    for partition in 0..3 {
        all.add_partition_offset(topic, partition, Offset::Beginning).expect("an offset");
    }
    consumer.assign(&all).expect("an assignment");
    let client = Client::new(registry).expect("a client");
    let deserializer = Deserializer::<Outcome>::new(&client, Topic::value(topic));
    let runtime = runtime();
    let mut times = Vec::with_capacity(count);
    while times.len() < count {
        let record = consumer.poll(Duration::from_secs(60)).expect("an outcome").expect("no error");
        let outcome = runtime.block_on(deserializer.deserialize(record.payload(), ())).expect("an event");
        let created_at = match outcome.expect("no tombstone") {
            Outcome::Reserved(event) => event.order_created_at,
            Outcome::Rejected(event) => event.order_created_at,
        };
        times.push(lag::now() - created_at);
    }
    times
}
