//! Where to.

use std::collections::HashMap;

use rdkafka::message::{BorrowedMessage, OwnedHeaders};

use super::obstacle::{self, Obstacle};
use crate::consumer::Consumer;
use crate::dead_letter::DeadLetter;
use crate::dlq::reader::{Unread, partitions};

/// How many topics are remembered: their names are what strangers wrote.
const MOST: usize = 1_000;

/// Where a dead letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub topic: String,
    /// If it is not for the producer to choose.
    pub partition: Option<i32>,
}

/// The topics that dead letters go to.
pub(in crate::dlq) struct Targets<'c> {
    consumer: &'c Consumer,
    /// All go there.
    to: Option<&'c str>,
    /// How many partitions a topic has, if it exists.
    known: HashMap<String, Option<i32>>,
}

impl<'c> Targets<'c> {
    pub fn new(consumer: &'c Consumer, to: Option<&'c str>) -> Self {
        Self { consumer, to, known: HashMap::new() }
    }

    /// Can it go back, as far as can be told without trying?
    pub fn would_take(&mut self, record: &BorrowedMessage<'_>, letter: &DeadLetter) -> Result<bool, Unread> {
        self.of(record, letter).map(|target| target.is_ok())
    }

    /// Where it goes, and with which headers: to the partition that it came from, so that records with the same key stay together
    /// however the partition was chosen.
    pub(super) fn of(
        &mut self,
        record: &BorrowedMessage<'_>,
        letter: &DeadLetter,
    ) -> Result<Result<(Target, OwnedHeaders), Obstacle>, Unread> {
        let headers = match obstacle::content(record, letter) {
            Ok(headers) => headers,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
        if let Some(to) = self.to {
            return Ok(Ok((Target { topic: to.to_owned(), partition: None }, headers)));
        }
        let topic = match obstacle::origin(record, letter) {
            Ok(topic) => topic,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
        let Some(count) = self.count(topic)? else {
            return Ok(Err(Obstacle::NoTopic(topic.to_owned())));
        };
        let partition = letter.partition.filter(|partition| *partition < count);
        Ok(Ok((Target { topic: topic.to_owned(), partition }, headers)))
    }

    fn count(&mut self, topic: &str) -> Result<Option<i32>, Unread> {
        if let Some(count) = self.known.get(topic) {
            return Ok(*count);
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let count = partitions(self.consumer, topic)?;
        self.known.insert(topic.to_owned(), count);
        Ok(count)
    }
}
