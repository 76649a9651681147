//! Derived types: their schemas.

#![deny(warnings, clippy::all, missing_docs)]
#![forbid(unused_variables)]

use std::collections::{BTreeMap, HashMap};

use ottla::logical::{BigDecimal, Date, Decimal, Duration, LargeDecimal, TimestampMillis, Uuid};
use ottla::{Descriptor, Event};

/// An order.
///
/// It has "quotes" and a \ in its docs.
#[derive(Event, Debug)]
#[event(
    namespace = "com.example.events",
    rename_all = "camelCase",
    alias = "Purchase",
    alias = "org.old.Order"
)]
struct OrderCreated {
    /// Which one.
    order_id: String,
    #[event(alias = "total", alias = "sum", default = "0")]
    total_amount: f64,
    #[event(rename = "at")]
    created_at: TimestampMillis,
    #[event(default = "null")]
    note: Option<String>,
    status: Status,
    r#type: i32,
    items: Vec<Item>,
    first: Option<Box<Item>>,
    #[event(default = "{ \"a\": [1, /* two */ 2] }")]
    counts: HashMap<String, Vec<i64>>,
}

/// How it goes.
#[derive(Event, Debug, Clone, Copy, PartialEq)]
#[event(namespace = "com.example.events", rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    BeingPaid,
    #[event(rename = "gone")]
    Shipped,
    #[event(default)]
    Unknown,
}

#[derive(Event, Debug)]
#[event(namespace = "com.example.shared")]
struct Item {
    sku: Sku,
    price: Decimal<9, 2>,
    parts: BTreeMap<String, Item>,
}

#[derive(Event, Debug)]
struct Sku(String);

fn check<T: Event>(full_name: &str, text: &str) {
    let descriptor: &Descriptor = T::descriptor();
    assert_eq!(descriptor.text(), text);
    assert_eq!((T::FULL_NAME, descriptor.name()), (full_name, full_name));
    let schema = descriptor.schema().expect("a schema");
    assert_eq!(descriptor.fingerprint(), schema.fingerprint());
    assert_eq!(schema.to_text(), text);
    assert!(descriptor.references().is_empty());
}

#[test]
fn records() {
    check::<OrderCreated>(
        "com.example.events.OrderCreated",
        concat!(
            r#"{"type":"record","name":"OrderCreated","namespace":"com.example.events","#,
            r#""doc":"An order.\n\nIt has \"quotes\" and a \\ in its docs.","fields":["#,
            r#"{"name":"orderId","type":"string","doc":"Which one."},"#,
            r#"{"name":"totalAmount","type":"double","default":0,"aliases":["total","sum"]},"#,
            r#"{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},"#,
            r#"{"name":"note","type":["null","string"],"default":null},"#,
            r#"{"name":"status","type":{"type":"enum","name":"Status","doc":"How it goes.","#,
            r#""symbols":["BEING_PAID","gone","UNKNOWN"],"default":"UNKNOWN"}},"#,
            r#"{"name":"type","type":"int"},"#,
            r#"{"name":"items","type":{"type":"array","items":{"type":"record","name":"Item","#,
            r#""namespace":"com.example.shared","fields":[{"name":"sku","type":"string"},"#,
            r#"{"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},"#,
            r#"{"name":"parts","type":{"type":"map","values":"Item"}}]}}},"#,
            r#"{"name":"first","type":["null","com.example.shared.Item"]},"#,
            r#"{"name":"counts","type":{"type":"map","values":{"type":"array","items":"long"}},"#,
            r#""default":{"a":[1,2]}}],"aliases":["Purchase","org.old.Order"]}"#,
        ),
    );
}

#[derive(Event)]
struct Nothing {}

#[derive(Event)]
struct Unit;

#[derive(Event)]
#[event(name = "org.example.Renamed", namespace = "com.example")]
struct Named {
    unit: Unit,
    nothing: (),
}

