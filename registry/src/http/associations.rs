//! `/associations`: which subjects belong to which resources. None do: clients then take the topic's name.

use super::call::Call;
use super::error::ApiError;
use super::query::{Bounds, Query};
use super::reply::Reply;
use crate::domain::Rejection;

/// `GET /associations/subjects/{subject}`, `/associations/resources/{id}` and `.../{namespace}/{name}`
pub(super) async fn list(call: Call) -> Result<Reply, ApiError> {
    let page = call.query().page(Bounds::THOUSAND)?;
    lifecycles(call.query())?;
    let none = page.of(std::iter::empty::<()>())?;
    Reply::json(&none.collect::<Vec<_>>())
}

/// `DELETE /associations/resources/{id}`
pub(super) async fn delete(call: Call) -> Result<Reply, ApiError> {
    Err(Rejection::AssociationNotFound(call.parameter(0).to_owned()).into())
}

/// The lifecycles that a query names; 404 if one is none. Do they include that of subjects without a resource?
pub(super) fn lifecycles(query: Query<'_>) -> Result<bool, ApiError> {
    let mut named = false;
    let mut none = false;
    for lifecycle in query.all("lifecycle").filter(|l| !l.is_empty()) {
        named = true;
        match &*lifecycle {
            "STRONG" | "WEAK" => {}
            "NONE" => none = true,
            _ => return Err(ApiError::not_found()),
        }
    }
    Ok(none || !named)
}
