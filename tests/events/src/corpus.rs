//! The corpora, as what they say.

use serde_json::Value;

use crate::sample::Type;

/// Values and their bytes.
pub const CODEC: &str = include_str!("../data/codec.jsonl");
/// What one schema wrote, read by another.
pub const RESOLVE: &str = include_str!("../../../formats/tests/data/resolve.jsonl");
/// Bytes that are no values.
pub const MALFORMED: &str = include_str!("../data/malformed.jsonl");

/// The lines of a corpus.
pub fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"))
}

/// The type of a line, unless the generator refuses its schema.
pub fn type_of(table: &'static [(&str, Option<Type>)], line: &Value) -> Option<&'static Type> {
    let name = line["name"].as_str().expect("a name");
    table.iter().find(|(known, _)| *known == name).expect("an entry for each line").1.as_ref()
}

/// Bytes in hexadecimal digits.
pub fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().expect("digits");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("digits")).collect()
}

/// The types of the corpus of values, each once, with the messages that they write.
pub fn messages() -> Vec<(&'static Type, Vec<Vec<u8>>)> {
    lines(CODEC)
        .map(|line| {
            let values = line["values"].as_array().expect("values");
            let bytes = values.iter().map(|value| hex(&value["binary_hex"])).collect();
            (type_of(crate::codec::TABLE, &line).expect("a type"), bytes)
        })
        .collect()
}
