//! What Apache Avro Java reads with one schema that was written with another.

mod decoder;

use std::fs;

use decoder::{decode_by_plan, encode, same_json, to_json};
use ottla_formats::avro::{Mode, PlanError, Reader, Schema, Writer, parse, resolve};
use serde_json::Value;

fn lines(file: &str, expected: usize) -> Vec<Value> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).expect("the corpus");
    let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect();
    assert_eq!(lines.len(), expected, "{path} has lost or gained lines");
    lines
}

fn schema(line: &Value, key: &str) -> Schema {
    parse(line[key].as_str().expect("a text"), Mode::Lenient).expect("a schema")
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn check_line(line: &Value) -> Result<(), String> {
    let (writer, reader) = (schema(line, "writer"), schema(line, "reader"));
    let resolution = resolve(Writer(&writer), Reader(&reader));
    let compatible = line["compatible"].as_bool().expect("a verdict");
    if resolution.is_compatible() != compatible {
        return Err(format!("compatible: {}", resolution.is_compatible()));
    }
    let plan = resolution.plan();
    if !compatible {
        // Java's reader is laxer than its checker; a pair may be refused as a whole.
        return if plan.is_err() { Ok(()) } else { Err("there is a plan".to_owned()) };
    }
    let cases = line["cases"].as_array().expect("cases");
    for case in cases {
        let bytes = from_hex(case["writer_hex"].as_str().expect("bytes"));
        let read = match &plan {
            Ok(plan) => decode_by_plan(plan, &reader, &bytes),
            Err(e) => Err(e.to_string()),
        };
        match (read, case["reader_hex"].as_str()) {
            (Err(_), None) => {}
            (Ok(value), None) => return Err(format!("reads {value:?} from {}", case["writer_hex"])),
            (Err(e), Some(_)) => return Err(e),
            (Ok(value), Some(expected)) => {
                let json = to_json(&reader, reader.root(), &value);
                if !same_json(&json, &case["reader_json"]) {
                    return Err(format!("reads {json}\n    expected {}", case["reader_json"]));
                }
                let mut bytes = Vec::new();
                encode(&reader, reader.root(), &value, &mut bytes);
                if to_hex(&bytes) != expected {
                    return Err(format!("writes {}\n    expected {expected}", to_hex(&bytes)));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn reads_what_avro_java_reads() {
    let failures: Vec<String> = lines("resolve.jsonl", 411)
        .iter()
        .filter(|line| line["binding"] != Value::Bool(false))
        .filter_map(|line| check_line(line).err().map(|e| format!("{}: {e}", line["name"])))
        .collect();
    assert!(failures.is_empty(), "{} lines differ:\n{}", failures.len(), failures.join("\n"));
}

fn plan_error(writer: &str, reader: &str) -> PlanError {
    let writer = parse(writer, Mode::Lenient).expect("a schema");
    let reader = parse(reader, Mode::Lenient).expect("a schema");
    resolve(Writer(&writer), Reader(&reader)).plan().expect_err("no plan")
}

#[test]
fn says_why_there_is_no_plan() {
    let writer = r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}"#;
    let cases = [
        (
            r#"{"type":"record","name":"R","fields":[{"name":"b","type":"int"}]}"#,
            "the reader's schema cannot read what the writer's schema wrote",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"b","type":"int","default":"x"}]}"#,
            "the default of the reader's field 'b' at /fields/0: it is no value of type int",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"b","type":["null","int"],"default":"x"}]}"#,
            "the default of the reader's field 'b' at /fields/0: no branch of its union takes it",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"b","type":"R","default":{}}]}"#,
            "the default of the reader's field 'b' at /fields/0: it nests more than 64 levels deep",
        ),
        (
            r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int","aliases":["a"]}]}"#,
            "the reader's field 'b' at /fields/1 has an alias of a field that another field reads, and no default",
        ),
    ];
    for (reader, expected) in cases {
        assert_eq!(plan_error(writer, reader).to_string(), expected);
    }
}
