//! Deleting: softly first, then permanently.

use serde_json::json;

use super::refusal::Refusal;
use super::request::{Answer, Asked};
use super::state::State;
use crate::client::subject::Subject;

/// `DELETE /subjects/{subject}`
pub(super) fn subject(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let subject = asked.subject();
    let permanent = asked.flag("permanent");
    if !state.has_versions(&subject, true) {
        return Err(Refusal::no_subject(&subject));
    }
    if !permanent && !state.has_versions(&subject, false) {
        return Err(Refusal::subject_deleted(&subject));
    }
    state.refuse_read_only(&subject)?;
    let affected = state.versions(&subject).iter().filter(|v| permanent || !v.deleted);
    let numbers: Vec<i32> = affected.map(|v| v.version).collect();
    let referenced = |&&n: &&i32| state.is_referenced(&subject, n, !permanent, Some(&subject));
    if let Some(&number) = numbers.iter().find(referenced) {
        return Err(Refusal::referenced(&subject, number));
    }
    if permanent && state.has_versions(&subject, false) {
        return Err(Refusal::subject_live(&subject));
    }
    if permanent {
        forget(state, &subject);
    } else {
        state.subjects.get_mut(&subject).into_iter().flatten().for_each(|v| v.deleted = true);
    }
    Ok(Answer::Json(json!(numbers)))
}

/// `DELETE /subjects/{subject}/versions/{version}`
pub(super) fn version(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let (subject, wanted, permanent) = (asked.subject(), asked.version()?, asked.flag("permanent"));
    let Some(version) = state.version(&subject, wanted, true) else {
        return Err(state.missing(&subject, wanted, true));
    };
    let (number, deleted) = (version.version, version.deleted);
    if !permanent && deleted {
        return Err(Refusal::version_deleted(&subject, number));
    }
    state.refuse_read_only(&subject)?;
    if state.is_referenced(&subject, number, !permanent, None) {
        return Err(Refusal::referenced(&subject, number));
    }
    if permanent && !deleted {
        return Err(Refusal::version_live(&subject, number));
    }
    let versions = state.subjects.entry(subject.clone()).or_default();
    if permanent {
        versions.retain(|v| v.version != number);
    } else {
        versions.iter_mut().filter(|v| v.version == number).for_each(|v| v.deleted = true);
    }
    if versions.is_empty() {
        forget(state, &subject);
    }
    Ok(Answer::Json(number.into()))
}

/// A subject goes with what is set for it.
fn forget(state: &mut State, subject: &Subject) {
    state.subjects.remove(subject);
    state.configs.remove(subject);
    state.modes.remove(subject);
}

/// `DELETE /contexts/{context}`
pub(super) fn context(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let name = asked.names.first().map_or("", |name| name.trim_matches(':'));
    let context = if name.starts_with('.') { name.to_owned() } else { format!(".{name}") };
    if state.subjects.keys().any(|s| *s.context == *context) {
        return Err(Refusal::context_not_empty(&context));
    }
    state.contexts.remove(context.as_str());
    Ok(Answer::Nothing)
}
