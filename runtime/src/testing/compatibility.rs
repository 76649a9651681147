//! May this schema follow?

use ottla_formats::ParsedSchema;
use ottla_formats::avro::Mode;
use ottla_formats::compatibility::check;
use serde_json::json;

use super::proposal::Proposal;
use super::refusal::Refusal;
use super::request::{Answer, Asked};
use super::state::{State, Version};
use crate::client::Version as Selector;
use crate::client::subject::Subject;

/// `POST /compatibility/subjects/{subject}/versions`
pub(super) fn with_history(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    answer(state, asked, None)
}

/// `POST /compatibility/subjects/{subject}/versions/{version}`
pub(super) fn with_version(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    answer(state, asked, Some(asked.version()?))
}

fn answer(state: &State, asked: &Asked, with: Option<Selector>) -> Result<Answer, Refusal> {
    let proposal: Proposal = asked.read()?;
    let verbose = asked.flag("verbose");
    let reasons = match compare(state, asked, &proposal, with) {
        Err(refusal) if verbose && refusal.is_about_the_schema() => vec![refusal.message()],
        reasons => reasons?,
    };
    let mut answer = json!({"is_compatible": reasons.is_empty()});
    if verbose {
        answer["messages"] = reasons.into();
    }
    Ok(Answer::Json(answer))
}

fn compare(
    state: &State,
    asked: &Asked,
    proposal: &Proposal,
    with: Option<Selector>,
) -> Result<Vec<String>, Refusal> {
    proposal.check()?;
    let subject = asked.subject();
    if let Some(wanted @ Selector::Number(number)) = with
        && state.version(&subject, wanted, false).is_none()
    {
        return Err(Refusal::no_version(number));
    }
    if proposal.is_blank() {
        return Err(Refusal::empty_schema());
    }
    let normalize = asked.flag("normalize") || state.effective_config(&subject).normalize == Some(true);
    let read = proposal.read(state, &subject.context, Mode::Register, normalize)?;
    reasons(state, &subject, &read.parsed, with)
}

/// Why a schema may not follow: with one version, or with those that the level asks for.
pub(super) fn reasons(
    state: &State,
    subject: &Subject,
    candidate: &ParsedSchema,
    with: Option<Selector>,
) -> Result<Vec<String>, Refusal> {
    let level = state.effective_config(subject).level.unwrap_or_default();
    let versions: Vec<&Version> = match with {
        Some(wanted) => state.version(subject, wanted, false).into_iter().collect(),
        None => state.versions(subject).iter().rev().filter(|v| !v.deleted).collect(),
    };
    let history = versions.into_iter().map(|v| (v, &*v.content.parsed));
    let Some(breach) = check(level, candidate, history).next() else { return Ok(Vec::new()) };
    let mut reasons = breach.report(level, breach.version.version, &breach.version.content.text);
    reasons.push(format!("{{validateFields: 'false', compatibility: '{level}'}}"));
    Ok(reasons)
}
