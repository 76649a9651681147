//! For CI servers: JUnit's XML. A suite for each baseline, a test case for each file and subject; findings that are about no
//! baseline, such as those of lint rules, are test cases of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::printable::printable;
use super::summary::words;
use super::words::{clip, comparison, lines, message, reason, subject_against, waiver};
use crate::finding::{Finding, Severity};
use crate::verdict::{Check, Outcome, Verdict};

/// The suite of what is about no baseline.
const OTHER: &str = "findings";

/// How many characters of a message are taken.
const LONGEST: usize = 2_000;

/// What became of a test case.
enum Ending {
    Passed {
        output: String,
    },
    Skipped {
        message: String,
    },
    /// The flag: is it an error, rather than a failure?
    Broken {
        is_error: bool,
        kind: String,
        message: String,
        body: String,
    },
}

struct Case {
    class: String,
    name: String,
    ending: Ending,
}

pub(super) fn render(verdict: &Verdict, context: &Context<'_>) -> String {
    let suites = suites(verdict, context.fail_on);
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, failures, errors, _) = counts(all());
    out.push_str(&format!(
        "<testsuites name=\"ottla\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n"
    ));
    for (name, cases) in &suites {
        let (tests, failures, errors, skipped) = counts(cases.iter());
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\">\n",
            escape(name)
        ));
        cases.iter().for_each(|case| case.write(&mut out));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// By baseline; what is about none comes last.
fn suites(verdict: &Verdict, fail_on: Severity) -> Vec<(&str, Vec<Case>)> {
    let index = Index::of(verdict);
    let mut used = BTreeSet::new();
    let mut by_baseline: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for check in &verdict.checks {
        let found = index.about(check);
        used.extend(found.iter().copied());
        let findings: Vec<&Finding> = found.iter().map(|at| &verdict.findings[*at]).collect();
        by_baseline.entry(&check.baseline).or_default().push(case(check, &findings, fail_on));
    }
    let mut suites: Vec<_> = by_baseline.into_iter().collect();
    let others = verdict.findings.iter().enumerate().filter(|(at, _)| !used.contains(at));
    let others: Vec<Case> = others.map(|(_, finding)| case_of_finding(finding, fail_on)).collect();
    if !others.is_empty() {
        suites.push((OTHER, others));
    }
    suites
}

/// The findings, by what they are about.
struct Index<'v> {
    by_subject: BTreeMap<(&'v str, Option<&'v str>), Vec<usize>>,
    invalid: BTreeMap<&'v str, Vec<usize>>,
}

impl<'v> Index<'v> {
    fn of(verdict: &'v Verdict) -> Self {
        let mut index = Self { by_subject: BTreeMap::new(), invalid: BTreeMap::new() };
        for (at, finding) in verdict.findings.iter().enumerate() {
            if let Some(baseline) = &finding.baseline {
                index.by_subject.entry((baseline, finding.subject.as_deref())).or_default().push(at);
            } else if let Some(place) = &finding.place
                && finding.rule == &crate::rule::INVALID
            {
                index.invalid.entry(&place.file).or_default().push(at);
            }
        }
        index
    }

    /// Those about a check. What is wrong with a file is wrong against each baseline.
    fn about(&self, check: &Check) -> Vec<usize> {
        let of_subject = self.by_subject.get(&(check.baseline.as_str(), check.subject.as_deref()));
        let file = check.file.as_deref().filter(|_| check.outcome == Outcome::Invalid);
        let of_file = file.and_then(|file| self.invalid.get(file));
        of_subject.into_iter().chain(of_file).flatten().copied().collect()
    }
}

fn case(check: &Check, findings: &[&Finding], fail_on: Severity) -> Case {
    let counts = |finding: &&&Finding| finding.waived.is_none() && finding.severity >= fail_on;
    let breaking: Vec<&Finding> = findings.iter().filter(counts).copied().collect();
    let reason = reason(check).unwrap_or_else(|| words(check.outcome));
    let ending = match check.outcome {
        Outcome::NotCompared => broken(true, "NOT-COMPARED", reason, findings),
        Outcome::Incompatible | Outcome::Invalid | Outcome::Removed => {
            broken(false, check.outcome.name(), reason, findings)
        }
        _ if !breaking.is_empty() => broken(false, check.outcome.name(), reason, &breaking),
        Outcome::Unchecked => Ending::Skipped { message: reason.to_owned() },
        Outcome::Waived => {
            let waived = findings.iter().find_map(|finding| finding.waived.as_ref());
            let message =
                waived.map_or_else(|| reason.to_owned(), |waived| format!("waived {}", waiver(waived)));
            Ending::Skipped { message }
        }
        Outcome::New | Outcome::Unchanged | Outcome::Compatible => {
            Ending::Passed { output: passed(check, findings) }
        }
    };
    let class = check.file.clone().unwrap_or_else(|| check.baseline.clone());
    Case { class, name: subject_against(check), ending }
}

