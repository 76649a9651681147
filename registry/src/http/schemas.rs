//! `/schemas`

use super::associations;
use super::call::Call;
use super::entity;
use super::error::ApiError;
use super::query::{Bounds, Query};
use super::reply::Reply;
use super::text::TextFormat;
use ottla_formats::Format;

use crate::domain::{Deleted, Found, Guid, History, Rejection, State, Subject, Version};

/// `GET /schemas`
pub(super) async fn list(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let query = call.query();
    let page = query.page(Bounds::THOUSAND)?;
    let prefix = query.first("subjectPrefix").unwrap_or_default();
    let wanted = Deleted::included_if(query.flag("deleted"));
    let latest_only = query.flag("latestOnly");
    let rule_type = query.first("ruleType").filter(|t| !t.is_empty());
    if !associations::lifecycles(query)? {
        return Ok(Reply::text("[]"));
    }

    let aliases = if query.flag("aliases") { state.aliases(&prefix) } else { Default::default() };
    let mut subjects: Vec<(Subject, &History)> = state.subjects(&prefix, wanted);
    for subject in aliases.keys() {
        if let Some(history) = state.history(subject).filter(|h| wanted.admits_subject(h))
            && !subjects.iter().any(|(s, _)| s == subject)
        {
            subjects.push((subject.clone(), history));
        }
    }
    if !aliases.is_empty() {
        subjects.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let versions = subjects.into_iter().flat_map(|(subject, history)| {
        let versions = select(history, wanted, latest_only);
        versions.map(move |version| Found { subject: subject.clone(), version })
    });
    let with_rule = |found: &Found<'_>| {
        let Some(wanted) = &rule_type else { return true };
        let rules = found.version.content.rule_set.iter().flat_map(|r| r.rules());
        rules.into_iter().any(|rule| rule.ty.as_deref() == Some(&**wanted))
    };
    let extended = page.of(versions.filter(with_rule))?.map(|found| entity::ExtendedSchema {
        aliases: aliases.get(&found.subject).cloned().unwrap_or_default(),
        schema: entity::Schema::stored(&found),
    });
    Reply::json(&extended.collect::<Vec<_>>())
}

/// The versions of a subject that a listing shows.
fn select(history: &History, wanted: Deleted, latest_only: bool) -> Box<dyn Iterator<Item = &Version> + '_> {
    let mut versions = history.all().filter(move |v| wanted.admits(v));
    if latest_only { Box::new(versions.next_back().into_iter()) } else { Box::new(versions) }
}

/// `GET /schemas/types`
pub(super) async fn types(_call: Call) -> Result<Reply, ApiError> {
    Reply::json(&Format::ALL.iter().map(|f| f.name()).collect::<Vec<_>>())
}

/// `GET /schemas/ids/{id}`
pub(super) async fn get(call: Call) -> Result<Reply, ApiError> {
    let query = call.query();
    answer_id(&call, |state, found| {
        let mut schema = entity::SchemaString::stored(found);
        if query.first("referenceFormat").is_some_and(|f| f == "qualified") {
            schema.qualify_references();
        }
        schema.render(state, TextFormat::of(query))?;
        schema.find_tags(state, query);
        if query.flag("fetchMaxId") {
            schema.max_id = state.holdings(found.subject.context()).map(|h| h.max_id());
        }
        Reply::json(&schema)
    })
    .await
}

/// `GET /schemas/ids/{id}/schema`
pub(super) async fn get_text(call: Call) -> Result<Reply, ApiError> {
    let query = call.query();
    answer_id(&call, |state, found| {
        let text = TextFormat::of(query).text(state, found.subject.context(), &found.version.content)?;
        Ok(Reply::text(text.as_bytes().to_vec()))
    })
    .await
}

/// Answers with what an id means. That never changes, so what is known needs no confirmation.
async fn answer_id(
    call: &Call,
    answer: impl Fn(&State, &Found<'_>) -> Result<Reply, ApiError>,
) -> Result<Reply, ApiError> {
    let id = call.id()?;
    let query = call.query();
    if !query.flag("fetchMaxId") {
        let known = call.engine().snapshot();
        if let Some(found) = known.find_id(id, subject_parameter(query, &known).as_ref()) {
            return answer(&known, &found);
        }
    }
    let state = call.state().await?;
    let subject = subject_parameter(query, &state);
    let found = state.find_id(id, subject.as_ref()).ok_or(Rejection::IdNotFound(id))?;
    answer(&state, &found)
}

/// `GET /schemas/ids/{id}/subjects`
pub(super) async fn subjects(call: Call) -> Result<Reply, ApiError> {
    let page = call.query().page(Bounds::ALL)?;
    let state = call.state().await?;
    let holders = holders(&call, &state)?;
    let names = page.of(holders.into_iter().map(|found| found.subject.to_string()))?;
    Reply::json(&names.collect::<Vec<_>>())
}

/// `GET /schemas/ids/{id}/versions`
pub(super) async fn versions(call: Call) -> Result<Reply, ApiError> {
    let page = call.query().page(Bounds::ALL)?;
    let state = call.state().await?;
    let holders = holders(&call, &state)?;
    let versions = page.of(holders.into_iter().map(|found| entity::SubjectVersion {
        subject: found.subject.to_string(),
        version: found.version.version,
    }))?;
    Reply::json(&versions.collect::<Vec<_>>())
}

fn holders<'a>(call: &Call, state: &'a State) -> Result<Vec<Found<'a>>, ApiError> {
    let query = call.query();
    let subject = subject_parameter(query, state);
    let holders = state.holders_of_id(call.id()?, subject.as_ref()).ok_or(Rejection::SchemaNotFound)?;
    let wanted = Deleted::included_if(query.flag("deleted"));
    Ok(holders.into_iter().filter(|found| wanted.admits(found.version)).collect())
}

/// `GET /schemas/guids/{guid}`
pub(super) async fn get_by_guid(call: Call) -> Result<Reply, ApiError> {
    let text = call.parameter(0);
    let unknown = || Rejection::GuidNotFound(text.to_owned());
    let guid = Guid::parse(text).ok_or_else(unknown)?;
    // What a GUID means never changes, so what is known needs no confirmation.
    let mut state = call.engine().snapshot();
    if state.find_guid(&guid).is_none() {
        state = call.state().await?;
    }
    let found = state.find_guid(&guid).ok_or_else(unknown)?;
    let mut schema = entity::SchemaString::stored(&found).without_holder();
    schema.render(&state, TextFormat::of(call.query()))?;
    Reply::json(&schema)
}

/// `GET /schemas/guids/{guid}/ids`
pub(super) async fn ids_of_guid(call: Call) -> Result<Reply, ApiError> {
    let state = call.state().await?;
    let ids = Guid::parse(call.parameter(0)).map(|guid| state.ids_of_guid(&guid)).unwrap_or_default();
    let ids = ids.into_iter().map(|(context, id)| entity::ContextId { context: context.to_string(), id });
    Reply::json(&ids.collect::<Vec<_>>())
}

/// The subject that narrows a look-up by id, behind its alias.
fn subject_parameter(query: Query<'_>, state: &State) -> Option<Subject> {
    let text = query.first("subject").filter(|s| !s.is_empty())?;
    Some(state.resolve_alias(&Subject::parse(&text)))
}
