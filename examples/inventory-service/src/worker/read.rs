//! Records to orders.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::kafka::readable;
use chassis::trace;
use ottla::framing::SchemaRef;
use ottla::serdes::{Decoded, DeserializeError};
use rdkafka::Message as _;
use rdkafka::message::BorrowedMessage;
use tracing::Span;

use super::Worker;
use super::gather::Batch;
use crate::consumer::Consumer;
use crate::dead_letter::{Failure, Reason};
use crate::events::{Order, OrderEvent};
use crate::metrics::Retried;
use crate::store::{Source, Wanted};

/// How long the registry may take to tell a schema. Everything waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(3);

/// And how long it is left alone after it did not.
const AGAIN: Duration = Duration::from_secs(1);

/// What is to be done about the records of a cycle, in their order.
pub(super) struct Work {
    pub tasks: Vec<Task>,
    /// What the database is asked for.
    pub wanted: Arc<Vec<Wanted>>,
}

/// What is to be done about a record.
pub(super) struct Task {
    /// Its position in the batch.
    pub record: usize,
    pub todo: Todo,
    /// Of its handling, in the trace that it belongs to.
    pub span: Span,
}

pub(super) enum Todo {
    /// Something is to be reserved.
    Reserve {
        /// Its position among what is wanted.
        wanted: usize,
        created_at: i64,
        currency: Option<String>,
    },
    /// Nothing can be done about it.
    Bury(Failure),
    /// There is nothing in it: a tombstone.
    PassOver,
}

/// Why a record cannot be read.
enum Trouble {
    /// It never can be.
    Poison(Failure),
    /// The registry does not answer.
    Away(String),
}

impl<E: OrderEvent> Worker<E> {
    /// Reads the records of a batch. Partitions that need a registry which is away have to wait, with all records after that one.
    pub(super) fn read(&mut self, consumer: &Consumer, batch: &Batch<'_>) -> Work {
        let (mut tasks, mut wanted) = (Vec::with_capacity(batch.records.len()), Vec::new());
        let mut away = self.registry_away.take_if(|(until, _)| *until > Instant::now());
        for (position, record) in batch.records.iter().enumerate() {
            let partition = record.partition();
            if self.is_held(partition) {
                continue;
            }
            let span = span_of(record, &self.settings.topic);
            let todo = match self.read_one(record, &mut away) {
                Ok(None) => Todo::PassOver,
                Ok(Some(order)) => {
                    let source = Source { partition, offset: record.offset() };
                    let Order { order_id, created_at, currency, .. } = order;
                    wanted.push(Wanted { order_id, source });
                    Todo::Reserve { wanted: wanted.len() - 1, created_at, currency }
                }
                Err(Trouble::Poison(failure)) => Todo::Bury(failure),
                Err(Trouble::Away(reason)) => {
                    self.wait(consumer, record, Retried::REGISTRY, &reason);
                    continue;
                }
            };
            tasks.push(Task { record: position, todo, span });
        }
        self.registry_away = away;
        Work { tasks, wanted: Arc::new(wanted) }
    }

    fn read_one(
        &self,
        record: &BorrowedMessage<'_>,
        away: &mut Option<(Instant, String)>,
    ) -> Result<Option<Order>, Trouble> {
        let headers = record.headers();
        let find =
            |name: &str| readable(headers?).flatten().filter(|header| header.key == name).last()?.value;
        loop {
            match self.deserializer.decode(record.payload(), find).map_err(trouble)? {
                Decoded::Event(event) => {
                    let order: Order = event.into();
                    let poison = |message| Trouble::Poison(Failure { reason: Reason::InvalidOrder, message });
                    return order.check().map(|()| Some(order)).map_err(poison);
                }
                Decoded::Tombstone => return Ok(None),
                Decoded::Unknown(schema) => {
                    // Who has not answered a moment ago is not asked again for each partition.
                    if let Some((_, reason)) = away {
                        return Err(Trouble::Away(reason.clone()));
                    }
                    if let Err(trouble) = self.fetch(schema) {
                        if let Trouble::Away(reason) = &trouble {
                            *away = Some((Instant::now() + AGAIN, reason.clone()));
                        }
                        return Err(trouble);
                    }
                }
            }
        }
    }

    /// Asks the registry for a schema that is met for the first time.
    fn fetch(&self, schema: SchemaRef) -> Result<(), Trouble> {
        let asked = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, self.deserializer.fetch(schema)).await });
        match asked {
            Ok(told) => told.map_err(trouble)?,
            Err(_) => return Err(Trouble::Away(format!("it did not tell {schema} within {PATIENCE:?}"))),
        }
        self.checks.registry.well();
        tracing::info!(%schema, "a schema that was not met before");
        Ok(())
    }
}

fn trouble(error: DeserializeError) -> Trouble {
    let message = error.to_string();
    let reason = match error {
        // Whatever it answered instead of a schema: it may be otherwise later, and the record is not to blame.
        DeserializeError::Registry { .. } => return Trouble::Away(message),
        DeserializeError::Missing { .. } | DeserializeError::UnknownFingerprint { .. } => {
            Reason::UnknownSchema
        }
        DeserializeError::Framing { .. } | DeserializeError::Decode { .. } => Reason::Undecodable,
        _ => Reason::Unreadable,
    };
    Trouble::Poison(Failure { reason, message })
}

/// Spans are made only where somebody looks at them: they cost more than all the rest.
fn span_of(record: &BorrowedMessage<'_>, topic: &str) -> Span {
    if !trace::are_exported() {
        return Span::none();
    }
    let span = tracing::info_span!(
        "process",
        otel.name = %format_args!("process {topic}"),
        otel.kind = "consumer",
        messaging.system = "kafka",
        messaging.destination.name = topic,
        messaging.destination.partition.id = record.partition(),
        messaging.kafka.offset = record.offset(),
    );
    trace::follow_record(&span, record.headers());
    span
}
