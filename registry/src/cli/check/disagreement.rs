//! A registry that says something else than the comparison here, or for another level.

use ottla_gate::compare::{Question, compare};
use ottla_gate::finding::{Finding, Severity};
use ottla_gate::rule;
use ottla_gate::source::Source;

use crate::cli::baseline::{OwnVerdict, Past};

/// So much of what the registry says is told: registries repeat whole schemas.
const SHOWN: usize = 300;

/// The finding, if the registry's verdict is not that of the comparison with its level and its versions; or if it is, and the
/// level is not the one that is asked for.
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
        return refusal(sources, at, (subject, baseline), past, own);
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

/// The project asks for another level than the registry, which would refuse the schema for its own as long as that holds.
fn refusal(
    sources: &[Source],
    at: usize,
    (subject, baseline): (&str, &str),
    past: &Past,
    own: &OwnVerdict,
) -> Option<Finding> {
    let asks_for_other = past.level != own.level && !own.is_compatible;
    let question = Question { subject, baseline, level: past.level };
    if !asks_for_other || !compare(sources, at, &past.versions, question).findings.is_empty() {
        return None;
    }
    let (theirs, ours) = (own.level, past.level);
    let message = format!(
        "the registry's level is {theirs}, for which it refuses the schema: {ours} is asked for here"
    );
    let file = &sources[at].file;
    Some(Finding {
        place: Some(file.located(file.places.root())),
        subject: Some(subject.to_owned()),
        baseline: Some(baseline.to_owned()),
        level: Some(theirs),
        fix: Some(format!(
            "set the registry's level before the schema is registered, as `ottla register` does with what ottla.toml says; or \
             take {ours} out of ottla.toml, and {theirs} is asked for"
        )),
        ..Finding::new(&rule::REGISTRY_DISAGREES, Severity::Warning, message)
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
