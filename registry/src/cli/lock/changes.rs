//! How two locks differ.

use std::collections::BTreeSet;

use ottla_formats::json::Position;
use ottla_gate::lock::{Lock, Subject, Version};

use crate::cli::project::Project;

/// One difference between what is locked and what would be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// A file and a line.
    pub(super) place: String,
    /// What is out of date.
    pub(super) what: String,
    /// What has been done about it.
    pub(super) done: String,
}

/// All differences, by subject and version.
pub(super) fn changes(project: &Project, old: &Lock, new: &Lock) -> Vec<Change> {
    let names: BTreeSet<&str> =
        old.subjects().iter().chain(new.subjects()).map(|s| s.name.as_str()).collect();
    let mut differ = Differ { project, old, changes: Vec::new() };
    for name in names {
        match (old.subject(name), new.subject(name)) {
            (Some(old), Some(new)) => differ.subject(old, new),
            (None, Some(new)) => differ.added(new),
            (Some(old), None) => {
                differ.add(old.position, format!("{name} is locked"), format!("{name}: removed"))
            }
            (None, None) => {}
        }
    }
    differ.changes
}

struct Differ<'a> {
    project: &'a Project,
    old: &'a Lock,
    changes: Vec<Change>,
}

impl Differ<'_> {
    fn subject(&mut self, old: &Subject, new: &Subject) {
        let name = &new.name;
        if old.level != new.level {
            let what = format!("the level of {name} is {}, not {}", new.level, old.level);
            self.add(old.position, what, format!("{name}: level {}", new.level));
        }
        if old.file != new.file {
            let file = |subject: &Subject| subject.file.clone().unwrap_or_else(|| "none".to_owned());
            let what = format!("the file of {name} is {}, not {}", file(new), file(old));
            self.add(old.position, what, format!("{name}: file {}", file(new)));
        }
        let numbers: BTreeSet<i32> = old.versions.iter().chain(&new.versions).map(|v| v.version).collect();
        for number in numbers {
            let find = |subject: &'_ Subject| subject.versions.iter().find(|v| v.version == number).cloned();
            match (find(old), find(new)) {
                (Some(old), Some(new)) => self.version(name, &old, &new),
                (None, Some(added)) => {
                    let newest = old.newest().and_then(|newest| newest.position).or(old.position);
                    let what = format!("{name} version {number} is not locked{}", self.of_file(new));
                    self.add(newest, what, format!("{name}: version {number} added{}", accepted(&added)));
                }
                (Some(gone), None) => {
                    let what = format!("{name} version {number} is locked, and is not there any more");
                    self.add(gone.position, what, format!("{name}: version {number} removed"));
                }
                (None, None) => {}
            }
        }
    }

    fn version(&mut self, name: &str, old: &Version, new: &Version) {
        let number = new.version;
        let place = old.position;
        if old.guid != new.guid || old.text_guid != new.text_guid || old.fingerprint != new.fingerprint {
            let what = format!("{name} version {number} is another schema");
            self.add(place, what, format!("{name}: version {number} replaced{}", accepted(new)));
        } else if old.accepted != new.accepted {
            let what = format!("what {name} version {number} breaks is accepted otherwise");
            self.add(place, what, format!("{name}: version {number}{}", accepted(new)));
        }
        if old.id != new.id {
            let id = |id: Option<u32>| id.map_or_else(|| "none".to_owned(), |id| id.to_string());
            let what = format!("the id of {name} version {number} is {}, not {}", id(new.id), id(old.id));
            self.add(place, what, format!("{name}: version {number} has id {}", id(new.id)));
        }
        if old.path != new.path {
            let what = format!("the text of {name} version {number} is kept elsewhere");
            self.add(place, what, format!("{name}: text of version {number} moved"));
        }
    }

    fn added(&mut self, new: &Subject) {
        let name = &new.name;
        let versions: Vec<String> = new.versions.iter().map(|v| v.version.to_string()).collect();
        let what = format!("{name} is not locked");
        let done = format!("{name}: added, with version {}", versions.join(", "));
        let file = self.project.members.iter().find(|member| member.subject.as_ref() == Some(name));
        match file {
            Some(member) => self.changes.push(Change { place: format!("{}:1", member.file), what, done }),
            None => self.add(None, what, done),
        }
    }

    fn of_file(&self, subject: &Subject) -> String {
        let member = self.project.selected().find(|member| member.subject.as_ref() == Some(&subject.name));
        member.map(|member| format!(": {} has changed", member.file)).unwrap_or_default()
    }

    fn add(&mut self, position: Option<Position>, what: String, done: String) {
        let line = position.map_or(1, |position| position.line);
        self.changes.push(Change { place: format!("{}:{line}", self.old.shown()), what, done });
    }
}

fn accepted(version: &Version) -> String {
    version
        .accepted
        .as_ref()
        .map(|reason| format!(", a break that was accepted: {reason}"))
        .unwrap_or_default()
}
