//! Comparing is quick, and bounded where a schema is made to be slow.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use ottla_formats::avro::Mode;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::{MAX_FINDINGS, Released};
use ottla_gate::verdict::Verdict;

use crate::sources::{compared, released, sources};

fn record(name: &str, fields: usize, ty: &str) -> String {
    let mut text = format!(r#"{{"type": "record", "name": "{name}", "fields": ["#);
    for at in 0..fields {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(text, r#"{comma}{{"name": "field_{at}", "type": "{ty}"}}"#);
    }
    text.push_str("]}");
    text
}

/// A thousand schemas of thirty fields, ten versions of each: generous, as this is no release build.
#[test]
fn a_thousand_schemas() {
    let old = record("R", 30, "int");
    let version = released("version 1", &[("r.avsc", &old)], "r.avsc");
    let history: Vec<Released> = vec![version; 10];
    let (now, at) = sources(&[("r.avsc", &record("R", 30, "long"))], "r.avsc", Mode::Register);
    let begin = Instant::now();
    for _ in 0..1_000 {
        let found = compared(&now, at, &history, Level::BackwardTransitive);
        assert!(found.findings.is_empty());
        assert_eq!(found.versions.len(), 10);
    }
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
}

/// What is found many times is told so often that somebody can read it, and that there is more.
#[test]
fn no_more_is_told_than_can_be_read() {
    let (old, new) = (record("R", 5_000, "int"), record("R", 5_000, "string"));
    let history = [released("version 1", &[("r.avsc", &old)], "r.avsc")];
    let (now, at) = sources(&[("r.avsc", &new)], "r.avsc", Mode::Register);
    let begin = Instant::now();
    let found = compared(&now, at, &history, Level::FullTransitive).findings;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!(found.len(), MAX_FINDINGS + 1);
    let last = found.iter().find(|finding| finding.rule.id == "AVRO-LIMIT").expect("that there is more");
    assert_eq!(last.message, "there are more than 1000 findings: the others are not shown");
}

/// What breaks with every version of a long history is all told, and to people once.
#[test]
fn a_thousand_versions() {
    let (old, new) = (record("R", 3, "int"), record("R", 3, "string"));
    let version = released("version 1", &[("r.avsc", &old)], "r.avsc");
    let label = |number: usize| Released { label: format!("version {number}"), ..version.clone() };
    let history: Vec<Released> = (1..=1_000).rev().map(label).collect();
    let (now, at) = sources(&[("r.avsc", &new)], "r.avsc", Mode::Register);
    let begin = Instant::now();
    let findings = compared(&now, at, &history, Level::BackwardTransitive).findings;
    assert_eq!(findings.len(), 3_000);
    let mut verdict = Verdict { checks: Vec::new(), findings };
    verdict.sort();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    let told: Vec<_> = verdict.findings.iter().map(|f| (f.version.as_deref(), f.message.as_str())).collect();
    let message = |at: usize| format!("type of field \"field_{at}\" is string, version 1000 wrote int");
    let expected: Vec<_> = (0..3).map(message).collect();
    let versions = Some("versions 1 to 1000");
    assert_eq!(told, expected.iter().map(|message| (versions, message.as_str())).collect::<Vec<_>>());
}

/// Many fields that are gone, and as many new ones: no comparison of each with each.
#[test]
fn many_renamed_fields() {
    let old = record("R", 900, "int");
    let history = [released("version 1", &[("r.avsc", &old)], "r.avsc")];
    let new = record("R", 900, "int").replace("field_", "other_");
    let (now, at) = sources(&[("r.avsc", &new)], "r.avsc", Mode::Register);
    let begin = Instant::now();
    assert_eq!(compared(&now, at, &history, Level::Backward).findings.len(), 900);
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

/// Unions of records in unions of records: each pair is looked into once.
#[test]
fn nested_unions_that_differ() {
    let nested = |ty: &str| {
        (0..40).fold(format!("\"{ty}\""), |inner, at| {
            format!(
                r#"["null", {{"type": "record", "name": "R{at}", "fields": [{{"name": "a", "type": {inner}}}, {{"name": "b", "type": ["null", "{ty}"]}}]}}]"#
            )
        })
    };
    let (old, new) = (nested("int"), nested("string"));
    let history = [released("version 1", &[("r.avsc", &old)], "r.avsc")];
    let (now, at) = sources(&[("r.avsc", &new)], "r.avsc", Mode::Register);
    let begin = Instant::now();
    let found = compared(&now, at, &history, Level::Backward).findings;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!(found.len(), 41, "{found:#?}");
}
