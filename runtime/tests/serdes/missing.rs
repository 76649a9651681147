//! What the registry does not have is remembered for a while, and not for ever.

use std::time::Duration;

use ottla::Event;
use ottla::client::{Client, Schema};
use ottla::framing::SchemaRef;
use ottla::serdes::{Decoded, DeserializeError, Deserializer};
use ottla::testing::{Fault, Registry};
use tokio::time::advance;

use crate::{created, topic, v1};

const BY_ID: &str = "GET /schemas/ids/{id}";

/// A client that remembers nothing of this kind itself.
fn client(registry: &Registry) -> Client {
    Client::over([registry.transport()]).missing_ttl(Duration::ZERO).tries(1).build().expect("a client")
}

fn message() -> Vec<u8> {
    let mut payload = ottla::framing::id_bytes(1).to_vec();
    created().encode(&mut payload).expect("an event");
    payload
}

#[tokio::test(start_paused = true)]
async fn an_unknown_id_is_asked_for_again_after_a_while() {
    let registry = Registry::new();
    let builder = Deserializer::<v1::OrderCreated>::builder(topic()).missing_ttl(Duration::from_secs(3));
    let deserializer = builder.build(&client(&registry));
    let payload = message();
    for _ in 0..3 {
        let error = deserializer.deserialize(Some(&payload), ()).await.expect_err("nobody registered it");
        assert!(matches!(error, DeserializeError::Missing { schema: SchemaRef::Id(1), .. }), "{error}");
        assert!(error.is_temporary());
    }
    assert!(deserializer.decode(Some(&payload), ()).is_err(), "nor is it asked for, then");
    assert!(deserializer.fetch(SchemaRef::Id(1)).await.is_err());
    assert_eq!(registry.requests(BY_ID), 1);

    registry.add("orders-value", &Schema::avro(v1::OrderCreated::descriptor().text()));
    advance(Duration::from_millis(2_900)).await;
    assert!(deserializer.deserialize(Some(&payload), ()).await.is_err());
    assert_eq!(registry.requests(BY_ID), 1);
    advance(Duration::from_millis(200)).await;
    assert!(matches!(deserializer.decode(Some(&payload), ()), Ok(Decoded::Unknown(SchemaRef::Id(1)))));
    assert_eq!(deserializer.deserialize(Some(&payload), ()).await.expect("an event"), Some(created()));
    assert_eq!(registry.requests(BY_ID), 2);
}

#[tokio::test(start_paused = true)]
async fn with_the_settings_that_nobody_changed() {
    let registry = Registry::new();
    let deserializer = Deserializer::<v1::OrderCreated>::new(&registry.client(), topic());
    let payload = message();
    assert!(deserializer.deserialize(Some(&payload), ()).await.is_err());
    registry.add("orders-value", &Schema::avro(v1::OrderCreated::descriptor().text()));
    advance(Duration::from_millis(4_900)).await;
    assert!(deserializer.deserialize(Some(&payload), ()).await.is_err());
    advance(Duration::from_millis(200)).await;
    assert!(deserializer.deserialize(Some(&payload), ()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn other_failures_are_not_remembered() {
    let registry = Registry::new();
    registry.add("orders-value", &Schema::avro(v1::OrderCreated::descriptor().text()));
    let deserializer = Deserializer::<v1::OrderCreated>::new(&client(&registry), topic());
    let payload = message();
    for fault in [Fault::Status(503), Fault::Status(401)] {
        registry.fail_next(1, fault);
        let error = deserializer.deserialize(Some(&payload), ()).await.expect_err("a fault");
        assert!(matches!(error, DeserializeError::Registry { .. }), "{error}");
    }
    assert_eq!(deserializer.deserialize(Some(&payload), ()).await.expect("an event"), Some(created()));
}
