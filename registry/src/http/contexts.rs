//! `/contexts`

use super::call::Call;
use super::error::ApiError;
use super::query::Bounds;
use super::reply::Reply;
use crate::domain::delete::DeleteContext;

/// `GET /contexts`
pub(super) async fn list(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let query = call.query();
    let page = query.page(Bounds::ALL)?;
    let prefix = query.first("contextPrefix").unwrap_or_default();
    let names = state.context_names().into_iter().map(|c| c.to_string());
    Reply::json(&page.of(names.filter(|n| n.starts_with(&*prefix)))?.collect::<Vec<_>>())
}

/// `DELETE /contexts/{context}`
pub(super) async fn delete(call: Call) -> Result<Reply, ApiError> {
    let context = call.subject().context().clone();
    if context.is_default() {
        return Err(ApiError::method_not_allowed());
    }
    call.submit(DeleteContext { context }).await?;
    Ok(Reply::no_content())
}
