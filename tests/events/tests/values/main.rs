//! Random values of every type: what the dynamic codec writes, generated code reads, and writes again; and so does
//! `apache-avro`, where it is right.

mod avro;

use ottla::codec::Limits;
use ottla::schema::Schema;
use ottla_event_tests::corpus::messages;
use ottla_event_tests::decoder::{Input, decode, encode};
use ottla_event_tests::random::{Choices, value};
use ottla_event_tests::seeded::seeded;
use ottla_event_tests::{Type, readers};

/// How many values of each type are tried. Some types nest so deeply that some are none.
const VALUES: u64 = 24;

/// The types of the corpus and random ones.
fn types() -> impl Iterator<Item = &'static Type> {
    messages().into_iter().map(|(ty, _)| ty).chain(readers::TABLE)
}

fn schema_of(ty: &Type) -> &'static Schema {
    (ty.descriptor)().schema().expect("a schema")
}

/// The bytes of random values, each with maps sorted by their keys.
fn random_messages(schema: &Schema, seed: u64) -> Vec<Vec<u8>> {
    let message = |of: u64| {
        let choices = seeded(seed << 8 | of, 60);
        let value = value(schema, schema.root(), &mut Choices(&choices), 0)?;
        let mut bytes = Vec::new();
        encode(schema, schema.root(), &value, &mut bytes);
        Some(bytes)
    };
    (0..VALUES).filter_map(message).collect()
}

#[test]
fn generated_code_writes_what_it_reads() {
    let (mut count, mut borrowed) = (0, 0);
    for (seed, ty) in (0..).zip(types()) {
        let schema = schema_of(ty);
        for bytes in random_messages(schema, seed) {
            let what = || format!("{bytes:x?} of {}", schema.to_text());
            let value = (ty.decode)(&bytes, Limits::default()).unwrap_or_else(|e| panic!("{e}: {}", what()));
            assert_eq!(value.written.as_ref(), Ok(&bytes), "{}", what());
            if let Some(twin) = ty.twin {
                let twin = twin(&bytes).unwrap_or_else(|e| panic!("{e}: {}", what()));
                assert_eq!((twin.written.as_ref(), &twin.owned), (Ok(&bytes), &value), "{}", what());
                borrowed += 1;
            }
            count += 1;
        }
    }
    assert!(count > 6000 && borrowed > 1000, "{count} values, {borrowed} borrowed");
}

#[test]
fn apache_avro_writes_what_it_reads() {
    let (mut count, mut refused) = (0, 0);
    for (seed, ty) in (0..).zip(types()) {
        let (schema, text) = (schema_of(ty), (ty.descriptor)().text());
        let other = match avro::Other::new(text) {
            Ok(other) => other,
            Err(why) => {
                assert!(avro::cannot_be_read(text), "{why}: {text}");
                refused += 1;
                continue;
            }
        };
        for bytes in random_messages(schema, seed) {
            let theirs = match other.rewrite(&bytes) {
                Err(_) if avro::has_fixed_decimals_of_no_bytes(text) => continue,
                theirs => theirs.unwrap_or_else(|e| panic!("{e}: {bytes:x?} of {text}")),
            };
            // Their maps have no order.
            let mut sorted = Vec::new();
            let value = decode(schema, schema.root(), &mut Input::new(&theirs), 0).expect("a value");
            encode(schema, schema.root(), &value, &mut sorted);
            assert_eq!(sorted, bytes, "{text}");
            count += 1;
        }
    }
    assert!(count > 6000 && refused < 100, "{count} values, {refused} schemas refused");
}