fn passed(check: &Check, findings: &[&Finding]) -> String {
    let mut output = vec![words(check.outcome).to_owned()];
    output.extend(comparison(check));
    output.extend(check.reason.clone());
    if let (Outcome::Compatible, Some(rollout)) = (check.outcome, check.rollout) {
        output.push(format!("rollout: {}", rollout.advice()));
    }
    let mut output: Vec<String> = output.iter().map(|line| printable(line).into_owned()).collect();
    output.extend(findings.iter().flat_map(|finding| lines(finding)));
    output.join("\n")
}

fn broken(is_error: bool, kind: &str, reason: &str, findings: &[&Finding]) -> Ending {
    let counted: Vec<&&Finding> = findings.iter().filter(|finding| finding.waived.is_none()).collect();
    let (kind, message) = match counted.first() {
        Some(first) if !is_error => (first.rule.id.to_owned(), message(first)),
        _ => (kind.to_owned(), reason.to_owned()),
    };
    let texts: Vec<String> = counted.into_iter().map(|finding| text(finding)).collect();
    let message = clip(&message, LONGEST).into_owned();
    let body = if texts.is_empty() { printable(reason).into_owned() } else { texts.join("\n\n") };
    Ending::Broken { is_error, kind, message, body }
}

fn case_of_finding(finding: &Finding, fail_on: Severity) -> Case {
    let ending = match &finding.waived {
        Some(waived) => Ending::Skipped { message: format!("waived {}", waiver(waived)) },
        None if finding.severity >= fail_on => broken(false, finding.rule.id, &finding.message, &[finding]),
        None => Ending::Passed { output: text(finding) },
    };
    let place = finding.place.as_ref();
    let class = place.map_or_else(|| OTHER.to_owned(), |place| place.file.clone());
    let name = match place {
        Some(place) => format!("{} at {}:{}", finding.rule.id, place.position.line, place.position.column),
        None => format!("{}: {}", finding.rule.id, finding.message),
    };
    Case { class, name, ending }
}

/// A finding, first where it is.
fn text(finding: &Finding) -> String {
    let place = finding.place.as_ref().map_or_else(String::new, |place| {
        format!("{}:{}:{}: ", printable(&place.file), place.position.line, place.position.column)
    });
    format!("{place}{}[{}]: {}", finding.severity, finding.rule.id, lines(finding).join("\n"))
}

impl Case {
    fn write(&self, out: &mut String) {
        let (class, name) = (escape(&self.class), escape(&self.name));
        out.push_str(&format!("    <testcase classname=\"{class}\" name=\"{name}\">\n"));
        let child = match &self.ending {
            Ending::Passed { output } => format!("<system-out>{}</system-out>", escape_lines(output)),
            Ending::Skipped { message } => format!("<skipped message=\"{}\"/>", escape(message)),
            Ending::Broken { is_error, kind, message, body } => {
                let element = if *is_error { "error" } else { "failure" };
                let (kind, message, body) = (escape(kind), escape(message), escape_lines(body));
                format!("<{element} type=\"{kind}\" message=\"{message}\">{body}</{element}>")
            }
        };
        out.push_str(&format!("      {child}\n    </testcase>\n"));
    }
}

/// Tests, failures, errors, skipped.
fn counts<'c>(cases: impl Iterator<Item = &'c Case>) -> (usize, usize, usize, usize) {
    cases.fold((0, 0, 0, 0), |(tests, failures, errors, skipped), case| match case.ending {
        Ending::Passed { .. } => (tests + 1, failures, errors, skipped),
        Ending::Skipped { .. } => (tests + 1, failures, errors, skipped + 1),
        Ending::Broken { is_error: true, .. } => (tests + 1, failures, errors + 1, skipped),
        Ending::Broken { is_error: false, .. } => (tests + 1, failures + 1, errors, skipped),
    })
}

/// A text on one line, as XML.
fn escape(text: &str) -> String {
    let text = printable(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Lines that are printable, as XML.
fn escape_lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<String>>().join("\n")
}
