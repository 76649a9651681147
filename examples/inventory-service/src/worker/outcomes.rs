//! What is sent: outcomes, and dead letters.

use chassis::kafka::readable;
use chassis::trace;
use ottla::serdes::SerializeError;
use rdkafka::Message as _;
use rdkafka::message::{BorrowedMessage, OwnedHeaders};
use rdkafka::producer::BaseRecord;

use super::Worker;
use super::cycle::source;
use super::gather::Batch;
use super::read::{Task, Todo, Work};
use crate::dead_letter::{self, Failure, LeftOut, Reporter};
use crate::events::{InventoryRejected, InventoryReserved, OrderEvent, Outcome};
use crate::lag;
use crate::producer::Failed;
use crate::store::{Decision, Effect};

impl<E: OrderEvent> Worker<E> {
    /// Gives everything to the producer. Each record knows the position of its task.
    pub(super) fn send(&self, batch: &Batch<'_>, work: &Work, effects: &[Effect]) -> Result<(), Failed> {
        let mut payload = Vec::with_capacity(256);
        for (position, task) in work.tasks.iter().enumerate() {
            let record = &batch.records[task.record];
            match &task.todo {
                Todo::Reserve { wanted, created_at, .. } => {
                    let (Effect::Decided(decision) | Effect::Again(decision)) = &effects[*wanted] else {
                        continue;
                    };
                    let order_id = work.wanted[*wanted].order_id.as_str();
                    payload.clear();
                    let encoded = self.encode(order_id, *created_at, decision, &mut payload);
                    encoded.map_err(|error| Failed::Abort(error.to_string()))?;
                    let outcome = BaseRecord::with_opaque_to(&self.settings.outcome_topic, position);
                    let outcome = outcome.key(order_id).payload(&payload[..]);
                    self.producer.send(outcome.headers(headers(record, task)))?;
                }
                Todo::Bury(failure) => self.bury(position, record, failure)?,
                Todo::PassOver => {}
            }
        }
        Ok(())
    }

    fn encode(
        &self,
        order_id: &str,
        order_created_at: i64,
        decision: &Decision,
        out: &mut Vec<u8>,
    ) -> Result<(), SerializeError> {
        let (order_id, item, decided_at) = (order_id.to_owned(), decision.item.clone(), decision.decided_at);
        let outcome = match decision.is_reserved {
            true => Outcome::Reserved(InventoryReserved {
                order_id,
                item,
                quantity: 1,
                order_created_at,
                decided_at,
            }),
            false => Outcome::Rejected(InventoryRejected {
                order_id,
                item,
                reason: "out of stock".to_owned(),
                order_created_at,
                decided_at,
            }),
        };
        self.serializer.encode(&outcome, out).map(drop)
    }

    fn bury(&self, position: usize, record: &BorrowedMessage<'_>, failure: &Failure) -> Result<(), Failed> {
        let left_out = self.too_large.get(&source(record)).copied().unwrap_or_default();
        let reporter = Reporter { group: &self.settings.group, instance: &self.settings.instance };
        let headers = dead_letter::headers(record, failure, reporter, lag::now(), left_out);
        let mut letter: BaseRecord<'_, [u8], [u8], usize> =
            BaseRecord::with_opaque_to(&self.settings.dead_letter_topic, position).headers(headers);
        if let Some(key) = record.key().filter(|_| left_out != LeftOut::All) {
            letter = letter.key(key);
        }
        if let Some(value) = record.payload().filter(|_| left_out == LeftOut::Nothing) {
            letter = letter.payload(value);
        }
        self.producer.send(letter)
    }
}

/// The trace goes on: from the span of this task, or, where nobody looks at spans, from the producer's.
fn headers(record: &BorrowedMessage<'_>, task: &Task) -> OwnedHeaders {
    if !task.span.is_none() {
        return trace::headers_of(&task.span);
    }
    let mut headers = OwnedHeaders::new_with_capacity(2);
    for header in record.headers().into_iter().flat_map(readable).flatten() {
        if trace::CONTEXT.contains(&header.key) {
            headers = headers.insert(header);
        }
    }
    headers
}
