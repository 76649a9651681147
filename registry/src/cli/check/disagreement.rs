//! A registry that says something else than the comparison here.

use ottla_gate::compare::{Question, compare};
use ottla_gate::finding::{Finding, Severity};
use ottla_gate::rule;
use ottla_gate::source::Source;

use crate::cli::baseline::{OwnVerdict, Past};

/// So much of what the registry says is told: registries repeat whole schemas.
const SHOWN: usize = 300;

/// The finding, if the registry's verdict is not that of the comparison with its level and its versions.
pub fn disagreement(
    sources: &[Source],
    at: usize,
    (subject, baseline): (&str, &str),
    past: &Past,
    own: &OwnVerdict,
) -> Option<Finding> {
    let versions = if own.versions.is_empty() { &past.versions } else { &own.versions };
    let ours = compare(sources, at, versions, Question { subject, baseline, level: own.level });
    if ours.findings.is_empty() == own.is_compatible {
        return None;
    }
    let (theirs, here) = match own.is_compatible {
        true => ("compatible", "it is not"),
        false => ("incompatible", "it is compatible"),
    };
    let said = said(&own.messages);
    let message =
        format!("the registry says that the schema is {theirs}, and by the comparison here {here}{said}");
    let file = &sources[at].file;
    Some(Finding {
        place: Some(file.located(file.places.root())),
        subject: Some(subject.to_owned()),
        baseline: Some(baseline.to_owned()),
        level: Some(own.level),
        ..Finding::new(&rule::REGISTRY_DISAGREES, Severity::Error, message)
    })
}

fn said(messages: &[String]) -> String {
    let all = messages.join("; ");
    match all.char_indices().nth(SHOWN) {
        _ if all.is_empty() => String::new(),
        Some((end, _)) => format!(": {}...", &all[..end]),
        None => format!(": {all}"),
    }
}
