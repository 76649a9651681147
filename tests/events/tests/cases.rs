//! The cases of the generator: both ways in give the same types, with all options, and the values of the corpus go
//! through them.

use std::collections::HashSet;
use std::sync::Arc;

use ottla::codec::Limits;
use ottla::schema::{Mode, parse};
use ottla::{BorrowedEvent, Event};
use ottla_codegen::expand::include_schema;
use ottla_codegen::{Options, generate};
use ottla_event_tests::corpus::{CODEC, hex, lines};
use ottla_event_tests::options::{Millis, external, mapped, shared};
use ottla_event_tests::{Case, Type, cases};
use serde_json::Value;

/// The lines of the corpus are called as the cases are.
fn values(case: &Case) -> Vec<Value> {
    let name = format!("case/{}", case.name);
    let line = lines(CODEC).find(|line| line["name"] == name).unwrap_or_else(|| panic!("values of {name}"));
    line["values"].as_array().expect("values").clone()
}

#[test]
fn there_are_types_for_all_cases() {
    let names: HashSet<&str> = cases::TABLE.iter().map(|case| case.name).collect();
    let folders = std::fs::read_dir("../../codegen/tests/cases").expect("the cases").count();
    assert_eq!(names.len(), folders);
    let in_corpus = lines(CODEC).filter(|line| line["family"] == "case").count();
    assert_eq!(names.len(), in_corpus);
    let of = |variation| cases::TABLE.iter().filter(|case| case.variation == variation).count();
    assert_eq!(of("plain"), folders);
    assert!(of("rich") > 25 && of("libraries") >= 5, "{} and {}", of("rich"), of("libraries"));
}

#[test]
fn both_ways_give_the_same_descriptors() {
    for case in cases::TABLE {
        let (built, included) = ((case.built.descriptor)(), (case.included.descriptor)());
        assert_eq!(built.name(), included.name());
        assert_eq!(built.text(), included.text());
        assert_eq!(built.fingerprint(), included.fingerprint());
        let names = |d: &ottla::Descriptor| d.references().iter().map(|r| r.name).collect::<Vec<_>>();
        assert_eq!(names(built), names(included));
        let schema = built.schema().expect("a schema");
        assert_eq!(built.fingerprint(), schema.fingerprint(), "{}", case.name);
    }
}

#[test]
fn both_ways_give_the_same_bytes() {
    let mut count = 0;
    for case in cases::TABLE {
        let what = format!("{} ({})", case.name, case.variation);
        for value in values(case) {
            let message = hex(&value["binary_hex"]);
            let alternatives = value["alt_binary_hex"].as_array().into_iter().flatten().map(hex);
            for bytes in alternatives.chain([message.clone()]) {
                let expected = (value["map_order"] != true).then_some(&message);
                check(&case.built, &bytes, expected, &what);
                check(&case.included, &bytes, expected, &what);
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count}");
}

/// `expected`: what is written again, unless maps have an order of their own.
fn check(ty: &Type, bytes: &[u8], expected: Option<&Vec<u8>>, what: &str) {
    let value = (ty.decode)(bytes, Limits::default()).unwrap_or_else(|e| panic!("{what}: {e}"));
    let schema = (ty.descriptor)().schema().expect("a schema").clone();
    let plan = (ty.plan)(schema).expect("it reads what it writes");
    let planned = plan.decode(bytes, Limits::default()).unwrap_or_else(|e| panic!("{what}: {e}"));
    if let Some(expected) = expected {
        assert_eq!(value.written.as_ref(), Ok(expected), "{what}");
        assert_eq!(planned.written.as_ref(), Ok(expected), "{what}");
    }
    if let Some(twin) = ty.twin {
        let twin = twin(bytes).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(twin.owned, value, "{what}");
        assert!(expected.is_none_or(|bytes| twin.written.as_ref() == Ok(bytes)), "{what}");
    }
}

/// Each field that has a default is taken from what a writer without any fields wrote.
#[test]
fn defaults_are_those_of_the_schema() {
    let mut count = 0;
    for case in cases::TABLE {
        for ty in [&case.built, &case.included] {
            let Some(initial) = (ty.initial)() else { continue };
            let name = (ty.descriptor)().name();
            let text = format!(r#"{{"type":"record","name":"{name}","fields":[]}}"#);
            let writer = parse(&text, Mode::Strict).expect("a schema");
            let plan = (ty.plan)(Arc::new(writer)).expect("a plan");
            assert_eq!(plan.decode(&[], Limits::default()).expect("a value").written, Ok(initial), "{name}");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

/// What the macro makes is what the builder writes, but that it also tells the compiler of the files.
#[test]
fn both_ways_are_one_generator() {
    for case in cases::TABLE.iter().filter(|case| case.variation == "plain") {
        let included = include_schema(case.arguments.parse().expect("arguments")).to_string();
        let files: Vec<&str> = case.arguments.split(", ").map(|file| file.trim_matches('"')).collect();
        let built = generate(&files, &Options::new()).expect("code").tokens().to_string();
        let rest = included.strip_prefix(&built).unwrap_or_else(|| panic!("{}", case.name));
        assert_eq!(rest.matches("include_bytes").count(), files.len(), "{rest}");
    }
}

/// Types of ours take the places of others: `src/options.rs`.
#[test]
fn other_types_can_stand_for_named_and_logical_ones() {
    let order = external::Order::new(shared::Money::new(7));
    assert_eq!(written(&order), [14]);
    assert_eq!(external::Order::decode(&[14]).expect("a value"), order);
    let references = external::Order::descriptor().references();
    assert_eq!(references.iter().map(|r| r.name).collect::<Vec<_>>(), ["com.shared.Money"]);
    assert_eq!((references[0].descriptor)().text(), shared::Money::descriptor().text());

    let created = mapped::OrderCreated::new("o-1", "c-1", 1.5, Millis(-1));
    let bytes = written(&created);
    assert_eq!(mapped::OrderCreated::decode(&bytes).expect("a value"), created);
    let schema = mapped::OrderCreated::descriptor().schema().expect("a schema");
    let plan = mapped::OrderCreated::plan(schema.clone()).expect("a plan");
    assert_eq!(mapped::OrderCreated::decode_resolved(&bytes, &plan).expect("a value"), created);
    let borrowed = <mapped::OrderCreatedRef<'_> as BorrowedEvent<'_>>::decode(&bytes).expect("a value");
    assert_eq!(borrowed.into_owned(), created);
}

fn written(event: &impl Event) -> Vec<u8> {
    let mut bytes = Vec::new();
    event.encode(&mut bytes).expect("bytes");
    bytes
}
