//! For merge requests: a Code Quality report of GitLab, which is a JSON list.

use std::collections::BTreeMap;

use super::identity::{digits, identity};
use super::located::{At, Files, check_file};
use super::printable::printable;
use super::tree::Tree;
use super::words::{clip, message, reason, relation, subject_against, waiver};
use crate::finding::{Finding, Severity};
use crate::verdict::{Check, Outcome, Verdict};

pub(super) fn render(verdict: &Verdict) -> String {
    let files = Files::of(verdict);
    let mut fingerprints = Fingerprints::default();
    let not_compared = verdict.checks.iter().filter(|check| check.outcome == Outcome::NotCompared);
    let issues = not_compared.map(|check| (check_identity(check), Issue::not_compared(check))).chain(
        verdict.findings.iter().map(|finding| (identity(finding), Issue::found(finding, &files.at(finding)))),
    );
    let issues: Vec<Tree> = issues.map(|(id, issue)| issue.tree(&fingerprints.unique(id))).collect();
    Tree::List(issues).to_text()
}

/// How many characters of a description are taken.
const LONGEST: usize = 2_000;

struct Issue {
    description: String,
    check_name: &'static str,
    severity: &'static str,
    path: String,
    line: usize,
}

impl Issue {
    fn found(finding: &Finding, at: &At<'_>) -> Self {
        let relation = relation(finding).map_or_else(String::new, |relation| format!(": {relation}"));
        let waived = finding.waived.as_ref().map_or_else(String::new, |w| format!(" (waived {})", waiver(w)));
        let severity = match (&finding.waived, finding.severity) {
            (Some(_), _) | (None, Severity::Note) => "info",
            (None, Severity::Warning) => "minor",
            (None, Severity::Error) => "critical",
        };
        Self {
            description: format!("{}{relation}{waived}", message(finding)),
            check_name: finding.rule.id,
            severity,
            path: at.file.to_owned(),
            line: at.line(),
        }
    }

    fn not_compared(check: &Check) -> Self {
        let reason = reason(check).unwrap_or_default();
        Self {
            description: format!("not compared: {}: {reason}", subject_against(check)),
            check_name: "NOT-COMPARED",
            severity: "blocker",
            path: check_file(check).to_owned(),
            line: 1,
        }
    }

    fn tree(&self, fingerprint: &str) -> Tree {
        let location =
            Tree::object().with("path", &self.path).with("lines", Tree::object().with("begin", self.line));
        Tree::object()
            .with("description", printable(&clip(&self.description, LONGEST)).as_ref())
            .with("check_name", self.check_name)
            .with("fingerprint", fingerprint)
            .with("severity", self.severity)
            .with("location", location)
    }
}

/// GitLab shows one of those that have the same fingerprint: the second and later ones are told apart by their number.
#[derive(Default)]
struct Fingerprints(BTreeMap<String, usize>);

impl Fingerprints {
    fn unique(&mut self, identity: String) -> String {
        let seen = self.0.entry(identity.clone()).or_default();
        *seen += 1;
        if *seen == 1 { identity } else { digits(&[&identity, &seen.to_string()]) }
    }
}

fn check_identity(check: &Check) -> String {
    let texts = [check.file.as_deref(), check.subject.as_deref(), Some(check.baseline.as_str())];
    let [file, subject, baseline] = texts.map(Option::unwrap_or_default);
    digits(&["NOT-COMPARED", file, subject, baseline])
}
