//! What goes in one transaction.

use std::collections::BTreeMap;
use std::fmt;

use rdkafka::Message as _;
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, OwnedHeaders};
use rdkafka::producer::BaseRecord;
use rdkafka::{Offset, TopicPartitionList};

use super::targets::Target;
use crate::dlq::place::Place;
use crate::dlq::shown::{Plain, Quoted};
use crate::producer::{Failed, Producer};

/// How many records are held at a time, and how many bytes.
const MOST: usize = 500;
const MOST_BYTES: usize = 4 << 20;

/// Dead letters that go back together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub letters: Vec<Letter>,
    bytes: usize,
    /// By partition, the first offset that was not looked at.
    looked_at: BTreeMap<i32, i64>,
}

/// A dead letter that can go back.
#[derive(Debug)]
pub(super) struct Letter {
    pub place: Place,
    pub target: Target,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: OwnedHeaders,
    attempt: Option<u32>,
}

impl Batch {
    /// The record was looked at: even if it does not go back, progress goes on after it.
    pub fn look_at(&mut self, place: Place) {
        self.looked_at.insert(place.partition, place.offset + 1);
    }

    pub fn add(&mut self, letter: Letter) {
        self.bytes += [&letter.key, &letter.value]
            .map(|bytes| bytes.as_ref().map_or(0, Vec::len))
            .iter()
            .sum::<usize>();
        self.letters.push(letter);
    }

    /// Is it time to send it?
    pub fn is_full(&self) -> bool {
        self.letters.len() >= MOST || self.bytes >= MOST_BYTES
    }

    /// Is there anything to send or to commit?
    pub fn is_empty(&self) -> bool {
        self.looked_at.is_empty()
    }

    /// How far this comes.
    pub fn offsets(&self, topic: &str) -> Result<TopicPartitionList, KafkaError> {
        let mut offsets = TopicPartitionList::new();
        for (partition, next) in &self.looked_at {
            offsets.add_partition_offset(topic, *partition, Offset::Offset(*next))?;
        }
        Ok(offsets)
    }

    /// Gives everything to the producer.
    pub fn send(&self, producer: &Producer) -> Result<(), Failed> {
        for (position, letter) in self.letters.iter().enumerate() {
            producer.send(letter.record(position))?;
        }
        Ok(())
    }
}

impl Letter {
    pub fn new(
        record: &BorrowedMessage<'_>,
        target: Target,
        headers: OwnedHeaders,
        attempt: Option<u32>,
    ) -> Self {
        Self {
            place: Place::of(record),
            target,
            key: record.key().map(<[u8]>::to_vec),
            value: record.payload().map(<[u8]>::to_vec),
            headers,
            attempt,
        }
    }

    fn record(&self, position: usize) -> BaseRecord<'_, Vec<u8>, Vec<u8>, usize> {
        let record = BaseRecord::with_opaque_to(&self.target.topic, position);
        let mut record = record.headers(self.headers.clone());
        if let Some(partition) = self.target.partition {
            record = record.partition(partition);
        }
        if let Some(key) = &self.key {
            record = record.key(key);
        }
        if let Some(value) = &self.value {
            record = record.payload(value);
        }
        record
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.place, Plain(&self.target.topic))?;
        if let Some(partition) = self.target.partition {
            write!(f, " {partition}")?;
        }
        write!(f, ", key {}, ", Quoted(self.key.as_deref()))?;
        match &self.value {
            Some(value) => write!(f, "{} bytes", value.len())?,
            None => f.write_str("no value")?,
        }
        match self.attempt {
            Some(attempt) => write!(f, ", after attempt {attempt}"),
            None => Ok(()),
        }
    }
}
