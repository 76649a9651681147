//! Typed events through a registry that runs: the library of services against the server, over HTTP.

use ottla::client::Client;
use ottla::framing::SchemaRef;
use ottla::serdes::{DeserializeError, Deserializer, Framing, Register, Serializer};
use ottla::subject::{Naming, Topic};
use ottla::{Event, Events};
use ottla_tests::server::{Serve, Server};

/// As it was at first.
mod v1 {
    /// An order.
    #[derive(ottla::Event, Debug, PartialEq)]
    #[event(namespace = "com.example.events", rename_all = "camelCase")]
    pub struct OrderCreated {
        pub order_id: String,
        pub total: f64,
    }
}

#[derive(Event, Debug, PartialEq)]
#[event(namespace = "com.example.events", rename_all = "camelCase")]
struct OrderCreated {
    order_id: String,
    total: f64,
    #[event(default = "\"EUR\"")]
    currency: String,
}

#[derive(Event, Debug, PartialEq)]
#[event(namespace = "com.example.events", rename_all = "camelCase")]
struct OrderShipped {
    order_id: String,
}

#[derive(Events, Debug, PartialEq)]
enum OrderEvents {
    Created(OrderCreated),
    Shipped(OrderShipped),
}

fn start() -> (Server, Client) {
    let server = Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").start().expect("a server");
    let client = Client::builder([server.url()]).no_proxy().build().expect("a client");
    (server, client)
}

fn topic() -> Topic {
    Topic::value("orders")
}

#[tokio::test]
async fn yesterday_and_tomorrow() {
    let (_server, client) = start();
    let mut old = Vec::new();
    let event = v1::OrderCreated { order_id: "o-1".into(), total: 12.5 };
    let serializer = Serializer::builder(topic()).register(Register::IfMissing).build(&client);
    serializer.serialize(&event, &mut old).await.expect("a message");

    let mut new = Vec::new();
    let newer = OrderCreated { order_id: "o-2".into(), total: 2.0, currency: "USD".into() };
    let never = Serializer::<OrderCreated>::new(&client, topic());
    assert!(never.prepare().await.is_err(), "nobody registered it");
    let serializer = Serializer::builder(topic()).register(Register::IfMissing).build(&client);
    serializer.serialize(&newer, &mut new).await.expect("a message");
    never.prepare().await.expect("it is registered");
    assert_eq!(client.versions("orders-value").await.expect("a subject"), [1, 2]);

    let reads_new = Deserializer::<OrderCreated>::new(&client, topic());
    let reads_old = Deserializer::<v1::OrderCreated>::new(&client, topic());
    let with_default = OrderCreated { order_id: "o-1".into(), total: 12.5, currency: "EUR".into() };
    let without = v1::OrderCreated { order_id: "o-2".into(), total: 2.0 };
    assert_eq!(reads_new.deserialize(Some(&old), ()).await.expect("an event"), Some(with_default));
    assert_eq!(reads_new.deserialize(Some(&new), ()).await.expect("an event"), Some(newer));
    assert_eq!(reads_old.deserialize(Some(&new), ()).await.expect("an event"), Some(without));

    let unknown = reads_new.fetch(SchemaRef::Id(99)).await.expect_err("no such id");
    assert!(matches!(unknown, DeserializeError::Missing { .. }), "{unknown}");
}

#[tokio::test]
async fn several_types_with_guids_in_headers() {
    let (_server, client) = start();
    let serializer = Serializer::<OrderEvents>::builder(topic())
        .naming(Naming::TopicRecordName)
        .register(Register::IfMissing)
        .framing(Framing::GuidHeader)
        .build(&client);
    let deserializer = Deserializer::<OrderEvents>::new(&client, topic());
    let events = [
        OrderEvents::Shipped(OrderShipped { order_id: "o-1".into() }),
        OrderEvents::Created(OrderCreated { order_id: "o-1".into(), total: 1.0, currency: "EUR".into() }),
    ];
    for event in events {
        let mut payload = Vec::new();
        let header = serializer.serialize(&event, &mut payload).await.expect("a message").expect("a header");
        let headers = [(header.name, header.value)];
        let read = deserializer.deserialize(Some(&payload), &headers).await;
        assert_eq!(read.expect("an event"), Some(event));
    }
}
