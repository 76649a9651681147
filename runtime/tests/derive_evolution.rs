//! Derived types read what older and newer versions of them wrote.

#![deny(warnings, clippy::all)]

use std::collections::BTreeMap;

use ottla::{Event, PlanError};

/// What the writer wrote, as the reader sees it.
fn read<W: Event, R: Event>(value: &W) -> Result<R, PlanError> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("it can be written");
    let plan = R::plan(W::descriptor().schema().expect("the writer's schema").clone())?;
    assert!(!plan.is_direct(), "the schemas differ");
    Ok(R::decode_resolved(&bytes, &plan).expect("a compatible value"))
}

mod v1 {
    use super::*;

    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example")]
    pub struct Order {
        pub order_id: String,
        pub amount: i32,
        pub gone: Vec<Status>,
        pub status: Status,
        pub items: Vec<Item>,
        pub contact: Contact,
        pub parent: Option<Box<Order>>,
        pub note: String,
    }

    #[derive(Event, Debug, Clone, Copy, PartialEq)]
    #[event(namespace = "com.example")]
    pub enum Status {
        Open,
        Paid,
        #[event(default)]
        Other,
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example")]
    pub struct Item {
        pub sku: String,
        pub count: i32,
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    pub enum Contact {
        Mail(String),
        Phone(i64),
    }
}

mod v2 {
    use super::*;

    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example.orders", alias = "com.example.Order")]
    pub struct Purchase {
        #[event(default = "\"EUR\"")]
        pub currency: String,
        pub status: Status,
        #[event(alias = "order_id")]
        pub id: String,
        pub amount: f64,
        pub items: Vec<Item>,
        pub contact: Contact,
        #[event(default = "null")]
        pub note: Option<String>,
        pub parent: Option<Box<Purchase>>,
        #[event(default = "{\"a\": {\"sku\": \"x\", \"count\": 7}}")]
        pub extra: BTreeMap<String, Item>,
        #[event(default = "\"Paid\"")]
        pub last: Status,
    }

    #[derive(Event, Debug, Clone, Copy, PartialEq)]
    #[event(namespace = "com.example")]
    pub enum Status {
        Shipped,
        #[event(default)]
        Unknown,
        Paid,
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(namespace = "com.example")]
    pub struct Item {
        #[event(default = "1.5")]
        pub weight: f32,
        pub count: i64,
        pub sku: String,
    }

    #[derive(Event, Debug, Clone, PartialEq)]
    pub enum Contact {
        Null,
        Phone(f64),
        Mail(String),
    }
}

fn old() -> v1::Order {
    v1::Order {
        order_id: "o-1".into(),
        amount: 12,
        gone: vec![v1::Status::Open, v1::Status::Paid],
        status: v1::Status::Open,
        items: vec![v1::Item { sku: "a".into(), count: 2 }, v1::Item { sku: "b".into(), count: 3 }],
        contact: v1::Contact::Phone(49),
        parent: None,
        note: "hello".into(),
    }
}

fn item(sku: &str, count: i64) -> v2::Item {
    v2::Item { weight: 1.5, count, sku: sku.into() }
}

fn new() -> v2::Purchase {
    v2::Purchase {
        currency: "EUR".into(),
        status: v2::Status::Unknown,
        id: "o-1".into(),
        amount: 12.0,
        items: vec![item("a", 2), item("b", 3)],
        contact: v2::Contact::Phone(49.0),
        note: Some("hello".into()),
        parent: None,
        extra: BTreeMap::from([("a".into(), item("x", 7))]),
        last: v2::Status::Paid,
    }
}

#[test]
fn old_data_with_new_types() {
    assert_eq!(read::<_, v2::Purchase>(&old()).expect("compatible"), new());
    let parent = v1::Order { contact: v1::Contact::Mail("@".into()), status: v1::Status::Paid, ..old() };
    let nested =
        v1::Order { parent: Some(Box::new(v1::Order { parent: Some(Box::new(parent)), ..old() })), ..old() };
    let inner = v2::Purchase { contact: v2::Contact::Mail("@".into()), status: v2::Status::Paid, ..new() };
    let expected = v2::Purchase {
        parent: Some(Box::new(v2::Purchase { parent: Some(Box::new(inner)), ..new() })),
        ..new()
    };
    assert_eq!(read::<_, v2::Purchase>(&nested).expect("compatible"), expected);
}

#[test]
fn new_data_with_old_types_is_refused_for_all_reasons() {
    let error = read::<_, v1::Order>(&new()).expect_err("incompatible");
    let PlanError::Incompatible(reasons) = error else { panic!("{error}") };
    // The name, the fields that are missing, a double as an int, a union without a branch.
    assert!(reasons.len() > 3, "{reasons:?}");
}

#[derive(Event, Debug, PartialEq)]
#[event(name = "Ping")]
struct Ping1 {
    at: i64,
}

#[derive(Event, Debug, PartialEq)]
#[event(name = "Ping")]
struct Ping2 {
    #[event(default = "null")]
    from: Option<String>,
    at: i64,
    #[event(default = "[[1, 2], []]")]
    hops: Vec<Vec<i32>>,
    #[event(default = "\"\\u00ff\\u0000\"")]
    bytes: Vec<u8>,
    #[event(fixed = "Mac", default = "\"ab\"")]
    mac: [u8; 2],
    #[event(default = "-0.5")]
    ratio: f64,
    #[event(default = "7")]
    ttl: Option<i32>,
    #[event(logical = "timestamp-millis", default = "1000")]
    since: std::time::SystemTime,
}

#[test]
fn fields_are_added_and_left_out() {
    let new = Ping2 {
        from: None,
        at: 5,
        hops: vec![vec![1, 2], vec![]],
        bytes: vec![0xff, 0],
        mac: *b"ab",
        ratio: -0.5,
        ttl: Some(7),
        since: std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1),
    };
    assert_eq!(read::<_, Ping2>(&Ping1 { at: 5 }).expect("compatible"), new);
    let full = Ping2 { from: Some("me".into()), hops: vec![vec![9]], ..new };
    assert_eq!(read::<_, Ping1>(&full).expect("compatible"), Ping1 { at: 5 });
}

#[derive(Event, Debug, PartialEq)]
struct Text(String);

#[derive(Event, Debug, PartialEq)]
enum TextOrNumber {
    Number(f64),
    Text(String),
}

#[derive(Event, Debug, PartialEq)]
struct Bytes(Vec<u8>);

#[derive(Event, Debug, PartialEq)]
struct Numbers(Vec<i32>);

#[derive(Event, Debug, PartialEq)]
struct MoreNumbers(Option<Vec<f32>>);

#[test]
fn types_without_names() {
    assert_eq!(
        read::<_, TextOrNumber>(&Text("a".into())).expect("compatible"),
        TextOrNumber::Text("a".into())
    );
    assert_eq!(read::<_, Text>(&TextOrNumber::Text("a".into())), Err(refused::<TextOrNumber, Text>()));
    assert_eq!(read::<_, Bytes>(&Text("a".into())).expect("compatible"), Bytes(b"a".to_vec()));
    let more = MoreNumbers(Some(vec![1.0, 2.0]));
    assert_eq!(read::<_, MoreNumbers>(&Numbers(vec![1, 2])).expect("compatible"), more);
}

fn refused<W: Event, R: Event>() -> PlanError {
    R::plan(W::descriptor().schema().expect("a schema").clone()).map(drop).expect_err("incompatible")
}

mod orders {
    use super::*;

