//! Bytes that are made to do harm: they are refused within bounds of memory, stack and time.

use std::time::Duration;

use crate::containers::container;
use crate::data::{Files, long, prefixed};
use crate::run::{bound, failed, run};

const LIST: &str = r#"{"type":"record","name":"List","fields":[{"name":"next","type":["null","List"]}]}"#;
const PATIENCE: Duration = Duration::from_secs(20);

/// A message of a schema is refused; why.
fn refused(schema: &str, bytes: &[u8]) -> String {
    let files = Files::new();
    let path = files.write("schema.avsc", schema);
    let ended = run(&mut bound(&["--bare", "--schema", &path]), bytes);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{ended:?}");
    assert!(ended.took < PATIENCE, "{:?}", ended.took);
    ended.err
}

#[test]
fn values_that_nest_too_deeply() {
    let err = refused(LIST, &[2; 100_000]);
    assert!(err.ends_with(": values nest too deeply\n") && err.contains("List.next.next"), "{err}");
    assert!(err.len() < 500, "{err}");
    // As deep as it may be.
    let files = Files::new();
    let path = files.write("schema.avsc", LIST);
    let mut deepest = vec![2; 255];
    deepest.push(0);
    let ended = run(&mut bound(&["--bare", "--schema", &path]), &deepest);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.out.matches("next").count(), 256);
    // Without any byte.
    let err = refused(r#"{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}"#, &[]);
    assert!(err.contains(": "), "{err}");
    let arrays =
        r#"{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"R"}}]}"#;
    let err = refused(arrays, &[2; 100_000]);
    assert!(err.ends_with(": values nest too deeply\n"), "{err}");
    let maps = r#"{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"map","values":"R"}}]}"#;
    let err = refused(maps, &[2, 0].repeat(50_000));
    assert!(err.ends_with(": values nest too deeply\n"), "{err}");
}

#[test]
fn lengths_and_counts_that_are_lies() {
    for huge in [i64::MAX, i64::MAX / 2, 1 << 40, i64::from(i32::MAX), 1 << 28] {
        let long = long(huge);
        for schema in ["\"string\"", "\"bytes\"", r#"{"type":"map","values":"null"}"#] {
            let err = refused(schema, &long);
            assert!(err.ends_with(" at byte 0: the bytes end too early\n"), "{schema} {err}");
        }
        let err = refused(r#"{"type":"array","items":"null"}"#, &long);
        assert!(err.ends_with("array at byte 0: items take more memory than is allowed\n"), "{err}");
    }
    let arrays = r#"{"type":"array","items":{"type":"array","items":{"type":"array","items":"int"}}}"#;
    let err = refused(arrays, &[long(1 << 25), long(1 << 25), long(1 << 25)].concat());
    assert!(err.ends_with("at byte 8: items take more memory than is allowed\n"), "{err}");
    let err = refused(r#"{"type":"array","items":"int"}"#, &[long(i64::MIN), long(0)].concat());
    assert!(err.ends_with("array at byte 0: a length is negative\n"), "{err}");
}

/// Each record holds two of the next: 2^40 values without a byte.
fn doubling() -> String {
    let mut schema = r#"{"type":"record","name":"R0","fields":[]}"#.to_owned();
    for level in 1..=40 {
        let inner = level - 1;
        schema = format!(
            r#"{{"type":"record","name":"R{level}","fields":[{{"name":"a","type":{schema}}},{{"name":"b","type":"R{inner}"}}]}}"#
        );
    }
    schema
}

#[test]
fn texts_that_become_too_long() {
    let err = refused(&doubling(), &[]);
    assert!(err.ends_with(" at byte 0: the text becomes too long\n"), "{err}");
    let file = container(&[("avro.schema", &doubling())], &[(1, &[])]);
    let ended = run(&mut bound(&[]), &file);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    assert!(ended.err.ends_with(": the text becomes too long\n"), "{}", ended.err);
    assert!(ended.took < PATIENCE, "{:?}", ended.took);
}

#[test]
fn container_files_that_are_lies() {
    let header = [("avro.schema", "\"int\"")];
    let start = container(&header, &[]);
    for (more, words) in [
        ([long(1), long(i64::MAX)].concat(), "its size is 9223372036854775807 bytes, more than 268435456"),
        ([long(1), long(1 << 28)].concat(), "the file ends at byte"),
        (
            [long(i64::MAX), long(1), vec![2], vec![7; 16]].concat(),
            "it has 9223372036854775807 objects in 1 bytes",
        ),
    ] {
        let (out, err) = failed(&mut bound(&[]), &[&start[..], &more].concat());
        assert_eq!(out, "");
        assert!(
            err.starts_with(&format!("ottla: standard input: the block at byte {}: ", start.len())),
            "{err}"
        );
        assert!(err.contains(words), "{err}");
    }
    for (more, words) in [
        ([long(i64::MAX), prefixed("a"), prefixed("b")].concat(), "the file ends at byte"),
        (
            [long(i64::MAX), [prefixed(""), prefixed("")].concat().repeat(5000)].concat(),
            "more than 1000 entries",
        ),
        ([long(1), long(i64::MAX)].concat(), "a key of the header has 9223372036854775807 bytes"),
        ([long(1), long(-1)].concat(), "a key of the header has -1 bytes"),
        ([long(1), long(1 << 24)].concat(), "the file ends at byte"),
    ] {
        let (out, err) = failed(&mut bound(&[]), &[b"Obj\x01", &more[..]].concat());
        assert!(out.is_empty() && err.contains(words), "{err}");
    }
    // Objects without a byte.
    let nulls = container(&[("avro.schema", "\"null\"")], &[(1 << 40, &[])]);
    let (out, err) = failed(&mut bound(&[]), &nulls);
    assert!(out.is_empty() && err.contains("it has 1099511627776 objects in 0 bytes"), "{err}");
}

/// Schemas are not believed either.
#[test]
fn schemas_of_container_files() {
    let deep = format!("{}\"int\"{}", r#"{"type":"array","items":"#.repeat(50_000), "}".repeat(50_000));
    let (out, err) = failed(&mut bound(&[]), &container(&[("avro.schema", &deep)], &[(1, &[0])]));
    assert!(out.is_empty() && err.starts_with("ottla: standard input: the schema of the header: "), "{err}");
    let wide = r#"{"type":"bytes","logicalType":"decimal","precision":2000000000,"scale":2000000000}"#;
    let ended = run(&mut bound(&[]), &container(&[("avro.schema", wide)], &[(1, &[2, 1])]));
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), "\"1E-2000000000\"\n"));
    let many = r#"{"type":"bytes","logicalType":"decimal","precision":2000000000,"scale":2}"#;
    let number = prefixed(vec![0x7f; 1 << 20]);
    let ended = run(&mut bound(&[]), &container(&[("avro.schema", many)], &[(1, &number)]));
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(
        ended.out.starts_with("\"0x7f7f") && ended.out.ends_with("7f*10^-2\"\n") && ended.took < PATIENCE
    );
}
