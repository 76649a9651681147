//! May this schema follow these? The comparison itself is `formats::compatibility`; here is what a registry adds:
//! which versions take part, reserved fields, and the messages that clients know.

use ottla_formats::compatibility::{self, Level};

use super::history::Version;
use super::metadata::Metadata;
use super::proposal::{Parsed, parsed};
use super::settings::Config;
use super::state::State;
use super::subject::Subject;

/// The metadata property that names fields which may not be used.
const RESERVED_PROPERTY: &str = "confluent:reserved";

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Nothing breaks.
    Compatible,
    /// Something breaks; what, in the words that clients know.
    Incompatible(Vec<String>),
}

/// Compares a schema with versions of a subject, newest first, as far as the subject's level asks for.
pub fn compare<'a>(
    state: &State,
    subject: &Subject,
    config: &Config,
    candidate: &Parsed,
    metadata: Option<&Metadata>,
    versions: impl Iterator<Item = &'a Version>,
) -> Compared {
    let level = state.level(config);
    let group = config.compatibility_group.as_deref().filter(|g| !g.is_empty());
    let group_of = |metadata: Option<&'a Metadata>| group.and_then(|g| metadata?.properties.get(g));
    let own_group = group.and_then(|g| metadata?.properties.get(g));
    let mut versions = versions
        .filter(|v| group.is_none() || group_of(v.content.metadata.as_deref()) == own_group)
        .peekable();

    let validate_fields = config.validate_fields == Some(true);
    let mut messages = Vec::new();
    if validate_fields && let Some(newest) = versions.peek() {
        messages = reserved_fields(candidate, metadata, newest.content.metadata.as_deref());
    }
    messages.extend(first_breach(state, subject, level, candidate, versions));
    if messages.is_empty() {
        return Compared::Compatible;
    }
    messages.push(format!("{{validateFields: '{validate_fields}', compatibility: '{level}'}}"));
    Compared::Incompatible(messages)
}

/// The messages for the first version that the candidate breaks.
fn first_breach<'a>(
    state: &State,
    subject: &Subject,
    level: Level,
    candidate: &Parsed,
    versions: impl Iterator<Item = &'a Version>,
) -> Vec<String> {
    let history = versions.map(|version| {
        let schema = parsed(state, subject.context(), &version.content)?;
        Ok((version, schema))
    });
    let breach = match compatibility::try_check(level, &candidate.schema, history).next() {
        None => return Vec::new(),
        Some(Ok(breach)) => breach,
        Some(Err::<_, String>(detail)) => {
            return vec![format!("Unexpected exception during compatibility check: {detail}")];
        }
    };
    breach.report(level, breach.version.version, &breach.version.content.text)
}

/// What the rules of reserved fields say: none may be given free again, none may be used.
fn reserved_fields(candidate: &Parsed, new: Option<&Metadata>, old: Option<&Metadata>) -> Vec<String> {
    let (new, old) = (reserved(new), reserved(old));
    let removed = old.iter().filter(|f| !new.contains(f)).map(|field| {
        format!(
            "The new schema has reserved field {field} removed from its metadata which is present in the old \
             schema's metadata."
        )
    });
    let used = new
        .iter()
        .filter(|f| candidate.schema.has_top_level_field(f))
        .map(|field| format!("The new schema has a field that conflicts with the reserved field {field}."));
    removed.chain(used).collect()
}

fn reserved(metadata: Option<&Metadata>) -> Vec<&str> {
    let names = metadata.and_then(|m| m.properties.get(RESERVED_PROPERTY));
    let names = names.into_iter().flat_map(|names| names.split(','));
    names.map(str::trim).filter(|name| !name.is_empty()).collect()
}
