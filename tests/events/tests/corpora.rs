//! The corpora of values, evolution and malformed bytes, through generated code.

use ottla::schema::{Mode, parse};
use ottla_event_tests::{Type, codec, malformed, resolve};
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn table(table: &'static [(&str, Option<Type>)], line: &Value) -> Option<&'static Type> {
    let name = line["name"].as_str().expect("a name");
    table.iter().find(|(known, _)| *known == name).expect("an entry for each line").1.as_ref()
}

fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().expect("digits");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("digits")).collect()
}

#[test]
fn values_and_their_bytes() {
    let mut count = 0;
    for line in lines(include_str!("../data/codec.jsonl")) {
        let ty = table(codec::TABLE, &line).expect("a type");
        for value in line["values"].as_array().expect("values") {
            let bytes = hex(&value["binary_hex"]);
            let name = &line["name"];
            let first = (ty.recode)(&bytes).unwrap_or_else(|e| panic!("{name}: {value}: {e}"));
            assert_eq!(first.rest, 0, "{name}: {value}");
            if value["map_order"] == true {
                assert_eq!(first.bytes.len(), bytes.len(), "{name}: {value}");
            } else {
                assert_eq!(first.bytes, bytes, "{name}: {value}");
            }
            for other in value["alt_binary_hex"].as_array().into_iter().flatten() {
                let other = (ty.recode)(&hex(other)).unwrap_or_else(|e| panic!("{name}: {other}: {e}"));
                assert_eq!(other, first, "{name}: {value}");
            }
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn fingerprints_are_those_of_the_schemas() {
    for line in lines(include_str!("../data/codec.jsonl")) {
        let descriptor = (table(codec::TABLE, &line).expect("a type").descriptor)();
        let schema = parse(line["schema"].as_str().expect("a schema"), Mode::Strict).expect("a schema");
        assert_eq!(descriptor.text(), line["schema"]);
        assert_eq!(descriptor.fingerprint(), schema.fingerprint(), "{}", line["name"]);
        assert_eq!(descriptor.schema().expect("a schema").to_text(), schema.to_text());
    }
}

#[test]
fn evolution() {
    let (mut count, mut refused) = (0, Vec::new());
    for line in lines(include_str!("../../../formats/tests/data/resolve.jsonl")) {
        let name = &line["name"];
        let writer = parse(line["writer"].as_str().expect("a schema"), Mode::Lenient).expect("a schema");
        let cases = line["cases"].as_array().expect("cases");
        let messages: Vec<Vec<u8>> = cases.iter().map(|case| hex(&case["writer_hex"])).collect();
        let fails = cases.iter().all(|case| case.get("reader_hex").is_none());
        // A default that is no value of its type: the generator says so.
        let Some(ty) = table(resolve::TABLE, &line) else {
            assert!(fails || line["binding"] == false, "{name} is refused");
            refused.push(name.to_string());
            continue;
        };
        let answers = match (ty.resolve)(writer, &messages) {
            Ok(answers) => answers,
            Err(why) => {
                assert!(line["compatible"] == false || fails, "{name}: {why}");
                continue;
            }
        };
        assert_eq!(line["compatible"], true, "{name}");
        for (case, answer) in cases.iter().zip(answers) {
            if case["binding"] == false || line["binding"] == false {
                continue;
            }
            match (case.get("reader_hex"), answer) {
                (Some(expected), Ok(value)) => assert_eq!(value.bytes, hex(expected), "{name}: {case}: {value:?}"),
                (None, Err(_)) => {}
                (expected, answer) => panic!("{name}: {case}: {expected:?}, but {answer:?}"),
            }
            count += 1;
        }
    }
    assert!(count > 800, "{count}");
    assert!(refused.len() < 20, "{refused:?}");
}

#[test]
fn malformed_bytes() {
    for line in lines(include_str!("../data/malformed.jsonl")) {
        let name = &line["name"];
        let bytes = hex(&line["hex"]);
        match ((table(malformed::TABLE, &line).expect("a type").recode)(&bytes), line["expect"].as_str().expect("a word")) {
            (Err(_), "reject" | "either") => {}
            (Ok(value), "value") => assert_eq!(value.rest as u64, line["rest"], "{name}: {value:?}"),
            (Ok(value), "either") => assert_eq!(value.rest as u64, line["rest"], "{name}: {value:?}"),
            (answer, expected) => panic!("{name}: {expected}, but {answer:?}"),
        }
    }
}
