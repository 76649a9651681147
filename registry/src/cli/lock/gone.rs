//! Subjects whose files are not there any more.

use ottla_gate::finding::{Finding, Place, Severity};
use ottla_gate::lock::{Lock, Subject};
use ottla_gate::rule;
use ottla_gate::verdict::{Check, Outcome};

use super::Stop;
use super::options::Choices;
use super::update::Update;
use crate::cli::Usage;
use crate::cli::project::Project;

/// Takes out the subjects that are to be removed, and tells those whose files are gone.
pub(super) fn tell(
    project: &Project,
    choices: &Choices,
    old: &Lock,
    update: &mut Update<'_>,
) -> Result<(), Stop> {
    let file_of = |name: &str| {
        let member = project.members.iter().find(|member| member.subject.as_deref() == Some(name));
        member.map(|member| member.file.as_str())
    };
    for name in &choices.remove {
        if let Some(file) = file_of(name) {
            return Err(Usage(format!("--remove {name}: {file} has that subject")).into());
        }
        if old.subject(name).is_none() {
            return Err(Usage(format!("--remove {name}: {} has no such subject", old.shown())).into());
        }
        remove(name, &mut update.lock);
    }
    if !choices.is_whole {
        return Ok(());
    }
    for subject in old.subjects() {
        let is_gone = subject.file.is_some() && file_of(&subject.name).is_none();
        if is_gone && !choices.remove.contains(&subject.name) {
            tell_one(project, subject, update);
        }
    }
    Ok(())
}

/// What others refer to has to stay, for them alone.
fn remove(name: &str, lock: &mut Lock) {
    let Some(subject) = lock.remove(name) else { return };
    let mut needed = subject.clone();
    needed.file = None;
    needed.versions.retain(|version| is_referred_to(lock, name, version.version));
    if !needed.versions.is_empty() {
        lock.put(needed);
    }
}

fn is_referred_to(lock: &Lock, name: &str, version: i32) -> bool {
    let versions = lock.subjects().iter().flat_map(|s| s.versions.iter().map(move |v| (s, v)));
    let mut references = versions.flat_map(|(s, v)| v.references.iter().map(move |r| (s, r)));
    references.any(|(s, r)| r.version == version && s.refers_to(r) == name)
}

fn tell_one(project: &Project, subject: &Subject, update: &mut Update<'_>) {
    let file = project.root.name(&update.lock.folder().join(subject.file.as_deref().unwrap_or_default()));
    let message = format!("{file} is gone, or has another subject now, and {} is locked", subject.name);
    let mut finding = Finding::new(&rule::REMOVED, Severity::Error, message);
    finding.place = subject.position.map(|position| Place {
        file: update.lock.shown().to_owned(),
        position,
        end: position,
        pointer: String::new(),
    });
    finding.subject = Some(subject.name.clone());
    finding.baseline = Some(update.baseline());
    finding.fix =
        Some(format!("bring it back, or take the subject out: ottla lock --remove {}", subject.name));
    let check = Check {
        file: Some(file),
        subject: Some(subject.name.clone()),
        baseline: update.baseline(),
        level: Some(subject.level),
        outcome: Outcome::Removed,
        compared: Vec::new(),
        reason: None,
        rollout: None,
    };
    update.verdict.findings.push(finding);
    update.verdict.checks.push(check);
}
