//! For annotations: workflow commands of GitHub, a line each.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step beside the code, so what weighs more comes first. All of
//! them are in the log.

use super::located::{At, Files, check_file};
use super::printable::printable;
use super::summary::Summary;
use super::words::{lines, reason, subject_against};
use crate::finding::{Finding, Severity};
use crate::verdict::{Check, Outcome, Verdict};

pub(super) fn render(verdict: &Verdict) -> String {
    let files = Files::of(verdict);
    let mut out = String::new();
    let of = |severity| move |finding: &&Finding| weight(finding) == severity;
    for finding in verdict.findings.iter().filter(of(Severity::Error)) {
        out.push_str(&command(finding, &files.at(finding)));
    }
    for check in verdict.checks.iter().filter(|check| check.outcome == Outcome::NotCompared) {
        out.push_str(&not_compared(check));
    }
    for severity in [Severity::Warning, Severity::Note] {
        for finding in verdict.findings.iter().filter(of(severity)) {
            out.push_str(&command(finding, &files.at(finding)));
        }
    }
    out.push_str(&format!("ottla: {}\n", Summary::of(verdict)));
    out
}

/// What somebody answers for is worth knowing, no more.
fn weight(finding: &Finding) -> Severity {
    if finding.waived.is_some() { Severity::Note } else { finding.severity }
}

fn command(finding: &Finding, at: &At<'_>) -> String {
    let name = match weight(finding) {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![format!("file={}", property(at.file))];
    if let Some(place) = at.place {
        properties.push(format!("line={}", at.line()));
        properties.push(format!("endLine={}", at.end_line()));
        // Columns are of one line.
        if at.line() == at.end_line() {
            properties.push(format!("col={}", place.position.column.max(1)));
        }
    }
    let waived = if finding.waived.is_some() { " (waived)" } else { "" };
    properties.push(format!("title={}", property(&format!("{}{waived}", finding.rule.id))));
    let lines: Vec<String> = lines(finding).iter().map(|line| data(line)).collect();
    format!("::{name} {}::{}\n", properties.join(","), lines.join("%0A"))
}

fn not_compared(check: &Check) -> String {
    let about = format!("{}: {}", subject_against(check), reason(check).unwrap_or_default());
    let file = check.file.as_ref().map(|_| format!("file={},", property(check_file(check))));
    format!("::error {}title=NOT COMPARED::{}\n", file.unwrap_or_default(), data(&printable(&about)))
}

/// A text behind the second pair of colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
