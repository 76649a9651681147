//! Registering and looking up.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use ottla_formats::avro::Mode;
use serde_json::Value;

use super::compatibility;
use super::entity;
use super::proposal::{Proposal, Read};
use super::refusal::Refusal;
use super::request::{Answer, Asked};
use super::state::{Content, State, Version};
use crate::client::Metadata;
use crate::client::subject::Subject;

/// The metadata property that holds the version under which a schema was registered.
const VERSION_PROPERTY: &str = "confluent:version";

/// A schema that a subject holds.
struct Known {
    subject: Subject,
    version: i32,
    id: i32,
    /// As it was asked for, if its content hash was found; else as it is stored.
    content: Arc<Content>,
    /// When it was written and whether it is deleted, if it was found by comparison.
    stored: Option<(i64, bool)>,
}

/// Which versions count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Live,
    Deleted,
    Latest,
}

/// `POST /subjects/{subject}/versions`
pub(super) fn register(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let mut proposal: Proposal = asked.read()?;
    let subject = asked.subject();
    if !is_valid(&subject) {
        return Err(Refusal::invalid_subject(&subject));
    }
    proposal.check()?;
    let normalize = asked.flag("normalize") || state.effective_config(&subject).normalize == Some(true);
    let version = proposal.version.unwrap_or_default();
    let known = match find_registered(state, &subject, &proposal, normalize, version)? {
        Some(known) => known,
        None => add(state, &subject, &mut proposal, normalize, version, asked.flag("force"))?,
    };
    let mut answer = entity::parts(&known.content, asked, known.stored);
    answer["id"] = known.id.into();
    answer["version"] = known.version.into();
    Ok(Answer::Json(answer))
}

/// `POST /subjects/{subject}`
pub(super) fn look_up(state: &mut State, asked: &Asked) -> Result<Answer, Refusal> {
    let proposal: Proposal = asked.read()?;
    proposal.check()?;
    let subject = asked.subject();
    let count = if asked.flag("deleted") { Count::Deleted } else { Count::Live };
    for (i, subject) in state.namesakes(&subject).enumerate() {
        match look_up_in(state, &subject, &proposal, asked.flag("normalize"), count) {
            Ok(Some(known)) => {
                let mut answer: Value = entity::parts(&known.content, asked, known.stored);
                answer["subject"] = known.subject.to_string().into();
                answer["id"] = known.id.into();
                answer["version"] = known.version.into();
                return Ok(Answer::Json(answer));
            }
            // In other contexts a reference may lead nowhere.
            Err(refusal) if i == 0 => return Err(refusal),
            _ => {}
        }
    }
    if !state.has_versions(&subject, count == Count::Deleted) {
        return Err(Refusal::no_subject(&subject));
    }
    Err(Refusal::no_schema())
}

fn look_up_in(
    state: &State,
    subject: &Subject,
    proposal: &Proposal,
    normalize: bool,
    count: Count,
) -> Result<Option<Known>, Refusal> {
    if proposal.is_blank() {
        return Ok(None);
    }
    let normalize = normalize || state.effective_config(subject).normalize == Some(true);
    let read = proposal.read(state, &subject.context, Mode::Lookup, normalize)?;
    let content = content(&read, proposal);
    if let Some(known) = find_known(state, subject, &read, content, count) {
        return Ok(Some(known));
    }
    let filled = inherited(state, subject, proposal);
    Ok(filled.and_then(|content| find_known(state, subject, &read, content(&read), count)))
}

/// What is registered already. An explicit version has to be the one that is found.
fn find_registered(
    state: &State,
    subject: &Subject,
    proposal: &Proposal,
    normalize: bool,
    version: i32,
) -> Result<Option<Known>, Refusal> {
    if proposal.is_blank() {
        return Ok(None);
    }
    let read = match proposal.read(state, &subject.context, Mode::Register, normalize) {
        Ok(read) => read,
        Err(_) => proposal.read(state, &subject.context, Mode::Lookup, normalize)?,
    };
    let count = if version == -1 { Count::Latest } else { Count::Live };
    let known = find_known(state, subject, &read, content(&read, proposal), count);
    Ok(known.filter(|known| {
        (version <= 0 || version == known.version) && proposal.id.is_none_or(|id| id < 0 || id == known.id)
    }))
}

