//! What is put in topics, and what is read back.

use std::time::Duration;

use inventory_service::dead_letter::{self, Failure, LeftOut, Reason, Reporter};
use rdkafka::message::{Header, Headers as _, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::{ClientConfig, Message as _, Timestamp};

use crate::stage::PATIENCE;
/// All that is committed, by partition and offset.
pub use crate::stage::outcomes::records as read;

/// Headers as pairs.
pub type Pairs = Vec<(String, Option<Vec<u8>>)>;

/// A record before it was a dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Pairs,
}

impl Record {
    pub fn new(key: &str, value: &str) -> Self {
        let headers = vec![("from".to_owned(), Some(b"upstream".to_vec()))];
        Self { key: Some(key.into()), value: Some(value.into()), headers }
    }

    /// As it is read.
    pub fn of(message: &OwnedMessage) -> Self {
        Self {
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: pairs(message),
        }
    }

    /// As it is read from a topic.
    fn at(&self, topic: &str, partition: i32, offset: i64) -> OwnedMessage {
        let written = Timestamp::CreateTime(1_700_000_000_000);
        let headers = self.headers();
        let (key, value) = (self.key.clone(), self.value.clone());
        OwnedMessage::new(value, key, topic.to_owned(), written, partition, offset, Some(headers))
    }

    fn headers(&self) -> OwnedHeaders {
        self.headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(Header { key, value: value.as_ref() })
        })
    }

    /// What the service makes of it when it gives it up.
    pub fn dead(&self, topic: &str, (partition, offset): (i32, i64), reason: Reason) -> Self {
        self.dead_with(topic, (partition, offset), &Failure { reason, message: "it is of no use".to_owned() })
    }

    /// The same, for this failure.
    pub fn dead_with(&self, topic: &str, (partition, offset): (i32, i64), failure: &Failure) -> Self {
        let reporter = Reporter { group: "reporter", instance: "one" };
        let record = self.at(topic, partition, offset);
        let headers = dead_letter::headers(&record, failure, reporter, 1_700_000_060_000, LeftOut::Nothing);
        let letter =
            OwnedMessage::new(None, None, String::new(), Timestamp::NotAvailable, 0, 0, Some(headers));
        Self { headers: pairs(&letter), ..self.clone() }
    }

    /// The same, without its value.
    pub fn without_value(mut self) -> Self {
        self.value = None;
        self.headers.push(("dead-letter.value-left-out".to_owned(), Some(b"true".to_vec())));
        self
    }
}

/// Someone who writes records.
pub struct Writer(BaseProducer);

impl Writer {
    pub fn to(kafka: &str) -> Self {
        Self::with(kafka, &[])
    }

    /// One with transactions.
    pub fn in_transactions(kafka: &str, id: &str) -> Self {
        let writer = Self::with(kafka, &[("transactional.id", id)]);
        writer.0.init_transactions(PATIENCE).expect("transactions");
        writer
    }

    fn with(kafka: &str, settings: &[(&str, &str)]) -> Self {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", kafka).set("enable.idempotence", "true").set("linger.ms", "0");
        for (key, value) in settings {
            config.set(*key, *value);
        }
        Self(config.create().expect("a producer"))
    }

    /// Writes a record, and waits until it is there unless it is in a transaction.
    pub fn write(&self, topic: &str, partition: i32, record: &Record) {
        self.send(topic, partition, record);
        self.drain();
    }

    /// Writes many.
    pub fn write_all(&self, topic: &str, partition: i32, records: &[Record]) {
        for record in records {
            self.send(topic, partition, record);
        }
        self.drain();
    }

    fn send(&self, topic: &str, partition: i32, record: &Record) {
        let mut sent: BaseRecord<'_, Vec<u8>, Vec<u8>> = BaseRecord::to(topic).partition(partition);
        if let Some(key) = &record.key {
            sent = sent.key(key);
        }
        if let Some(value) = &record.value {
            sent = sent.payload(value);
        }
        self.0
            .send(sent.headers(record.headers()))
            .map_err(|(error, _)| error)
            .expect("a record that is taken");
    }

    fn drain(&self) {
        while self.0.in_flight_count() > 0 {
            self.0.poll(Duration::from_millis(1));
        }
    }

    pub fn begin(&self) {
        self.0.begin_transaction().expect("a transaction");
    }

    pub fn commit(&self) {
        self.0.commit_transaction(PATIENCE).expect("a commit");
    }

    pub fn abort(&self) {
        self.0.abort_transaction(PATIENCE).expect("an end");
    }
}

fn pairs(message: &OwnedMessage) -> Pairs {
    let all = message.headers().into_iter().flat_map(|headers| headers.iter());
    all.map(|header| (header.key.to_owned(), header.value.map(<[u8]>::to_vec))).collect()
}
