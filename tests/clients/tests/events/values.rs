//! Every kind of type, and every logical type that both sides know.

use std::collections::BTreeMap;

use ottla::logical::{
    Date, Duration, LocalTimestampMicros, LocalTimestampMillis, TimeMicros, TimeMillis, TimestampMicros,
    TimestampMillis, TimestampNanos, Uuid,
};
use ottla::subject::Topic;
use serde_json::Value;

use crate::places::{Address, Position};
use crate::shipping::{
    Card, Checksum, Foreign, Numbers, Parcel, Shipment, ShipmentPayment, ShipmentProof, ShipmentRemarksItem,
    Status, Times, Transfer,
};
use crate::world::{World, map};

#[tokio::test]
async fn every_kind_of_value_goes_both_ways() {
    let Some(world) = World::start() else { return };
    let values = [
        (full(), include_str!("values/full.json")),
        (empty(), include_str!("values/empty.json")),
        (extreme(), include_str!("values/extreme.json")),
    ];
    for (shipment, text) in &values {
        let value: Value = serde_json::from_str(text).unwrap();
        world.fastavro_agrees(shipment, &value);
        world.both_ways(&Topic::value("shipments"), shipment, &value).await;
    }
}

/// Something everywhere.
fn full() -> Shipment {
    let position = Position { north: 47.3769, east: -8.5417 };
    let zurich = Address { city: "Zürich".to_owned(), position: Some(position) };
    let parcel = Parcel {
        sizes: vec![vec![30, 20, 10], vec![], vec![-1]],
        tags: map([("hazard", vec![0, 255]), ("none", vec![])]),
    };
    Shipment {
        label: "货物 \"1\"\n🚚".to_owned(),
        fragile: true,
        pieces: -3,
        grams: 5_000_000_000,
        volume: 0.1,
        worth: -129.95,
        seal: vec![0, 1, 127, 128, 255],
        nothing: (),
        status: Status::Sent,
        checksum: Checksum(*b"\xca\xfe\0\x01"),
        origin: zurich.clone(),
        stops: vec![Address { city: String::new(), position: None }, zurich],
        parcels: map([("a", parcel), ("b", Parcel { sizes: vec![], tags: BTreeMap::new() })]),
        payment: Some(ShipmentPayment::Transfer(Transfer { number: "CH93".to_owned() })),
        remarks: vec![
            None,
            Some(ShipmentRemarksItem::Long(7)),
            Some(ShipmentRemarksItem::Double(7.0)),
            Some(ShipmentRemarksItem::String("7".to_owned())),
            Some(ShipmentRemarksItem::Bytes(b"7".to_vec())),
        ],
        proof: ShipmentProof::Status(Status::Packed),
        times: times(),
        numbers: numbers(),
        foreign: Foreign {
            measured: "2026-01-31T12:00:00.000000001Z".parse().unwrap(),
            takes: Duration { months: 1, days: 2, millis: 3 },
            token: "0192a5c4-7b1e-7cc3-98f4-1d2e3f405162".parse().unwrap(),
        },
    }
}

fn times() -> Times {
    Times {
        day: "2024-02-29".parse().unwrap(),
        pickup: "09:30:00.250".parse().unwrap(),
        scan: "23:59:59.999999".parse().unwrap(),
        sent: "2026-01-31T12:00:00.001Z".parse().unwrap(),
        seen: "2026-01-31T12:00:00.000001Z".parse().unwrap(),
        opens: "2026-02-01T08:00:00.5".parse().unwrap(),
        closes: "2026-02-01T18:00:00.000005".parse().unwrap(),
        received: Some("2026-02-02T00:00:00Z".parse().unwrap()),
        holidays: vec!["2026-04-03".parse().unwrap(), "1969-12-31".parse().unwrap()],
    }
}

fn numbers() -> Numbers {
    Numbers {
        id: "0192a5c4-7b1e-7cc3-98f4-1d2e3f405162".parse().unwrap(),
        price: "129.95".parse().unwrap(),
        tax: "-10.0001".parse().unwrap(),
        atoms: "60221407600000000000000000000000000000000000000001".parse().unwrap(),
        duties: map([("book", None), ("tea", Some("-0.125".parse().unwrap()))]),
    }
}

/// Nothing wherever there may be nothing.
fn empty() -> Shipment {
    Shipment {
        label: String::new(),
        fragile: false,
        pieces: 0,
        grams: 0,
        volume: 0.0,
        worth: 0.0,
        seal: vec![],
        nothing: (),
        status: Status::Packed,
        checksum: Checksum([0; 4]),
        origin: Address { city: String::new(), position: None },
        stops: vec![],
        parcels: BTreeMap::new(),
        payment: None,
        remarks: vec![],
        proof: ShipmentProof::Map(BTreeMap::new()),
        times: Times {
            day: Date(0),
            pickup: TimeMillis(0),
            scan: TimeMicros(0),
            sent: TimestampMillis(0),
            seen: TimestampMicros(0),
            opens: LocalTimestampMillis(0),
            closes: LocalTimestampMicros(0),
            received: None,
            holidays: vec![],
        },
        numbers: Numbers {
            id: Uuid([0; 16]),
            price: "0".parse().unwrap(),
            tax: "0".parse().unwrap(),
            atoms: "0".parse().unwrap(),
            duties: BTreeMap::new(),
        },
        foreign: Foreign {
            measured: TimestampNanos(0),
            takes: Duration { months: 0, days: 0, millis: 0 },
            token: Uuid([0; 16]),
        },
    }
}

/// As far as the types of both sides reach: Python's years are 1 to 9999.
fn extreme() -> Shipment {
    let times = Times {
        day: "0001-01-01".parse().unwrap(),
        pickup: "23:59:59.999".parse().unwrap(),
        scan: "00:00:00.000001".parse().unwrap(),
        sent: "0001-01-01T00:00:00Z".parse().unwrap(),
        seen: "9999-12-31T23:59:59.999999Z".parse().unwrap(),
        opens: "1969-12-31T23:59:59.999".parse().unwrap(),
        closes: "0001-01-01T00:00:00.000001".parse().unwrap(),
        received: Some("9999-12-31T23:59:59.999Z".parse().unwrap()),
        holidays: vec!["9999-12-31".parse().unwrap()],
    };
    let numbers = Numbers {
        id: Uuid([255; 16]),
        price: "-9999999999.99".parse().unwrap(),
        tax: "99999999999999.9999".parse().unwrap(),
        atoms: "-99999999999999999999999999999999999999999999999999".parse().unwrap(),
        duties: map([("", Some("0.001".parse().unwrap())), ("ü", Some("-999.999".parse().unwrap()))]),
    };
    Shipment {
        pieces: i32::MIN,
        grams: i64::MAX,
        volume: f32::INFINITY,
        worth: 5e-324,
        payment: Some(ShipmentPayment::Card(Card { number: "0".repeat(100) })),
        remarks: vec![
            Some(ShipmentRemarksItem::Long(i64::MIN)),
            Some(ShipmentRemarksItem::Double(f64::NEG_INFINITY)),
            Some(ShipmentRemarksItem::Double(-0.0)),
        ],
        proof: ShipmentProof::Array(vec![i32::MAX, i32::MIN]),
        times,
        numbers,
        foreign: Foreign {
            measured: TimestampNanos(i64::MIN),
            takes: Duration { months: u32::MAX, days: 0, millis: 1 },
            token: Uuid([255; 16]),
        },
        ..empty()
    }
}