#[test]
fn empty_and_renamed_records() {
    check::<Nothing>("Nothing", r#"{"type":"record","name":"Nothing","fields":[]}"#);
    check::<Named>(
        "org.example.Renamed",
        concat!(
            r#"{"type":"record","name":"Renamed","namespace":"org.example","fields":["#,
            r#"{"name":"unit","type":{"type":"record","name":"Unit","namespace":"","fields":[]}},"#,
            r#"{"name":"nothing","type":"null"}]}"#,
        ),
    );
}

/// Thirty-two bytes.
#[derive(Event)]
#[event(namespace = "com.example", alias = "Hash")]
struct Digest([u8; 32]);

#[derive(Event)]
#[event(namespace = "com.example")]
struct Fixed {
    digest: Digest,
    #[event(fixed = "Checksum", default = "\"\\u0000\\u00ff\"")]
    sum: [u8; 2],
    #[event(fixed = "org.example.Mac")]
    macs: Vec<Option<[u8; 6]>>,
    took: Duration,
    #[event(fixed = "Span")]
    other: Option<Duration>,
}

#[test]
fn fixed() {
    let digest = r#"{"type":"fixed","name":"Digest","namespace":"com.example","doc":"Thirty-two bytes.","size":32,"aliases":["Hash"]}"#;
    check::<Digest>("com.example.Digest", digest);
    check::<Fixed>(
        "com.example.Fixed",
        concat!(
            r#"{"type":"record","name":"Fixed","namespace":"com.example","fields":[{"name":"digest","type":"#,
            r#"{"type":"fixed","name":"Digest","doc":"Thirty-two bytes.","size":32,"aliases":["Hash"]}},"#,
            r#"{"name":"sum","type":{"type":"fixed","name":"Checksum","size":2},"default":"\u0000ÿ"},"#,
            r#"{"name":"macs","type":{"type":"array","items":["null","#,
            r#"{"type":"fixed","name":"Mac","namespace":"org.example","size":6}]}},"#,
            r#"{"name":"took","type":{"type":"fixed","name":"Duration","size":12,"logicalType":"duration"}},"#,
            r#"{"name":"other","type":["null",{"type":"fixed","name":"Span","size":12,"logicalType":"duration"}]}]}"#,
        ),
    );
}

#[derive(Event)]
#[event(namespace = "com.example")]
enum Payment {
    Null,
    Card(Card),
    Text(String),
    #[event(fixed = "Iban")]
    Iban([u8; 4]),
    #[event(fixed = "Bic")]
    Bic([u8; 4]),
    Many(Vec<Payments>),
}

#[derive(Event)]
struct Card {
    number: i64,
}

#[derive(Event)]
struct Payments {
    all: Vec<Payment>,
    #[event(default = "null")]
    last: Box<Payments2>,
}

#[derive(Event)]
enum Payments2 {
    Null,
    Payments(Box<Payments>),
}

#[test]
fn unions() {
    check::<Payment>(
        "union",
        concat!(
            r#"["null",{"type":"record","name":"Card","fields":[{"name":"number","type":"long"}]},"string","#,
            r#"{"type":"fixed","name":"Iban","namespace":"com.example","size":4},"#,
            r#"{"type":"fixed","name":"Bic","namespace":"com.example","size":4},"#,
            r#"{"type":"array","items":{"type":"record","name":"Payments","fields":[{"name":"all","type":"#,
            r#"{"type":"array","items":["null","Card","string","com.example.Iban","com.example.Bic","#,
            r#"{"type":"array","items":"Payments"}]}},{"name":"last","type":["null","Payments"],"default":null}]}}]"#,
        ),
    );
}

#[derive(Event)]
struct Logical(Option<Vec<LargeDecimal<50, 10>>>);

#[test]
fn wrappers() {
    check::<Sku>("string", r#""string""#);
    check::<Box<Sku>>("string", r#""string""#);
    check::<Logical>(
        "union",
        r#"["null",{"type":"array","items":{"type":"bytes","logicalType":"decimal","precision":50,"scale":10}}]"#,
    );
}

#[derive(Event)]
struct Times {
    date: Date,
    id: Uuid,
    big: BigDecimal,
    #[event(logical = "timestamp-nanos")]
    at: std::time::SystemTime,
    #[event(logical = "timestamp-micros", default = "null")]
    until: Option<std::time::SystemTime>,
}

#[test]
fn logical_types() {
    check::<Times>(
        "Times",
        concat!(
            r#"{"type":"record","name":"Times","fields":[{"name":"date","type":{"type":"int","logicalType":"date"}},"#,
            r#"{"name":"id","type":{"type":"string","logicalType":"uuid"}},"#,
            r#"{"name":"big","type":{"type":"bytes","logicalType":"big-decimal"}},"#,
            r#"{"name":"at","type":{"type":"long","logicalType":"timestamp-nanos"}},"#,
            r#"{"name":"until","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null}]}"#,
        ),
    );
}

#[derive(Event)]
#[event(namespace = "com.example")]
struct Twice {
    one: Unit,
    two: Unit,
}

#[derive(Event)]
struct Late {
    /// The macro does not know what it is.
    #[event(default = "\"two\"")]
    sku: Number,
}

#[derive(Event)]
struct Number(i32);

#[derive(Event)]
struct Same {
    one: inner::Unit,
    two: Unit,
}

mod inner {
    #[derive(super::Event)]
    pub struct Unit {
        pub more: i32,
    }
}

fn check_error<T: Event>(message: &str) {
    let error = T::descriptor().schema().expect_err("no schema");
    assert_eq!(error.to_string(), message);
    assert_eq!(T::descriptor().fingerprint(), 0);
    assert!(T::descriptor().text().starts_with('{'));
}

#[test]
fn what_the_compiler_cannot_see() {
    check_error::<Twice>(
        "1:157: Undefined schema: .Unit (expected the name of a type that is defined at /fields/1/type)",
    );
    check_error::<Late>(concat!(
        "1:138: Invalid default for field sku: \"two\" not a \"int\" ",
        "(expected a value of the field's type at /fields/0/default)"
    ));
    check_error::<Same>(
        "1:187: Can't redefine: Unit (expected a definition equal to the first at /fields/1/type)",
    );
}

/// Where the crate is for those who know it by another.
mod elsewhere {
    pub use ottla as events;
}

#[derive(elsewhere::events::Event)]
#[event(crate = "crate::elsewhere::events")]
struct ByWayOfAnother {
    from: Vec<Ok>,
    at: i64,
    out: (),
    schema: String,
    value: Some,
    #[deprecated]
    field_0: Option<Box<Self>>,
}

#[derive(Event)]
enum Ok {
    Err,
    None,
}

#[derive(Event)]
enum Some {
    Null,
    #[deprecated]
    Result(Ok),
}

#[test]
fn names_of_others() {
    check::<ByWayOfAnother>(
        "ByWayOfAnother",
        concat!(
            r#"{"type":"record","name":"ByWayOfAnother","fields":[{"name":"from","type":{"type":"array","items":"#,
            r#"{"type":"enum","name":"Ok","symbols":["Err","None"]}}},{"name":"at","type":"long"},"#,
            r#"{"name":"out","type":"null"},{"name":"schema","type":"string"},{"name":"value","type":["null","Ok"]},"#,
            r#"{"name":"field_0","type":["null","ByWayOfAnother"]}]}"#,
        ),
    );
}

#[test]
fn all_threads_see_one_descriptor() {
    #[derive(Event)]
    struct First {
        second: Vec<Second>,
    }
    #[derive(Event)]
    struct Second {
        first: Option<Box<First>>,
    }
    let barrier = std::sync::Barrier::new(8);
    let descriptors: Vec<[&Descriptor; 2]> = std::thread::scope(|scope| {
        let ask = |n: usize| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                // Half of them ask for the other one first.
                let second = (n % 2 == 1).then(Second::descriptor);
                [First::descriptor(), second.unwrap_or_else(Second::descriptor)]
            })
        };
        let threads: Vec<_> = (0..8).map(ask).collect();
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    let first = concat!(
        r#"{"type":"record","name":"First","fields":[{"name":"second","type":{"type":"array","items":"#,
        r#"{"type":"record","name":"Second","fields":[{"name":"first","type":["null","First"]}]}}}]}"#,
    );
    for [one, two] in &descriptors {
        assert!(std::ptr::eq(*one, descriptors[0][0]) && std::ptr::eq(*two, descriptors[0][1]));
        assert_eq!((one.text(), two.name()), (first, "Second"));
    }
}
