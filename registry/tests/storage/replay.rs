//! From a long log to the state: complete, and fast. The measurement is run by hand, in a release build:
//! `cargo test --release -p ottla-registry --test storage -- --ignored --nocapture measured`.

use std::time::Instant;

use ottla_registry::domain::{Content, Record, SchemaValue, Subject};
use ottla_registry::log::codec::encode;
use ottla_registry::log::{Batch, Position};
use uuid::Uuid;

use crate::support::commands::Register;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long, and means something in a release build only"]
async fn replay_measured() {
    let records = 1_000_000;
    for (name, store) in [("sqlite", Some(Store::sqlite())), ("postgres", Store::postgres())] {
        let Some(store) = store else { continue };
        fill(&store, records, 20_000).await;
        for _ in 0..3 {
            let started = Instant::now();
            let engine = store.engine().await;
            println!("{name}: {} records in {:?}", engine.snapshot().head(), started.elapsed());
            engine.close().await;
            drop(engine);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long, and means something in a release build only"]
async fn writes_measured() {
    let durable = ottla_tests::postgres::Cluster::durable().map(|c| &*Box::leak(Box::new(c)));
    let postgres = durable.map(|cluster| Store::Postgres(cluster, cluster.database())).ok();
    for (name, store) in [("sqlite", Some(Store::sqlite())), ("postgres", postgres)] {
        let Some(store) = store else { continue };
        let engine = store.engine().await;
        let (submitters, each) = (32, 500);
        let started = Instant::now();
        let tasks: Vec<_> = (0..submitters)
            .map(|s| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    for i in 0..each {
                        engine
                            .submit(Register::new(&format!("subject-{s}-{i}"), &format!("\"{s} {i}\"")))
                            .await
                            .unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let rate = f64::from(submitters * each) / started.elapsed().as_secs_f64();
        let statistics = engine.statistics();
        let appends = statistics.append_latency.count();
        println!(
            "{name}: {rate:.0} registrations/s from {submitters} submitters; {appends} appends, {:.1} records and {} µs each",
            f64::from(submitters * each) / appends as f64,
            statistics.append_latency.sum() / appends
        );
        engine.close().await;
    }
}
