//! Types for the schemas of the lines, and how values are read from Avro's JSON.

use std::collections::BTreeMap;
use std::fmt::Debug;

use ottla::Event;
use ottla::schema::{Mode, parse};

/// A value in Avro's JSON.
#[derive(Debug, Clone)]
pub enum Value {
    Json(serde_json::Value),
    /// What Java shows of outermost bytes.
    Bytes(Vec<u8>),
}

/// Reads itself from Avro's JSON.
pub trait Json: Sized {
    fn from_json(value: &Value) -> Self;
}

/// Something to be done for one of the types.
pub trait Visit {
    async fn visit<T: Event + Json + Debug + PartialEq>(self) -> usize;
}

impl Value {
    pub fn parse(text: &str) -> Self {
        Self::Json(serde_json::from_str(text).expect("JSON"))
    }

    /// What Java shows of a value that it read: of a record without fields nothing.
    pub fn decoded(text: &str) -> Self {
        match text.strip_prefix("hex:") {
            Some(hex) => Self::Bytes(crate::lines::bytes(hex)),
            None if text.is_empty() => Self::parse("{}"),
            None => Self::parse(text),
        }
    }

    /// What is in a branch of a union.
    pub fn branch(&self, name: &str) -> Self {
        Self::Json(self.json()[name].clone())
    }

    fn json(&self) -> &serde_json::Value {
        match self {
            Self::Json(json) => json,
            Self::Bytes(_) => panic!("bytes"),
        }
    }
}

