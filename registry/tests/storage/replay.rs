//! From a long log to the state, complete.

use ottla_registry::domain::{Content, Record, SchemaValue, Subject};
use ottla_registry::log::codec::encode;
use ottla_registry::log::{Batch, Position};
use uuid::Uuid;

use crate::support::store::Store;

/// The record of version `n / subjects` of one of many subjects, with a text of its own.
fn registration(n: i32, subjects: i32) -> Record {
    let text = format!(
        r#"{{"type":"record","name":"OrderCreated{n}","namespace":"com.example.events","fields":[{{"name":"orderId","type":"string"}},{{"name":"customerId","type":"string"}},{{"name":"totalAmount","type":"double"}},{{"name":"createdAt","type":"long"}}]}}"#
    );
    let content = Content::new(Default::default(), text.into(), Vec::new(), None, None);
    let value = SchemaValue { id: n + 1, deleted: false, content: content.into() };
    let subject = Subject::parse(&format!("order-events-{}-value", n % subjects));
    Record::Schema { subject, version: n / subjects + 1, value: Some(value) }
}

async fn fill(store: &Store, records: i32, subjects: i32) {
    let log = store.log().await;
    let mut end = Position::START;
    for first in (0..records).step_by(5000) {
        let range = first..(first + 5000).min(records);
        let entries = range.map(|n| encode(&registration(n, subjects)).unwrap()).collect();
        let batch = Batch { id: Uuid::new_v4(), written_at: 1_700_000_000_000 + i64::from(first), entries };
        log.append(end, &batch).await.unwrap();
        end = batch.end(end);
    }
    log.close().await;
}

async fn a_long_log_is_replayed(store: Store) {
    fill(&store, 12_345, 100).await;
    let engine = store.engine().await;
    let state = engine.snapshot();
    assert_eq!((state.head(), state.counts().versions, state.counts().subjects), (12_345, 12_345, 100));
    let history = state.history(&Subject::parse("order-events-44-value")).unwrap();
    assert_eq!((history.len(), history.latest().unwrap().id), (124, 12_345));
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_is_replayed_from_sqlite() {
    a_long_log_is_replayed(Store::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_is_replayed_from_postgres() {
    if let Some(store) = Store::postgres() {
        a_long_log_is_replayed(store).await;
    }
}