/// Adds a version, unless the subject holds the same under metadata that was left out.
fn add(
    state: &mut State,
    subject: &Subject,
    proposal: &mut Proposal,
    normalize: bool,
    version: i32,
    force: bool,
) -> Result<Known, Refusal> {
    state.refuse_read_only(subject)?;
    if proposal.id.is_some_and(|id| id >= 0) {
        return Err(Refusal::not_importing(subject));
    }
    let latest = state.latest(subject).cloned();
    let next = state.versions(subject).last().map_or(1, |v| v.version + 1);
    let read = if proposal.is_blank() {
        let content = latest.as_ref().ok_or_else(Refusal::empty_schema)?.content.clone();
        Read { parsed: content.parsed.clone(), references: content.references.clone() }
    } else {
        proposal.read(state, &subject.context, Mode::Register, normalize)?
    };
    if let Some(latest) = &latest {
        proposal.metadata = proposal.metadata.take().or_else(|| latest.content.metadata.clone());
        proposal.rule_set = proposal.rule_set.take().or_else(|| latest.content.rule_set.clone());
    }
    if version != 0 || carries_version(proposal.metadata.as_ref()) {
        let metadata = proposal.metadata.get_or_insert_default();
        metadata.properties.insert(VERSION_PROPERTY.to_owned(), next.to_string());
    }
    if version == 0
        && let Some(known) = find_known(state, subject, &read, content(&read, proposal), Count::Live)
    {
        return Ok(known);
    }
    if !force {
        let reasons = compatibility::reasons(state, subject, &read.parsed, None)?;
        if !reasons.is_empty() {
            return Err(Refusal::incompatible(subject, &reasons));
        }
    }
    if version > 0 && version != next {
        return Err(Refusal::version_not_next());
    }
    let content = Arc::new(content(&read, proposal));
    let same = state.all_in(&subject.context).find(|(_, v)| v.content.guid == content.guid);
    let id = same.map_or_else(|| state.greatest_id(&subject.context) + 1, |(_, v)| v.id);
    let written_at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let written_at = i64::try_from(written_at).unwrap_or(i64::MAX);
    state.add(subject, Version { version: next, id, deleted: false, written_at, content: content.clone() });
    Ok(Known { subject: subject.clone(), version: next, id, content, stored: None })
}

fn content(read: &Read, proposal: &Proposal) -> Content {
    let (parsed, references) = (read.parsed.clone(), read.references.clone());
    Content::new(parsed, references, proposal.metadata.clone(), proposal.rule_set.clone())
}

/// The content with what it would inherit from the latest version, if that is anything.
fn inherited(state: &State, subject: &Subject, proposal: &Proposal) -> Option<impl Fn(&Read) -> Content> {
    let latest = &state.latest(subject)?.content;
    let metadata = proposal.metadata.clone().or_else(|| latest.metadata.clone());
    let rule_set = proposal.rule_set.clone().or_else(|| latest.rule_set.clone());
    let changes = metadata != proposal.metadata || rule_set != proposal.rule_set;
    changes.then_some(move |read: &Read| {
        Content::new(read.parsed.clone(), read.references.clone(), metadata.clone(), rule_set.clone())
    })
}

/// The version that holds a schema: by its content hash, else by comparison, newest first.
fn find_known(
    state: &State,
    subject: &Subject,
    read: &Read,
    content: Content,
    count: Count,
) -> Option<Known> {
    let latest = state.latest(subject).map(|v| v.version);
    let counts = |v: &&Version| match count {
        Count::Live => !v.deleted,
        Count::Deleted => true,
        Count::Latest => Some(v.version) == latest,
    };
    let known = |v: &Version, content: Arc<Content>, stored| Known {
        subject: subject.clone(),
        version: v.version,
        id: v.id,
        content,
        stored,
    };
    let versions = || state.versions(subject).iter().rev();
    if let Some(same) = versions().find(|v| v.content.guid == content.guid).filter(counts) {
        return Some(known(same, Arc::new(content), None));
    }
    let same = versions().filter(counts).find(|v| is_same(read, &content, &v.content))?;
    Some(known(same, same.content.clone(), Some((same.written_at, same.deleted))))
}

/// Is it the same schema, written differently?
fn is_same(read: &Read, content: &Content, stored: &Content) -> bool {
    let inlined = content.references.is_empty() && !stored.references.is_empty();
    content.rule_set == stored.rule_set
        && same_but_version(content.metadata.as_ref(), stored.metadata.as_ref())
        && (inlined || content.references == stored.references)
        && stored.parsed.equivalent(&read.parsed)
}

fn carries_version(metadata: Option<&Metadata>) -> bool {
    metadata.is_some_and(|m| m.properties.contains_key(VERSION_PROPERTY))
}

/// Are two the same, but for a version property that only one of them has?
fn same_but_version(a: Option<&Metadata>, b: Option<&Metadata>) -> bool {
    if a == b || carries_version(a) == carries_version(b) {
        return a == b;
    }
    let without = |m: Option<&Metadata>| {
        let mut m = m.cloned().unwrap_or_default();
        m.properties.remove(VERSION_PROPERTY);
        m
    };
    without(a) == without(b)
}

/// May schemas be registered under this name?
fn is_valid(subject: &Subject) -> bool {
    let control = |text: &str| text.chars().any(char::is_control);
    let reserved = matches!(&*subject.name, "__GLOBAL" | "__EMPTY") || &*subject.context == ".__GLOBAL";
    !reserved && !control(&subject.name) && !control(&subject.context)
}
