//! A finding is the same as an earlier one when lines move, and another one when anything else does.

use std::collections::BTreeSet;

use ottla_formats::compatibility::Direction;
use ottla_formats::json::{self, Value};
use ottla_gate::finding::{Finding, Place};
use ottla_gate::report::Format;
use ottla_gate::rule;
use ottla_gate::verdict::Verdict;

use super::{rendered, verdicts};

/// What code scanning knows a finding by.
fn fingerprint(finding: Finding) -> String {
    let text = rendered(Format::Sarif, &Verdict { findings: vec![finding], ..Verdict::default() });
    let (log, _) = json::parse(&text).expect("JSON");
    let result = &log.get("runs").and_then(Value::as_array).expect("runs")[0]
        .get("results")
        .and_then(Value::as_array)
        .expect("results")[0];
    let fingerprints = result.get("partialFingerprints").expect("fingerprints");
    fingerprints.get("ottla/v1").and_then(Value::as_str).expect("ours").to_owned()
}

fn placed(place: Place) -> Finding {
    Finding { place: Some(place), ..verdicts::incompatible() }
}

#[test]
fn lines_may_move() {
    let known = fingerprint(verdicts::incompatible());
    let moved = [
        placed(verdicts::place("schemas/renamed.avsc", 90, 7, 3, "/fields/4")),
        Finding { message: "other words".into(), fix: None, old: None, ..verdicts::incompatible() },
        Finding { baseline: Some("registry:https://example.com".into()), ..verdicts::incompatible() },
    ];
    for finding in moved {
        assert_eq!(fingerprint(finding.clone()), known, "{finding:?}");
    }
}

#[test]
fn a_commit_is_no_part_of_it() {
    let against = |commit: &str| Finding {
        baseline: Some(verdicts::GIT.into()),
        version: Some(commit.into()),
        ..verdicts::incompatible()
    };
    assert_eq!(fingerprint(against("1a2b3c4")), fingerprint(against("5d6e7f8")));
}

#[test]
fn anything_else_makes_another_one() {
    let others = [
        verdicts::incompatible(),
        Finding { rule: &rule::TYPE, ..verdicts::incompatible() },
        Finding { subject: Some("other-value".into()), ..verdicts::incompatible() },
        Finding { baseline: Some("lock:schemas/ottla.lock".into()), ..verdicts::incompatible() },
        Finding { version: Some("version 2".into()), ..verdicts::incompatible() },
        Finding { direction: Some(Direction::Forward), ..verdicts::incompatible() },
        placed(verdicts::place("schemas/order_created.avsc", 9, 5, 38, "/fields/5")),
    ];
    let number = others.len();
    let fingerprints: BTreeSet<String> = others.into_iter().map(fingerprint).collect();
    assert_eq!(fingerprints.len(), number);
}

#[test]
fn code_quality_tells_all_apart() {
    let one = verdicts::incompatible();
    let findings = vec![one.clone(), Finding { message: "again".into(), ..one.clone() }, one];
    let text = rendered(Format::Gitlab, &Verdict { findings, ..Verdict::default() });
    let (issues, _) = json::parse(&text).expect("JSON");
    let issues = issues.as_array().expect("a list");
    let fingerprints: BTreeSet<&str> =
        issues.iter().filter_map(|issue| issue.get("fingerprint").and_then(Value::as_str)).collect();
    assert_eq!((issues.len(), fingerprints.len()), (3, 3), "{text}");
}
