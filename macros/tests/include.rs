//! Types of schemas without a build script, with every option: the code compiles without a warning, and is what was asked
//! for.
#![deny(warnings, missing_docs, clippy::all)]

use std::collections::{BTreeMap, HashSet};

use ottla::codec::{DecodeError, EncodeError};
use ottla::logical::{Convert, ConvertError, TimestampMillis};
use ottla::{BorrowedEvent, Event};

/// Types that are used by others.
pub mod shared {
    ottla::include_schema!("tests/include/place.avsc", strip = "com.shared");
}

ottla::include_schema!(
    "tests/include/order.avsc",
    "./tests/include/money.avsc",
    "tests/include/place.avsc",
    strip = "com.example",
    derive("com.example.Money", Eq, ::core::hash::Hash),
    type_attribute("com.example.orders.Card", #[doc(alias = "plastic")]),
    field_attribute("**.customer", #[doc(alias = "who")]),
    map_type("timestamp-millis", crate::Moment),
    extern_path("com.shared", crate::shared),
    borrowed = "com.example.orders.Order",
    open_enums = "**.State",
    sorted_maps = "com.example.orders.Order.labels",
);

/// A type of the user's for a logical type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment(i64);

impl Convert<TimestampMillis> for Moment {
    fn from_avro(base: TimestampMillis) -> Result<Self, ConvertError> {
        Ok(Self(base.0))
    }

    fn to_avro(&self) -> Result<TimestampMillis, ConvertError> {
        Ok(TimestampMillis(self.0))
    }
}

fn order() -> orders::Order {
    let id = "00010203-0405-0607-0809-0a0b0c0d0e0f".parse().expect("a UUID");
    let mut order = orders::Order::new(id, "c-1", Money { cents: 1234 }, Moment(5));
    order.payment = Some(orders::OrderPayment::Card(orders::Card { last4: "4242".to_owned() }));
    order.labels = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    order.state = orders::State::Unknown("LOST".to_owned());
    order.place = Some(shared::Place { name: "here".to_owned() });
    order.again = None;
    order
}

#[test]
fn options_make_the_types() {
    assert_eq!(HashSet::from([Money { cents: 1 }, Money { cents: 1 }]).len(), 1);
    assert_eq!(orders::Order::FULL_NAME, "com.example.orders.Order");
    let mut order = order();
    // The schema has no such symbol.
    let mut bytes = Vec::new();
    let refused: Result<(), EncodeError> = order.encode(&mut bytes);
    assert!(refused.is_err(), "{refused:?}");
    order.state = orders::State::Paid;
    bytes.clear();
    order.encode(&mut bytes).expect("bytes");
    let read: Result<orders::Order, DecodeError> = orders::Order::decode(&bytes);
    assert_eq!(read.expect("an order"), order);
    let borrowed = orders::OrderRef::decode(&bytes).expect("an order");
    let place = bytes.as_ptr_range();
    assert!(place.contains(&borrowed.customer.as_ptr()), "text of its own");
}
