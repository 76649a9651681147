//! What Apache Avro Java answers to schema texts, and what the registry makes of them.

mod corpus;

use corpus::{Corpus, hex, same, text, verdict};
use ottla_formats::avro::{Mode, ParseError, Schema, fingerprint, parse};
use serde_json::Value;

/// The four ways to read a text, as the corpus names them.
const MODES: [(&str, Mode); 4] = [
    ("strict", Mode::Strict),
    ("lenient", Mode::Lenient),
    ("register", Mode::Register),
    ("lookup", Mode::Lookup),
];

fn check_parse(line: &Value) -> Result<(), String> {
    for (name, mode) in MODES {
        match (parse(text(line, "schema_text"), mode), verdict(line, &format!("accepted_{name}"))) {
            (Ok(schema), true) => check_texts(&schema, line).map_err(|e| format!("{name}: {e}"))?,
            (Err(error), false) => check_refusal(&error, &line["errors"][name], text(line, "schema_text"))?,
            (Ok(_), false) => return Err(format!("{name}: accepted")),
            (Err(error), true) => return Err(format!("{name}: {error}")),
        }
    }
    Ok(())
}

/// Everything that is written from a schema, whichever way it was read.
fn check_texts(schema: &Schema, line: &Value) -> Result<(), String> {
    let canonical = schema.parsing_canonical_form();
    same("to_string", schema.to_text().as_str(), text(line, "to_string"))?;
    same("pcf", canonical.as_str(), text(line, "pcf"))?;
    let crc64 = fingerprint::crc64(canonical.as_bytes());
    same("fingerprint", schema.fingerprint(), crc64)?;
    same("crc64", format!("{crc64:016x}").as_str(), text(line, "crc64"))?;
    same("md5", hex(&fingerprint::md5(canonical.as_bytes())).as_str(), text(line, "md5"))?;
    same("sha256", hex(&fingerprint::sha256(canonical.as_bytes())).as_str(), text(line, "sha256"))
}

/// Where Java's text is not ours: it names what is in its memory, what its newest release alone refuses, its own
/// limits, or a place that is beside the error.
const OTHER_WORDS: [(&str, &str); 5] = [
    (
        "Unknown schema: org.apache.avro.compiler.Unresolved",
        "Unknown schema: org.apache.avro.compiler.Unresolved",
    ),
    ("A schema \"type\" MUST be a primitive type", "Undefined schema: "),
    ("Cannot read arrays longer than", "Malformed data. Length is too large: "),
    ("Index -1 out of bounds for length 0", "Empty name"),
    ("Cannot invoke \"String.toUpperCase(", "No enum constant org.apache.avro.Schema.Field.Order."),
];

/// The texts of refusals are ours to choose; the registry's clients know Java's, but for a few that make no sense here.
/// A refusal says what was expected, and where.
fn check_refusal(error: &ParseError, java: &Value, schema: &str) -> Result<(), String> {
    let java = text(java, "error_message").lines().next().unwrap_or_default();
    let ours = error.message().lines().next().unwrap_or_default();
    let known = OTHER_WORDS.iter().any(|(theirs, own)| java.starts_with(theirs) && ours.starts_with(own));
    if !known {
        same("message", ours, java)?;
    }
    let line = schema.split('\n').nth(error.line().wrapping_sub(1));
    let width = line.map(|line| line.chars().count());
    if width.is_none_or(|width| error.column() == 0 || error.column() > width + 1) {
        return Err(format!("{}:{} is no place in the text", error.line(), error.column()));
    }
    if error.expected().is_empty() {
        return Err(format!("says not what is expected: {error}"));
    }
    Ok(())
}

#[test]
fn texts_are_parsed_as_by_java() {
    Corpus { file: "parse.jsonl", lines: 1267, open: 32 }.replay(check_parse);
}

/// The registry that this follows ships an older release of Avro Java; where the releases differ, its answer counts.
#[test]
fn a_reference_may_be_an_object() {
    fn check(line: &Value) -> Result<(), String> {
        let Some(older) = line["java_1_12_1"].as_object() else { return Ok(()) };
        let mut line = line.clone();
        line.as_object_mut().expect("an object").extend(older.clone());
        check_parse(&line)
    }
    // The lines are open in the corpus: here they are not.
    fn check_strictly(line: &Value) -> Result<(), String> {
        check(line).unwrap_or_else(|e| panic!("{}: {e}", line["name"]));
        Ok(())
    }
    Corpus { file: "parse.jsonl", lines: 1267, open: 32 }.replay(check_strictly);
}

fn check_text(line: &Value) -> Result<(), String> {
    let schema = text(line, "schema");
    match parse(schema, Mode::Register) {
        Ok(_) if line.get("canonical").is_none() => Err("accepted".to_owned()),
        Ok(schema) => check_canonical(&schema, line),
        Err(error) if line.get("canonical").is_some() => Err(error.to_string()),
        Err(error) => {
            check_message(&error, line)?;
            check_lenient(schema, &line["lenient"])
        }
    }
}

/// The stored texts, and the UUIDs of their hashes.
fn check_canonical(schema: &Schema, line: &Value) -> Result<(), String> {
    let guid = |text: &str| {
        let h = hex(&fingerprint::md5(text.as_bytes()));
        format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
    };
    let canonical = schema.to_text();
    same("canonical", canonical.as_str(), text(line, "canonical"))?;
    same("guid", guid(&canonical).as_str(), text(line, "guid"))?;
    let normalized = schema.normalized().map_err(|e| e.to_string())?.to_text();
    same("normalized", normalized.as_str(), text(line, "normalized"))?;
    same("normalized_guid", guid(&normalized).as_str(), text(line, "normalized_guid"))
}

fn check_message(error: &ParseError, line: &Value) -> Result<(), String> {
    if let Some(prefix) = line["error_prefix"].as_str() {
        return match error.message().starts_with(prefix) {
            true => Ok(()),
            false => Err(format!("error: {}\n    expected {prefix}...", error.message())),
        };
    }
    // The registry does not parse a text without content, and has its own word for it.
    let ours = if text(line, "schema").trim().is_empty() { "Empty schema" } else { error.message() };
    same("error", ours, text(line, "error"))
}

/// What a look-up makes of a text that cannot be registered.
fn check_lenient(schema: &str, expected: &Value) -> Result<(), String> {
    match (parse(schema, Mode::Lookup), expected.as_str()) {
        (Ok(schema), Some(expected)) => same("lenient", schema.to_text().as_str(), expected),
        (Err(_), None) => Ok(()),
        (Ok(_), None) => Err("accepted when read leniently".to_owned()),
        (Err(error), Some(_)) => Err(format!("lenient: {error}")),
    }
}

#[test]
fn texts_are_printed_as_by_the_registry() {
    Corpus { file: "avro-text.jsonl", lines: 452, open: 0 }.replay(check_text);
}
