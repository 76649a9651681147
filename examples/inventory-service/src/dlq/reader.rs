//! The topic of dead letters: committed records only, from some place up to where it ends now. No group is joined, so nobody
//! else's reading is disturbed.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::Health;
use chassis::kafka::SettingsError;
use chassis::metrics::Metrics;
use rdkafka::ClientConfig;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::BorrowedMessage;
use rdkafka::{Message as _, Offset, TopicPartitionList};

use super::Common;
use crate::consumer::{Consumer, DEFAULTS, Partitions, RESERVED};
use crate::lag::Lag;
use crate::metrics::Inventory;

/// How long the cluster may take to answer, and to come up with the next record.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// Why the topic cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    /// There is no such topic.
    #[error("topic {0} does not exist (--dead-letter-topic)")]
    NoTopic(String),
    /// The cluster does not answer, or not as it should.
    #[error("the cluster does not tell {what}: {error}")]
    Away {
        /// What it was asked for.
        what: &'static str,
        /// What came of it.
        error: KafkaError,
    },
    /// The settings are wrong.
    #[error("{0}")]
    Settings(#[from] SettingsError),
}

/// Of a partition: what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub partition: i32,
    /// The first offset that is still there, or would be.
    pub begin: i64,
    /// The next offset that will be there, for those who read what is committed.
    pub end: i64,
}

/// Reads it.
pub(super) struct Reader {
    pub consumer: Consumer,
    /// That of replays.
    pub group: String,
    pub topic: String,
    /// How many there are.
    pub partitions: i32,
}

impl Reader {
    /// Makes a client that belongs to the group of replays, without joining it.
    pub fn new(common: &Common, client: &ClientConfig) -> Result<Self, Unread> {
        let (group, topic) = (common.replay_group(), common.dead_letter_topic.clone());
        let consumer = connect(client, &group, "read_committed")?;
        match partitions(&consumer, &topic)? {
            Some(partitions) => Ok(Self { consumer, group, topic, partitions }),
            None => Err(Unread::NoTopic(topic)),
        }
    }

    /// All partitions, and where they begin and end now.
    pub fn stretches(&self) -> Result<Vec<Stretch>, Unread> {
        let stretch = |partition| {
            let bounds = self.consumer.fetch_watermarks(&self.topic, partition, PATIENCE);
            let (begin, end) = bounds.map_err(away("where the topic ends"))?;
            Ok(Stretch { partition, begin, end })
        };
        (0..self.partitions).map(stretch).collect()
    }

    /// Hands out the records of a partition from an offset up to, but not including, another one, until `each` has had enough.
    pub fn read<E: From<Unread>>(
        &self,
        partition: i32,
        from: i64,
        end: i64,
        mut each: impl FnMut(&BorrowedMessage<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        if from >= end {
            return Ok(());
        }
        self.go_to(partition, from)?;
        let (mut last_sign, mut trouble) = (Instant::now(), None);
        loop {
            match self.consumer.poll(Duration::from_millis(500)) {
                Some(Ok(record)) if record.partition() == partition => {
                    // What is between the last record and the end may be no record, but the mark of a transaction.
                    if record.offset() >= end || each(&record)?.is_break() || record.offset() + 1 == end {
                        return Ok(());
                    }
                    last_sign = Instant::now();
                }
                Some(Err(KafkaError::PartitionEOF(ended))) if ended == partition => return Ok(()),
                // Of the partition before.
                Some(Ok(_) | Err(KafkaError::PartitionEOF(_))) => {}
                Some(Err(error)) => {
                    tracing::warn!(%error, "dead letters cannot be fetched");
                    trouble = Some(error);
                }
                None => {}
            }
            if last_sign.elapsed() > PATIENCE {
                let silent = KafkaError::MessageConsumption(RDKafkaErrorCode::RequestTimedOut);
                return Err(away("the next record")(trouble.unwrap_or(silent)).into());
            }
        }
    }

    fn go_to(&self, partition: i32, offset: i64) -> Result<(), Unread> {
        let mut list = TopicPartitionList::new();
        let added = list.add_partition_offset(&self.topic, partition, Offset::Offset(offset));
        added.and_then(|()| self.consumer.assign(&list)).map_err(away("records"))
    }
}

/// A consumer that commits nothing by itself.
pub(super) fn connect(
    client: &ClientConfig,
    group: &str,
    isolation: &str,
) -> Result<Consumer, SettingsError> {
    let mut config = client.clone();
    config.set("group.id", group).set("isolation.level", isolation).set("enable.partition.eof", "true");
    config.set("enable.auto.commit", "false").set("enable.auto.offset.store", "false");
    // If what was there a moment ago is deleted meanwhile, reading goes on with what is left.
    config.set("auto.offset.reset", "earliest");
    // Nobody looks at what is counted.
    let inventory = Inventory::new(&Metrics::new());
    let context = Partitions::new(Health::new().check("partitions"), Arc::new(Lag::new("")), inventory);
    Ok(config.create_with_context(context)?)
}

/// The settings of all clients: those of the service, and those that the user gives.
pub(super) fn client(common: &Common) -> Result<ClientConfig, SettingsError> {
    // That nothing more comes is told soon, as everything is there already.
    let defaults =
        [DEFAULTS, &[("client.id", "inventory-service-dlq"), ("fetch.wait.max.ms", "10")]].concat();
    common.kafka.client(&defaults, RESERVED)
}

/// How many partitions a topic has, if there is such a topic. It is not created by being asked for.
pub(super) fn partitions(consumer: &Consumer, topic: &str) -> Result<Option<i32>, Unread> {
    if !is_legal(topic) {
        return Ok(None);
    }
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).map_err(away("its topics"))?;
    let Some(found) = metadata.topics().iter().find(|found| found.name() == topic) else { return Ok(None) };
    match found.error().map(RDKafkaErrorCode::from) {
        None => Ok(i32::try_from(found.partitions().len()).ok().filter(|count| *count > 0)),
        Some(RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic) => Ok(None),
        Some(code) => Err(away("its topics")(KafkaError::MetadataFetch(code))),
    }
}

/// Can a topic be called that? librdkafka is not to be asked for others.
fn is_legal(topic: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=249).contains(&topic.len()) && topic.chars().all(is_fine)
}

pub(super) fn away(what: &'static str) -> impl Fn(KafkaError) -> Unread {
    move |error| Unread::Away { what, error }
}
