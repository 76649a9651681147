//! `/config`

use super::body::ConfigUpdate;
use super::call::Call;
use super::entity;
use super::error::ApiError;
use super::reply::Reply;
use crate::domain::configure::{DeleteConfig, PutConfig};
use crate::domain::{Rejection, State, Subject};

/// `GET /config` and `GET /config/{subject}`
pub(super) async fn get(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let scope = call.subject();
    let inherit = call.query().flag("defaultToGlobal");
    let config = match state.config(&scope) {
        Some(config) if !inherit => std::borrow::Cow::Borrowed(config),
        _ if inherit => state.effective_config(&scope),
        _ if is_top(&scope) => std::borrow::Cow::Owned(Default::default()),
        _ => return Err(Rejection::ConfigNotFound(scope).into()),
    };
    Reply::json(&entity::Config::read(&config, state.level(&config)))
}

/// `PUT /config` and `PUT /config/{subject}`
pub(super) async fn put(call: Call) -> Result<Reply, ApiError> {
    let method =
        if call.parameter(0).is_empty() { "updateTopLevelConfig" } else { "updateSubjectLevelConfig" };
    let request: ConfigUpdate = call.read(method)?;
    let update = request.try_into()?;
    let config = call.submit(PutConfig { scope: call.subject(), update }).await?;
    Reply::json(&entity::Config::written(&config))
}

/// `DELETE /config` and `DELETE /config/{subject}`
pub(super) async fn delete(call: Call) -> Result<Reply, ApiError> {
    let config = call.submit(DeleteConfig { scope: call.subject() }).await?;
    let state: std::sync::Arc<State> = call.engine().snapshot();
    Reply::json(&entity::Config::read(&config, state.level(&config)))
}

/// Is it a scope that always has a configuration?
fn is_top(scope: &Subject) -> bool {
    scope.is_default_whole() || *scope == Subject::global()
}
