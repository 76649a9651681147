//! What Apache Avro Java reads with one schema that was written with another.

mod corpus;
mod decoder;

use corpus::{Corpus, hex, same, schema, text, verdict};
use decoder::{decode_by_plan, encode, same_json, to_json};
use ottla_formats::avro::resolve::Node;
use ottla_formats::avro::{Mode, Plan, PlanError, Reader, Schema, Writer, parse, resolve};
use serde_json::Value;

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn check_line(line: &Value) -> Result<(), String> {
    let (writer, reader) = (schema(line, "writer"), schema(line, "reader"));
    let resolution = resolve(Writer(&writer), Reader(&reader));
    same("compatible", resolution.is_compatible(), verdict(line, "compatible"))?;
    let plan = resolution.plan();
    if !resolution.is_compatible() {
        // Java's reader is laxer than its checker; a pair is refused as a whole here.
        return same("plan", plan.err(), Some(PlanError::Incompatible));
    }
    let cases = line["cases"].as_array().filter(|cases| !cases.is_empty()).ok_or("no cases")?;
    cases.iter().try_for_each(|case| check_case(case, &plan, &reader))
}

/// Reads a value by the plan, and writes it with the reader's schema.
fn check_case(case: &Value, plan: &Result<Plan, PlanError>, reader: &Schema) -> Result<(), String> {
    let bytes = from_hex(text(case, "writer_hex"));
    let read = match plan {
        Ok(plan) => decode_by_plan(plan, reader, &bytes),
        Err(e) => Err(e.to_string()),
    };
    match (read, case.get("reader_hex").is_some()) {
        (Err(_), false) => Ok(()),
        (Ok(value), false) => Err(format!("reads {value:?} from {}", case["writer_hex"])),
        (Err(e), true) => Err(e),
        (Ok(value), true) => {
            let json = to_json(reader, reader.root(), &value);
            if !same_json(&json, &case["reader_json"]) {
                return Err(format!("reads {json}\n    expected {}", case["reader_json"]));
            }
            let mut bytes = Vec::new();
            encode(reader, reader.root(), &value, &mut bytes);
            same("bytes", hex(&bytes).as_str(), text(case, "reader_hex"))
        }
    }
}

#[test]
fn reads_what_avro_java_reads() {
    Corpus { file: "resolve.jsonl", lines: 411, open: 10 }.replay(check_line);
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

/// The branch of a reader's union that takes what was written without one: as Avro Java's reader chooses.
#[test]
fn the_branch_of_a_union_is_the_nearest() {
    let record = |name: &str, aliases: &str, fields: &str| {
        format!(r#"{{"type":"record","name":"{name}","aliases":[{aliases}],"fields":[{fields}]}}"#)
    };
    let any = |name: &str| record(name, "", "");
    let other = |name: &str| record(name, "", r#"{"name":"needed","type":"int"}"#);
    let written = any("a.R");
    let cases = [
        // The same type first, then the first that it can be promoted to.
        ("\"int\"", r#""null","long","int""#.to_owned(), 2),
        ("\"int\"", r#""null","double","long""#.to_owned(), 1),
        ("\"string\"", r#""int","bytes""#.to_owned(), 1),
        // The full name, then an alias, then the last of the same simple name; and only what can be read.
        (&written, [any("b.R"), record("c.S", r#""a.R""#, ""), any("a.R")].join(","), 2),
        (&written, [any("b.R"), record("c.S", r#""a.R""#, ""), any("d.R")].join(","), 1),
        (&written, [any("b.R"), any("c.R"), any("d.S")].join(","), 1),
        (&written, [any("b.R"), other("c.R")].join(","), 0),
        (&written, [any("b.R"), other("a.R")].join(","), 0),
    ];
    for (writer, branches, expected) in cases {
        let writer = parse(writer, Mode::Strict).expect("a schema");
        let reader = parse(&format!("[{branches}]"), Mode::Strict).expect("a schema");
        let plan = resolve(Writer(&writer), Reader(&reader)).plan().expect("a plan");
        match plan.node(plan.root()) {
            Node::ReaderUnion { branch, .. } => assert_eq!(branch, expected, "{branches}"),
            node => panic!("{node:?} for {branches}"),
        }
    }
}
