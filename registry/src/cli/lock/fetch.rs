//! From a registry: what it holds of the project's subjects, and of all that they refer to.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use ottla::client::{Client, RegisteredSchema, SchemaType, VersionQuery};
use ottla_formats::compatibility::Level;
use ottla_gate::lock::{Lock, Reference, Subject, Version, content_hash};

use super::Stop;
use super::options::Choices;
use crate::cli::baseline::registry::{Registry, Trouble, run};
use crate::cli::project::Project;

/// How many subjects are asked for at once.
const AT_ONCE: usize = 8;

/// What a registry holds.
pub(super) struct Fetched {
    pub(super) lock: Lock,
    /// Subjects whose files are locked after that, and why one may break.
    pub(super) pending: Vec<(String, Option<String>)>,
}

/// Fetches all live versions of the subjects that were asked for, and what they refer to. What was accepted stays accepted.
pub(super) fn fetch(
    client: Client,
    project: &Project,
    choices: &Choices,
    old: &Lock,
) -> Result<Fetched, Stop> {
    let registry = Registry::new(client);
    let wanted: BTreeSet<&str> = project.selected().filter_map(|member| member.subject.as_deref()).collect();
    let found = run(all(&registry, &wanted))
        .map_err(Stop::NotCompared)?
        .map_err(|e| Stop::NotCompared(e.to_string()))?;
    let unknown: Vec<&str> = wanted.iter().copied().filter(|name| !found.contains_key(*name)).collect();
    if !unknown.is_empty() && !choices.allow_new {
        let names = unknown.join(", ");
        return Err(Stop::NotCompared(format!(
            "{} does not know {names}: correct the names in ottla.toml, or give --allow-new if they are new",
            registry.url()
        )));
    }
    let mut lock = Lock::new_as(old.path(), old.shown());
    if !choices.is_whole {
        // What was not asked for stays as it is.
        let others = old.subjects().iter().filter(|subject| !wanted.contains(subject.name.as_str()));
        others.for_each(|subject| lock.put(subject.clone()));
    }
    for (name, held) in found {
        let known = lock.remove(&name);
        lock.put(subject(name, held, old, known));
    }
    lock.seal()?;
    let mut pending: Vec<(String, Option<String>)> =
        unknown.iter().map(|name| ((*name).to_owned(), None)).collect();
    pending.extend(wanted.iter().filter_map(|name| waits(project, name, old, &lock)));
    Ok(Fetched { lock, pending })
}

/// The level of a subject, and versions of it.
#[derive(Debug)]
struct Held {
    level: Level,
    versions: BTreeMap<i32, RegisteredSchema>,
    /// Was it asked for, with all its versions?
    is_wanted: bool,
}

async fn all(registry: &Registry, wanted: &BTreeSet<&str>) -> Result<BTreeMap<String, Held>, Trouble> {
    let each = stream::iter(wanted).map(|name| held(registry, name));
    let found: Vec<(String, Option<Held>)> = each.buffered(AT_ONCE).try_collect().await?;
    let mut found: BTreeMap<String, Held> =
        found.into_iter().filter_map(|(name, held)| Some((name, held?))).collect();
    // What is referred to, from one to the next.
    let mut next: Vec<(String, i32)> =
        found.iter().flat_map(|(name, held)| references(name, held.versions.values())).collect();
    while let Some((name, number)) = next.pop() {
        if found.get(&name).is_some_and(|held| held.versions.contains_key(&number)) {
            continue;
        }
        let query = VersionQuery { deleted: true, ..VersionQuery::default() };
        let version = registry.ask(registry.client.version_with(&name, number, &query)).await?;
        next.extend(references(&name, [&version]));
        let level = match found.get(&name) {
            Some(held) => held.level,
            None => registry.config(&name).await?.1,
        };
        let held = found.entry(name).or_insert(Held { level, versions: BTreeMap::new(), is_wanted: false });
        held.versions.insert(number, avro(version)?);
    }
    Ok(found)
}

async fn held(registry: &Registry, name: &str) -> Result<(String, Option<Held>), Trouble> {
    let Some(numbers) = registry.numbers(name).await? else { return Ok((name.to_owned(), None)) };
    let level = registry.config(name).await?.1;
    let mut versions = BTreeMap::new();
    for number in numbers {
        versions.insert(number, avro(registry.version(name, number).await?)?);
    }
    Ok((name.to_owned(), Some(Held { level, versions, is_wanted: true })))
}

fn avro(version: RegisteredSchema) -> Result<RegisteredSchema, Trouble> {
    let RegisteredSchema { subject, version: number, schema, .. } = &version;
    if schema.schema_type == SchemaType::Avro {
        return Ok(version);
    }
    Err(Trouble::Said(format!(
        "{subject} version {number} is {}: only Avro schemas can be locked",
        schema.schema_type
    )))
}

/// Where the references of versions lead.
fn references<'v>(
    name: &str,
    versions: impl IntoIterator<Item = &'v RegisteredSchema>,
) -> Vec<(String, i32)> {
    let referring = Subject::new(name, Level::None);
    let all = versions.into_iter().flat_map(|version| &version.schema.references);
    all.map(|reference| (referring.refers_to(&of_lock(reference)).into_owned(), reference.version)).collect()
}

fn of_lock(reference: &ottla::client::Reference) -> Reference {
    let ottla::client::Reference { name, subject, version } = reference.clone();
    Reference { name, subject, version }
}

/// A subject as it is locked. `known`: what stays of it if only a part was asked for.
fn subject(name: String, held: Held, old: &Lock, known: Option<Subject>) -> Subject {
    let before = old.subject(&name);
    let mut subject = Subject::new(name, held.level);
    subject.file = if held.is_wanted { None } else { known.as_ref().and_then(|known| known.file.clone()) };
    let mut versions: BTreeMap<i32, Version> = BTreeMap::new();
    if let (Some(known), false) = (known, held.is_wanted) {
        versions.extend(known.versions.into_iter().map(|version| (version.version, version)));
    }
    for (number, found) in held.versions {
        let mut version = version(number, &found);
        let same = before.and_then(|before| before.versions.iter().find(|known| known.guid == version.guid));
        version.accepted = same.and_then(|same| same.accepted.clone());
        versions.insert(number, version);
    }
    subject.versions = versions.into_values().collect();
    subject
}

fn version(number: i32, found: &RegisteredSchema) -> Version {
    let references: Vec<Reference> = found.schema.references.iter().map(of_lock).collect();
    let text = found.schema.text.to_string();
    let computed = content_hash(&text, &references);
    // The registry's own may be of more: metadata and rules.
    let guid = found.guid.unwrap_or(computed);
    Version {
        version: number,
        id: Some(found.id.0),
        guid,
        text_guid: (guid != computed).then_some(computed),
        // Filled in when all that it refers to is there.
        fingerprint: 0,
        references,
        accepted: None,
        text,
        path: None,
        position: None,
    }
}

/// A subject whose file is locked as a version that is not registered yet stays so; and what it breaks stays accepted.
fn waits(project: &Project, name: &str, old: &Lock, new: &Lock) -> Option<(String, Option<String>)> {
    let before = old.subject(name)?;
    let newest = before.newest().filter(|newest| newest.id.is_none())?;
    let registered = new.subject(name)?;
    if registered.versions.iter().any(|version| version.guid == newest.guid) {
        return None;
    }
    let member = project.selected().find(|member| member.subject.as_deref() == Some(name))?;
    let schema = &member.source(project)?.schema;
    let locked = old.schema(name, newest.version)?;
    schema.equivalent(&locked).then(|| (name.to_owned(), newest.accepted.clone()))
}
