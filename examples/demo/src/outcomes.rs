//! What came of the orders, as another service reads it: typed events, committed ones only.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use inventory_service::events::Outcome;
use ottla::client::Client;
use ottla::serdes::Deserializer;
use ottla::subject::Topic;
use rdkafka::Message as _;
use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::error::KafkaError;

use crate::Problem;
use crate::kafka::{Kafka, from_the_beginning};

/// How long an outcome may take, with all that goes wrong on the way.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was read so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Outcomes(Arc<Mutex<Read>>);

#[derive(Debug, Default)]
struct Read {
    seen: Vec<Seen>,
    trouble: Option<String>,
}

/// An outcome.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Of this order.
    pub order_id: String,
    /// Which takes this item.
    pub item: String,
    /// Is a unit kept for it?
    pub is_reserved: bool,
    /// From `createdAt` of the order to here, in milliseconds.
    pub latency: i64,
}

impl Outcomes {
    /// Reads from now on, from the beginning of the topic.
    ///
    /// # Errors
    /// If there is no topic.
    pub fn follow(kafka: &Kafka, topic: &str, registry: &Client) -> Result<Self, Problem> {
        let consumer: StreamConsumer = kafka.reader()?.create()?;
        consumer.assign(&from_the_beginning(&consumer, topic)?)?;
        let deserializer = Deserializer::<Outcome>::new(registry, Topic::value(topic));
        let outcomes = Self::default();
        let told = outcomes.clone();
        tokio::spawn(async move {
            loop {
                if let Err(problem) = told.read(&consumer, &deserializer).await {
                    told.lock().trouble = Some(problem.to_string());
                    return;
                }
            }
        });
        Ok(outcomes)
    }

    async fn read(
        &self,
        consumer: &StreamConsumer,
        deserializer: &Deserializer<Outcome>,
    ) -> Result<(), Problem> {
        let record = match consumer.recv().await {
            Err(KafkaError::PartitionEOF(_)) => return Ok(()),
            record => record?,
        };
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
        let Some(outcome) = deserializer.deserialize(record.payload(), ()).await? else { return Ok(()) };
        let (order_id, item, is_reserved, created_at) = match outcome {
            Outcome::Reserved(event) => (event.order_id, event.item, true, event.order_created_at),
            Outcome::Rejected(event) => (event.order_id, event.item, false, event.order_created_at),
        };
        self.lock().seen.push(Seen { order_id, item, is_reserved, latency: now - created_at });
        Ok(())
    }

    /// Everything so far, in the order in which it was read.
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// The outcome of each of these orders, as soon as all are there.
    ///
    /// # Errors
    /// If that takes too long.
    pub async fn of(&self, orders: &[String]) -> Result<Vec<Seen>, Problem> {
        let found = self.wait(|seen| {
            let find = |id: &String| seen.iter().find(|seen| seen.order_id == *id).cloned();
            orders.iter().map(find).collect::<Option<Vec<_>>>()
        });
        found
            .await
            .map_err(|problem| format!("{} orders wait for their outcomes: {problem}", orders.len()).into())
    }

    /// Waits until there are that many outcomes in all.
    ///
    /// # Errors
    /// If that takes too long.
    pub async fn number(&self, count: usize) -> Result<(), Problem> {
        self.wait(|seen| (seen.len() >= count).then_some(())).await
    }

    async fn wait<T>(&self, look: impl Fn(&[Seen]) -> Option<T>) -> Result<T, Problem> {
        let started = Instant::now();
        loop {
            {
                let read = self.lock();
                if let Some(trouble) = &read.trouble {
                    return Err(format!("outcomes cannot be read: {trouble}").into());
                }
                if let Some(found) = look(&read.seen) {
                    return Ok(found);
                }
                if started.elapsed() > PATIENCE {
                    return Err(
                        format!("there are no more than {} within {PATIENCE:?}", read.seen.len()).into()
                    );
                }
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
