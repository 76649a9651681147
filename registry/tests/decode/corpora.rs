//! Values of every kind and what Java makes of them, and bytes that are malformed: the answers that generated code is held
//! to as well.

use std::path::Path;

use serde_json::Value;

use crate::data::{Files, hex, unhex};
use crate::run::{command, run};

fn corpus(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/events/data").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

/// Are they equal? The least floats have as many digits as they need here, and one more in Java.
fn same(shown: &Value, expected: &Value) -> bool {
    match (shown, expected) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (Value::Number(a), Value::Number(b)) if a != b => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => a.abs() < 1e-40 && a as f32 == b as f32 && a != 0.0,
            _ => false,
        },
        _ => shown == expected,
    }
}

/// All encodings of all values of a schema are lines of one run.
#[test]
fn values_are_what_java_reads() {
    let (files, mut values) = (Files::new(), 0);
    for case in corpus("codec.jsonl") {
        let schema = files.write("schema.avsc", text(&case, "schema"));
        let (mut lines, mut expected) = (String::new(), Vec::new());
        for value in case["values"].as_array().unwrap() {
            let others = value["alt_binary_hex"].as_array().into_iter().flatten();
            for digits in [&value["binary_hex"]].into_iter().chain(others) {
                lines.push_str(&format!("\"{}\"\n", digits.as_str().unwrap()));
                expected.push(&value["json"]);
            }
        }
        let arguments = ["--bare", "--schema", &schema, "--input", "hex", "--avro-json"];
        let ended = run(&mut command(&arguments), lines.as_bytes());
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{case}");
        let shown: Vec<&str> = ended.out.lines().collect();
        assert_eq!(shown.len(), expected.len(), "{case}");
        for (shown, expected) in shown.iter().zip(expected) {
            let value = serde_json::from_str(shown).unwrap();
            assert!(same(&value, expected), "{}: {shown} is to be {expected}", text(&case, "name"));
            values += 1;
        }
        // The other ways show as many values, each of them JSON.
        let ended = run(&mut command(&arguments[..5]), lines.as_bytes());
        assert_eq!(ended.code, Some(0), "{}: {}", text(&case, "name"), ended.err);
        assert!(ended.out.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", ended.out);
    }
    assert!(values > 1000, "{values}");
}

#[test]
fn malformed_bytes_are_refused() {
    let (files, mut refused) = (Files::new(), 0);
    for case in corpus("malformed.jsonl") {
        let schema = files.write("schema.avsc", text(&case, "schema"));
        let mut bytes = unhex(text(&case, "hex"));
        // What comes after a datum is no error of the datum, but is one of a message.
        let left: usize = case["rest"].as_u64().unwrap_or_default().try_into().unwrap();
        bytes.truncate(bytes.len() - left);
        let arguments = ["--bare", "--schema", &schema, "--avro-json", "--hex"];
        let ended = run(command(&arguments).arg(hex(&bytes)), b"");
        match (text(&case, "expect"), ended.code) {
            ("value" | "either", Some(0)) if case["value_omitted"] == true => {}
            ("value" | "either", Some(0)) => {
                assert_eq!(serde_json::from_str::<Value>(&ended.out).unwrap(), case["value"], "{case}");
            }
            ("reject" | "either", Some(1)) => {
                assert!(ended.out.is_empty() && ended.err.starts_with("ottla: --hex: "), "{case} {ended:?}");
                refused += 1;
            }
            _ => panic!("{case} {ended:?}"),
        }
    }
    assert!(refused > 70, "{refused}");
}
