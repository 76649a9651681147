//! What was released, as a lock file says it.

use std::collections::HashSet;
use std::path::Path;

use ottla_formats::ParsedSchema;
use ottla_formats::avro::Schema;
use ottla_gate::lock::Lock;

use super::{Answer, Gone, Looked, Past};
use crate::cli::Usage;
use crate::cli::project::paths::join;
use crate::cli::project::{Member, Project};

/// A break that a lock file accepts.
#[derive(Debug)]
pub struct Accepted {
    /// Why.
    pub reason: String,
    /// The schemas since then: that something breaks with these is accepted by nobody.
    since: Vec<Schema>,
}

/// Reads a lock file. What is wrong with it is a mistake, not something that could not be compared: it is in the repository.
pub fn read(project: &Project, path: &Path) -> Result<Lock, Usage> {
    let shown = project.root.name(path);
    if !path.exists() {
        return Err(Usage(format!("there is no lock file {shown}: `ottla lock` writes one")));
    }
    Lock::read_as(path, &shown).map_err(|errors| Usage(errors.to_string()))
}

/// What it says about the members, in their order.
pub fn look(lock: &Lock, project: &Project, wanted: &[&Member]) -> Looked {
    let answer = |member: &&Member| {
        let subject = member.subject.as_deref().and_then(|subject| lock.subject(subject));
        let Some(subject) = subject else { return Answer::Unknown };
        let accepted = subject.versions.iter().rev().find(|version| version.accepted.is_some());
        Answer::Known(Past {
            level: member.level.unwrap_or(subject.level),
            versions: lock.history(&subject.name),
            renamed_from: None,
            verdict: None,
            note: accepted
                .map(|version| format!("versions before version {} are no longer compared", version.version)),
        })
    };
    Looked { answers: wanted.iter().map(answer).collect(), gone: gone(lock, project) }
}

/// The subjects of files that were asked for and that are of no file any more. What is only referred to is of no file.
fn gone(lock: &Lock, project: &Project) -> Vec<Gone> {
    let known: HashSet<&str> =
        project.members.iter().filter_map(|member| member.subject.as_deref()).collect();
    let folder = project.root.name(lock.folder());
    let missing = lock.subjects().iter().filter(|subject| !known.contains(subject.name.as_str()));
    let gone = missing.filter_map(|subject| {
        let file = join(&folder, subject.file.as_deref()?).unwrap_or_else(|| subject.name.clone());
        let level = project.names.of(project.config(), &file, subject.full_name.as_deref()).ok();
        let level = level.and_then(|named| named.into_iter().find(|n| n.subject == subject.name)?.level);
        let level = level.unwrap_or(subject.level);
        Some(Gone { file: Some(file), subject: subject.name.clone(), level, is_left_out: false })
    });
    gone.filter(|gone| gone.file.as_deref().is_some_and(|file| project.files.is_given(file))).collect()
}

/// The break that a lock accepts for a schema: the schema is the accepted version, or one that came after it.
pub fn accepted(lock: &Lock, subject: &str, schema: &Schema) -> Option<Accepted> {
    let subject = lock.subject(subject)?;
    let at = subject.versions.iter().rposition(|version| version.accepted.is_some())?;
    let since: Vec<Schema> = subject.versions[at..]
        .iter()
        .filter_map(|version| lock.schema(&subject.name, version.version))
        .collect();
    let accepted = subject.versions[at].accepted.as_ref()?;
    let is_known = since.iter().any(|known| known.equivalent(schema));
    is_known.then(|| Accepted { reason: accepted.clone(), since })
}

impl Accepted {
    /// Does it cover a break with that version?
    pub fn covers(&self, version: &ParsedSchema) -> bool {
        let ParsedSchema::Avro(version) = version else { return false };
        !self.since.iter().any(|known| known.equivalent(version))
    }
}
