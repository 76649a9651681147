//! Derived and generated types of one schema are the same; each can hold the other.

#![deny(warnings, clippy::all)]

use std::collections::{BTreeMap, HashMap};

use ottla::Event;
use ottla::logical::{Decimal, TimestampMillis};
use ottla::schema::{Mode, parse};
use proptest::prelude::*;

/// From schemas.
mod generated {
    ottla::include_schema!(
        "tests/data/derived/order.avsc",
        "tests/data/derived/money.avsc",
        "tests/data/derived/names.avsc",
        strip = "com.example"
    );
}

/// The same by hand.
mod derived {
    use super::*;

    /// An order.
    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example.events", rename_all = "camelCase", alias = "Purchase")]
    pub struct Order {
        /// Which one.
        pub order_id: String,
        pub total: Money,
        #[event(default = "\"NEW\"", alias = "state")]
        pub status: Status,
        #[event(default = "[]")]
        pub items: Vec<Item>,
        #[event(default = "{}")]
        pub labels: BTreeMap<String, String>,
        pub created_at: TimestampMillis,
        #[event(default = "null")]
        pub parent: Option<Box<Order>>,
        #[event(default = "null")]
        pub contact: Contact,
        #[event(default = "null")]
        pub price: Option<Money>,
    }

    #[derive(Event, Debug, Clone, Copy, PartialEq)]
    #[event(namespace = "com.example.events", rename_all = "UPPERCASE")]
    pub enum Status {
        New,
        Paid,
        #[event(default)]
        Gone,
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example.events")]
    pub struct Item {
        pub sku: String,
        #[event(default = "1")]
        pub count: i32,
        #[event(default = "[]")]
        pub parts: Vec<Item>,
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    pub enum Contact {
        Null,
        Name(String),
        Number(i64),
        Item(Item),
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example.shared")]
    pub struct Money {
        pub amount: Decimal<9, 2>,
        #[event(default = "\"EUR\"")]
        pub currency: Currency,
    }

    #[derive(Event, Debug, Clone, Copy, PartialEq)]
    #[event(namespace = "com.example.shared")]
    pub struct Currency(pub [u8; 3]);
}

fn encoded<T: Event>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("it can be written");
    bytes
}

fn order() -> derived::Order {
    let money =
        derived::Money { amount: Decimal::from_unscaled(-1234), currency: derived::Currency(*b"EUR") };
    let part = derived::Item { sku: "a".into(), count: 2, parts: Vec::new() };
    let order = derived::Order {
        order_id: "o-1".into(),
        total: money.clone(),
        status: derived::Status::Paid,
        items: vec![derived::Item { sku: "b".into(), count: -3, parts: vec![part.clone()] }],
        labels: BTreeMap::from([("key".into(), "value".into())]),
        created_at: TimestampMillis(1_700_000_000_000),
        parent: None,
        contact: derived::Contact::Item(part),
        price: None,
    };
    let parent = Some(Box::new(derived::Order { contact: derived::Contact::Null, ..order.clone() }));
    derived::Order { parent, price: Some(money), contact: derived::Contact::Number(5), ..order }
}

#[test]
fn one_schema() {
    let (by_hand, by_file) = (derived::Order::descriptor(), generated::events::Order::descriptor());
    assert_eq!(by_hand.fingerprint(), by_file.fingerprint());
    let schema = by_file.schema().expect("a schema");
    assert_eq!(by_hand.text(), parse(&schema.to_inlined_text(), Mode::Strict).expect("a schema").to_text());
    for (by_hand, by_file) in [
        (derived::Status::descriptor(), generated::events::Status::descriptor()),
        (derived::Item::descriptor(), generated::events::Item::descriptor()),
        (derived::Money::descriptor(), generated::shared::Money::descriptor()),
        (derived::Currency::descriptor(), generated::shared::Currency::descriptor()),
    ] {
        assert_eq!(by_hand.fingerprint(), by_file.fingerprint(), "{}", by_hand.name());
        assert_eq!(by_hand.name(), by_file.name());
    }
}

#[test]
fn the_same_bytes() {
    let bytes = encoded(&order());
    let generated = generated::events::Order::decode(&bytes).expect("the same schema");
    assert_eq!(generated.parent.as_ref().map(|parent| parent.items.len()), Some(1));
    assert_eq!(encoded(&generated), bytes);
    assert_eq!(derived::Order::decode(&encoded(&generated)).expect("the same schema"), order());
    for cut in 0..bytes.len() {
        let (by_hand, by_file) = (
            derived::Order::decode(&bytes[..cut]).expect_err("it is cut"),
            generated::events::Order::decode(&bytes[..cut]).expect_err("it is cut"),
        );
        assert_eq!(by_hand, by_file);
    }
}

/// A derived type that holds generated ones, one of them without a name.
#[derive(Event, Debug, PartialEq)]
#[event(namespace = "com.example.batches")]
struct Batch {
    last: generated::events::Status,
    orders: Vec<generated::events::Order>,
    first: Option<Box<generated::events::Order>>,
    money: HashMap<String, generated::shared::Money>,
    names: generated::Names,
}

#[test]
fn generated_within_derived() {
    let schema = Batch::descriptor().schema().expect("a schema");
    assert_eq!(
        Batch::descriptor().text(),
        concat!(
            r#"{"type":"record","name":"Batch","namespace":"com.example.batches","#,
            r#""doc":"A derived type that holds generated ones, one of them without a name.","#,
            r#""fields":[{"name":"last","type":{"type":"enum","name":"Status","#,
            r#""namespace":"com.example.events","symbols":["NEW","PAID","GONE"],"default":"GONE"}},"#,
            r#"{"name":"orders","type":{"type":"array","items":{"type":"record","name":"Order","#,
            r#""namespace":"com.example.events","doc":"An order.","fields":[{"name":"orderId","type":"string","#,
            r#""doc":"Which one."},{"name":"total","type":{"type":"record","name":"Money","#,
            r#""namespace":"com.example.shared","fields":[{"name":"amount","type":{"type":"bytes","#,
            r#""logicalType":"decimal","precision":9,"scale":2}},{"name":"currency","type":{"type":"fixed","#,
            r#""name":"Currency","size":3},"default":"EUR"}]}},{"name":"status","type":"Status","#,
            r#""default":"NEW","aliases":["state"]},{"name":"items","type":{"type":"array","#,
            r#""items":{"type":"record","name":"Item","fields":[{"name":"sku","type":"string"},"#,
            r#"{"name":"count","type":"int","default":1},{"name":"parts","type":{"type":"array","#,
            r#""items":"Item"},"default":[]}]}},"default":[]},{"name":"labels","type":{"type":"map","#,
            r#""values":"string"},"default":{}},{"name":"createdAt","type":{"type":"long","#,
            r#""logicalType":"timestamp-millis"}},{"name":"parent","type":["null","Order"],"default":null},"#,
            r#"{"name":"contact","type":["null","string","long","Item"],"default":null},{"name":"price","#,
            r#""type":["null","com.example.shared.Money"],"default":null}],"aliases":["Purchase"]}}},"#,
            r#"{"name":"first","type":["null","com.example.events.Order"]},{"name":"money","#,
            r#""type":{"type":"map","values":"com.example.shared.Money"}},{"name":"names","#,
            r#""type":{"type":"array","items":["null","com.example.shared.Money",{"type":"string","#,
            r#""logicalType":"uuid"}]}}]}"#,
        )
    );
    let order = generated::events::Order::decode(&encoded(&order())).expect("the same schema");
    let batch = Batch {
        last: generated::events::Status::New,
        first: Some(Box::new(order.clone())),
        money: HashMap::from([("all".into(), order.total.clone())]),
        orders: vec![order.clone(), order],
        names: generated::Names(vec![]),
    };
    assert_eq!(Batch::decode(&encoded(&batch)).expect("its own bytes"), batch);
    assert_eq!(schema.fingerprint(), Batch::descriptor().fingerprint());
}

/// What somebody else writes.
#[derive(Event, Debug, Clone)]
#[event(namespace = "com.example.events")]
struct Purchase {
    note: String,
    total: derived::Money,
    #[event(rename = "createdAt")]
    created_at: TimestampMillis,
    state: State,
    #[event(rename = "orderId")]
    order_id: Vec<u8>,
    contact: Number,
    items: Vec<Item>,
}

#[derive(Event, Debug, Clone)]
#[event(namespace = "com.example.events", name = "Status", rename_all = "UPPERCASE")]
enum State {
    Gone,
    Lost,
    New,
}

#[derive(Event, Debug, Clone)]
#[event(namespace = "com.example.events")]
struct Item {
    parts: Vec<Item>,
    weight: f32,
    sku: String,
}

#[derive(Event, Debug, Clone)]
struct Number(i32);

fn purchase() -> impl Strategy<Value = Purchase> {
    let leaf = any::<(String, f32)>().prop_map(|(sku, weight)| Item { parts: Vec::new(), weight, sku });
    let item = leaf.prop_recursive(3, 9, 3, |inner| {
        let parts = prop::collection::vec(inner, 0..3);
        ("[a-z]{0,9}", parts).prop_map(|(sku, parts)| Item { parts, weight: 0.5, sku })
    });
    let state = prop_oneof![Just(State::Gone), Just(State::Lost), Just(State::New)];
    let numbers = any::<(i64, i32, i64, [u8; 3])>();
    (
        "[a-z]{0,9}",
        prop::collection::vec(any::<u8>(), 0..9),
        numbers,
        state,
        prop::collection::vec(item, 0..4),
    )
        .prop_map(|(note, order_id, (time, number, cents, currency), state, items)| Purchase {
            note,
            total: derived::Money {
                amount: Decimal::from_unscaled(i128::from(cents % 1_000_000_000)),
                currency: derived::Currency(currency),
            },
            created_at: TimestampMillis(time),
            state,
            order_id,
            contact: Number(number),
            items,
        })
}

proptest! {
    #[test]
    fn both_read_the_same_of_what_another_wrote(value in purchase()) {
        let writer = Purchase::descriptor().schema().expect("a schema");
        let bytes = encoded(&value);
        let plan = derived::Order::plan(writer.clone()).expect("compatible");
        let by_hand = derived::Order::decode_resolved(&bytes, &plan).expect("a value");
        let plan = generated::events::Order::plan(writer.clone()).expect("compatible");
        let by_file = generated::events::Order::decode_resolved(&bytes, &plan).expect("a value");
        prop_assert_eq!(encoded(&by_hand), encoded(&by_file));
        prop_assert_eq!(by_hand.contact, derived::Contact::Number(i64::from(value.contact.0)));
        prop_assert_eq!(by_hand.items.len(), value.items.len());
        prop_assert_eq!(by_hand.status == derived::Status::New, matches!(value.state, State::New));
        prop_assert!(by_hand.items.iter().all(|item| item.count == 1));
    }
}
