//! Topics with several types of events.

use ottla::client::{Schema, SchemaId};
use ottla::framing::SchemaRef;
use ottla::serdes::{DeserializeError, SerializeError, Serializer};
use ottla::subject::Naming;
use ottla::testing::Registry;
use ottla::{Event, Events, UnknownEvent, Unreadable};

use crate::events::{OrderShipped, OrderShippedRef};
use crate::{created, deserializer, topic, v1, v2};

#[derive(Events, Debug, PartialEq)]
enum OrderEvents {
    Created(v2::OrderCreated),
    Shipped(Box<OrderShipped>),
}

#[derive(Events, Debug)]
enum Any {
    #[events(other)]
    Other(UnknownEvent),
    Created(v2::OrderCreated),
}

fn shipped() -> OrderShipped {
    OrderShipped::new("o-1").with_carrier("DHL")
}

/// Types of one topic are no versions of each other.
async fn registry() -> Registry {
    let registry = Registry::new();
    let config = ottla::client::ConfigUpdate {
        compatibility: ottla::client::Change::Set(ottla::client::Level::None),
        ..Default::default()
    };
    registry.client().update_config(ottla::client::Scope::Global, &config).await.expect("a registry");
    registry
}

#[tokio::test]
async fn each_type_has_an_id_of_its_own() {
    let registry = registry().await;
    let serializer = crate::serializer::<OrderEvents>(&registry.client()).await;
    let ids: Vec<SchemaId> =
        serializer.written_as().expect("it is prepared").iter().map(|ty| ty.id).collect();
    assert_eq!(ids, [SchemaId(1), SchemaId(2)]);
    let events =
        [OrderEvents::Created(v2::OrderCreated::new("o-1", 12.5)), OrderEvents::Shipped(Box::new(shipped()))];
    let deserializer = deserializer::<OrderEvents>(&registry);
    for (event, id) in events.into_iter().zip(ids) {
        let mut payload = Vec::new();
        serializer.encode(&event, &mut payload).expect("a message");
        assert_eq!(payload[..5], ottla::framing::id_bytes(id.0));
        assert_eq!(deserializer.deserialize(Some(&payload), ()).await.expect("an event"), Some(event));
    }
}

#[tokio::test]
async fn each_type_has_a_subject_of_its_own_if_records_name_them() {
    let registry = Registry::new();
    let builder = Serializer::<OrderEvents>::builder(topic()).naming(Naming::TopicRecordName);
    let serializer = builder.register(ottla::serdes::Register::IfMissing).build(&registry.client());
    serializer.prepare().await.expect("no compatibility between subjects");
    let subjects: Vec<&str> =
        serializer.written_as().expect("it is prepared").iter().map(|ty| ty.subject.as_str()).collect();
    assert_eq!(
        subjects,
        ["orders-com.example.events.OrderCreated", "orders-com.example.events.OrderShipped"]
    );
}

#[tokio::test]
async fn older_versions_of_each_are_read() {
    let registry = registry().await;
    let payload = crate::message(&registry, &created()).await;
    let read = deserializer::<OrderEvents>(&registry).deserialize(Some(&payload), ()).await;
    assert_eq!(read.expect("an event"), Some(OrderEvents::Created(v2::OrderCreated::new("o-1", 12.5))));
}

/// `OrderShipped` was called `OrderSent` once.
#[tokio::test]
async fn aliases_are_names() {
    let registry = registry().await;
    let sent = OrderShipped::descriptor().text().replacen("\"OrderShipped\"", "\"OrderSent\"", 1);
    let sent = sent.replacen("\"aliases\": [\"OrderSent\"],", "", 1);
    let id = registry.add("orders-value", &Schema::avro(sent.as_str()));
    let mut payload = ottla::framing::id_bytes(id.0).to_vec();
    shipped().encode(&mut payload).expect("an event");
    let read = deserializer::<OrderEvents>(&registry).deserialize(Some(&payload), ()).await;
    assert_eq!(read.expect("an event"), Some(OrderEvents::Shipped(Box::new(shipped()))));
}

#[tokio::test]
async fn other_types_are_named() {
    let registry = registry().await;
    let payload = crate::message(&registry, &crate::shared::Currency::Usd).await;
    let deserializer = deserializer::<OrderEvents>(&registry);
    let error = deserializer.deserialize(Some(&payload), ()).await.expect_err("another type");
    assert_eq!(
        error.to_string(),
        "value of topic orders: schema id 1 (com.example.shared.Currency) of subject orders-value version 1: events of \
         type com.example.shared.Currency are not known; known are com.example.events.OrderCreated, \
         com.example.events.OrderShipped"
    );
    let DeserializeError::Unreadable { error, .. } = error else { panic!("{error}") };
    assert!(matches!(&*error, Unreadable::UnknownType { name, .. } if name == "com.example.shared.Currency"));
}

