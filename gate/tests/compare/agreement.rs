//! The verdicts are those that registries and Avro's own checker gave, and every finding points at something.

use std::fs;

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::{Direction, Level};
use ottla_formats::json::{self, Value};
use ottla_gate::compare::Released;
use ottla_gate::finding::Rollout;

use crate::places::check_place;
use crate::sources::{compared, load, released};

/// Recorded answers: the file, the keys of what was written and of what reads, and how many lines there are.
const CORPORA: [(&str, &str, &str, usize); 2] =
    [("avro-compat.jsonl", "old", "new", 470), ("compat.jsonl", "writer", "reader", 733)];

/// How many pairs are compared, and how many of those are said to be incompatible.
#[derive(Default)]
struct Counts {
    pairs: usize,
    broken: usize,
    findings: usize,
    /// Texts that may not be registered.
    refused: usize,
}

#[test]
fn verdicts_are_those_of_the_registry() {
    for (file, written, read, lines) in CORPORA {
        let path = format!("{}/../formats/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(&path).expect("the recorded answers");
        let mut counts = Counts::default();
        for (at, line) in text.lines().enumerate() {
            let (line, _) = json::parse(line).expect("a line of JSON");
            let text = |key: &str| line.get(key).and_then(Value::as_str).expect("a text").to_owned();
            let Some(Value::Bool(expected)) = line.get("compatible") else {
                panic!("{file}:{at}: no verdict")
            };
            let name = format!("{file}:{}", at + 1);
            check_pair(&name, &text(written), &text(read), *expected, &mut counts);
        }
        assert_eq!(counts.pairs, lines, "{file} has lost or gained lines");
        assert!(counts.refused < lines / 50, "{file}: {} were not compared", counts.refused);
        assert!(counts.broken > lines / 4, "{file}: only {} break", counts.broken);
        assert!(counts.findings >= counts.broken, "{file}");
    }
}

/// The reader follows the writer with BACKWARD, and the writer the reader with FORWARD.
fn check_pair(name: &str, writer: &str, reader: &str, expected: bool, counts: &mut Counts) {
    counts.pairs += 1;
    counts.broken += usize::from(!expected);
    for (now, before, level, direction) in [
        (reader, writer, Level::Backward, Direction::Backward),
        (writer, reader, Level::Forward, Direction::Forward),
    ] {
        let loaded = load(&[("a.avsc", now)], Mode::Lookup);
        if !loaded.errors.is_empty() {
            counts.refused += 1;
            continue;
        }
        let history: [Released; 1] = [released("version 1", &[("a.avsc", before)], "a.avsc")];
        let found = compared(&loaded.sources, 0, &history, level);
        assert_eq!(found.findings.is_empty(), expected, "{name} {level}: {:#?}", found.findings);
        counts.findings += found.findings.len();
        for finding in &found.findings {
            assert_eq!(finding.direction, Some(direction), "{name}");
            assert!(finding.fix.is_some() && finding.consequence.is_some(), "{name}");
            check_place(finding.place.as_ref().expect("a place"), &[("a.avsc", now)]);
        }
        check_rollout(name, found.rollout, found.is_unchanged, direction, expected);
    }
}

/// The order of going over says the same as the verdict does.
fn check_rollout(
    name: &str,
    rollout: Option<Rollout>,
    is_unchanged: bool,
    direction: Direction,
    expected: bool,
) {
    assert_eq!(rollout.is_none(), is_unchanged, "{name}");
    let Some(rollout) = rollout else { return };
    let fits = match direction {
        Direction::Backward => matches!(rollout, Rollout::Any | Rollout::ConsumersFirst),
        Direction::Forward => matches!(rollout, Rollout::Any | Rollout::ProducersFirst),
    };
    assert_eq!(fits, expected, "{name}: {rollout:?}");
}
