//! May a file follow what is there, and what breaks?

use ottla::client::Level;
use ottla_gate::compare::{Question, compare};
use ottla_gate::finding::{Finding, Severity};
use ottla_gate::report::{Context, Format, render};
use ottla_gate::verdict::{Exit, Verdict as All};

use super::plan::{Plan, Step};
use crate::cli::baseline::Wanted;
use crate::cli::baseline::registry::{Registry, Trouble, past};

/// What came of a comparison.
#[derive(Debug)]
pub(super) struct Verdict {
    /// What breaks under the level that the project says, else the registry's.
    pub(super) findings: Vec<Finding>,
    /// Why the registry refuses it, if it does under the level that it has now.
    pub(super) refused: Option<Vec<String>>,
    /// The level that the registry has now.
    pub(super) current: Level,
}

/// Compares a file with what its subject has; nothing if there is no such subject.
pub(super) async fn verdict(
    registry: &Registry,
    plan: &Plan<'_>,
    step: &Step<'_>,
) -> Result<Option<Verdict>, Trouble> {
    let wanted = Wanted { subject: step.subject, schema: plan.schema(step), level: step.level };
    let Some(past) = past(registry, &wanted).await? else { return Ok(None) };
    let baseline = format!("registry:{}", registry.url());
    let question = Question { subject: step.subject, baseline: &baseline, level: past.level };
    let findings = compare(plan.sources, step.source, &past.versions, question).findings;
    let own = past.verdict.ok_or_else(|| Trouble::Said("the registry has no verdict".to_owned()))?;
    let refused = (!own.is_compatible).then_some(own.messages);
    Ok(Some(Verdict { findings, refused, current: own.level }))
}

/// Findings as people read them.
pub(super) fn show(findings: &[Finding]) -> String {
    let mut all = All { checks: Vec::new(), findings: findings.to_vec() };
    all.sort();
    let exit = Exit::Findings;
    let context =
        Context { colour: false, fail_on: Severity::Error, exit, version: env!("CARGO_PKG_VERSION") };
    let text = render(Format::Text, &all, &context);
    // The last line sums up, which is said here in other words.
    let end = text.trim_end().rfind('\n').unwrap_or_default();
    text[..end].trim_end().to_owned()
}
