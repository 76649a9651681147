//! `/subjects`

use super::body::RegisterRequest;
use super::call::Call;
use super::entity;
use super::error::ApiError;
use super::proposal;
use super::query::Bounds;
use super::reply::Reply;
use super::text::TextFormat;
use crate::domain::Deleted;
use crate::domain::delete::DeleteSubject;

/// `GET /subjects`
pub(super) async fn list(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let query = call.query();
    let page = query.page(Bounds::ALL)?;
    let wanted =
        if query.flag("deletedOnly") { Deleted::Only } else { Deleted::included_if(query.flag("deleted")) };
    let prefix = query.first("subjectPrefix").unwrap_or(":*:".into());
    let subjects = state.subjects(&prefix, wanted);
    let names = page.of(subjects.into_iter().map(|(subject, _)| subject.to_string()))?;
    Reply::json(&names.collect::<Vec<String>>())
}

/// `POST /subjects/{subject}`
pub(super) async fn look_up(call: Call) -> Result<Reply, ApiError> {
    let request: RegisterRequest = call.read("lookUpSchemaUnderSubject")?;
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let proposal = proposal::proposal(request)?;
    let (normalize, deleted) = (query.flag("normalize"), query.flag("deleted"));
    let (shared, named) = (state.clone(), subject.clone());
    let look_up = move || shared.look_up(&named, &proposal, normalize, deleted);
    let known = call.work(&state, &subject, look_up).await??;
    let mut schema = entity::Schema::known(&known);
    schema.render(&state, TextFormat::of(query))?;
    Reply::json(&schema)
}

/// `GET /subjects/{subject}/metadata`
pub(super) async fn find_by_metadata(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let (keys, values): (Vec<_>, Vec<_>) = (query.all("key").collect(), query.all("value").collect());
    let pairs: Vec<(&str, &str)> = keys.iter().map(|k| &**k).zip(values.iter().map(|v| &**v)).collect();
    let found = state.find_by_properties(&subject, &pairs, query.flag("deleted"))?;
    let mut schema = entity::Schema::stored(&found);
    schema.render(&state, TextFormat::of(query))?;
    Reply::json(&schema)
}

/// `DELETE /subjects/{subject}`
pub(super) async fn delete(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let permanent = call.query().flag("permanent");
    Reply::json(&call.submit(DeleteSubject { subject, permanent }).await?)
}
