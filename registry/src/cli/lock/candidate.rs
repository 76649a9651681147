//! A schema file, as a version of its subject.

use std::collections::BTreeSet;

use ottla_gate::error::{Error, Errors};
use ottla_gate::lock::{Lock, Reference, Version};

use super::Stop;
use crate::cli::project::Project;
use crate::cli::register::plan::{reference_name, within};

/// What a file would be locked as, whatever number it gets: its canonical text, and the newest versions of what it refers to, as
/// `ottla register` would send them.
pub(super) fn candidate(project: &Project, at: usize, referrer: &str, lock: &Lock) -> Result<Version, Stop> {
    let source = &project.loaded.sources[at];
    let mut met = BTreeSet::new();
    let mut references = Vec::new();
    for (name, to) in source.references.iter().filter(|(_, to)| met.insert(*to)) {
        let (subject, version) = newest(project, *to, lock).map_err(|what| {
            let message = format!("it refers to {name}, {what}");
            Stop::from(Errors::from(Error::new(message).in_file(&source.file.found.shown)))
        })?;
        let name = reference_name(&project.loaded.sources[*to]).unwrap_or(name).to_owned();
        references.push(Reference { name, subject: within(referrer, &subject), version });
    }
    Ok(Version::of(1, &source.schema, references))
}

/// The subject of a file that is referred to, and its newest version, which has to be what the file is.
fn newest(project: &Project, at: usize, lock: &Lock) -> Result<(String, i32), String> {
    let source = &project.loaded.sources[at];
    let file = &source.file.found.shown;
    let mut members = project.members.iter().filter(|member| member.source == Ok(at));
    let subject = members.find_map(|member| member.subject.clone());
    let subject = subject.ok_or_else(|| format!("and {file} has no subject"))?;
    let version = lock.subject(&subject).and_then(|known| known.newest());
    let version = version.ok_or_else(|| format!("and {file} is not locked: lock it as well"))?.version;
    let locked = lock.schema(&subject, version);
    if !locked.is_some_and(|locked| source.schema.equivalent(&locked)) {
        return Err(format!("and {file} has changed: lock it as well"));
    }
    Ok((subject, version))
}
