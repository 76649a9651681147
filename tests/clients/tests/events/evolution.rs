//! A schema that changes: each side reads what the other one wrote with an older or a newer version.

use ottla::serdes::DeserializeError;
use ottla::subject::Topic;
use serde_json::{Value, json};

use crate::world::{Message, World, latest, registering, schema};
use crate::{v1, v2, v3};

fn topic() -> Topic {
    Topic::value("orders")
}

fn old() -> v1::OrderCreated {
    let old = v1::OrderCreated::new("o-1", 3, 2.5, v1::Channel::Shop);
    old.with_note("by hand")
}

fn old_json() -> Value {
    json!({ "orderId": "o-1", "quantity": 3, "total": 2.5, "channel": "SHOP", "note": "by hand" })
}

fn new() -> v2::OrderCreated {
    let lines = vec![v2::Line::new("a").with_count(2), v2::Line::new("b")];
    v2::OrderCreated::new(0.5, v2::Channel::Phone, 4, "o-2").with_currency("CHF").with_lines(lines)
}

fn new_json() -> Value {
    let lines = json!([{ "sku": "a", "count": 2 }, { "sku": "b", "count": 1 }]);
    json!({ "orderId": "o-2", "quantity": 4, "total": 0.5, "channel": "PHONE", "currency": "CHF", "lines": lines })
}

/// What a reader with the other version makes of them.
fn old_as_v2() -> v2::OrderCreated {
    let lines = vec![v2::Line::new("unknown")];
    let order = v2::OrderCreated::new(2.5, v2::Channel::Shop, 3, "o-1");
    assert_eq!((order.currency.as_str(), &order.lines), ("EUR", &lines));
    order
}

fn old_as_v2_json() -> Value {
    let lines = json!([{ "sku": "unknown", "count": 1 }]);
    json!({ "orderId": "o-1", "quantity": 3, "total": 2.5, "channel": "SHOP", "currency": "EUR", "lines": lines })
}

fn new_as_v1() -> v1::OrderCreated {
    v1::OrderCreated::new("o-2", 4, 0.5, v1::Channel::Web)
}

fn new_as_v1_json() -> Value {
    json!({ "orderId": "o-2", "quantity": 4, "total": 0.5, "channel": "WEB", "note": null })
}

/// One message with each of the two versions.
struct Orders {
    old: Message,
    new: Message,
}

impl Orders {
    async fn of_rust(world: &World) -> Self {
        Self {
            old: world.write(&topic(), &old()).await,
            new: world.write_with(registering(&topic()), &new()).await,
        }
    }

    fn of_python(world: &World) -> Self {
        let old = world.python_writes(&topic(), Some(&schema::<v1::OrderCreated>()), &old_json(), json!({}));
        let new = world.python_writes(&topic(), Some(&schema::<v2::OrderCreated>()), &new_json(), json!({}));
        Self { old, new }
    }
}

#[tokio::test]
async fn versions_read_each_other() {
    let Some(world) = World::start() else { return };
    let ours = Orders::of_rust(&world).await;
    let theirs = Orders::of_python(&world);
    assert_eq!((&theirs.old, &theirs.new), (&ours.old, &ours.new), "the same versions, and the same bytes");
    assert_ne!(ours.old.payload[..5], ours.new.payload[..5]);
    for Orders { old: old_message, new: new_message } in [ours, theirs] {
        assert_eq!(world.read::<v1::OrderCreated>(&old_message).await, old());
        assert_eq!(world.read::<v2::OrderCreated>(&old_message).await, old_as_v2());
        assert_eq!(world.read::<v1::OrderCreated>(&new_message).await, new_as_v1());
        assert_eq!(world.read::<v2::OrderCreated>(&new_message).await, new());

        let (first, second) = (schema::<v1::OrderCreated>(), schema::<v2::OrderCreated>());
        let read = |message, reader| world.python_reads_as(message, Some(reader)).unwrap();
        assert_eq!(read(&old_message, &first), old_json());
        assert_eq!(read(&old_message, &second), old_as_v2_json());
        assert_eq!(read(&new_message, &first), new_as_v1_json());
        assert_eq!(read(&new_message, &second), new_json());
    }
}

#[tokio::test]
async fn python_fills_in_what_the_latest_version_has_more() {
    let Some(world) = World::start() else { return };
    Orders::of_rust(&world).await;
    // It knows nothing of v2, but writes it.
    let conf = json!({ "conf": latest() });
    let message = world.python_writes(&topic(), Some(&schema::<v1::OrderCreated>()), &old_json(), conf);
    assert_eq!(world.read::<v2::OrderCreated>(&message).await, old_as_v2());
    let expected = v1::OrderCreated { note: None, ..old() };
    assert_eq!(world.read::<v1::OrderCreated>(&message).await, expected, "the note was not written");
}

#[tokio::test]
async fn names_and_numbers_change_in_one_direction() {
    let Some(world) = World::start() else { return };
    let placed = v3::OrderPlaced::new("o-1", Some(3), 2.5);
    let placed_json = json!({ "orderId": "o-1", "pieces": 3, "total": 2.5 });
    let theirs = Orders::of_python(&world).old;
    assert_eq!(world.read::<v3::OrderPlaced>(&theirs).await, placed);
    let ours = world.write(&topic(), &old()).await;
    let read = world.python_reads_as(&ours, Some(&schema::<v3::OrderPlaced>()));
    assert_eq!(read.unwrap(), placed_json);

    let topic = Topic::value("placed");
    world.both_ways(&topic, &placed, &placed_json).await;
    let message = world.write(&topic, &placed).await;
    let error = world.try_read::<v1::OrderCreated>(&message).await.unwrap_err();
    assert!(matches!(error, DeserializeError::Unreadable { .. }), "{error:?}");
    let error = world.python_reads_as(&message, Some(&schema::<v1::OrderCreated>())).unwrap_err();
    assert!(error.starts_with("SchemaResolutionError"), "{error}");
}
