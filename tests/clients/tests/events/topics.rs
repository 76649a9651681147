//! Several types of events on one topic.

use ottla::serdes::DeserializeError;
use ottla::subject::{Naming, Topic};
use ottla::{Event, UnknownEvent};
use serde_json::{Value, json};

use crate::ParcelEvent;
use crate::parcels::{ParcelKey, ParcelLost, ParcelSent};
use crate::world::{Message, World, registering, schema};

/// Rust first: the schema follows from the type.
#[derive(ottla::Event, Debug, Clone, PartialEq)]
#[event(namespace = "com.example.parcels", rename_all = "camelCase")]
struct ParcelReturned {
    order_id: String,
    #[event(default = "null")]
    reason: Option<String>,
}

/// What the topic carries.
#[derive(ottla::Events, Debug)]
enum Parcels {
    Sent(ParcelSent),
    Lost(ParcelLost),
    Returned(ParcelReturned),
    #[events(other)]
    Other(UnknownEvent),
}

fn topic() -> Topic {
    Topic::value("parcel-events")
}

fn returned() -> ParcelReturned {
    ParcelReturned { order_id: "o-3".to_owned(), reason: Some("too large".to_owned()) }
}

/// Python writes an event under the subject of its type.
fn python_writes<T: Event>(world: &World, value: &Value) -> Message {
    let conf = json!({ "conf": { "subject.name.strategy.type": "TOPIC_RECORD" } });
    world.python_writes(&topic(), Some(&schema::<T>()), value, conf)
}

#[tokio::test]
async fn each_type_has_a_subject_of_its_own() {
    let Some(world) = World::start() else { return };
    let events = [
        Parcels::Sent(ParcelSent::new("o-1").with_carrier("on foot")),
        Parcels::Lost(ParcelLost { order_id: "o-1".to_owned(), carrier: None }),
        Parcels::Returned(returned()),
    ];
    let values = [
        json!({ "orderId": "o-1", "carrier": "on foot" }),
        json!({ "orderId": "o-1", "carrier": null }),
        json!({ "orderId": "o-3", "reason": "too large" }),
    ];
    let theirs = [
        python_writes::<ParcelSent>(&world, &values[0]),
        python_writes::<ParcelLost>(&world, &values[1]),
        python_writes::<ParcelReturned>(&world, &values[2]),
    ];
    for ((event, value), theirs) in events.iter().zip(&values).zip(&theirs) {
        let builder = registering(&topic()).naming(Naming::TopicRecordName);
        let ours = world.write_with(builder, event).await;
        assert_eq!(*theirs, ours);
        assert_eq!(world.python_reads(&ours), *value);
        assert_eq!(format!("{:?}", world.read::<Parcels>(theirs).await), format!("{event:?}"));
    }
    let names = ["ParcelLost", "ParcelReturned", "ParcelSent"];
    let subjects = names.map(|name| format!("parcel-events-com.example.parcels.{name}"));
    assert_eq!(world.client.subjects().await.unwrap(), subjects);

    // A service that knows one of the types reads that one.
    assert_eq!(world.read::<ParcelReturned>(&theirs[2]).await, returned());
    let error = world.try_read::<ParcelReturned>(&theirs[0]).await.unwrap_err();
    assert!(matches!(error, DeserializeError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_type_that_nobody_knows() {
    let Some(world) = World::start() else { return };
    let message = python_writes::<ParcelKey>(&world, &json!({ "depot": 7, "number": -1 }));
    let Parcels::Other(unknown) = world.read(&message).await else { panic!("of no known type") };
    assert_eq!((unknown.name(), unknown.body()), (ParcelKey::FULL_NAME, [14, 1].as_slice()));
}

/// One subject, with a union of references as its schema.
#[tokio::test]
async fn a_union_is_what_the_topic_carries() {
    let Some(world) = World::start() else { return };
    let sent = ParcelEvent::ParcelSent(ParcelSent::new("o-1"));
    let sent_json = json!({ "$branch": [ParcelSent::FULL_NAME, { "orderId": "o-1", "carrier": "by bike" }] });
    let lost = ParcelEvent::ParcelLost(ParcelLost::new("o-1"));
    let lost_json = json!({ "$branch": [ParcelLost::FULL_NAME, { "orderId": "o-1", "carrier": "by bike" }] });
    for (event, value) in [(sent, sent_json), (lost, lost_json)] {
        world.fastavro_agrees(&event, &value);
        world.both_ways(&topic(), &event, &value).await;
        // It is also what an enum over several types of events reads.
        let message = world.write(&topic(), &event).await;
        match (event, world.read(&message).await) {
            (ParcelEvent::ParcelSent(event), Parcels::Sent(read)) => assert_eq!(read, event),
            (ParcelEvent::ParcelLost(event), Parcels::Lost(read)) => assert_eq!(read, event),
            (event, read) => panic!("{event:?} became {read:?}"),
        }
    }
}
