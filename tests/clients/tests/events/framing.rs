//! Messages that name their schema by a GUID, or by its fingerprint.

use ottla::serdes::Framing;
use ottla::subject::Topic;
use ottla::{Event, framing};
use serde_json::{Value, json};

use crate::billing::Invoice;
use crate::money::{Currency, Money};
use crate::parcels::{ParcelKey, ParcelSent};
use crate::shipping::Shipment;
use crate::shop::Category;
use crate::world::{Message, World, registering, schema, texts};
use crate::{Barcode, Depot, ParcelEvent, v1, v2, v3};

fn sent() -> (ParcelSent, Value) {
    (ParcelSent::new("o-1"), json!({ "orderId": "o-1", "carrier": "by bike" }))
}

#[tokio::test]
async fn a_guid_in_a_header() {
    let Some(world) = World::start() else { return };
    let (event, value) = sent();
    for topic in [Topic::value("parcels"), Topic::key("parcels")] {
        let builder = registering(&topic).framing(Framing::GuidHeader);
        let ours = world.write_with(builder, &event).await;
        let (name, guid) = &ours.headers[0];
        assert_eq!((name.as_str(), guid.len()), (topic.side().header(), 17));
        assert_eq!(world.python_reads(&ours), value);
        let header = json!({ "header": true });
        let theirs = world.python_writes(&topic, Some(&schema::<ParcelSent>()), &value, header);
        assert_eq!(theirs, ours);
        assert_eq!(world.read::<ParcelSent>(&theirs).await, event);
    }
}

#[tokio::test]
async fn a_guid_before_the_payload() {
    let Some(world) = World::start() else { return };
    let (event, value) = sent();
    let builder = registering(&Topic::value("parcels")).framing(Framing::Guid);
    let ours = world.write_with(builder, &event).await;
    assert_eq!(ours.payload[0], framing::MAGIC_GUID);
    assert_eq!(world.python_reads(&ours), value);
}

/// They need no registry. fastavro has all but the first ten bytes.
#[tokio::test]
async fn single_objects() {
    let Some(world) = World::start() else { return };
    let (event, value) = sent();
    let schemas = texts(ParcelSent::descriptor());
    let mut payload = framing::MAGIC_OBJECT.to_vec();
    payload.extend(fingerprint(&world, &schemas));
    payload.extend(world.python.body(&schemas, &value));
    let theirs = Message { topic: Topic::value("parcels"), payload, headers: vec![] };
    assert_eq!(world.read::<ParcelSent>(&theirs).await, event);
    let mut ours = Vec::new();
    framing::write_fingerprint(&mut ours, ParcelSent::descriptor().fingerprint());
    event.encode(&mut ours).unwrap();
    assert_eq!(theirs.payload, ours);
}

#[tokio::test]
async fn fingerprints_are_those_of_fastavro() {
    let Some(world) = World::start() else { return };
    let descriptors = [
        Barcode::descriptor,
        Category::descriptor,
        Currency::descriptor,
        Depot::descriptor,
        Invoice::descriptor,
        Money::descriptor,
        ParcelEvent::descriptor,
        ParcelKey::descriptor,
        Shipment::descriptor,
        v1::OrderCreated::descriptor,
        v2::OrderCreated::descriptor,
        v3::OrderPlaced::descriptor,
    ];
    for descriptor in descriptors.map(|descriptor| descriptor()) {
        let theirs = fingerprint(&world, &texts(descriptor));
        assert_eq!(theirs, descriptor.fingerprint().to_le_bytes(), "{}", descriptor.name());
    }
}

fn fingerprint(world: &World, schemas: &[&str]) -> Vec<u8> {
    crate::python::bytes(&world.python.ask(json!({ "do": "fingerprint", "schemas": schemas })).unwrap())
}
