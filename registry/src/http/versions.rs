//! `/subjects/{subject}/versions`

use std::sync::Arc;

use super::body::{RegisterRequest, TagsRequest};
use super::call::Call;
use super::entity;
use super::error::ApiError;
use super::proposal;
use super::query::Bounds;
use super::reply::Reply;
use super::text::TextFormat;
use crate::domain::delete::DeleteVersion;
use crate::domain::lookup::Known;
use crate::domain::register::{Considered, Register};
use crate::domain::tagging::Retag;
use crate::domain::{Deleted, Rejection, State, Subject};

/// `GET /subjects/{subject}/versions`
pub(super) async fn list(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let page = query.page(Bounds::ALL)?;
    let (deleted, only) = (query.flag("deleted"), query.flag("deletedOnly"));
    let as_negative = query.flag("deletedAsNegative");
    if !state.has_versions(&subject, deleted || only) {
        return Err(Rejection::SubjectNotFound(subject).into());
    }
    let wanted = match (as_negative, only, deleted) {
        (true, ..) => Deleted::Included,
        (_, true, _) => Deleted::Only,
        (.., deleted) => Deleted::included_if(deleted),
    };
    let versions = state.history(&subject).into_iter().flat_map(|h| h.all()).filter(|v| wanted.admits(v));
    let numbers = versions.map(|v| if as_negative && v.deleted { -v.version } else { v.version });
    Reply::json(&page.of(numbers)?.collect::<Vec<i32>>())
}

/// `GET /subjects/{subject}/versions/{version}`
pub(super) async fn get(call: Call) -> Result<Reply, ApiError> {
    let selector = call.version()?;
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let found = state.find_version(&subject, selector, query.flag("deleted"))?;
    let qualified = query.first("referenceFormat").is_some_and(|f| f == "qualified");
    let mut schema = entity::Schema::stored(&found);
    if qualified {
        schema.qualify_references();
    }
    schema.render(&state, TextFormat::of(query))?;
    schema.find_tags(&state, query);
    Reply::json(&schema)
}

/// `GET /subjects/{subject}/versions/{version}/schema`
pub(super) async fn get_text(call: Call) -> Result<Reply, ApiError> {
    let selector = call.version()?;
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let found = state.find_version(&subject, selector, query.flag("deleted"))?;
    let text = TextFormat::of(query).text(&state, found.subject.context(), &found.version.content)?;
    Ok(Reply::text(text.as_bytes().to_vec()))
}

/// `GET /subjects/{subject}/versions/{version}/referencedby`
pub(super) async fn referenced_by(call: Call) -> Result<Reply, ApiError> {
    let query = call.query();
    let page = query.page(Bounds::THOUSAND)?;
    let selector = call.version()?;
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let version = state.own_version(&subject, selector, true)?.version;
    let deleted = query.flag("deleted");
    let mut ids: Vec<((&str, i32), i32)> = Vec::new();
    let referrers: Vec<_> = state.referrers_of(&subject, version).collect();
    for (referrer, version) in &referrers {
        let key = (referrer.context().as_str(), version.id);
        if (deleted || !version.deleted) && ids.last().is_none_or(|(last, _)| *last != key) {
            ids.push((key, version.id));
        }
    }
    Reply::json(&page.of(ids.into_iter().map(|(_, id)| id))?.collect::<Vec<i32>>())
}

/// `POST /subjects/{subject}/versions`
pub(super) async fn register(call: Call) -> Result<Reply, ApiError> {
    let request: RegisterRequest = call.read("register")?;
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let query = call.query();
    let mut register = proposal::registration(subject, request)?;
    register.normalize = query.flag("normalize");
    register.force = query.flag("force");
    let known = settle(&call, &state, register).await?;
    let mut answer = entity::Registered::new(&known);
    answer.render(&call.engine().snapshot(), TextFormat::of(query))?;
    Reply::json(&answer)
}

/// `DELETE /subjects/{subject}/versions/{version}`
pub(super) async fn delete(call: Call) -> Result<Reply, ApiError> {
    let selector = call.version()?;
    let state = call.state().await?;
    let subject = call.subject_in(&state);
    let permanent = call.query().flag("permanent");
    Reply::json(&call.submit(DeleteVersion { subject, selector, permanent }).await?)
}

/// `POST /subjects/{subject}/versions/{version}/tags`
pub(super) async fn tag(call: Call) -> Result<Reply, ApiError> {
    let request: TagsRequest = call.read("modifyTags")?;
    let selector = call.version()?;
    let state = call.state().await?;
    let subject: Subject = call.subject_in(&state);
    let version = state.own_version(&subject, selector, false)?;
    let retag: Retag = proposal::retag(request)?;
    let register = retag.register(subject, version)?;
    let known = settle(&call, &state, register).await?;
    Reply::json(&entity::Registered::new(&known))
}

/// Works out what a registration comes to, and has it written if anything is to be.
async fn settle(call: &Call, state: &Arc<State>, register: Register) -> Result<Known, ApiError> {
    let mut settled = try_settle(call, state, register).await;
    if let Err(error) = &mut settled
        && error.is_incompatible()
    {
        call.app().observe.verdict(false);
        error.code = call.app().settings.incompatible_code;
    }
    settled
}

async fn try_settle(call: &Call, state: &Arc<State>, register: Register) -> Result<Known, ApiError> {
    let (subject, shared) = (register.subject.clone(), state.clone());
    match call.work(state, &subject, move || register.consider(&shared)).await?? {
        Considered::Settled(known) => Ok(known),
        Considered::ToWrite(register) => {
            let known = call.submit(*register).await?;
            call.app().observe.verdict(true);
            Ok(known)
        }
    }
}
