//! Finding and listing.

use std::collections::BTreeMap;

use ottla_formats::Format;
use serde_json::{Value, json};

use super::entity;
use super::refusal::Refusal;
use super::request::{Answer, Asked};
use super::state::{Found, State, Version};
use crate::client::subject::Subject;

/// As many as there are.
const ALL: usize = i32::MAX as usize;
/// How many schemas a listing has at most.
const THOUSAND: usize = 1000;

/// `GET /schemas/ids/{id}`
pub(super) fn schema(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.id()?;
    let found = state.find_id(id, subject_parameter(asked).as_ref()).ok_or_else(|| Refusal::no_id(id))?;
    let mut answer = stored(found, asked);
    answer["subject"] = found.0.to_string().into();
    answer["version"] = found.1.version.into();
    entity::qualify(&mut answer, found, asked);
    if asked.flag("fetchMaxId") {
        answer["maxId"] = state.greatest_id(&found.0.context).into();
    }
    Ok(Answer::Json(answer))
}

/// `GET /schemas/ids/{id}/schema`
pub(super) fn schema_text(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.id()?;
    let found = state.find_id(id, subject_parameter(asked).as_ref()).ok_or_else(|| Refusal::no_id(id))?;
    Ok(Answer::Text(entity::text(&found.1.content, asked).into()))
}

/// `GET /schemas/ids/{id}/subjects`
pub(super) fn subjects_of(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    asked.page(holders(state, asked)?.into_keys().map(|subject| subject.to_string()), ALL)
}

/// `GET /schemas/ids/{id}/versions`
pub(super) fn versions_of(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let shown =
        |(subject, version): Found<'_>| json!({"subject": subject.to_string(), "version": version.version});
    asked.page(holders(state, asked)?.into_iter().map(shown), ALL)
}

/// Of each subject that holds an id the newest version that does.
fn holders<'a>(state: &'a State, asked: &Asked) -> Result<BTreeMap<&'a Subject, &'a Version>, Refusal> {
    let id = asked.id()?;
    let (subject, _) = state.find_id(id, subject_parameter(asked).as_ref()).ok_or_else(Refusal::no_schema)?;
    let holders: BTreeMap<_, _> = state.all_in(&subject.context).filter(|(_, v)| v.id == id).collect();
    Ok(holders.into_iter().filter(|(_, v)| asked.flag("deleted") || !v.deleted).collect())
}

/// `GET /schemas/guids/{guid}`
pub(super) fn schema_by_guid(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let guid = asked.guid()?;
    let found = state.find_guid(guid).ok_or_else(|| Refusal::no_guid(&asked.names[0]))?;
    Ok(Answer::Json(stored(found, asked)))
}

/// `GET /schemas/guids/{guid}/ids`
pub(super) fn ids_of(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let Ok(guid) = asked.guid() else { return Ok(Answer::Json(json!([]))) };
    let contexts = std::iter::once(".").chain(state.contexts.iter().map(|c| &**c));
    let ids = contexts.filter_map(|context| {
        let (_, version) = state.all_in(context).find(|(_, v)| v.content.guid == guid)?;
        Some(json!({"context": context, "id": version.id}))
    });
    Ok(Answer::Json(ids.collect()))
}

/// `GET /schemas/types`
pub(super) fn types(_state: &mut State, _asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::Json(Format::ALL.iter().map(|format| format.name()).collect()))
}

/// `GET /schemas`
pub(super) fn schemas(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    if asked.flag("aliases") || asked.first("ruleType").is_some() || asked.first("lifecycle").is_some() {
        return Err(Refusal::not_known("such a filter"));
    }
    let deleted = asked.flag("deleted");
    let selected = selected(state, asked.first("subjectPrefix").unwrap_or_default()).into_iter();
    let schemas = selected.flat_map(|(subject, versions)| {
        let versions = versions.iter().filter(|v| deleted || !v.deleted);
        let skipped = if asked.flag("latestOnly") { versions.clone().count().saturating_sub(1) } else { 0 };
        versions.skip(skipped).map(move |version| entity::version((subject, version), asked))
    });
    asked.page(schemas, THOUSAND)
}

