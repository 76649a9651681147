//! Events whose text is a part of the message.

use ottla::serdes::{DeserializeError, Opened};
use ottla::testing::Registry;
use ottla::{BorrowedEvent, Event};

use crate::events::{OrderShipped, OrderShippedRef};
use crate::{created, deserializer, v1, v2};

fn is_part_of(text: &str, message: &[u8]) -> bool {
    message.as_ptr_range().contains(&text.as_ptr())
}

#[tokio::test]
async fn text_is_a_part_of_the_message() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    let same = deserializer::<v1::OrderCreated>(&registry);
    let message = same.message(Some(&payload), ()).await.expect("a message").expect("an event");
    let order: v1::OrderCreatedRef<'_> = message.borrowed().expect("an event");
    assert!(is_part_of(order.order_id, &payload));
    assert_eq!(order.into_owned(), created());
    assert_eq!(message.name(), "com.example.events.OrderCreated");
}

/// A default is a part of the plan, which the message holds, however long the deserializer lives.
#[tokio::test]
async fn defaults_live_as_long_as_the_message() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    let message = {
        let newer = deserializer::<v2::OrderCreated>(&registry);
        let Ok(Opened::Unknown(schema)) = newer.open(Some(&payload), ()) else { panic!("it is new") };
        newer.fetch(schema).await.expect("a schema");
        let Ok(Opened::Message(message)) = newer.open(Some(&payload), ()) else { panic!("it is known") };
        message
    };
    let order: v2::OrderCreatedRef<'_> = message.borrowed().expect("an event");
    assert!(is_part_of(order.order_id, &payload));
    assert_eq!((order.currency, order.total_amount), ("EUR", 12.5));
    assert_eq!(message.decode().expect("an event"), v2::OrderCreated::new("o-1", 12.5));
}

#[tokio::test]
async fn errors_have_their_place() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    for (bytes, expected) in [
        (&payload[..7], "com.example.events.OrderCreated.orderId at byte 0: the bytes end too early"),
        (&payload[..14], "com.example.events.OrderCreated.totalAmount at byte 4: the bytes end too early"),
    ] {
        let newer = deserializer::<v2::OrderCreated>(&registry);
        let message = newer.message(Some(bytes), ()).await.expect("a message").expect("an event");
        let error = message.borrowed::<v2::OrderCreatedRef<'_>>().expect_err("half an event");
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[tokio::test]
async fn of_another_type() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &OrderShipped::new("o-1")).await;
    let shipped = deserializer::<OrderShipped>(&registry);
    let message = shipped.message(Some(&payload), ()).await.expect("a message").expect("an event");
    let error = message.borrowed::<v1::OrderCreatedRef<'_>>().expect_err("another type");
    assert!(matches!(&error, DeserializeError::OtherType { .. }));
    assert!(
        error.to_string().ends_with("the event is not of type com.example.events.OrderCreated"),
        "{error}"
    );
    assert!(message.borrowed::<OrderShippedRef<'_>>().is_ok());
}

/// Outermost bytes have no length in messages, and need one to be read.
#[tokio::test]
async fn outermost_bytes() {
    #[derive(ottla::Event, Debug, PartialEq)]
    struct Blob(Vec<u8>);

    let registry = Registry::new();
    let blob = Blob(vec![0xff; 200]);
    let payload = crate::message(&registry, &blob).await;
    assert_eq!(payload[5..], vec![0xff; 200]);
    assert_eq!(<Blob as Event>::FULL_NAME, "bytes");
    let blobs = deserializer::<Blob>(&registry);
    let message = blobs.message(Some(&payload), ()).await.expect("a message").expect("an event");
    assert_eq!(message.decode().expect("an event"), blob);
}
