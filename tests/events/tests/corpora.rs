//! The corpora of values, evolution and malformed bytes, through generated code: types that own their text, and their
//! twins that borrow it.

use std::sync::Arc;

use ottla::codec::Limits;
use ottla::schema::{Mode, parse};
use ottla_event_tests::corpus::{CODEC, MALFORMED, RESOLVE, hex, lines, type_of};
use ottla_event_tests::sample::{Answer, Twin};
use ottla_event_tests::{Recoded, Type, codec, malformed, resolve};
use serde_json::Value;

/// The same answer from both: the same value, or the same fault at the same place.
fn assert_twin(twin: Answer<Twin>, owned: &Answer<Recoded>, what: &str) {
    match (twin, owned) {
        (Ok(twin), Ok(owned)) => assert_eq!(&twin.owned, owned, "{what}"),
        (Err(twin), Err(owned)) => assert_eq!(&twin, owned, "{what}"),
        (twin, owned) => panic!("{what}: {twin:?}, but {owned:?}"),
    }
}

fn check_value(ty: &Type, value: &Value, what: &str) {
    let bytes = hex(&value["binary_hex"]);
    let decoded = (ty.decode)(&bytes, Limits::default());
    let first = decoded.clone().unwrap_or_else(|e| panic!("{what}: {e}"));
    let written = first.written.clone().expect("values suit their logical types");
    if value["map_order"] == true {
        // Maps are sorted here, and not there.
        assert_eq!(written.len(), bytes.len(), "{what}");
    } else {
        assert_eq!(written, bytes, "{what}");
    }
    if let Some(twin) = ty.twin {
        assert_eq!(twin(&bytes).expect("a value").written, Ok(bytes.clone()), "{what}: borrowed");
        assert_twin(twin(&bytes), &decoded, what);
    }
    for other in value["alt_binary_hex"].as_array().into_iter().flatten() {
        let other = hex(other);
        let again = (ty.decode)(&other, Limits::default());
        assert_eq!(again.as_ref(), Ok(&first), "{what}: {other:x?}");
        if let Some(twin) = ty.twin {
            assert_twin(twin(&other), &again, what);
        }
    }
}

#[test]
fn values_and_their_bytes() {
    let (mut count, mut borrowed) = (0, 0);
    for line in lines(CODEC) {
        let ty = type_of(codec::TABLE, &line).expect("a type");
        borrowed += usize::from(ty.twin.is_some());
        for value in line["values"].as_array().expect("values") {
            check_value(ty, value, &format!("{}: {value}", line["name"]));
            count += 1;
        }
    }
    assert!(count > 1000 && borrowed > 60, "{count} values, {borrowed} types that borrow");
}

#[test]
fn fingerprints_are_those_of_the_schemas() {
    for line in lines(CODEC) {
        let descriptor = (type_of(codec::TABLE, &line).expect("a type").descriptor)();
        let schema = parse(line["schema"].as_str().expect("a schema"), Mode::Strict).expect("a schema");
        assert_eq!(descriptor.text(), line["schema"]);
        assert_eq!(descriptor.fingerprint(), schema.fingerprint(), "{}", line["name"]);
        assert_eq!(descriptor.schema().expect("a schema").to_text(), schema.to_text());
    }
}

/// Text that is no UUID: Java has no type for it, and gives the text.
const NO_UUID: &str = "logical/string-to-uuid";

/// A decimal that the writer's schema has digits for and the reader's has not: it is read, and not written again.
const TOO_MANY_DIGITS: &str = "logical/decimal-precision-narrowed";

#[test]
fn evolution() {
    let (mut count, mut borrowed, mut refused) = (0, 0, Vec::new());
    for line in lines(RESOLVE) {
        let name = &line["name"];
        let writer = parse(line["writer"].as_str().expect("a schema"), Mode::Lenient).expect("a schema");
        let cases = line["cases"].as_array().expect("cases");
        let fails = *name == NO_UUID || cases.iter().all(|case| case.get("reader_hex").is_none());
        let Some(ty) = type_of(resolve::TABLE, &line) else {
            // A default that is no value of its type: no registry takes such a schema.
            let registered = parse(line["reader"].as_str().expect("a schema"), Mode::Register);
            assert!(fails || registered.is_err() || line["binding"] == false, "{name} is refused");
            refused.push(name.to_string());
            continue;
        };
        let plan = match (ty.plan)(Arc::new(writer)) {
            Ok(plan) => plan,
            Err(why) => {
                assert!(line["compatible"] == false || fails, "{name}: {why}");
                continue;
            }
        };
        assert_eq!(line["compatible"], true, "{name}");
        for case in cases.iter().filter(|case| case["binding"] != false && line["binding"] != false) {
            let bytes = hex(&case["writer_hex"]);
            let answer = plan.decode(&bytes, Limits::default());
            match (case.get("reader_hex").filter(|_| !fails), &answer) {
                (Some(_), Ok(value)) if *name == TOO_MANY_DIGITS => {
                    assert!(value.written.is_err(), "{name}: {value:?}");
                }
                (Some(expected), Ok(value)) => assert_eq!(value.written, Ok(hex(expected)), "{name}: {case}"),
                (None, Err(_)) => {}
                (expected, answer) => panic!("{name}: {case}: {expected:?}, but {answer:?}"),
            }
            if let Some(twin) = plan.twin(&bytes) {
                assert_twin(twin, &answer, &name.to_string());
                borrowed += 1;
            }
            count += 1;
        }
    }
    assert!(count > 600 && borrowed > 200, "{count} messages, {borrowed} borrowed");
    assert!(refused.len() < 20, "{refused:?}");
}

#[test]
fn malformed_bytes() {
    for line in lines(MALFORMED) {
        let (name, bytes) = (&line["name"], hex(&line["hex"]));
        let ty = type_of(malformed::TABLE, &line).expect("a type");
        match ((ty.read)(&bytes, Limits::default()), line["expect"].as_str().expect("a word")) {
            (Err(_), "reject" | "either") => {}
            (Ok(value), "value" | "either") => {
                assert_eq!(value.rest as u64, line["rest"], "{name}: {value:?}")
            }
            (answer, expected) => panic!("{name}: {expected}, but {answer:?}"),
        }
        if let Some(twin) = ty.twin {
            assert_twin(twin(&bytes), &(ty.decode)(&bytes, Limits::default()), &name.to_string());
        }
    }
}
