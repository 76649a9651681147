//! How long the operations on schemas take, beside those of `apache-avro` where it has them.
//!
//! `cargo bench -p ottla-formats-benches` measures everything and prints a table at its end; a word after `--` measures
//! what has that word in its name.

mod measure;

use std::hint::black_box;

use apache_avro::rabin::Rabin;
use apache_avro::schema_compatibility::SchemaCompatibility;
use measure::Bench;
use ottla_formats::ParsedSchema;
use ottla_formats::avro::{self, Mode, Reader, Writer};
use ottla_formats::compatibility::{Level, check};
use ottla_formats_benches::{ORDER_CREATED, ORDER_CREATED_NEXT, wide_record};

fn main() {
    let mut bench = Bench::new();
    measure_schema(&mut bench, "OrderCreated", ORDER_CREATED, ORDER_CREATED_NEXT);
    measure_schema(&mut bench, "200 fields", &wide_record(0..200), &wide_record((0..200).chain([202])));
    bench.finish();
}

/// Everything about one schema; `next` is compatible with it.
fn measure_schema(bench: &mut Bench, name: &str, text: &str, next: &str) {
    let ours = |text: &str| avro::parse(text, Mode::Register).expect("a schema");
    let theirs = |text: &str| apache_avro::Schema::parse_str(text).expect("a schema");
    let (old, new) = (ours(text), ours(next));
    let (their_old, their_new) = (theirs(text), theirs(next));

    bench.compare(&format!("parse/{name}"), || ours(black_box(text)), || theirs(black_box(text)));
    bench.measure(&format!("canonical text/{name}"), || black_box(&old).to_text());
    bench.compare(
        &format!("parsing canonical form/{name}"),
        || black_box(&old).parsing_canonical_form(),
        || black_box(&their_old).canonical_form(),
    );
    bench.compare(
        &format!("fingerprint/{name}"),
        || black_box(&old).fingerprint(),
        || black_box(&their_old).fingerprint::<Rabin>(),
    );
    bench.measure(&format!("resolve and plan/{name}"), || {
        avro::resolve(Writer(black_box(&old)), Reader(black_box(&new))).plan().expect("a plan")
    });
    let candidate = ParsedSchema::from(new);
    let version = ParsedSchema::from(old);
    for versions in [1, 50] {
        let breaches = || {
            let history = (0..versions).map(|number| (number, black_box(&version)));
            check(Level::BackwardTransitive, &candidate, history).count()
        };
        assert_eq!(breaches(), 0);
        let their_breaches = || {
            let can_read = |_| SchemaCompatibility::can_read(black_box(&their_old), &their_new).is_err();
            (0..versions).filter(|n| can_read(*n)).count()
        };
        assert_eq!(their_breaches(), 0);
        bench.compare(&format!("check against {versions}/{name}"), breaches, their_breaches);
    }
}