/// `GET /subjects`
pub(super) fn subjects(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let (only, deleted) = (asked.flag("deletedOnly"), asked.flag("deleted"));
    let wanted = |versions: &[Version]| {
        let live = versions.iter().any(|v| !v.deleted);
        if only { !live } else { live || deleted }
    };
    let selected = selected(state, asked.first("subjectPrefix").unwrap_or(":*:"));
    let names = selected.into_iter().filter(|(_, versions)| wanted(versions)).map(|(s, _)| s.to_string());
    asked.page(names, ALL)
}

/// The subjects that a prefix selects, by qualified name.
fn selected<'a>(state: &'a State, prefix: &str) -> Vec<(&'a Subject, &'a [Version])> {
    let wanted = |s: &Subject| match prefix.strip_prefix(":*:") {
        Some(prefix) => s.name.starts_with(prefix),
        None => {
            let prefix = Subject::parse(prefix);
            s.context == prefix.context && s.name.starts_with(&*prefix.name)
        }
    };
    let selected = state.subjects.iter().filter(|(s, _)| wanted(s)).map(|(s, v)| (s, v.as_slice()));
    let mut selected: Vec<_> = selected.collect();
    selected.sort_by(|a, b| ottla_formats::utf16_order(&a.0.to_string(), &b.0.to_string()));
    selected
}

/// `GET /subjects/{subject}/metadata`
pub(super) fn latest_with_metadata(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let (subject, deleted) = (asked.subject(), asked.flag("deleted"));
    if !state.has_versions(&subject, deleted) {
        return Err(Refusal::no_subject(&subject));
    }
    let pairs: Vec<_> = asked.all("key").zip(asked.all("value")).collect();
    let fits = |v: &&Version| {
        let Some(metadata) = &v.content.metadata else { return false };
        (deleted || !v.deleted)
            && pairs.iter().all(|(key, value)| metadata.properties.get(*key).is_some_and(|v| v == value))
    };
    let version = state.versions(&subject).iter().rfind(fits).ok_or_else(Refusal::no_schema)?;
    Ok(Answer::Json(entity::version((&subject, version), asked)))
}

/// `GET /subjects/{subject}/versions`
pub(super) fn versions(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let subject = asked.subject();
    let (deleted, only) = (asked.flag("deleted"), asked.flag("deletedOnly"));
    let as_negative = asked.flag("deletedAsNegative");
    if !state.has_versions(&subject, deleted || only) {
        return Err(Refusal::no_subject(&subject));
    }
    let wanted = |v: &&Version| as_negative || if only { v.deleted } else { deleted || !v.deleted };
    let numbers = state.versions(&subject).iter().filter(wanted);
    asked.page(numbers.map(|v| if as_negative && v.deleted { -v.version } else { v.version }), ALL)
}

/// `GET /subjects/{subject}/versions/{version}`
pub(super) fn version(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let found = state.find(&asked.subject(), asked.version()?, asked.flag("deleted"))?;
    Ok(Answer::Json(entity::version(found, asked)))
}

/// `GET /subjects/{subject}/versions/{version}/schema`
pub(super) fn version_text(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let (_, version) = state.find(&asked.subject(), asked.version()?, asked.flag("deleted"))?;
    Ok(Answer::Text(entity::text(&version.content, asked).into()))
}

/// `GET /subjects/{subject}/versions/{version}/referencedby`
pub(super) fn referenced_by(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let (subject, wanted) = (asked.subject(), asked.version()?);
    let version =
        state.version(&subject, wanted, true).ok_or_else(|| state.missing(&subject, wanted, true))?;
    let referrers =
        state.referrers(&subject, version.version).filter(|(_, v)| asked.flag("deleted") || !v.deleted);
    let mut ids: Vec<(&str, i32)> = referrers.map(|(s, v)| (&*s.context, v.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    asked.page(ids.into_iter().map(|(_, id)| id), THOUSAND)
}

/// `GET /contexts`
pub(super) fn contexts(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let prefix = asked.first("contextPrefix").unwrap_or_default();
    let names = std::iter::once(".").chain(state.contexts.iter().map(|c| &**c));
    asked.page(names.filter(|name| name.starts_with(prefix)), ALL)
}

/// `/`
pub(super) fn nothing(_state: &mut State, _asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::Json(json!({})))
}

fn stored((_, version): Found<'_>, asked: &Asked) -> Value {
    entity::parts(&version.content, asked, Some((version.written_at, version.deleted)))
}

/// The subject that narrows a search by id.
fn subject_parameter(asked: &Asked) -> Option<Subject> {
    asked.first("subject").filter(|s| !s.is_empty()).map(Subject::parse)
}
