//! For programs. The schema is `gate/docs/report.schema.json`; what is not known has no member.

use ottla_formats::compatibility::Direction;

use super::Context;
use super::identity::identity;
use super::summary::Summary;
use super::tree::Tree;
use crate::finding::{Finding, Place, Rollout, Waived};
use crate::verdict::{Check, Outcome, Verdict};

/// The version of the format: raised when a member changes its meaning or goes, not when one is added.
const VERSION: usize = 1;

pub(super) fn render(verdict: &Verdict, context: &Context<'_>) -> String {
    Tree::object()
        .with("ottlaReport", VERSION)
        .with("tool", Tree::object().with("name", "ottla").with("version", context.version))
        .with("exit", context.exit as usize)
        .with("failOn", context.fail_on.name())
        .with("summary", summary(&Summary::of(verdict)))
        .with("checks", Tree::list(verdict.checks.iter().map(check)))
        .with("findings", Tree::list(verdict.findings.iter().map(finding)))
        .to_text()
}

fn summary(summary: &Summary) -> Tree {
    let outcomes = Outcome::ALL.into_iter().zip(summary.outcomes);
    let outcomes = outcomes.fold(Tree::object(), |tree, (outcome, number)| tree.with(outcome.name(), number));
    let findings = Tree::object()
        .with("error", summary.errors)
        .with("warning", summary.warnings)
        .with("note", summary.notes)
        .with("waived", summary.waived);
    Tree::object()
        .with("text", summary.to_string())
        .with("files", summary.files)
        .with("baselines", summary.baselines)
        .with("checks", summary.checks)
        .with("outcomes", outcomes)
        .with("findings", findings)
}

fn check(check: &Check) -> Tree {
    Tree::object()
        .maybe("file", check.file.as_ref())
        .maybe("subject", check.subject.as_ref())
        .with("baseline", &check.baseline)
        .maybe("level", check.level.map(|level| level.name()))
        .with("outcome", check.outcome.name())
        .with("compared", Tree::list(&check.compared))
        .maybe("reason", check.reason.as_ref())
        .maybe("rollout", check.rollout.map(rollout))
}

fn finding(finding: &Finding) -> Tree {
    Tree::object()
        .with("rule", finding.rule.id)
        .with("severity", finding.severity.name())
        .with("message", &finding.message)
        .maybe("place", finding.place.as_ref().map(place))
        .maybe("subject", finding.subject.as_ref())
        .maybe("baseline", finding.baseline.as_ref())
        .maybe("version", finding.version.as_ref())
        .maybe("level", finding.level.map(|level| level.name()))
        .maybe("direction", finding.direction.map(direction))
        .maybe("consequence", finding.consequence.as_ref())
        .maybe("old", finding.old.as_ref())
        .maybe("new", finding.new.as_ref())
        .maybe("fix", finding.fix.as_ref())
        .maybe("rollout", finding.rollout.map(rollout))
        .maybe("waived", finding.waived.as_ref().map(waived))
        .with("fingerprint", identity(finding))
}

fn place(place: &Place) -> Tree {
    Tree::object()
        .with("file", &place.file)
        .with("line", place.position.line)
        .with("column", place.position.column)
        .with("endLine", place.end.line)
        .with("endColumn", place.end.column)
        .with("pointer", &place.pointer)
}

/// The name of a direction for tools.
pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Backward => "backward",
        Direction::Forward => "forward",
    }
}

fn rollout(rollout: Rollout) -> Tree {
    Tree::object().with("order", rollout.name()).with("advice", rollout.advice())
}

fn waived(waived: &Waived) -> Tree {
    Tree::object()
        .with("owner", &waived.owner)
        .with("reason", &waived.reason)
        .maybe("expires", waived.expires.as_ref())
}
