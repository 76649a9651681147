//! How fast generated code is: beside a codec that is written by hand for the same types, which is the limit, and beside
//! other libraries. `cargo bench -p ottla` prints a table.
//!
//! All of a table's contenders take turns in one process, so that what else the machine does meets all of them; ratios
//! are medians of the ratios of each round.
//!
//! ```text
//! main.rs      the tables          measure.rs  rounds, medians, ratios
//! shapes.rs    the values          hand.rs     the codec that is written by hand
//! prost.rs avro.rs converter.rs    other libraries
//! ```

mod avro;
mod converter;
mod hand;
mod measure;
mod prost;
mod serdes;
mod shapes;

use std::hint::black_box;

use measure::Table;
use ottla::schema::{Mode, parse};
use ottla::{BorrowedEvent, Event, Plan};
use shapes::{Big, BigRef, Small, SmallRef, big, small};

ottla::include_schema!(
    "benches/codec/schemas/order_created.avsc",
    "benches/codec/schemas/order_placed.avsc",
    borrowed = "**"
);

type Fill = fn(&mut Table<'_>);

fn main() {
    // The test harness of cargo passes flags that mean nothing here.
    let only = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let smoke = std::env::args().any(|a| a == "--smoke");
    let tables: [(&str, Fill); 8] = [
        ("small encode", small_encode),
        ("small decode", small_decode),
        ("small evolution", small_evolution),
        ("big encode", big_encode),
        ("big decode", big_decode),
        ("big evolution", big_evolution),
        ("serializer", serdes::serializer),
        ("deserializer", serdes::deserializer),
    ];
    for (name, fill) in tables {
        if only.as_ref().is_none_or(|only| name.contains(only.as_str())) {
            let mut table = Table::new(name, smoke);
            fill(&mut table);
            table.print();
        }
    }
}

/// The bytes of a value, and that the codec by hand agrees.
fn bytes<T: Event>(value: &T, by_hand: impl Fn(&T, &mut Vec<u8>)) -> Vec<u8> {
    let (mut ours, mut hand) = (Vec::new(), Vec::new());
    value.encode(&mut ours).expect("it can be written");
    by_hand(value, &mut hand);
    assert_eq!(ours.len(), hand.len());
    ours
}

/// A contender that writes a value into a buffer which is used again.
fn encoder<T: 'static>(
    table: &mut Table<'_>,
    name: &str,
    value: T,
    write: impl Fn(&T, &mut Vec<u8>) + 'static,
) {
    let mut out = Vec::with_capacity(4096);
    table.add(name, move || {
        out.clear();
        write(black_box(&value), &mut out);
        out.len()
    });
}

fn small_encode(table: &mut Table<'_>) {
    let value = small();
    bytes(&value, hand::encode_small);
    encoder(table, "hand-written", value.clone(), hand::encode_small);
    encoder(table, "ottla", value.clone(), |value, out| drop(value.encode(out)));
    prost::small_encode(table, &value);
    avro::small_encode(table, &value);
    converter::small_encode(table, &value);
}

fn small_decode(table: &mut Table<'_>) {
    let bytes = bytes(&small(), hand::encode_small);
    let message = bytes.clone();
    table.add("hand-written", move || black_box(hand::decode_small(black_box(&message))).is_ok().into());
    let message = bytes.clone();
    table.add("ottla", move || black_box(Small::decode(black_box(&message))).is_ok().into());
    let message = bytes.clone();
    table.add("hand-written, borrowed", move || {
        black_box(hand::decode_small_ref(black_box(&message))).is_ok().into()
    });
    let message = bytes.clone();
    table.add("ottla, borrowed", move || black_box(SmallRef::decode(black_box(&message))).is_ok().into());
    prost::small_decode(table, &small());
    avro::small_decode(table, &bytes);
    converter::small_decode(table, &bytes);
}

fn small_evolution(table: &mut Table<'_>) {
    let writer = parse(include_str!("schemas/order_created_v1.avsc"), Mode::Strict).expect("a schema");
    let plan = Plan::<Small>::new(writer).expect("compatible");
    let mut old = Vec::new();
    hand::encode_small_v1(&small(), &mut old);
    assert_eq!(Small::decode_resolved(&old, &plan).expect("old data").currency, "EUR");
    let by_hand = hand::small_plan();
    let message = old.clone();
    table.add("hand-written plan", move || {
        black_box(hand::decode_small_planned(black_box(&message), &by_hand)).is_ok().into()
    });
    let message = old.clone();
    table.add("ottla", move || black_box(Small::decode_resolved(black_box(&message), &plan)).is_ok().into());
    let now = bytes(&small(), hand::encode_small);
    table.add("ottla, plain decode of new data", move || {
        black_box(Small::decode(black_box(&now))).is_ok().into()
    });
    avro::small_evolution(table, &old);
}

fn big_encode(table: &mut Table<'_>) {
    let value = big();
    bytes(&value, hand::encode_big);
    encoder(table, "hand-written", value.clone(), hand::encode_big);
    encoder(table, "ottla", value.clone(), |value, out| drop(value.encode(out)));
    prost::big_encode(table, &value);
    avro::big_encode(table, &value);
}

fn big_decode(table: &mut Table<'_>) {
    let bytes = bytes(&big(), hand::encode_big);
    let message = bytes.clone();
    table.add("hand-written", move || black_box(hand::decode_big(black_box(&message))).is_ok().into());
    let message = bytes.clone();
    table.add("ottla", move || black_box(Big::decode(black_box(&message))).is_ok().into());
    let message = bytes.clone();
    table.add("hand-written, borrowed", move || {
        black_box(hand::decode_big_ref(black_box(&message))).is_ok().into()
    });
    let message = bytes.clone();
    table.add("ottla, borrowed", move || black_box(BigRef::decode(black_box(&message))).is_ok().into());
    prost::big_decode(table, &big());
    avro::big_decode(table, &bytes);
}

fn big_evolution(table: &mut Table<'_>) {
    let writer = parse(include_str!("schemas/order_placed_v1.avsc"), Mode::Strict).expect("a schema");
    let plan = Plan::<Big>::new(writer).expect("compatible");
    let mut old = Vec::new();
    hand::encode_big_v1(&big(), &mut old);
    assert_eq!(Big::decode_resolved(&old, &plan).expect("old data").currency, "EUR");
    let by_hand = hand::big_plan();
    let message = old.clone();
    table.add("hand-written plan", move || {
        black_box(hand::decode_big_planned(black_box(&message), &by_hand)).is_ok().into()
    });
    let message = old.clone();
    table.add("ottla", move || black_box(Big::decode_resolved(black_box(&message), &plan)).is_ok().into());
    let now = bytes(&big(), hand::encode_big);
    table.add("ottla, plain decode of new data", move || {
        black_box(Big::decode(black_box(&now))).is_ok().into()
    });
    avro::big_evolution(table, &old);
}
