//! What the registry's checker answers: every kind, location and message, in order.

use std::fs;

use ottla_formats::avro::{Incompatibility, Mode, Reader, Schema, Writer, parse, resolve};
use ottla_formats::compatibility::{Direction, Level, check};
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

fn report(failures: Vec<String>) {
    assert!(failures.is_empty(), "{} lines differ:\n{}", failures.len(), failures.join("\n"));
}

/// One line of the checker's list as text.
fn expected_line(i: &Value) -> String {
    let field = |key: &str| i[key].as_str().unwrap_or("?").to_owned();
    [field("type"), field("location"), field("message"), field("reader_fragment"), field("writer_fragment")]
        .join(" | ")
}

fn actual_line(i: &Incompatibility, writer: &Schema, reader: &Schema) -> String {
    let fragments = [i.reader_fragment(Reader(reader)), i.writer_fragment(Writer(writer))];
    [i.kind().to_string(), i.location().to_owned(), i.message().to_owned(), fragments.join(" | ")].join(" | ")
}

fn check_pair(line: &Value) -> Result<(), String> {
    let (writer, reader) = (schema(line, "writer"), schema(line, "reader"));
    let resolution = resolve(Writer(&writer), Reader(&reader));
    if Some(resolution.is_compatible()) != line["compatible"].as_bool() {
        return Err(format!("compatible: {}", resolution.is_compatible()));
    }
    let found = resolution.incompatibilities();
    if let Some(message) = line["error_message"].as_str() {
        return match found {
            [one] if one.message() == message => Ok(()),
            _ => Err(format!("{found:?}\n    expected {message}")),
        };
    }
    let expected: Vec<String> =
        line["incompatibilities"].as_array().expect("a list").iter().map(expected_line).collect();
    let actual: Vec<String> = found.iter().map(|i| actual_line(i, &writer, &reader)).collect();
    if actual == expected { Ok(()) } else { Err(format!("{actual:#?}\n    expected {expected:#?}")) }
}

#[test]
fn answers_as_the_checker_of_avro_java() {
    let failures = lines("compat.jsonl", 733)
        .iter()
        .filter(|line| line["binding"] != Value::Bool(false))
        .filter_map(|line| check_pair(line).err().map(|e| format!("{}: {e}", line["name"])))
        .collect();
    report(failures);
}

fn check_messages(line: &Value) -> Result<(), String> {
    let (old, new) = (schema(line, "old").into(), schema(line, "new").into());
    let breaches: Vec<_> = check(Level::Backward, &new, [(7, &old)]).collect();
    if breaches.is_empty() != line["compatible"].as_bool().expect("a verdict") {
        return Err(format!("{} breaches", breaches.len()));
    }
    let actual: Vec<String> = breaches.iter().flat_map(|breach| breach.messages()).collect();
    let expected: Vec<&str> =
        line["messages"].as_array().expect("a list").iter().map(|m| m.as_str().expect("a text")).collect();
    if actual == expected { Ok(()) } else { Err(format!("{actual:#?}\n    expected {expected:#?}")) }
}

#[test]
fn says_what_the_registry_says() {
    let failures = lines("avro-compat.jsonl", 470)
        .iter()
        .zip(1..)
        .filter_map(|(line, number)| check_messages(line).err().map(|e| format!("line {number}: {e}")))
        .collect();
    report(failures);
}

fn record(fields: &str) -> Schema {
    parse(&format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#), Mode::Strict).expect("a schema")
}

#[test]
fn both_directions_name_the_reader_and_the_writer() {
    let old = record(r#"{"name":"a","type":"int"}"#).into();
    let new = record(r#"{"name":"b","type":"int"}"#).into();
    let breaches: Vec<_> = check(Level::Full, &new, [(3, &old)]).collect();
    let [breach] = breaches.as_slice() else { panic!("{breaches:?}") };
    assert_eq!(breach.version, 3);
    let directions: Vec<Direction> = breach.incompatibilities().map(|(direction, _)| direction).collect();
    assert_eq!(directions, [Direction::Forward, Direction::Backward]);
    let messages: Vec<String> = breach.messages().collect();
    assert_eq!(
        messages,
        [
            "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'a' at path '/fields/0' in the old \
             schema has no default value and is missing in the new schema', additionalInfo:'a'}",
            "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'b' at path '/fields/0' in the new \
             schema has no default value and is missing in the old schema', additionalInfo:'b'}",
        ]
    );
}

#[test]
fn a_level_decides_how_many_versions_are_looked_at() {
    let old = record(r#"{"name":"a","type":"int"}"#).into();
    let same = record(r#"{"name":"b","type":"int"}"#).into();
    let new = record(r#"{"name":"b","type":"int"}"#).into();
    let cases = [
        (Level::None, 0, vec![]),
        (Level::Backward, 1, vec![]),
        (Level::BackwardTransitive, 3, vec![2, 1]),
        (Level::Forward, 1, vec![]),
        (Level::ForwardTransitive, 3, vec![2, 1]),
        (Level::Full, 1, vec![]),
        (Level::FullTransitive, 3, vec![2, 1]),
    ];
    for (level, taken, expected) in cases {
        let mut asked = 0;
        let history = [(3, &same), (2, &old), (1, &old)].into_iter().inspect(|_| asked += 1);
        let versions: Vec<i32> = check(level, &new, history).map(|breach| breach.version).collect();
        assert_eq!(versions, expected, "{level}");
        assert_eq!(asked, taken, "{level}");
    }
}

#[test]
fn the_first_breach_ends_the_work() {
    let old = record(r#"{"name":"a","type":"int"}"#).into();
    let new = record(r#"{"name":"b","type":"int"}"#).into();
    let mut asked = 0;
    let history = (1..=50).rev().inspect(|_| asked += 1).map(|version| (version, &old));
    let first = check(Level::BackwardTransitive, &new, history).next().map(|breach| breach.version);
    assert_eq!(first, Some(50));
    assert_eq!(asked, 1);
}

#[test]
fn levels_are_read_in_any_case_and_written_in_upper_case() {
    for level in Level::ALL {
        assert_eq!(level.to_string().parse(), Ok(level));
        assert_eq!(level.to_string().to_lowercase().parse(), Ok(level));
        assert_eq!(level.is_transitive(), level.name().ends_with("_TRANSITIVE"));
    }
    assert!("BACKWARDS".parse::<Level>().is_err());
}
