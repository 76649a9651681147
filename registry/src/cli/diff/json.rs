//! The outcome for programs:
//!
//! ```json
//! {
//!   "ottlaDiff": 1,
//!   "old": {"name": "orders-value:1", "kind": "registry", "label": "version 1", "origin": "http://localhost:8081"},
//!   "new": {"name": "order.avsc", "kind": "file", "label": "order.avsc"},
//!   "same": false,
//!   "changes": [
//!     {"kind": "type-changed", "change": "changed", "path": "Order.total", "words": "field Order.total: type int -> string",
//!      "old": "int", "new": "string"}
//!   ],
//!   "backward": {"compatible": false, "findings": [
//!     {"rule": "AVRO-TYPE", "message": "…", "pointer": "/fields/0/type", "file": "order.avsc", "line": 3, "column": 29,
//!      "consequence": "…", "old": "\"int\"", "new": "\"string\"", "fix": "…"}
//!   ]},
//!   "forward": {"compatible": false, "findings": []},
//!   "rollout": {"order": "never", "advice": "…"}
//! }
//! ```
//!
//! `change` is `added`, `removed` or `changed`; kinds are those of `ottla_gate::diff::ChangeKind`. What is not known has no
//! member. `backward`: does the new schema read what the old one wrote; `forward` the reverse.

use ottla_gate::diff::Change;
use ottla_gate::finding::Finding;
use serde::Serialize;

use super::outcome::{Outcome, Verdict};
use super::side::Side;

/// Raised when a member changes its meaning or goes, not when one is added.
const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    ottla_diff: u32,
    old: Named<'a>,
    new: Named<'a>,
    same: bool,
    changes: Vec<Difference<'a>>,
    backward: Judged<'a>,
    forward: Judged<'a>,
    rollout: Order,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    kind: &'a str,
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
}

#[derive(Serialize)]
struct Difference<'a> {
    kind: &'static str,
    change: &'static str,
    path: &'a str,
    words: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct Judged<'a> {
    compatible: bool,
    findings: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    rule: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<Lines<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consequence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'a str>,
}

#[derive(Serialize)]
struct Lines<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Order {
    order: &'static str,
    advice: &'static str,
}

/// One document, which ends with a line end.
pub(super) fn render(old: &Side, new: &Side, outcome: &Outcome) -> serde_json::Result<String> {
    let document = Document {
        ottla_diff: VERSION,
        old: named(old),
        new: named(new),
        same: outcome.changes.is_empty(),
        changes: outcome.changes.iter().map(difference).collect(),
        backward: judged(&outcome.backward, new),
        forward: judged(&outcome.forward, new),
        rollout: Order { order: outcome.rollout.name(), advice: outcome.rollout.advice() },
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

fn named(side: &Side) -> Named<'_> {
    Named { name: &side.name, kind: side.kind, label: &side.label, origin: side.origin.as_deref() }
}

fn difference(change: &Change) -> Difference<'_> {
    Difference {
        kind: change.kind.name(),
        change: change.kind.sign().name(),
        path: &change.path,
        words: &change.words,
        old: change.old.as_deref(),
        new: change.new.as_deref(),
    }
}

fn judged<'a>(verdict: &'a Verdict, new: &Side) -> Judged<'a> {
    let findings = verdict.findings.iter().map(|finding| told(finding, new)).collect();
    Judged { compatible: verdict.is_compatible, findings }
}

fn told<'a>(finding: &'a Finding, new: &Side) -> Told<'a> {
    let place = finding.place.as_ref();
    let lines = place.filter(|_| new.has_lines()).map(|place| Lines {
        file: &place.file,
        line: place.position.line,
        column: place.position.column,
    });
    Told {
        rule: finding.rule.id,
        message: &finding.message,
        pointer: place.map(|place| place.pointer.as_str()),
        place: lines,
        consequence: finding.consequence.as_deref(),
        old: finding.old.as_deref(),
        new: finding.new.as_deref(),
        fix: finding.fix.as_deref(),
    }
}