/// Declares a type, and the JSON of it.
macro_rules! types {
    ($($(#[$attribute:meta])* $name:ident($ty:ty) = $json:expr;)*) => {$(
        #[derive(Event, Debug, PartialEq)]
        $(#[$attribute])*
        pub struct $name(pub $ty);

        impl Json for $name {
            fn from_json(value: &Value) -> Self {
                let read: fn(&Value) -> $ty = $json;
                Self(read(value))
            }
        }
    )*};
}

types! {
    Nothing(()) = |_| ();
    Boolean(bool) = |v| v.json().as_bool().expect("a boolean");
    Int(i32) = |v| int(v.json());
    Long(i64) = |v| v.json().as_i64().expect("a long");
    Text(String) = |v| text(v.json());
    Bytes(Vec<u8>) = |v| match v {
        Value::Bytes(bytes) => bytes.clone(),
        Value::Json(json) => latin(json),
    };
    Numbers(Vec<i32>) = |v| numbers(v.json());
    Counts(BTreeMap<String, i32>) = |v| object(v.json()).iter().map(|(k, v)| (k.clone(), int(v))).collect();
    MaybeText(Option<String>) = |v| optional_text(v.json());
    MaybeOrder(Option<Order>) = |v| match v.json() {
        serde_json::Value::Null => None,
        _ => Some(Order::from_json(&v.branch("shop.Order"))),
    };
    Id([u8; 3]) = |v| latin(v.json()).try_into().expect("three bytes");
}

/// Not equal to zero if it is minus zero.
#[derive(Event, Debug)]
pub struct Double(pub f64);

impl PartialEq for Double {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Json for Double {
    fn from_json(value: &Value) -> Self {
        Self(value.json().as_f64().expect("a double"))
    }
}

#[derive(Event, Debug, PartialEq)]
#[event(namespace = "shop")]
pub struct Order {
    pub id: i64,
    pub note: Option<String>,
}

#[derive(Event, Debug, PartialEq)]
#[event(namespace = "shop")]
pub struct Empty {}

#[derive(Event, Debug, PartialEq)]
pub struct Bare {
    a: i32,
}

/// The same name as [`Order`], and another schema.
#[derive(Event, Debug, PartialEq)]
#[event(namespace = "shop", name = "Order")]
pub struct OrderId {
    id: i64,
}

#[derive(Event, Debug, PartialEq)]
pub struct Nested {
    o: Order,
    p: Option<Order>,
}

#[derive(Event, Debug, PartialEq)]
#[event(namespace = "shop")]
pub enum Kind {
    A,
    B,
}

#[derive(Event, Debug, PartialEq)]
pub enum TextOrOrder {
    Text(String),
    Order(Order),
}

#[derive(Event, Debug, PartialEq)]
pub enum E {
    X,
    Y,
}

#[derive(Event, Debug, PartialEq)]
pub struct F([u8; 2]);

#[derive(Event, Debug, PartialEq)]
pub enum NullIntText {
    Null,
    Int(i32),
    Text(String),
}

#[derive(Event, Debug, PartialEq)]
pub struct All {
    i: i32,
    l: i64,
    f: f32,
    d: f64,
    s: String,
    b: Vec<u8>,
    z: bool,
    n: (),
    a: Vec<i32>,
    m: BTreeMap<String, String>,
    e: E,
    x: F,
    u: NullIntText,
}

impl Json for Order {
    fn from_json(value: &Value) -> Self {
        let json = value.json();
        Self { id: json["id"].as_i64().expect("a long"), note: optional_text(&json["note"]) }
    }
}

impl Json for Empty {
    fn from_json(_: &Value) -> Self {
        Self {}
    }
}

impl Json for Bare {
    fn from_json(value: &Value) -> Self {
        Self { a: int(&value.json()["a"]) }
    }
}

impl Json for OrderId {
    fn from_json(value: &Value) -> Self {
        Self { id: value.json()["id"].as_i64().expect("a long") }
    }
}

impl Json for Nested {
    fn from_json(value: &Value) -> Self {
        let order = |json: &serde_json::Value| Order::from_json(&Value::Json(json.clone()));
        let json = value.json();
        Self { o: order(&json["o"]), p: Some(order(&json["p"]["shop.Order"])) }
    }
}

impl Json for Kind {
    fn from_json(value: &Value) -> Self {
        if text(value.json()) == "A" { Self::A } else { Self::B }
    }
}

impl Json for TextOrOrder {
    fn from_json(value: &Value) -> Self {
        Self::Text(text(&value.json()["string"]))
    }
}

impl Json for All {
    #[allow(clippy::cast_possible_truncation, reason = "the value is a float")]
    fn from_json(value: &Value) -> Self {
        let json = value.json();
        Self {
            i: int(&json["i"]),
            l: json["l"].as_i64().expect("a long"),
            f: json["f"].as_f64().expect("a float") as f32,
            d: json["d"].as_f64().expect("a double"),
            s: text(&json["s"]),
            b: latin(&json["b"]),
            z: json["z"].as_bool().expect("a boolean"),
            n: (),
            a: numbers(&json["a"]),
            m: object(&json["m"]).iter().map(|(k, v)| (k.clone(), text(v))).collect(),
            e: if text(&json["e"]) == "X" { E::X } else { E::Y },
            x: F(latin(&json["x"]).try_into().expect("two bytes")),
            u: NullIntText::Text(text(&json["u"]["string"])),
        }
    }
}

fn int(json: &serde_json::Value) -> i32 {
    i32::try_from(json.as_i64().expect("an int")).expect("an int")
}

fn text(json: &serde_json::Value) -> String {
    json.as_str().expect("a text").to_owned()
}

fn optional_text(json: &serde_json::Value) -> Option<String> {
    (!json.is_null()).then(|| text(&json["string"]))
}

fn object(json: &serde_json::Value) -> &serde_json::Map<String, serde_json::Value> {
    json.as_object().expect("an object")
}

fn numbers(json: &serde_json::Value) -> Vec<i32> {
    json.as_array().expect("an array").iter().map(int).collect()
}

/// Bytes are characters up to U+00FF.
fn latin(json: &serde_json::Value) -> Vec<u8> {
    text(json).chars().map(|c| u8::try_from(u32::from(c)).expect("a byte")).collect()
}

/// Visits the type that has the schema.
pub async fn with(schema: &str, visit: impl Visit) -> usize {
    let form = |text: &str| parse(text, Mode::Lookup).expect("a schema").parsing_canonical_form();
    let schema = form(schema);
    macro_rules! choose {
        ($($ty:ty),*) => {
            $(if form(<$ty>::descriptor().text()) == schema { return visit.visit::<$ty>().await; })*
        };
    }
    choose!(Nothing, Boolean, Int, Long, Text, Bytes, Numbers, Counts, MaybeText, MaybeOrder, Id, Double);
    choose!(Order, Empty, Bare, OrderId, Nested, Kind, TextOrOrder, All);
    panic!("no type has the schema {schema}");
}
