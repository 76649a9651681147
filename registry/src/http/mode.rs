//! `/mode`

use std::str::FromStr;

use super::body::{ModeUpdate, Update};
use super::call::Call;
use super::entity;
use super::error::ApiError;
use super::reply::Reply;
use crate::domain::configure::{DeleteMode, PutMode};
use crate::domain::{Mode, Rejection, Subject};

/// `GET /mode` and `GET /mode/{subject}`
pub(super) async fn get(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let scope = call.subject();
    let mode = match state.mode(&scope) {
        Some(mode) => mode,
        None if call.query().flag("defaultToGlobal") => state.effective_mode(&scope),
        None if scope.is_default_whole() || scope == Subject::global() => Mode::default(),
        None => return Err(Rejection::ModeNotFound(scope).into()),
    };
    Reply::json(&entity::Mode::new(Some(mode.name())))
}

/// `PUT /mode` and `PUT /mode/{subject}`
pub(super) async fn put(call: Call) -> Result<Reply, ApiError> {
    let method = if call.parameter(0).is_empty() { "updateTopLevelMode" } else { "updateMode" };
    let request: ModeUpdate = call.read(method)?;
    let scope = call.subject();
    let word = match &request.mode {
        Update::Set(word) => Some(word.as_str()),
        Update::Clear => None,
        Update::Keep => return Err(Rejection::InvalidMode.into()),
    };
    let mode = match word {
        None => None,
        Some(word) => Some(Mode::from_str(word).map_err(|_| invalid(&scope))?),
    };
    if word == Some("FORWARD") && scope != Subject::global() && scope.is_valid_scope() {
        return Err(Rejection::ForwardModeNotGlobal.into());
    }
    call.submit(PutMode { scope, mode, force: call.query().flag("force") }).await?;
    Reply::json(&entity::SentMode { mode: word })
}

/// `DELETE /mode` and `DELETE /mode/{subject}`
pub(super) async fn delete(call: Call) -> Result<Reply, ApiError> {
    let recursive = call.query().flag("recursive");
    let mode = call.submit(DeleteMode { scope: call.subject(), recursive }).await?;
    Reply::json(&entity::Mode::new(mode.map(Mode::name)))
}

/// An invalid name is told before an invalid mode.
fn invalid(scope: &Subject) -> Rejection {
    if scope.is_valid_scope() { Rejection::InvalidMode } else { Rejection::InvalidSubject(scope.clone()) }
}
