//! A cluster of its own, or a real one.

use std::path::PathBuf;
use std::time::Duration;

use chassis::kafka;
use rdkafka::consumer::{BaseConsumer, Consumer as _, DefaultConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::message::OwnedMessage;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{DefaultProducerContext, FutureProducer, FutureRecord};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use uuid::Uuid;

use crate::Problem;
use crate::options::Options;

/// How long the cluster may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Partitions of each topic.
const PARTITIONS: i32 = 3;

/// What consumers on the mock cluster need: it answers a fetch only when its time is up. Whoever is gone is missed when the session
/// is over, which has to be longer than the three seconds that it waits for others to join a new group.
const MOCK: [&str; 3] = ["fetch.wait.max.ms=10", "session.timeout.ms=3500", "heartbeat.interval.ms=200"];

/// Where everything is.
#[derive(Debug, Clone)]
pub struct Names {
    /// The topic of orders.
    pub topic: String,
    /// The topic of outcomes.
    pub outcome_topic: String,
    /// The topic of dead letters.
    pub dead_letter_topic: String,
    /// The consumer group.
    pub group: String,
    /// The subject of orders.
    pub subject: String,
}

impl Names {
    /// As everywhere, unless others may have used them before.
    pub fn new(options: &Options) -> Self {
        let is_shared = options.kafka.is_some() || options.registry.is_some();
        let run = Uuid::new_v4().simple().to_string();
        let suffix = if is_shared { format!("-{}", &run[..8]) } else { String::new() };
        Self {
            topic: format!("order-events{suffix}"),
            outcome_topic: format!("inventory-events{suffix}"),
            dead_letter_topic: format!("order-events-dlq{suffix}"),
            group: format!("inventory-service{suffix}"),
            subject: format!("order-events{suffix}-value"),
        }
    }
}

/// A cluster.
pub struct Kafka {
    /// Where it is.
    pub address: String,
    config_file: Option<PathBuf>,
    producer: FutureProducer,
    mock: Option<MockCluster<'static, DefaultProducerContext>>,
}

impl Kafka {
    /// The one that flags name, or one of its own, with its topics.
    ///
    /// # Errors
    /// If there can be none.
    pub fn start(options: &Options, names: &Names) -> Result<Self, Problem> {
        let mut mock = None;
        let address = match &options.kafka {
            Some(address) => address.clone(),
            None => mock.insert(mock_cluster(names)?).bootstrap_servers(),
        };
        let config_file = options.kafka_config.clone();
        let producer = client(&address, config_file.clone())?.create()?;
        Ok(Self { address, config_file, producer, mock })
    }

    /// Does it do what Kafka does?
    pub fn is_real(&self) -> bool {
        self.mock.is_none()
    }

    /// What every program is told about it.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![format!("--kafka={}", self.address)];
        arguments.extend(self.config_file.iter().map(|file| format!("--kafka-config={}", file.display())));
        arguments
    }

    /// What a service with topics is told.
    pub fn service(&self) -> Vec<String> {
        let mut arguments = self.arguments();
        arguments.push(format!("--partitions={PARTITIONS}"));
        arguments
    }

    /// What the inventory service is told.
    pub fn consumer(&self) -> Vec<String> {
        let mut arguments = self.service();
        arguments.push(format!("--exactly-once={}", self.is_real()));
        if !self.is_real() {
            arguments.extend(MOCK.map(|setting| format!("--kafka-option={setting}")));
        }
        arguments
    }

    /// Puts bytes into a partition, as whoever does not care for schemas would. Their offset.
    ///
    /// # Errors
    /// If they do not get there.
    pub async fn send(&self, topic: &str, partition: i32, key: &str, value: &[u8]) -> Result<i64, Problem> {
        let record = FutureRecord::to(topic).partition(partition).key(key).payload(value);
        let sent = self.producer.send(record, PATIENCE).await;
        Ok(sent.map_err(|(error, _)| error)?.offset)
    }

    /// How long it is waited before a consumer comes back. Members that come back are known by their names, so a real cluster takes
    /// them at once. The mock cluster does not know names, and is quicker when it is about to miss who was there before.
    pub fn pause(&self) -> Duration {
        if self.is_real() { Duration::ZERO } else { Duration::from_millis(2100) }
    }

    /// All committed records of a topic, up to where it ends now.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn committed(&self, topic: &str) -> Result<Vec<OwnedMessage>, Problem> {
        let (config, topic) = (self.reader()?, topic.to_owned());
        tokio::task::spawn_blocking(move || Ok(read(&config, &topic)?)).await?
    }

    /// The settings of someone who reads, in no group, what is committed.
    pub fn reader(&self) -> Result<ClientConfig, Problem> {
        let mut config = client(&self.address, self.config_file.clone())?;
        // Nothing is committed, but librdkafka wants to know.
        config.set("group.id", "demo").set("enable.auto.commit", "false");
        config.set("isolation.level", "read_committed").set("enable.partition.eof", "true");
        if !self.is_real() {
            config.set("fetch.wait.max.ms", "10");
        }
        Ok(config)
    }
}

/// One broker, within this process.
fn mock_cluster(names: &Names) -> Result<MockCluster<'static, DefaultProducerContext>, KafkaError> {
    let mock = MockCluster::new(1)?;
    for topic in [&names.topic, &names.outcome_topic, &names.dead_letter_topic] {
        mock.create_topic(topic, PARTITIONS, 1)?;
    }
    Ok(mock)
}

fn client(address: &str, kafka_config: Option<PathBuf>) -> Result<ClientConfig, Problem> {
    let options = kafka::Options { kafka: address.to_owned(), kafka_option: Vec::new(), kafka_config };
    Ok(options.client(&[("client.id", "demo")], &[])?)
}

/// All partitions of a topic, from their beginning.
pub fn from_the_beginning(
    client: &impl rdkafka::consumer::Consumer<DefaultConsumerContext>,
    topic: &str,
) -> Result<TopicPartitionList, KafkaError> {
    let metadata = client.fetch_metadata(Some(topic), PATIENCE)?;
    let mut all = TopicPartitionList::new();
    for partition in metadata.topics().iter().flat_map(|topic| topic.partitions()) {
        all.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
    }
    Ok(all)
}

fn read(config: &ClientConfig, topic: &str) -> Result<Vec<OwnedMessage>, KafkaError> {
    let consumer: BaseConsumer = config.create()?;
    let all = from_the_beginning(&consumer, topic)?;
    consumer.assign(&all)?;
    let (mut records, mut ended) = (Vec::new(), 0);
    while ended < all.count() {
        match consumer.poll(PATIENCE) {
            Some(Ok(record)) => records.push(record.detach()),
            Some(Err(KafkaError::PartitionEOF(_))) => ended += 1,
            Some(Err(error)) => return Err(error),
            None => return Err(KafkaError::NoMessageReceived),
        }
    }
    Ok(records)
}
