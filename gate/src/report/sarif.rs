//! For code scanning: SARIF 2.1.0, with what GitHub asks for beyond the standard.

use super::Context;
use super::identity::identity;
use super::located::{At, Files, check_file, uri};
use super::markdown;
use super::printable::printable;
use super::tree::Tree;
use super::words::{lines, reason, subject_against, waiver};
use crate::finding::{Finding, Place, Severity};
use crate::rule::{RULES, Rule};
use crate::verdict::{Check, Exit, Outcome, Verdict};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The root of the repository, in the words of GitHub.
const ROOT: &str = "%SRCROOT%";

/// GitHub takes no more results of a run.
pub(super) const MOST_RESULTS: usize = 5_000;

/// What stands for a notification about something that was not compared, and for results that were left out.
const NOTIFICATIONS: [(&str, &str); 2] = [
    ("NOT-COMPARED", "A file could not be compared with a baseline: nothing is known about it."),
    ("RESULTS-LEFT-OUT", "There are more results than code scanning takes."),
];

pub(super) fn render(verdict: &Verdict, context: &Context<'_>) -> String {
    let rules = rules(verdict);
    let files = Files::of(verdict);
    let shown = shown(verdict);
    let results = shown.iter().map(|finding| result(finding, &rules, &files.at(finding)));
    let run = Tree::object()
        .with("tool", Tree::object().with("driver", driver(&rules, context)))
        .with("invocations", Tree::list([invocation(verdict, shown.len(), context)]))
        .with("columnKind", "unicodeCodePoints")
        .with("originalUriBaseIds", base())
        .with("results", Tree::list(results));
    Tree::object().with("$schema", SCHEMA).with("version", "2.1.0").with("runs", Tree::list([run])).to_text()
}

/// The rules: all that there are, and those of findings that are none of them.
fn rules(verdict: &Verdict) -> Vec<&'static Rule> {
    let mut rules = RULES.to_vec();
    for finding in &verdict.findings {
        if !rules.iter().any(|rule| rule.id == finding.rule.id) {
            rules.push(finding.rule);
        }
    }
    rules
}

/// As many findings as are taken: what weighs more first if some are left out.
fn shown(verdict: &Verdict) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = verdict.findings.iter().collect();
    if findings.len() > MOST_RESULTS {
        findings.sort_by_key(|finding| (finding.waived.is_some(), std::cmp::Reverse(finding.severity)));
        findings.truncate(MOST_RESULTS);
    }
    findings
}

fn driver(rules: &[&'static Rule], context: &Context<'_>) -> Tree {
    let rules = rules.iter().map(|rule| {
        let subject = if rule.id.starts_with("LINT-") { "lint" } else { "compatibility" };
        Tree::object()
            .with("id", rule.id)
            .with("shortDescription", text(rule.title))
            .with("fullDescription", text(rule.about))
            .with("help", text(rule.about))
            .with("properties", Tree::object().with("tags", Tree::list(["avro", subject])))
    });
    let notifications = NOTIFICATIONS
        .iter()
        .map(|(id, about)| Tree::object().with("id", *id).with("shortDescription", text(about)));
    Tree::object()
        .with("name", "ottla")
        .with("semanticVersion", context.version)
        .with("rules", Tree::list(rules))
        .with("notifications", Tree::list(notifications))
}

fn base() -> Tree {
    Tree::Object(vec![(ROOT, Tree::object().with("description", text("The root of the repository.")))])
}

/// How it went: not well if anything could not be compared, whatever else was found.
fn invocation(verdict: &Verdict, shown: usize, context: &Context<'_>) -> Tree {
    let not_compared: Vec<&Check> =
        verdict.checks.iter().filter(|check| check.outcome == Outcome::NotCompared).collect();
    let is_complete = not_compared.is_empty() && matches!(context.exit, Exit::Fine | Exit::Findings);
    let mut notifications: Vec<Tree> = not_compared.into_iter().map(not_compared_notification).collect();
    let left_out = verdict.findings.len() - shown;
    if left_out > 0 {
        let note = format!("{left_out} findings are left out: no more than {MOST_RESULTS} are taken");
        notifications.push(notification(1, "warning", &note));
    }
    Tree::object()
        .with("executionSuccessful", is_complete)
        .with("exitCode", context.exit as usize)
        .with("exitCodeDescription", described(context.exit))
        .with("toolExecutionNotifications", Tree::List(notifications))
}

fn described(exit: Exit) -> &'static str {
    match exit {
        Exit::Fine => "everything was compared and is fine",
        Exit::Findings => "there are findings",
        Exit::Usage => "the command line or the configuration is wrong",
        Exit::NotCompared => "something could not be compared",
    }
}

fn not_compared_notification(check: &Check) -> Tree {
    let about = format!("{}: {}", subject_against(check), reason(check).unwrap_or_default());
    let notification = notification(0, "error", &format!("not compared: {}", printable(&about)));
    let location = check.file.is_some().then(|| location(&At { file: check_file(check), place: None }));
    notification.maybe("locations", location.map(|location| Tree::list([location])))
}

fn notification(at: usize, level: &str, message: &str) -> Tree {
    Tree::object()
        .with("descriptor", Tree::object().with("id", NOTIFICATIONS[at].0).with("index", at))
        .with("level", level)
        .with("message", text(message))
}

fn result(finding: &Finding, rules: &[&'static Rule], at: &At<'_>) -> Tree {
    let index = rules.iter().position(|rule| rule.id == finding.rule.id);
    // Not every viewer knows suppressions: what is waived weighs nothing elsewhere.
    let level = if finding.waived.is_some() { Severity::Note } else { finding.severity };
    // What looks like a link would be one.
    let plain = lines(finding).join("\n").replace("](", "] (");
    let suppression = finding.waived.as_ref().map(|waived| {
        let why = format!("waived {}", waiver(waived));
        Tree::object()
            .with("kind", "external")
            .with("status", "accepted")
            .with("justification", printable(&why).as_ref())
    });
    // Where some results are suppressed, all have to say whether they are.
    let suppressions = Tree::list(suppression);
    let message = Tree::object().with("text", plain).with("markdown", markdown::finding_text(finding));
    Tree::object()
        .with("ruleId", finding.rule.id)
        .maybe("ruleIndex", index)
        .with("level", level.name())
        .with("message", message)
        .with("locations", Tree::list([location(at)]))
        .with("partialFingerprints", Tree::object().with("ottla/v1", identity(finding)))
        .with("suppressions", suppressions)
}

fn location(at: &At<'_>) -> Tree {
    let (uri, is_relative) = uri(at.file);
    let artifact = Tree::object().with("uri", uri).maybe("uriBaseId", is_relative.then_some(ROOT));
    let physical = Tree::object()
        .with("artifactLocation", artifact)
        .with("region", at.place.map_or_else(|| Tree::object().with("startLine", 1), region));
    let pointer = at.place.filter(|place| !place.pointer.is_empty()).map(|place| {
        let logical = Tree::object().with("fullyQualifiedName", &place.pointer).with("kind", "value");
        Tree::list([logical])
    });
    Tree::object().with("physicalLocation", physical).maybe("logicalLocations", pointer)
}

fn region(place: &Place) -> Tree {
    let (start, end) = (place.position, place.end);
    let region = Tree::object().with("startLine", start.line.max(1)).with("startColumn", start.column.max(1));
    if (end.line, end.column) > (start.line, start.column) {
        region.with("endLine", end.line).with("endColumn", end.column.max(1))
    } else {
        region
    }
}

fn text(text: &str) -> Tree {
    Tree::object().with("text", text)
}
