//! What others see: committed records only.

use inventory_service::events::Outcome;
use ottla::client::Client;
use ottla::serdes::Deserializer;
use ottla::subject::Topic;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{Headers as _, OwnedMessage};
use rdkafka::{ClientConfig, Message as _, Offset, TopicPartitionList};

use super::PATIENCE;

/// An outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub order_id: String,
    pub is_reserved: bool,
    pub item: String,
    pub key: String,
    pub headers: Vec<(String, String)>,
}

/// A dead letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Dead {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, String)>,
}

impl Dead {
    /// The value of the last header with that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().rfind(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// All outcomes that are committed now.
pub fn read(kafka: &str, registry: &str, topic: &str) -> Vec<Seen> {
    let client = Client::new(registry).expect("a client");
    let deserializer = Deserializer::<Outcome>::new(&client, Topic::value(topic));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seen = records(kafka, topic).into_iter().map(|record| {
        let outcome = runtime.block_on(deserializer.deserialize(record.payload(), ())).expect("an event");
        let (order_id, is_reserved, item) = match outcome.expect("no tombstone") {
            Outcome::Reserved(event) => (event.order_id, true, event.item),
            Outcome::Rejected(event) => (event.order_id, false, event.item),
        };
        let key = String::from_utf8(record.key().expect("a key").to_vec()).expect("text");
        Seen { order_id, is_reserved, item, key, headers: headers(&record) }
    });
    seen.collect()
}

/// All dead letters that are committed now.
pub fn dead(kafka: &str, topic: &str) -> Vec<Dead> {
    let dead = records(kafka, topic).into_iter().map(|record| Dead {
        key: record.key().map(<[u8]>::to_vec),
        value: record.payload().map(<[u8]>::to_vec),
        headers: headers(&record),
    });
    dead.collect()
}

/// How many dead letters are committed now, whatever is in them.
pub fn dead_count(kafka: &str, topic: &str) -> usize {
    records(kafka, topic).len()
}

fn headers(record: &OwnedMessage) -> Vec<(String, String)> {
    let headers = record.headers().into_iter().flat_map(|headers| headers.iter());
    let text = |value: Option<&[u8]>| String::from_utf8_lossy(value.unwrap_or_default()).into_owned();
    headers.map(|header| (header.key.to_owned(), text(header.value))).collect()
}

/// Everything up to where each partition ends now, for those who read what is committed, by partition and offset.
pub fn records(kafka: &str, topic: &str) -> Vec<OwnedMessage> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka).set("group.id", "readers").set("enable.auto.commit", "false");
    config.set("isolation.level", "read_committed").set("enable.partition.eof", "true");
    config.set("fetch.wait.max.ms", "10");
    let consumer: BaseConsumer = config.create().expect("a consumer");
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).expect("metadata");
    let mut all = TopicPartitionList::new();
    for partition in metadata.topics()[0].partitions() {
        all.add_partition_offset(topic, partition.id(), Offset::Beginning).expect("an offset");
    }
    consumer.assign(&all).expect("an assignment");
    let (mut records, mut ended) = (Vec::new(), 0);
    while ended < all.count() {
        match consumer.poll(PATIENCE).expect("a record or an end") {
            Ok(record) => records.push(record.detach()),
            Err(KafkaError::PartitionEOF(_)) => ended += 1,
            Err(error) => panic!("{topic} cannot be read: {error}"),
        }
    }
    records.sort_by_key(|record| (record.partition(), record.offset()));
    records
}
