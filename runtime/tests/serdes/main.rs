//! Serializers and deserializers, against a registry within the process.

mod borrowing;
mod by_hand;
mod concurrency;
mod missing;
mod reading;
mod references;
mod several;
mod writing;

use ottla::client::Client;
use ottla::serdes::{Deserializer, Register, Serializer};
use ottla::subject::Topic;
use ottla::testing::Registry;
use ottla::{Events, include_schema};

/// The first version of an event.
mod v1 {
    ottla::include_schema!(
        "tests/serdes/schemas/order_created_v1.avsc",
        strip = "com.example.events",
        borrowed = "**"
    );
}

/// The second one has a currency.
mod v2 {
    ottla::include_schema!(
        "tests/serdes/schemas/order_created_v2.avsc",
        strip = "com.example.events",
        borrowed = "**"
    );
}

/// One whose default is no value of its logical type.
mod traced {
    ottla::include_schema!("tests/serdes/schemas/order_created_traced.avsc", strip = "com.example.events");
}

/// Incompatible with the first two.
mod other {
    ottla::include_schema!("tests/serdes/schemas/order_created_other.avsc", strip = "com.example.events");
}

include_schema!(
    "tests/serdes/schemas/order_shipped.avsc",
    "tests/serdes/schemas/currency.avsc",
    "tests/serdes/schemas/money.avsc",
    "tests/serdes/schemas/order_priced.avsc",
    strip = "com.example",
    borrowed = "**"
);

fn topic() -> Topic {
    Topic::value("orders")
}

fn created() -> v1::OrderCreated {
    v1::OrderCreated::new("o-1", 12.5)
}

/// A serializer that registers what is missing, prepared.
async fn serializer<T: Events>(client: &Client) -> Serializer<T> {
    let serializer = Serializer::builder(topic()).register(Register::IfMissing).build(client);
    serializer.prepare().await.expect("a registry");
    serializer
}

/// A message with one event.
async fn message<T: Events>(registry: &Registry, event: &T) -> Vec<u8> {
    let mut payload = Vec::new();
    let serializer = serializer::<T>(&registry.client()).await;
    let header = serializer.encode(event, &mut payload);
    assert_eq!(header.expect("a message"), None);
    payload
}

fn deserializer<T: Events>(registry: &Registry) -> Deserializer<T> {
    Deserializer::new(&registry.client(), topic())
}