    /// Defaults stand between other fields, and at the end.
    #[derive(Event, Debug, Clone, PartialEq)]
    #[event(name = "com.example.Row")]
    pub struct Reader {
        #[event(default = "1")]
        pub first: i32,
        pub a: String,
        #[event(default = "\"b\"")]
        pub b: String,
        pub c: Vec<i64>,
        pub next: Option<Box<Reader>>,
        #[event(default = "[true]")]
        pub last: Vec<bool>,
    }

    /// The same order, and more between.
    #[derive(Event, Debug, Clone)]
    #[event(name = "com.example.Row")]
    pub struct InOrder {
        pub x: Vec<String>,
        pub a: String,
        pub y: f64,
        pub c: Vec<i32>,
        pub next: Option<Box<InOrder>>,
        pub z: String,
    }

    #[derive(Event, Debug, Clone)]
    #[event(name = "com.example.Row")]
    pub struct Jumbled {
        pub next: Option<Box<Jumbled>>,
        pub z: bool,
        pub c: Vec<i32>,
        pub x: Option<String>,
        pub a: String,
        #[event(fixed = "Nothing")]
        pub y: [u8; 2],
    }
}

/// Every cut and every byte more is an error, whatever the order.
fn check_order<W: Event>(value: &W, expected: &orders::Reader) {
    assert_eq!(&read::<W, orders::Reader>(value).expect("a plan"), expected);
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("it can be written");
    let plan = orders::Reader::plan(W::descriptor().schema().expect("a schema").clone()).expect("a plan");
    for end in 0..bytes.len() {
        let error = orders::Reader::decode_resolved(&bytes[..end], &plan).expect_err("it is cut off");
        assert_eq!(error.fault(), ottla::codec::Fault::End, "{end}: {error}");
    }
    bytes.push(0);
    let error = orders::Reader::decode_resolved(&bytes, &plan).expect_err("there is more");
    assert_eq!((error.fault(), error.offset()), (ottla::codec::Fault::Trailing, bytes.len() - 1), "{error}");
}

#[test]
fn fields_in_any_order() {
    let row = |a: &str, c: &[i64], next| orders::Reader {
        first: 1,
        a: a.to_owned(),
        b: "b".to_owned(),
        c: c.to_vec(),
        next,
        last: vec![true],
    };
    let expected = row("outer", &[1, -2], Some(Box::new(row("inner", &[], None))));
    let in_order = |a: &str, c: &[i32], next| orders::InOrder {
        x: vec!["x".to_owned(), "y".to_owned()],
        a: a.to_owned(),
        y: 1.5,
        c: c.to_vec(),
        next,
        z: "z".to_owned(),
    };
    check_order(&in_order("outer", &[1, -2], Some(Box::new(in_order("inner", &[], None)))), &expected);
    let jumbled = |a: &str, c: &[i32], next| orders::Jumbled {
        next,
        z: true,
        c: c.to_vec(),
        x: Some("x".to_owned()),
        a: a.to_owned(),
        y: [7, 8],
    };
    check_order(&jumbled("outer", &[1, -2], Some(Box::new(jumbled("inner", &[], None)))), &expected);
}
