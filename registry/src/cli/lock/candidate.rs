//! A schema file, as a version of its subject.

use ottla_formats::avro::Schema;
use ottla_gate::error::Error;
use ottla_gate::lock::{Lock, Reference, Version};

use super::Stop;
use crate::cli::project::{Member, Project};

/// What a file would be locked as, whatever number it gets: its canonical text, and the newest versions of what it refers to.
pub(super) fn candidate(project: &Project, at: usize, lock: &Lock) -> Result<Version, Stop> {
    let source = &project.loaded.sources[at];
    let mut references = Vec::with_capacity(source.references.len());
    for (name, to) in &source.references {
        let (subject, version) = newest(project, *to, lock).map_err(|what| {
            let message = format!("it refers to {name}, {what}");
            Stop::from(ottla_gate::error::Errors::from(Error::new(message).in_file(&source.file.found.shown)))
        })?;
        references.push(Reference { name: name.clone(), subject, version });
    }
    Ok(Version::of(1, &source.schema, references))
}

/// The subject of a file that is referred to, and its newest version, which has to be what the file is.
fn newest(project: &Project, at: usize, lock: &Lock) -> Result<(String, i32), String> {
    let file = &project.loaded.sources[at].file.found.shown;
    let is_it = |member: &&Member| member.source.as_ref().is_ok_and(|source| *source == at);
    let subject = project.members.iter().find(is_it).and_then(|member| member.subject.clone());
    let subject = subject.ok_or_else(|| format!("and {file} has no subject"))?;
    let version = lock.subject(&subject).and_then(|known| known.newest());
    let version = version.ok_or_else(|| format!("and {file} is not locked: lock it as well"))?;
    let schema = lock.schema(&subject, version.version);
    if !schema.is_some_and(|schema| is_same(&project.loaded.sources[at].schema, &version.text, &schema)) {
        return Err(format!("and {file} has changed: lock it as well"));
    }
    Ok((subject, version.version))
}

/// Is a schema that of a version? Registries hold texts that are the same but for the order of attributes.
pub(super) fn is_same(schema: &Schema, text: &str, locked: &Schema) -> bool {
    let is_equal = schema.to_text() == text || schema.equivalent(locked);
    is_equal && schema.parsing_canonical_form() == locked.parsing_canonical_form()
}
