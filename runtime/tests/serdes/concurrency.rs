//! Many who want the same schema make one request.

use std::sync::Arc;
use std::time::Duration;

use ottla::Event;
use ottla::client::Schema;
use ottla::serdes::{Deserializer, Register, Serializer};
use ottla::testing::{Fault, Registry};
use tokio::task::JoinSet;

use crate::{created, deserializer, topic, v1, v2};

const BY_ID: &str = "GET /schemas/ids/{id}";

async fn all_at_once(deserializer: &Deserializer<v2::OrderCreated>, payload: &[u8]) -> usize {
    let payload: Arc<[u8]> = payload.into();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (deserializer, payload) = (deserializer.clone(), payload.clone());
        tasks.spawn(async move { deserializer.deserialize(Some(&payload), ()).await.is_ok() });
    }
    tasks.join_all().await.into_iter().filter(|is_ok| *is_ok).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_messages_with_one_unknown_id() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    registry.delay(Duration::from_millis(20));
    let deserializer = deserializer::<v2::OrderCreated>(&registry);
    assert_eq!(all_at_once(&deserializer, &payload).await, 100);
    assert_eq!(registry.requests(BY_ID), 1);
}

/// Those who ask while the registry is in trouble share its answer; those who come later ask again.
#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_and_forgotten() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    registry.delay(Duration::from_millis(100));
    registry.fail_next_at(BY_ID, 1, Fault::Status(401));
    let deserializer = deserializer::<v2::OrderCreated>(&registry);
    assert_eq!(all_at_once(&deserializer, &payload).await, 0);
    assert_eq!(registry.requests(BY_ID), 1);
    assert_eq!(all_at_once(&deserializer, &payload).await, 100);
    assert_eq!(registry.requests(BY_ID), 2);
}

#[tokio::test(start_paused = true)]
async fn if_the_first_goes_away_the_others_carry_on() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    registry.delay(Duration::from_millis(50));
    let deserializer = deserializer::<v2::OrderCreated>(&registry);
    let impatient = deserializer.deserialize(Some(&payload), ());
    let patient = deserializer.deserialize(Some(&payload), ());
    let impatient = tokio::time::timeout(Duration::from_millis(5), impatient);
    let (impatient, patient) = tokio::join!(impatient, patient);
    assert!(impatient.is_err());
    assert!(patient.expect("an event").is_some());
    assert_eq!(registry.requests(BY_ID), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serializers_prepare_once() {
    let registry = Registry::new();
    registry.delay(Duration::from_millis(20));
    let builder = Serializer::<v1::OrderCreated>::builder(topic()).register(Register::IfMissing);
    let serializer = builder.build(&registry.client());
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let serializer = serializer.clone();
        tasks.spawn(async move {
            let mut payload = Vec::new();
            serializer.serialize(&created(), &mut payload).await.is_ok()
        });
    }
    assert!(tasks.join_all().await.into_iter().all(|is_ok| is_ok));
    assert_eq!(registry.all_requests(), 1);
}

/// Readers go on while schemas come and go.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_while_schemas_are_forgotten() {
    let registry = Registry::new();
    let builder = Deserializer::<v1::OrderCreated>::builder(topic()).cache(2, usize::MAX);
    let deserializer = builder.build(&registry.client());
    let text = v1::OrderCreated::descriptor().text();
    let mut tasks = JoinSet::new();
    for number in 0..6 {
        let doc = format!("\"doc\": \"{number}\", \"fields\"");
        let schema = Schema::avro(text.replacen("\"fields\"", &doc, 1).as_str());
        let mut payload = ottla::framing::id_bytes(registry.add("orders-value", &schema).0).to_vec();
        created().encode(&mut payload).expect("an event");
        let deserializer = deserializer.clone();
        tasks.spawn(async move {
            let mut read = 0;
            for _ in 0..300 {
                let event = deserializer.deserialize(Some(&payload), ()).await.expect("an event");
                read += usize::from(event == Some(created()));
                tokio::task::yield_now().await;
            }
            read
        });
    }
    assert_eq!(tasks.join_all().await, [300; 6]);
}
