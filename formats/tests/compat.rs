//! What the registry's checker answers: every kind, location and message, in order.

mod corpus;

use corpus::{Corpus, same, schema, text, verdict};
use ottla_formats::ParsedSchema;
use ottla_formats::avro::{Incompatibility, Mode, Reader, Schema, Writer, parse, resolve};
use ottla_formats::compatibility::{Direction, Level, check};
use serde_json::Value;

/// One entry of the checker's list: kind, location, message and the two fragments.
fn expected_entry(entry: &Value) -> [String; 5] {
    ["type", "location", "message", "reader_fragment", "writer_fragment"]
        .map(|key| text(entry, key).to_owned())
}

fn actual_entry(i: &Incompatibility, writer: &Schema, reader: &Schema) -> [String; 5] {
    let location = i.location().to_owned();
    let fragments = (i.reader_fragment(Reader(reader)), i.writer_fragment(Writer(writer)));
    [i.kind().to_string(), location, i.message().to_owned(), fragments.0, fragments.1]
}

fn check_pair(line: &Value) -> Result<(), String> {
    let (writer, reader) = (schema(line, "writer"), schema(line, "reader"));
    let resolution = resolve(Writer(&writer), Reader(&reader));
    same("compatible", resolution.is_compatible(), verdict(line, "compatible"))?;
    let found = resolution.incompatibilities();
    if line.get("error_message").is_some() {
        // Java throws; here it is an incompatibility like others.
        let messages: Vec<&str> = found.iter().map(Incompatibility::message).collect();
        return same("thrown", messages, vec![text(line, "error_message")]);
    }
    let expected = line["incompatibilities"].as_array().expect("a list").iter();
    let expected: Vec<[String; 5]> = expected.map(expected_entry).collect();
    same("compatible", expected.is_empty(), verdict(line, "compatible"))?;
    let actual: Vec<[String; 5]> = found.iter().map(|i| actual_entry(i, &writer, &reader)).collect();
    if actual == expected { Ok(()) } else { Err(format!("{actual:#?}\n    expected {expected:#?}")) }
}

#[test]
fn answers_as_the_checker_of_avro_java() {
    Corpus { file: "compat.jsonl", lines: 733, open: 0 }.replay(check_pair);
}

/// What the registry says to a candidate after one version.
fn messages(level: Level, candidate: &ParsedSchema, version: &ParsedSchema) -> Vec<String> {
    check(level, candidate, [(7, version)]).flat_map(|b| b.messages().collect::<Vec<_>>()).collect()
}

fn check_messages(line: &Value) -> Result<(), String> {
    let (old, new) = (schema(line, "old").into(), schema(line, "new").into());
    let expected = line["messages"].as_array().expect("a list").iter();
    let expected: Vec<String> = expected.map(|m| m.as_str().expect("a text").to_owned()).collect();
    same("compatible", expected.is_empty(), verdict(line, "compatible"))?;
    same("backward", messages(Level::Backward, &new, &old), expected.clone())?;
    // The same pair the other way round: what reads is the old version, what wrote is the candidate.
    let swapped: Vec<String> = expected.iter().map(|m| swap_words(m)).collect();
    same("forward", messages(Level::Forward, &old, &new), swapped)
}

/// A message of the other direction.
fn swap_words(message: &str) -> String {
    message
        .replace(" new schema", " \u{0} schema")
        .replace(" old schema", " new schema")
        .replace('\u{0}', "old")
}

#[test]
fn says_what_the_registry_says() {
    Corpus { file: "avro-compat.jsonl", lines: 470, open: 0 }.replay(check_messages);
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
