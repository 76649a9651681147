//! Replays recorded answers, one JSON object a line.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::fmt::Write as _;
use std::fs;

use ottla_formats::avro::{Mode, Schema, parse};
use serde_json::Value;

/// A file of recorded answers.
pub struct Corpus {
    /// Its name in `tests/data`.
    pub file: &'static str,
    /// How many lines it has: a file that was cut short must not pass.
    pub lines: usize,
    /// How many of them show what Java does, and leave the answer to us.
    pub open: usize,
}

impl Corpus {
    /// Checks every line. Where the answer is ours to choose, there has to be one, without a panic.
    pub fn replay(&self, check: fn(&Value) -> Result<(), String>) {
        let path = format!("{}/tests/data/{}", env!("CARGO_MANIFEST_DIR"), self.file);
        let text = fs::read_to_string(&path).expect("the corpus");
        let (mut lines, mut open, mut failures) = (0, 0, Vec::new());
        for (at, line) in text.lines().enumerate() {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            let answer = check(&line);
            lines += 1;
            if line["binding"] == false {
                open += 1;
            } else if let Err(why) = answer {
                let name = line["name"].as_str().unwrap_or_default();
                failures.push(format!("{}:{} {name}\n    {why}", self.file, at + 1));
            }
        }
        assert_eq!((lines, open), (self.lines, self.open), "{path} has lost or gained lines");
        assert!(failures.is_empty(), "{} lines differ\n{}", failures.len(), failures.join("\n"));
    }
}

/// The schema in a member of a line, read leniently.
pub fn schema(line: &Value, key: &str) -> Schema {
    parse(text(line, key), Mode::Lenient).expect("a schema")
}

/// The text in a member of a line.
pub fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap_or_else(|| panic!("no text under {key}"))
}

/// The verdict in a member of a line.
pub fn verdict(line: &Value, key: &str) -> bool {
    line[key].as_bool().unwrap_or_else(|| panic!("no verdict under {key}"))
}

/// Compares an answer.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, answer: T, expected: T) -> Result<(), String> {
    if answer == expected { Ok(()) } else { Err(format!("{what}: {answer:?}\n    expected {expected:?}")) }
}

/// Bytes as digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