#[tokio::test]
async fn other_types_can_have_a_variant() {
    let registry = registry().await;
    let payload = crate::message(&registry, &shipped()).await;
    let read = deserializer::<Any>(&registry).deserialize(Some(&payload), ()).await.expect("an event");
    let Some(Any::Other(event)) = read else { panic!("{read:?}") };
    assert_eq!((event.name(), event.schema_ref()), ("com.example.events.OrderShipped", SchemaRef::Id(1)));
    let again = OrderShipped::decode_resolved(
        event.body(),
        &OrderShipped::plan(event.schema().clone()).expect("a plan"),
    );
    assert_eq!(again.expect("an event"), shipped());

    let serializer = crate::serializer::<Any>(&registry.client()).await;
    let mut buffer = Vec::new();
    let error = serializer.encode(&Any::Other(event), &mut buffer).expect_err("no schema");
    assert!(matches!(error, SerializeError::UnknownType { .. }) && buffer.is_empty(), "{error}");
    let event = Any::Created(v2::OrderCreated::new("o-1", 1.0));
    assert_eq!(serializer.encode(&event, &mut buffer).expect("a message"), None);
}

/// One version that is a union of the types, as Confluent recommends for such topics.
#[tokio::test]
async fn a_writer_may_have_a_union_of_the_types() {
    let registry = registry().await;
    let union = format!(
        "[\"null\",{},{},\"string\"]",
        v1::OrderCreated::descriptor().text(),
        OrderShipped::descriptor().text()
    );
    let id = registry.add("orders-value", &Schema::avro(union.as_str()));
    let message =
        |branch: u8, event: &[u8]| [&ottla::framing::id_bytes(id.0)[..], &[branch * 2], event].concat();
    let body = |event: &dyn Fn(&mut Vec<u8>)| {
        let mut body = Vec::new();
        event(&mut body);
        body
    };
    let created = message(1, &body(&|out| created().encode(out).expect("an event")));
    let shipped_bytes = message(2, &body(&|out| shipped().encode(out).expect("an event")));
    let deserializer = deserializer::<OrderEvents>(&registry);
    let read = async |payload: &[u8]| deserializer.deserialize(Some(payload), ()).await;
    let expected = OrderEvents::Created(v2::OrderCreated::new("o-1", 12.5));
    assert_eq!(read(&created).await.expect("an event"), Some(expected));
    let expected = OrderEvents::Shipped(Box::new(shipped()));
    assert_eq!(read(&shipped_bytes).await.expect("an event"), Some(expected));
    let error = read(&message(3, b"\x02x")).await.expect_err("a string");
    assert!(error.to_string().contains("events of type string are not known"), "{error}");
    let error = read(&message(4, b"")).await.expect_err("no such branch");
    assert!(error.to_string().ends_with("union at byte 0: a union has no such branch"), "{error}");

    // Who wants one of them gets that one, as in Java.
    let only = crate::deserializer::<v2::OrderCreated>(&registry);
    let read = only.deserialize(Some(&created), ()).await.expect("an event");
    assert_eq!(read, Some(v2::OrderCreated::new("o-1", 12.5)));
    let error = only.deserialize(Some(&shipped_bytes), ()).await.expect_err("another type");
    assert!(
        error.to_string().contains("a union has no such branch: com.example.events.OrderCreated: the reader"),
        "{error}"
    );
    let opened = only.message(Some(&created), ()).await.expect("a message").expect("an event");
    assert_eq!(opened.borrowed::<v2::OrderCreatedRef<'_>>().expect("an event").currency, "EUR");

    let opened = deserializer.message(Some(&shipped_bytes), ()).await.expect("a message").expect("an event");
    let borrowed: OrderShippedRef<'_> = opened.borrowed().expect("an event");
    assert_eq!(borrowed.carrier, Some("DHL"));
}

#[tokio::test]
async fn one_of_several_can_be_borrowed() {
    let registry = registry().await;
    let payload = crate::message(&registry, &shipped()).await;
    let deserializer = deserializer::<OrderEvents>(&registry);
    let message = deserializer.message(Some(&payload), ()).await.expect("a message").expect("an event");
    assert_eq!(message.name(), "com.example.events.OrderShipped");
    let borrowed: OrderShippedRef<'_> = message.borrowed().expect("an event");
    assert_eq!(borrowed.order_id, "o-1");
    assert!(message.borrowed::<v2::OrderCreatedRef<'_>>().is_err());
}
