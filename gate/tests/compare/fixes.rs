//! What a fix says to write is written, and then nothing is found.

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::Level;
use ottla_gate::finding::Finding;

use crate::places::offset;
use crate::sources::{compared, released, sources};

/// The fields of a record of an order, as far as they matter.
fn order(fields: &str) -> String {
    format!(r#"{{"type": "record", "name": "com.example.Order", "fields": [{fields}]}}"#)
}

fn found(old: &str, new: &str) -> Vec<Finding> {
    let (now, at) = sources(&[("a.avsc", new)], "a.avsc", Mode::Register);
    let history = [released("version 1", &[("a.avsc", old)], "a.avsc")];
    compared(&now, at, &history, Level::Backward).findings
}

/// How what a fix says is written.
enum Written {
    /// In the place of the value.
    Instead,
    /// Behind the value, in the object that it stands in.
    Behind,
    /// As the last member of the object.
    Inside,
}

/// What stands in a fix from a text on up to its end or another text.
fn said<'f>(fix: &'f str, from: &str, to: &str) -> &'f str {
    let rest = fix.split_once(from).unwrap_or_else(|| panic!("no {from:?} in {fix:?}")).1;
    rest.split_once(to).map_or(rest, |(said, _)| said)
}

fn mended(new: &str, finding: &Finding, said: &str, written: &Written) -> String {
    let place = finding.place.as_ref().expect("a place");
    let (from, to) = (offset(new, place.position), offset(new, place.end));
    let (before, value, after) = (&new[..from], &new[from..to], &new[to..]);
    match written {
        Written::Instead => format!("{before}{said}{after}"),
        Written::Behind => format!("{before}{value}, {said}{after}"),
        Written::Inside => {
            format!("{before}{}, {said}}}{after}", value.strip_suffix('}').expect("an object"))
        }
    }
}

/// `from` and `to`: what stands around the part of the fix that is to be written.
fn check((old, new): (&str, &str), (from, to): (&str, &str), written: &Written) {
    let (old, mut new) = (order(old), order(new));
    let count = found(&old, &new).len();
    assert_ne!(count, 0, "{new}");
    for _ in 0..count {
        let findings = found(&old, &new);
        let Some(finding) = findings.first() else { break };
        let fix = finding.fix.as_deref().expect("a fix");
        new = mended(&new, finding, said(fix, from, to), written);
    }
    assert_eq!(found(&old, &new), [], "{new}");
}

#[test]
fn of_types() {
    let union = ("the union ", ", or leave");
    for (old, new) in [
        (r#"{"name": "a", "type": "int"}"#, r#"{"name": "a", "type": "string"}"#),
        (
            r#"{"name": "a", "type": "int", "default": 1}"#,
            r#"{"name": "a", "type": "string", "default": "x"}"#,
        ),
        (r#"{"name": "a", "type": ["null", "int"]}"#, r#"{"name": "a", "type": "string"}"#),
        (
            r#"{"name": "a", "type": {"type": "array", "items": "long"}}"#,
            r#"{"name": "a", "type": {"type": "map", "values": "long"}}"#,
        ),
        (
            r#"{"name": "a", "type": {"type": "map", "values": "double"}}"#,
            r#"{"name": "a", "type": {"type": "map", "values": {"type": "enum", "name": "E", "symbols": ["A"]}}}"#,
        ),
    ] {
        check((old, new), union, &Written::Instead);
    }
    let keep = ("keep ", ", or leave");
    for (old, new) in [
        (
            r#"{"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}"#,
            r#"{"name": "at", "type": "int"}"#,
        ),
        (r#"{"name": "a", "type": ["null", "string"]}"#, r#"{"name": "a", "type": "string"}"#),
    ] {
        check((old, new), keep, &Written::Instead);
    }
}

#[test]
fn of_unions() {
    for (old, new) in [
        (r#"{"name": "a", "type": ["null", "int", "string"]}"#, r#"{"name": "a", "type": ["null", "int"]}"#),
        (r#"{"name": "a", "type": "string"}"#, r#"{"name": "a", "type": ["null", "int"]}"#),
        (r#"{"name": "a", "type": ["null", "string", "boolean"]}"#, r#"{"name": "a", "type": []}"#),
    ] {
        check((old, new), ("add a branch: ", "\n"), &Written::Instead);
    }
}

#[test]
fn of_names() {
    let aliases = (" give ", "; if not");
    for (word, rest) in
        [("record", r#""fields": []"#), ("enum", r#""symbols": ["A"]"#), ("fixed", r#""size": 3"#)]
    {
        let ty = |name: &str| {
            format!(r#"{{"name": "a", "type": {{"type": "{word}", "name": "{name}", {rest}}}}}"#)
        };
        let (old, new) = (order(&ty("Was")), order(&ty("Is")));
        let [finding] = found(&old, &new).try_into().expect("one finding");
        let fix = finding.fix.as_deref().expect("a fix");
        let alias = said(said(fix, aliases.0, aliases.1), "com.example.Is ", "\n");
        let new = mended(&new, &finding, alias, &Written::Behind);
        assert_eq!(found(&old, &new), [], "{new}");
    }
    let (was, is) = (r#"{"name": "amount", "type": "int"}"#, r#"{"name": "total", "type": "int"}"#);
    check((was, is), ("under a new name: ", "; if it is new"), &Written::Inside);
}

#[test]
fn of_symbols() {
    let ty = |symbols: &str| {
        format!(r#"{{"name": "a", "type": {{"type": "enum", "name": "E", "symbols": [{symbols}]}}}}"#)
    };
    check((&ty(r#""A", "B""#), &ty(r#""A""#)), ("as in ", "\n"), &Written::Behind);
    check((&ty(r#""A", "B""#), &ty(r#""A", "OTHER""#)), ("as in ", "\n"), &Written::Behind);
}
