//! What Apache Avro Java answers to schema texts, and what the registry makes of them.

use std::fmt::Write as _;
use std::fs;

use ottla_formats::avro::{Mode, Schema, fingerprint, parse};
use serde_json::Value;

fn lines(file: &str, expected: usize) -> Vec<Value> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).expect("the corpus");
    let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect();
    assert_eq!(lines.len(), expected, "{path} has lost or gained lines");
    lines
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn check_parse(line: &Value) -> Result<(), String> {
    let text = line["schema_text"].as_str().expect("a text");
    let modes = [
        ("strict", Mode::Strict),
        ("lenient", Mode::Lenient),
        ("register", Mode::Register),
        ("lookup", Mode::Lookup),
    ];
    let mut parsed: Option<Schema> = None;
    for (name, mode) in modes {
        let expected = line[format!("accepted_{name}")].as_bool().expect("a verdict");
        match parse(text, mode) {
            Ok(schema) if expected => parsed = Some(schema),
            Ok(_) => return Err(format!("{name}: accepted")),
            Err(error) if expected => return Err(format!("{name}: {error}")),
            Err(_) => {}
        }
    }
    let Some(schema) = parsed else { return Ok(()) };
    let canonical = schema.parsing_canonical_form();
    let answers = [
        ("to_string", schema.to_text()),
        ("crc64", format!("{:016x}", fingerprint::crc64(canonical.as_bytes()))),
        ("md5", hex(&fingerprint::md5(canonical.as_bytes()))),
        ("sha256", hex(&fingerprint::sha256(canonical.as_bytes()))),
        ("pcf", canonical),
    ];
    for (key, answer) in answers {
        let expected = line[key].as_str().expect("a text");
        if answer != expected {
            return Err(format!("{key}: {answer}\n    expected {expected}"));
        }
    }
    Ok(())
}

fn check_text(line: &Value) -> Result<(), String> {
    let text = line["schema"].as_str().expect("a text");
    let same = |what: &str, answer: String, expected: &Value| {
        let expected = expected.as_str().expect("a text");
        if answer == expected { Ok(()) } else { Err(format!("{what}: {answer}\n    expected {expected}")) }
    };
    let guid = |text: &str| {
        let h = hex(&fingerprint::md5(text.as_bytes()));
        format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
    };
    if line.get("canonical").is_some() {
        let schema = parse(text, Mode::Register).map_err(|e| e.to_string())?;
        same("canonical", schema.to_text(), &line["canonical"])?;
        same("guid", guid(&schema.to_text()), &line["guid"])?;
        let normalized = schema.normalized().map_err(|e| e.to_string())?.to_text();
        same("normalized", normalized.clone(), &line["normalized"])?;
        return same("normalized_guid", guid(&normalized), &line["normalized_guid"]);
    }
    let Err(error) = parse(text, Mode::Register) else { return Err("accepted".into()) };
    if let Some(prefix) = line["error_prefix"].as_str() {
        if !error.message().starts_with(prefix) {
            return Err(format!("error: {}\n    expected {prefix}...", error.message()));
        }
    } else if line["error"] != "Empty schema" {
        same("error", error.message().to_owned(), &line["error"])?;
    }
    match (&line["lenient"], parse(text, Mode::Lookup)) {
        (Value::Null, Ok(_)) => Err("accepted when read leniently".into()),
        (Value::Null, Err(_)) => Ok(()),
        (expected, Ok(schema)) => same("lenient", schema.to_text(), expected),
        (_, Err(error)) => Err(format!("lenient: {error}")),
    }
}

fn check_all(file: &str, expected: usize, check: fn(&Value) -> Result<(), String>) {
    let mut failures = String::new();
    let mut count = 0;
    for (number, line) in lines(file, expected).iter().enumerate() {
        if line["binding"] == false {
            continue;
        }
        if let Err(why) = check(line) {
            count += 1;
            let name = line["name"].as_str().or(line["schema"].as_str()).unwrap_or_default();
            let _ = writeln!(failures, "{file}:{} {name}\n    {why}", number + 1);
        }
    }
    assert!(count == 0, "{count} lines of {file} are answered otherwise\n{failures}");
}

#[test]
fn texts_are_parsed_as_by_java() {
    check_all("parse.jsonl", 1267, check_parse);
}

#[test]
fn texts_are_printed_as_by_the_registry() {
    check_all("avro-text.jsonl", 452, check_text);
}
