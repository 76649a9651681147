//! Modes: whether something may be written. Importing is not known here.

use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::request::{Answer, Asked};
use super::settings::{is_top, whole};
use super::state::State;
use crate::client::Mode;
use crate::client::subject::Subject;

impl State {
    /// Refuses what would be written where nothing may be.
    pub(super) fn refuse_read_only(&self, scope: &Subject) -> Result<(), Refusal> {
        match self.effective_mode(scope) {
            Mode::ReadOnly | Mode::ReadOnlyOverride => Err(Refusal::read_only(scope)),
            _ => Ok(()),
        }
    }

    fn effective_mode(&self, scope: &Subject) -> Mode {
        let scopes = [scope.clone(), whole(&scope.context), whole(".__GLOBAL")];
        scopes.iter().find_map(|scope| self.modes.get(scope)).cloned().unwrap_or_default()
    }
}

/// `GET /mode` and `GET /mode/{subject}`
pub(super) fn mode(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let scope = asked.subject();
    let mode = match state.modes.get(&scope) {
        Some(mode) => mode.clone(),
        None if asked.flag("defaultToGlobal") => state.effective_mode(&scope),
        None if is_top(&scope) => Mode::default(),
        None => return Err(Refusal::no_mode(&scope)),
    };
    Ok(Answer::Json(json!({"mode": mode})))
}

/// `PUT /mode` and `PUT /mode/{subject}`
pub(super) fn set_mode(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Map<String, Value> = asked.read()?;
    let scope = asked.subject();
    let word = match body.get("mode") {
        Some(Value::Null) => {
            state.modes.remove(&scope);
            return Ok(Answer::Json(json!({"mode": null})));
        }
        Some(Value::String(word)) => word,
        _ => return Err(Refusal::invalid_mode()),
    };
    match Mode::from(word.to_ascii_uppercase().as_str()) {
        Mode::Import | Mode::Forward => return Err(Refusal::not_known("this mode")),
        Mode::Other(_) => return Err(Refusal::invalid_mode()),
        mode => state.modes.insert(scope, mode),
    };
    Ok(Answer::Json(json!({"mode": word})))
}

/// `DELETE /mode` and `DELETE /mode/{subject}`
pub(super) fn delete_mode(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let scope = asked.subject();
    let recursive = asked.flag("recursive");
    let own = state.modes.remove(&scope);
    if own.is_none() && !recursive && !is_top(&scope) {
        return Err(Refusal::no_subject(&scope));
    }
    if recursive && scope.name.is_empty() {
        state.modes.retain(|s, _| s.name.is_empty() || s.context != scope.context);
    }
    Ok(Answer::Json(match own.or(is_top(&scope).then_some(Mode::ReadWrite)) {
        Some(mode) => json!({"mode": mode}),
        None => json!({}),
    }))
}
